//! The token of the authentication server (docs/cdap-api.md#tokens), which has a host and port of its own.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A token from `GET /token` or `GET /extendedtoken`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The value after `Bearer ` in an `Authorization` header.
    pub access_token: String,
    /// Always `Bearer`.
    #[serde(default)]
    pub token_type: String,
    /// Lifetime in seconds.
    pub expires_in: u64,
}

/// Omits the token, so that it never appears in a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}
