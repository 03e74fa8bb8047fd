//! Errors of a call: no response, a refusal by the server, or an unreadable response.

use crate::response::Response;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The reason why a call has no usable response.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// No status arrived. Whether the server performed the call is unknown.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server answered with a status other than 2xx.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server answered 2xx with a body that cannot be read.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
}

/// The reason why no status arrived.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum TransportError {
    /// The server is unreachable, or the connection closed before the status.
    #[error("the server does not answer ({0})")]
    Unreachable(String),
    /// No response within the time limit (seconds).
    #[error("the server did not answer within {0} s")]
    TimedOut(u32),
    /// The caller canceled the request, for example because the page was left.
    #[error("the request was canceled")]
    Aborted,
}

/// A response with a status other than 2xx (docs/cdap-api.md#error-bodies).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Refusal {
    /// The received status.
    pub status: u16,
    /// The meaning of the status on this API.
    pub kind: RefusalKind,
    /// The server's message; empty if it sent none.
    pub message: String,
    /// Where to get a token, from the body of a 401. Can be empty, and can name hosts that a browser cannot reach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auth_uris: Vec<String>,
}

/// The meaning of a status on this API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefusalKind {
    /// 400: the request is invalid, or the program is not running.
    BadRequest,
    /// 401: the token is missing, invalid or expired. Signing in helps.
    Unauthenticated,
    /// 403: signed in, but not permitted. Signing in again does not help.
    Forbidden,
    /// 403 of the console's own server, which is read-only: it forwarded nothing.
    ReadOnly,
    /// 404: not found.
    NotFound,
    /// 405: the path exists, but not with this method.
    MethodNotAllowed,
    /// 409: already in this state, or an active run blocks the change.
    Conflict,
    /// 429: a limit of the server or of a gateway in front of it.
    TooManyRequests,
    /// 501: not supported by the application or the server.
    Unsupported,
    /// 502, 503, 504: the server, or a service behind it, is unavailable.
    Unavailable,
    /// Any other 5xx. The API also answers 500 to a query that it cannot parse, so do not retry without a check.
    ServerError,
    /// A status that this API does not use.
    Unexpected,
}

impl From<u16> for RefusalKind {
    fn from(status: u16) -> Self {
        match status {
            400 => Self::BadRequest,
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            409 => Self::Conflict,
            429 => Self::TooManyRequests,
            501 => Self::Unsupported,
            502..=504 => Self::Unavailable,
            500..=599 => Self::ServerError,
            _ => Self::Unexpected,
        }
    }
}

/// A 2xx response that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[error("the answer cannot be read at `{path}`: {message}")]
pub struct Undecodable {
    /// Path in the JSON, for example `[3].statusCode`; `.` is the whole body.
    pub path: String,
    /// The problem at this path.
    pub message: String,
    /// The received body, truncated to [`Undecodable::RAW`] characters.
    pub raw: String,
}

impl Undecodable {
    /// Number of characters kept of a raw body.
    pub const RAW: usize = 2000;

    pub(crate) fn new(path: impl Into<String>, message: impl fmt::Display, raw: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(raw).chars().take(Self::RAW).collect();
        Self { path: path.into(), message: message.to_string(), raw }
    }

    /// The body ended before its end, for a reason of the transport.
    pub(crate) fn truncated(reason: &str, raw: &[u8]) -> Self {
        Self::new(".", format!("the answer ended early ({reason})"), raw)
    }
}

impl Error {
    /// The error for a response with a status other than 2xx.
    pub fn refused(response: &Response) -> Self {
        /// The body of a 401 (docs/cdap-api.md#authentication).
        #[derive(Deserialize)]
        struct Challenge {
            #[serde(default)]
            error_description: String,
            #[serde(default)]
            auth_uri: Vec<String>,
        }
        let kind = match response.get("x-quiesce-error") {
            Some("read_only") => RefusalKind::ReadOnly,
            _ => RefusalKind::from(response.status),
        };
        let mut refusal = Refusal {
            status: response.status,
            kind,
            message: response.text().trim().to_owned(),
            auth_uris: Vec::new(),
        };
        if kind == RefusalKind::Unauthenticated
            && let Ok(challenge) = quiesce_json::from_slice::<Challenge>(&response.body)
        {
            refusal.message = challenge.error_description;
            refusal.auth_uris = challenge.auth_uri;
        }
        Self::Refused(refusal)
    }

