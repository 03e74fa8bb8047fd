//! The strip under the top bar: what is in work, seen from every page.

use super::use_shell;
use crate::client::use_client;
use crate::routes::Route;
use crate::ui::{Glyph, Tone, glyph};
use leptos::prelude::*;
use quiesce_lifecycle::journal::OperationKind;

/// One line for each operation that has not finished. The page of an operation does not need its own.
#[component]
pub fn OperationStrip() -> impl IntoView {
    let shell = use_shell();
    let client = use_client();
    let lines = move || {
        let here = shell.route.get();
        let operations = client.operations.get().into_iter().filter_map(move |header| {
            let route = Route::operation(&header)?;
            (here.as_ref() != Some(&route)).then(|| {
                view! {
                    <div class="opstrip" data-tone=Tone::Busy.word()>
                        {glyph(Glyph::Stopping)}
                        <span>{header.title}</span>
                        <span class="muted">{header.namespace.to_string()}</span>
                        <a href=route.href()>{if header.kind == OperationKind::Stop { "Watch" } else { "Resume" }}</a>
                    </div>
                }
            })
        });
        operations.collect_view()
    };
    view! { <div role="status">{lines}</div> }
}
