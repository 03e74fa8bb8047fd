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
    #[error("the request was given up")]
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
    /// 429: the server starts no more runs now.
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

    /// The refusal, if this is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
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

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            RefusalKind::BadRequest => "the server refused the request",
            RefusalKind::Unauthenticated => "signing in is needed",
            RefusalKind::Forbidden => "not allowed",
            RefusalKind::NotFound => "not found",
            RefusalKind::MethodNotAllowed => "the server does not know this call",
            RefusalKind::Conflict => "in conflict with what is there",
            RefusalKind::TooManyRequests => "the server starts no more runs now",
            RefusalKind::Unsupported => "not supported",
            RefusalKind::Unavailable => "the server is away",
            RefusalKind::ServerError => "the server failed",
            RefusalKind::Unexpected => "an unexpected answer",
        };
        write!(f, "{}: {what}", self.status)
    }
}

impl std::error::Error for Refusal {}
