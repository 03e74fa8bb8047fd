//! Requests that may change what reads return.

use super::store::Store;
use crate::error_response::{ErrorResponse, Sent};
use axum::body::Body;
use bytes::Bytes;
use http::Response;
use http_body::{Body as _, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// A write in progress. Reads are forgotten when it starts, and before the browser learns anything about its result:
/// then no read that started before the result is given to one who knows it.
pub(super) struct Write {
    store: Arc<Store>,
    router: usize,
    /// Whether the router can no longer execute it.
    ended: bool,
}

impl Write {
    pub fn begin(store: &Arc<Store>, router: usize) -> Self {
        store.forget(router);
        Self { store: Arc::clone(store), router, ended: false }
    }

    /// The response to the write.
    pub fn respond(
        mut self,
        response: Result<Response<Body>, ErrorResponse>,
    ) -> Result<Response<Body>, ErrorResponse> {
        self.forget();
        match response {
            Ok(response) => {
                self.ended = response.body().is_end_stream();
                Ok(response.map(|body| Body::new(WriteBody { body, write: self })))
            }
            Err(error) => {
                self.ended = error.sent == Sent::No;
                Err(error)
            }
        }
    }

    fn forget(&self) {
        self.store.forget(self.router);
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if self.ended {
            self.forget();
        } else {
            self.store.doubt(self.router);
        }
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
        self.write.forget();
        self.write.ended = frame.is_none() || self.body.is_end_stream();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
