//! The upgrade wizard: it shows the machine of `lifecycle::upgrade`, and decides nothing.

use crate::client::upgrade::Running;
use crate::client::use_client;
use crate::ui::PageHead;
use leptos::prelude::*;
use quiesce_api::NamespaceId;
use quiesce_lifecycle::journal::OperationId;

/// The first step: which applications to upgrade.
#[component]
pub fn Choose(
    /// Where.
    namespace: NamespaceId,
) -> impl IntoView {
    let _ = namespace;
    view! { <PageHead title="Upgrade applications" /> }
}

/// The later steps of an upgrade, by its id.
#[component]
pub fn Wizard(
    /// Where.
    namespace: NamespaceId,
    /// Which.
    operation: OperationId,
) -> impl IntoView {
    let _ = (namespace, Running::resume(use_client(), operation));
    view! { <PageHead title="Upgrade applications" /> }
}
