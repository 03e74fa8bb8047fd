//! The versions of the application of a program.

mod compare;
mod restore;
mod state;
mod table;

use super::state::ProgramData;
use crate::client::polling::Polled;
use crate::pages::server_message::{error_view, server_message};
use crate::text::errors::{Asked, explain};
use crate::text::{common, versions as text};
use crate::ui::{Button, Notice, Tone};
use leptos::prelude::*;
use quiesce_api::ProgramRef;
use quiesce_lifecycle::version_restore::RestoreResult;
use state::State;

/// The versions, newest first, the differences of two of them, and the restore of one.
#[component]
pub(super) fn Versions(program: ProgramRef, live: Polled<ProgramData>) -> impl IntoView {
    let state = State::new(&program, live);
    let body = move || match state.list.get() {
        None => view! { <p class="pad muted">{common::LOADING}</p> }.into_any(),
        Some(Err(error)) => {
            let again = move || view! { <Button on_press=move |()| state.read() small=true>{common::TRY_NOW}</Button> };
            view! { <div class="pad"><Notice tone=Tone::Bad actions=again>{error_view(Asked::Application, &error)}</Notice></div> }.into_any()
        }
        Some(Ok(list)) => table::table(state, list),
    };
    view! {
        <section class="panel flush gap-top" aria-label=text::TITLE>
            <header><h2>{text::TITLE}</h2><code class="muted small">{program.application.to_string()}</code></header>
            {move || state.result.get().map(|(version, result)| view! { <div class="pad">{result_notice(version.as_str(), &result)}</div> })}
            {body}
            {move || state.compared.get().map(|(first, second)| compare::comparison(state, first, second))}
        </section>
        {restore::dialog(state)}
    }
}

/// What became of the last restore.
fn result_notice(version: &str, result: &RestoreResult) -> AnyView {
    let (headline, rest) = text::result(version, result);
    let tone = match result {
        RestoreResult::Restored(_) => Tone::Ok,
        RestoreResult::Refused(_) => Tone::Bad,
        _ => Tone::Warn,
    };
    let why = text::error(result).map(|error| {
        let it = explain(Asked::Deploy, error);
        // What is known of the consequences is in the text of the result, unless the server refused.
        let advice = if matches!(result, RestoreResult::Refused(_)) { it.advice } else { "" };
        view! { <p>{it.summary}" "{advice}</p>{server_message(error)} }
    });
    view! {
        <Notice tone=tone alert=true>
            <p><strong>{headline}</strong>" "{rest}</p>
            {why}
        </Notice>
    }
    .into_any()
}
