//! Requests that may change what reads return.

use super::RouterReads;
use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A write in progress. Reads are forgotten when it starts, and before the browser learns anything about its result:
/// then no read that started before the result is given to one who knows it.
pub(super) struct Write(RouterReads);

impl Write {
    pub fn begin(reads: &RouterReads) -> Self {
        reads.forget();
        Self(reads.clone())
    }

    /// The body of the response to the write.
    pub fn observe(self, body: Body) -> Body {
        self.0.forget();
        Body::new(WriteBody { body, write: self })
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        self.0.forget();
    }
}

struct WriteBody {
    body: Body,
    write: Write,
}

impl http_body::Body for WriteBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.write.0.forget();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
