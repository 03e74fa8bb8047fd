//! Names of requests, of which there are few.

use crate::proxy::target;
use crate::routers::{ServedRouter, Target};
use crate::sign_in;
use quiesce_api::routes::ROUTES;
use std::sync::Arc;

/// The router and the path pattern of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The name of the router; empty for the only router of a server, and for requests that are for none.
    pub router: Arc<str>,
    /// A pattern of the API, or the kind of a path of this server.
    pub path: &'static str,
}

impl Default for Label {
    /// A request that was rejected before its path was read.
    fn default() -> Self {
        Self { router: Arc::from(""), path: Self::OTHER }
    }
}

impl Label {
    /// A path that this server does not know.
    const OTHER: &'static str = "other";
    /// A file or a route of the page.
    pub const PAGE: &'static str = "page";
    /// The routes of the sandbox itself.
    const SANDBOX: &'static str = "sandbox";
    /// The paths of this server itself.
    const OWN: [&'static str; 5] = [sign_in::PATH, "/quiesce/info", "/-/healthy", "/-/ready", "/-/metrics"];

    /// The label of a path. `answered` tells whether the router of the target answers it.
    pub fn new(target: &Target<'_>, answered: bool) -> Self {
        let path = target.rest;
        let own = || Self::OWN.into_iter().find(|own| *own == path);
        let label = if target::is_api(path) {
            ROUTES.iter().find(|route| route.matches(path)).map_or(Self::OTHER, |route| route.pattern)
        } else if let Some(own) = own() {
            own
        } else if answered {
            Self::SANDBOX
        } else {
            Self::PAGE
        };
        let router = target.router.map(ServedRouter::name).unwrap_or_default();
        Self { router: Arc::from(router), path: label }
    }

    /// Whether machines ask for it often: it is logged at a lower level.
    pub(super) fn is_routine(&self) -> bool {
        self.path == Self::PAGE || self.path.starts_with("/-/")
    }
}
