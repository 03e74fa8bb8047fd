//! The ID of a run: short, on one line, and whole on hover.

use leptos::prelude::*;
use quiesce_api::RunId;

pub(crate) fn run_id(run: &RunId) -> AnyView {
    view! { <code class="nowrap" title=run.to_string()>{run.short().to_owned()}</code> }.into_any()
}
