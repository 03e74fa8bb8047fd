//! The versions of the seeded artifacts.

use crate::model::server_state::ServerState;

/// The versions of the pipelines' artifacts, the older one first, and of the plugins: 6.7.2 was recorded with others.
pub(super) fn versions(server: &ServerState) -> (&'static str, &'static str, &'static str) {
    if server.options.profile.keeps_versions() {
        ("6.10.0", "6.11.0", "2.13.0")
    } else {
        ("6.7.0", "6.7.2", "2.9.0")
    }
}
