//! Answers of this server's own where it does not serve or forward. They are JSON and carry the header
//! `x-quiesce-error`, so that the page never takes them for an answer of the router.

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::json;

/// The header that marks an answer as this server's own; its value is [`Refusal::error`].
pub const MARK: HeaderName = HeaderName::from_static("x-quiesce-error");

/// Whether the router may have received the request that could not be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It certainly did not: nothing was changed by it.
    No,
    /// It may have: what it would have changed has to be read again.
    Maybe,
}

/// Why a request got no answer but this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// A word for programs, such as `router_unreachable`.
    pub error: &'static str,
    /// A sentence or two for people.
    pub message: String,
    /// Whether the router may have received the request.
    pub sent: Sent,
}

impl Refusal {
    /// A refusal of a request that was not passed on.
    pub fn new(status: StatusCode, error: &'static str, message: impl Into<String>) -> Self {
        Self { status, error, message: message.into(), sent: Sent::No }
    }

    /// The same refusal of a request that the router may have received.
    #[must_use]
    pub fn maybe_sent(self) -> Self {
        Self { sent: Sent::Maybe, ..self }
    }

    /// The answer: `{"error": …, "message": …, "sent": "no" | "maybe"}`.
    pub fn into_response(self) -> Response<Body> {
        let sent = match self.sent {
            Sent::No => "no",
            Sent::Maybe => "maybe",
        };
        let body = json!({ "error": self.error, "message": self.message, "sent": sent });
        let mut response = json_response(self.status, &body);
        response.headers_mut().insert(MARK, HeaderValue::from_static(self.error));
        response
    }
}

/// A JSON answer that no cache keeps.
pub fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
