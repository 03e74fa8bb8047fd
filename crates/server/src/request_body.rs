//! The body of a request, with a limited size and without long pauses.

use crate::error_response::ErrorResponse;
use bytes::Bytes;
use http::{Method, StatusCode};
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// The reason why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFailure {
    /// It is larger than this number of bytes.
    TooLarge(u64),
    /// The browser paused for longer than this.
    Paused(Duration),
}

impl fmt::Display for BodyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => {
                write!(
                    f,
                    "The body of the request is larger than {limit} bytes. To allow it, start the server with a larger --max-body or --max-upload."
                )
            }
            Self::Paused(limit) => {
                write!(f, "The body of the request paused for more than {} s.", limit.as_secs())
            }
        }
    }
}

impl std::error::Error for BodyFailure {}

impl From<BodyFailure> for ErrorResponse {
    fn from(failure: BodyFailure) -> Self {
        let (status, code) = match failure {
            BodyFailure::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            BodyFailure::Paused(_) => (StatusCode::REQUEST_TIMEOUT, "request_timeout"),
        };
        Self::new(status, code, failure.to_string())
    }
}

/// A body that fails if it is too large or pauses for too long.
pub struct LimitedBody<B> {
    body: B,
    left: u64,
    limit: u64,
    pause: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<B: Body> LimitedBody<B> {
    /// A body of at most `limit` bytes whose parts are at most `pause` apart. A declared length above the limit fails at
    /// once.
    pub fn new(body: B, limit: u64, pause: Duration) -> Result<Self, BodyFailure> {
        if body.size_hint().lower() > limit {
            return Err(BodyFailure::TooLarge(limit));
        }
        Ok(Self { body, left: limit, limit, pause, timer: None })
    }
}

impl<B> Body for LimitedBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = &mut *self;
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            let pause = this.pause;
            ready!(this.timer.get_or_insert_with(|| Box::pin(sleep(pause))).as_mut().poll(cx));
            return Poll::Ready(Some(Err(BodyFailure::Paused(pause).into())));
        };
        this.timer = None;
        let Some(frame) = frame else { return Poll::Ready(None) };
        let frame = frame.map_err(Into::into)?;
        match this.left.checked_sub(frame.data_ref().map_or(0, |data| data.len() as u64)) {
            Some(left) => this.left = left,
            None => return Poll::Ready(Some(Err(BodyFailure::TooLarge(this.limit).into()))),
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Whether a request uploads an artifact: `POST …/v3/namespaces/{namespace}/artifacts/{name}`.
pub fn is_upload(method: &Method, path: &str) -> bool {
    let mut segments = path.rsplit('/');
    *method == Method::POST
        && segments.next().is_some_and(|name| !name.is_empty())
        && segments.next() == Some("artifacts")
        && segments.next().is_some_and(|namespace| !namespace.is_empty())
        && segments.next() == Some("namespaces")
        && segments.next() == Some("v3")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_upload_of_an_artifact_may_be_large() {
        for (method, path, upload) in [
            (Method::POST, "/v3/namespaces/default/artifacts/core", true),
            (Method::POST, "/r/prod/v3/namespaces/default/artifacts/core", true),
            (Method::POST, "/console/v3/namespaces/default/artifacts/core", true),
            (Method::PUT, "/v3/namespaces/default/artifacts/core", false),
            (Method::POST, "/v3/namespaces/default/artifacts/", false),
            (Method::POST, "/v3/namespaces/default/apps/artifacts", false),
            (Method::POST, "/v3/namespaces/artifacts/x", false),
            (Method::POST, "/artifacts/core", false),
        ] {
            assert_eq!(is_upload(&method, path), upload, "{method} {path}");
        }
    }
}
