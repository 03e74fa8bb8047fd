//! The operations of this browser.

use crate::ui::PageHead;
use leptos::prelude::*;

/// All operations of this browser, searchable, each with its report.
#[component]
pub fn History() -> impl IntoView {
    view! { <PageHead title="History" /> }
}
