//! Errors that this server itself answers with. They are JSON and carry the header `x-quiesce-error`, so that the page
//! never mistakes them for a response of the router.

use axum::body::Body;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::json;

/// Marks a response as this server's own; its value is [`ErrorResponse::code`].
pub const ERROR_HEADER: HeaderName = HeaderName::from_static("x-quiesce-error");

/// Whether the router may have received the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The router did not receive the request, so nothing was changed.
    No,
    /// The router may have received the request: read again what it would have changed.
    Maybe,
}

impl Sent {
    /// The value in the response body.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Maybe => "maybe",
        }
    }
}

/// An error response of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResponse {
    pub status: StatusCode,
    /// A stable identifier for programs, such as `router_unreachable`.
    pub code: &'static str,
    /// One or two sentences for people.
    pub message: String,
    pub sent: Sent,
    /// Additional headers, such as `Allow`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl ErrorResponse {
    /// An error for a request that was not forwarded.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), sent: Sent::No, headers: Vec::new() }
    }

    /// An error for a path of this server that can only be read.
    pub fn only_reads(message: impl Into<String>) -> Self {
        let allowed = HeaderValue::from_static("GET, HEAD");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_refused", message).with_header(ALLOW, allowed)
    }

    /// The same error for a request that the router may have received.
    #[must_use]
    pub fn maybe_sent(self) -> Self {
        Self { sent: Sent::Maybe, ..self }
    }

    /// The same error with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Renders it as `{"error": …, "message": …, "sent": "no" | "maybe"}`.
    pub fn into_response(self) -> Response<Body> {
        let body = json!({ "error": self.code, "message": self.message, "sent": self.sent.as_str() });
        let mut response = json_response(self.status, &body);
        response.headers_mut().insert(ERROR_HEADER, HeaderValue::from_static(self.code));
        response.headers_mut().extend(self.headers);
        let error = OwnError { code: self.code, message: self.message, sent: self.sent };
        response.extensions_mut().insert(error);
        response
    }
}

/// The error of a response, as an extension of it for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnError {
    pub code: &'static str,
    pub message: String,
    pub sent: Sent,
}

/// A JSON response that is not cached.
pub fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
