//! What can go wrong with a call: nothing answered, the server refused, or the answer cannot be read.

use crate::Response;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a call has no good answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// No status arrived. Whether the server did what was asked is not known.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server answered with a status that is not 2xx.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server answered 2xx with something that cannot be read.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
}

/// Why no status arrived.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum TransportError {
    /// The server cannot be reached, or the connection broke before the status.
    #[error("the server does not answer ({0})")]
    Unreachable(String),
    /// Nothing came within the time limit (seconds).
    #[error("the server did not answer within {0} s")]
    TimedOut(u32),
    /// The caller gave up waiting, for example because the page moved on.
    #[error("the request was canceled")]
    Aborted,
}

/// An answer whose status is not 2xx (docs/cdap-api.md#error-bodies).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Refusal {
    /// The status as it came.
    pub status: u16,
    /// What the status means on this API.
    pub kind: RefusalKind,
    /// The server's own words; empty when it gave none.
    pub message: String,
    /// Where a token can be had, from the body of a 401. May be empty, and may name hosts a browser cannot reach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auth_uris: Vec<String>,
}

/// What a status means on this API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefusalKind {
    /// 400: the request is wrong, or the program is not running.
    BadRequest,
    /// 401: no token, a wrong one, or an expired one. Signing in helps.
    Unauthenticated,
    /// 403: signed in, but not allowed. Signing in again does not help.
    Forbidden,
    /// 404: it is not there.
    NotFound,
    /// 405: the path exists, the method does not.
    MethodNotAllowed,
    /// 409: it is already so, or something that runs is in the way.
    Conflict,
    /// 429: a limit of the server or of a gateway in front of it.
    TooManyRequests,
    /// 501: the application or the server does not support this.
    Unsupported,
    /// 502, 503, 504: the server, or a service behind it, is away.
    Unavailable,
    /// Any other 5xx. The API also answers 500 for a query it cannot parse, so it is not sent again blindly.
    ServerError,
    /// A status this API does not use.
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

/// An answer of status 2xx that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[error("the answer cannot be read at `{path}`: {message}")]
pub struct Undecodable {
    /// Where in the JSON, for example `[3].statusCode`; `.` is the whole.
    pub path: String,
    /// What was wrong there.
    pub message: String,
    /// The answer as it came, cut after [`Undecodable::RAW`] characters.
    pub raw: String,
}

impl Undecodable {
    /// How many characters of a raw answer are kept.
    pub const RAW: usize = 2000;

    pub(crate) fn new(path: impl Into<String>, message: impl fmt::Display, raw: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(raw).chars().take(Self::RAW).collect();
        Self { path: path.into(), message: message.to_string(), raw }
    }
}

impl Error {
    /// The error that an answer without a 2xx status is.
    pub fn refused(response: &Response) -> Self {
        /// The body of a 401 (docs/cdap-api.md#authentication).
        #[derive(Deserialize)]
        struct Challenge {
            #[serde(default)]
            error_description: String,
            #[serde(default)]
            auth_uri: Vec<String>,
        }
        let kind = RefusalKind::from(response.status);
        let mut refusal = Refusal {
            status: response.status,
            kind,
            message: response.text().trim().to_owned(),
            auth_uris: Vec::new(),
        };
        if kind == RefusalKind::Unauthenticated
            && let Ok(challenge) = crate::json::from_slice::<Challenge>(&response.body)
        {
            refusal.message = challenge.error_description;
            refusal.auth_uris = challenge.auth_uri;
        }
        Self::Refused(refusal)
    }

    /// The server's own message: the body of a refusal, or the answer that cannot be read. `None` if it sent none.
    pub fn server_message(&self) -> Option<&str> {
        let message = match self {
            Self::Refused(refusal) => &refusal.message,
            Self::Undecodable(answer) => &answer.raw,
            Self::Transport(_) => return None,
        };
        (!message.is_empty()).then_some(message)
    }

    /// The error as a sentence: a period is added unless the server's message ends with one.
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

    /// Whether the server itself answered, and so does nothing more for the request. A broken connection, a time
    /// limit, and a gateway that had no answer in time (502, 504) are no answers.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::Transport(_) => false,
            Self::Undecodable(_) => true,
            Self::Refused(refusal) => !matches!(refusal.status, 502 | 504),
        }
    }

    /// Whether the server may have done what was asked although no good answer came. A refusal counts too: batch
    /// calls act on their first elements before they refuse (docs/cdap-api.md#batch-stop).
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
    fn an_unreadable_answer_keeps_what_the_server_sent() {
        let error = Error::Undecodable(Undecodable::new(".", "expected a list", b"<html>"));
        assert_eq!(error.server_message(), Some("<html>"));
    }
}
