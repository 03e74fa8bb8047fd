//! The body of an observed response.

use super::access_log;
use super::metrics::Metrics;
use super::record::Record;
use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Counts the bytes of a body. When it is dropped, at its end or before, the request is logged and counted.
pub(super) struct ObservedBody {
    body: Body,
    record: Record,
    metrics: Arc<Metrics>,
    /// Announced bytes: hyper does not read further, so the end of such a body is not seen.
    length: Option<u64>,
    ended: bool,
}

impl ObservedBody {
    pub fn new(body: Body, length: Option<u64>, record: Record, metrics: Arc<Metrics>) -> Self {
        Self { body, record, metrics, length, ended: false }
    }
}

impl http_body::Body for ObservedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                self.record.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
            }
            Some(Err(_)) => self.metrics.upstream_error(&self.record.label.router, "body_interrupted"),
            None => self.ended = true,
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for ObservedBody {
    fn drop(&mut self) {
        let ended = self.ended || self.body.is_end_stream() || self.length == Some(self.record.bytes);
        // The body of a response to HEAD is never read.
        self.record.interrupted = !ended && self.record.method != http::Method::HEAD;
        self.metrics.request(&self.record);
        access_log::log(&self.record);
    }
}
