//! What the external authentication server answers (docs/cdap-api.md#tokens). It is another server than the one of
//! this
//! API, on a host and port of its own; the page asks it through the console's server.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A token, as `GET /token` and `GET /extendedtoken` answer it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What goes after `Bearer ` in an `Authorization` header.
    pub access_token: String,
    /// `Bearer`.
    #[serde(default)]
    pub token_type: String,
    /// For how many seconds from now on it is good.
    pub expires_in: u64,
}

/// Leaves the token out, so that no log ever has it.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}
