//! What the sandbox was asked, for tests that assert it.

use crate::model::ServerState;
use serde::Serialize;

/// How many requests are kept.
const KEPT: usize = 10_000;

/// A request as it arrived, and the status that answered it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Received {
    pub method: String,
    /// Path and query, to the letter.
    pub target: String,
    pub body: String,
    /// None if the connection was dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// When, by the sandbox's clock, in milliseconds since the epoch.
    pub at: i64,
}

impl ServerState {
    /// Notes a request.
    pub(crate) fn note(&mut self, received: Received) {
        if self.received.len() >= KEPT {
            self.received.pop_front();
        }
        self.received.push_back(received);
    }
}
