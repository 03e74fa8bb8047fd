//! What this server allows, whichever router a request is for.

use crate::user_header::UserHeader;

/// The settings of a server that concern all routers.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Whether every request that changes something is rejected.
    pub read_only: bool,
    /// Where the name of a user is found.
    pub user_header: Option<UserHeader>,
}
