//! What this server allows, whichever router a request is for.

use crate::base_path::BasePath;
use crate::sign_in::Attempts;
use crate::user_header::UserHeader;

/// The settings of a server that concern all routers.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The path below which everything is served.
    pub base: BasePath,
    /// Whether every request that changes something is rejected.
    pub read_only: bool,
    /// Where the name of a user is found.
    pub user_header: Option<UserHeader>,
    /// Limits failed sign-ins, at all routers together.
    pub sign_ins: Attempts,
}