    /// The server's own message: the body of a refusal or of an unreadable response. `None` if it sent none.
    pub fn server_message(&self) -> Option<&str> {
        let message = match self {
            Self::Refused(refusal) => &refusal.message,
            Self::Undecodable(answer) => &answer.raw,
            Self::Transport(_) => return None,
        };
        (!message.is_empty()).then_some(message)
    }

    /// The error as a sentence: adds a period unless the server's message ends with one.
    pub fn sentence(&self) -> String {
        let mut text = self.to_string();
        if !text.ends_with(['.', '!', '?']) {
            text.push('.');
        }
        text
    }

    /// The refusal, if this is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the error concerns the server or the session rather than this request: no response, an outage, too many
    /// requests, a missing token, or a read-only console. Such a request can be sent again unchanged.
    pub fn is_unrelated_to_request(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Refused(refusal) => matches!(
                refusal.kind,
                RefusalKind::Unauthenticated
                    | RefusalKind::ReadOnly
                    | RefusalKind::Unavailable
                    | RefusalKind::TooManyRequests
            ),
            Self::Undecodable(_) => false,
        }
    }

    /// Whether the server itself responded, so that nothing of the request is still in progress. A broken
    /// connection, a time limit, and a gateway without a timely response (502, 504) do not count.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::Transport(_) => false,
            Self::Undecodable(_) => true,
            Self::Refused(refusal) => !matches!(refusal.status, 502 | 504),
        }
    }

    /// Whether the server may have performed the call although no usable response arrived. Some refusals count too:
    /// batch calls apply their first elements before they fail (docs/cdap-api.md#batch-stop).
    pub fn leaves_doubt(&self) -> bool {
        match self {
            Self::Transport(_) | Self::Undecodable(_) => true,
            Self::Refused(refusal) => {
                matches!(
                    refusal.kind,
                    RefusalKind::Unavailable | RefusalKind::ServerError | RefusalKind::Unexpected
                )
            }
        }
    }
}

impl Refusal {
    /// The reason phrase of the status (RFC 9110), for the statuses that this API uses.
    pub fn reason(&self) -> &'static str {
        match self.status {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            409 => "Conflict",
            429 => "Too Many Requests",
            500 => "Internal Server Error",
            501 => "Not Implemented",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Gateway Timeout",
            _ => "Unexpected Status",
        }
    }
}

/// The status with its reason phrase, then the server's own message verbatim: `404 Not Found: …`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.reason())?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> Error {
        Error::refused(&Response { status, headers: Vec::new(), body: body.as_bytes().to_vec(), cut: None })
    }

    #[test]
    fn a_refusal_shows_the_message_of_the_server_verbatim() {
        let message =
            "Errors were encountered during validation. Plugin named 'Wait' of type 'action' not found.";
        let error = refused(500, message);
        assert_eq!(error.to_string(), format!("500 Internal Server Error: {message}"));
        assert_eq!(error.server_message(), Some(message));
        assert_eq!(error.sentence(), format!("500 Internal Server Error: {message}"));
    }

    #[test]
    fn a_403_of_a_read_only_console_is_not_one_of_the_server() {
        let own = |header: &str| Response {
            headers: vec![("x-quiesce-error".to_owned(), header.to_owned())],
            ..Response::new(403, "read-only")
        };
        let kind = |response: &Response| Error::refused(response).refusal().map(|refusal| refusal.kind);
        assert_eq!(kind(&own("read_only")), Some(RefusalKind::ReadOnly));
        assert_eq!(kind(&own("cross_site")), Some(RefusalKind::Forbidden));
        assert!(Error::refused(&own("read_only")).is_unrelated_to_request());
    }

    #[test]
    fn a_refusal_without_a_message_has_no_empty_tail() {
        for body in ["", " \n"] {
            let error = refused(503, body);
            assert_eq!(
                (error.to_string().as_str(), error.server_message()),
                ("503 Service Unavailable", None)
            );
            assert_eq!(error.sentence(), "503 Service Unavailable.");
        }
    }

    #[test]
    fn an_unreadable_response_keeps_the_raw_body() {
        let error = Error::Undecodable(Undecodable::new(".", "expected a list", b"<html>"));
        assert_eq!(error.server_message(), Some("<html>"));
    }
}
