//! The requests that the sandbox received, for tests that check them.

use serde::Serialize;
use std::collections::VecDeque;

/// The number of requests that are kept.
const CAPACITY: usize = 10_000;

/// A received request, and the status of its response.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LoggedRequest {
    pub method: String,
    /// Path and query, verbatim.
    pub target: String,
    pub body: String,
    /// `None` if the connection was dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// When it was received by the sandbox's clock, in milliseconds since the epoch.
    pub at: i64,
}

/// The newest requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<LoggedRequest>,
}

impl RequestLog {
    pub(crate) fn add(&mut self, request: LoggedRequest) {
        if self.requests.len() >= CAPACITY {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &LoggedRequest> {
        self.requests.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
