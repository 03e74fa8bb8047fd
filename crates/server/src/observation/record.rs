//! A request with its response.

use super::label::Label;
use super::request_id::RequestId;
use crate::error_response::OwnError;
use crate::shared_reads::SharedRead;
use http::{Method, StatusCode};
use std::time::Instant;

/// What is logged and counted at the end of a response.
#[derive(Debug)]
pub(super) struct Record {
    pub id: RequestId,
    pub method: Method,
    pub label: Label,
    /// Reported by a trusted proxy.
    pub user: Option<String>,
    pub started: Instant,
    pub status: StatusCode,
    /// Whether the response was that of another request.
    pub shared: Option<SharedRead>,
    /// The error of this server, if the response is one.
    pub error: Option<OwnError>,
    /// Bytes of the body as sent.
    pub bytes: u64,
    /// Whether the body ended early: at the router, or because the browser disconnected.
    pub interrupted: bool,
}
