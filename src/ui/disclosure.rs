//! What is shown on demand.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// A line that unfolds what is behind it.
#[component]
pub fn Disclosure(
    /// The line.
    #[prop(into)]
    summary: Signal<String>,
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    /// What is behind it.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" open=open>
            <summary>{icon(Icon::Right)}<span>{summary}</span></summary>
            <div class="inside">{children()}</div>
        </details>
    }
}
