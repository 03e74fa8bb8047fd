//! The state of the page that its frame and all pages share.

use crate::routes::Route;
use leptos::prelude::*;
use quiesce_api::NamespaceId;

/// The state that the top bar shares with the pages.
#[derive(Clone, Copy)]
pub struct Shell {
    /// The current page of the router; `None` if the path belongs to no page.
    pub route: Memo<Option<Route>>,
    /// The namespace of the page, or else the last one, or `default`.
    pub namespace: RwSignal<NamespaceId>,
    /// The namespaces of the server, set by pages that read them.
    pub namespaces: RwSignal<Vec<NamespaceId>>,
}

/// The shell of this page.
pub fn use_shell() -> Shell {
    expect_context()
}
