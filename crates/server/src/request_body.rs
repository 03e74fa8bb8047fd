//! The body of a request, with a limited size and a minimum speed.

use crate::error_response::ErrorResponse;
use bytes::Bytes;
use http::{Method, StatusCode};
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// The reason why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFailure {
    /// It is larger than this number of bytes.
    TooLarge(u64),
    /// The browser paused for longer than this.
    Paused(Duration),
    /// It arrived at less than this number of bytes per second.
    TooSlow(u64),
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
            Self::TooSlow(rate) => {
                write!(f, "The body of the request arrived at less than {rate} bytes per second.")
            }
        }
    }
}

impl std::error::Error for BodyFailure {}

impl From<BodyFailure> for ErrorResponse {
    fn from(failure: BodyFailure) -> Self {
        let (status, code) = match failure {
            BodyFailure::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            BodyFailure::Paused(_) | BodyFailure::TooSlow(_) => {
                (StatusCode::REQUEST_TIMEOUT, "request_timeout")
            }
        };
        Self::new(status, code, failure.to_string())
    }
}

/// How fast a body has to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long the browser may pause.
    pub pause: Duration,
    /// Bytes in each second on average, in addition to one pause.
    pub rate: u64,
}

impl Pace {
    /// How long this server may have waited for the browser when it has received a number of bytes.
    fn allowance(self, received: u64) -> Duration {
        let millis = received.saturating_mul(1_000).checked_div(self.rate).unwrap_or_default();
        self.pause.saturating_add(Duration::from_millis(millis))
    }
}

/// A body that fails if it is too large or arrives too slowly. Time counts only while this server waits for the
/// browser, and not while the router does not read.
pub struct LimitedBody<B> {
    body: B,
    left: u64,
    limit: u64,
    pace: Pace,
    /// All waits that are over.
    waited: Duration,
    wait: Option<Wait>,
}

/// A wait for the browser.
struct Wait {
    since: Instant,
    timer: Pin<Box<Sleep>>,
    failure: BodyFailure,
}

impl<B: Body> LimitedBody<B> {
    /// A body of at most `limit` bytes. A declared length above the limit fails at once.
    pub fn new(body: B, limit: u64, pace: Pace) -> Result<Self, BodyFailure> {
        if body.size_hint().lower() > limit {
            return Err(BodyFailure::TooLarge(limit));
        }
        Ok(Self { body, left: limit, limit, pace, waited: Duration::ZERO, wait: None })
    }

    fn begin_wait(&self) -> Wait {
        let Pace { pause, rate } = self.pace;
        let left = self.pace.allowance(self.limit - self.left).saturating_sub(self.waited);
        let (timeout, failure) = if left < pause {
            (left, BodyFailure::TooSlow(rate))
        } else {
            (pause, BodyFailure::Paused(pause))
        };
        Wait { since: Instant::now(), timer: Box::pin(sleep(timeout)), failure }
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
            let mut wait = this.wait.take().unwrap_or_else(|| this.begin_wait());
            let over = wait.timer.as_mut().poll(cx).is_ready();
            let failure = wait.failure;
            this.wait = Some(wait);
            return if over { Poll::Ready(Some(Err(failure.into()))) } else { Poll::Pending };
        };
        if let Some(wait) = this.wait.take() {
            this.waited += wait.since.elapsed();
        }
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
