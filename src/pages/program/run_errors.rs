//! The last errors in the log of a failed run.

use crate::client::{clock, use_client};
use crate::pages::server_message::error_view;
use crate::text::errors::Asked;
use crate::text::{common, program_facts as text};
use crate::ui::{Button, ButtonVariant};
use leptos::prelude::*;
use quiesce_api::log::{LogDirection, PageLogs};
use quiesce_api::{Error, RunRef};
use quiesce_lifecycle::run_errors::{ErrorLine, last_errors};

/// How many of the last lines are read.
const LINES: u32 = 200;
/// How many errors are quoted.
const MOST: usize = 3;

/// The errors of a run: at once, or on demand.
#[component]
pub(super) fn RunErrors(run: RunRef, at_once: bool) -> impl IntoView {
    let client = use_client();
    let reading = RwSignal::new(false);
    let errors = RwSignal::new(None::<Result<Vec<ErrorLine>, Error>>);
    let name = text::errors_of(run.run.short());
    let page = PageLogs { run, direction: LogDirection::Previous, most: Some(LINES), from: None };
    let read = move |()| {
        let page = page.clone();
        reading.set(true);
        leptos::task::spawn_local(async move {
            let result = client.call(&page).await.map(|rows| last_errors(&rows.good, MOST));
            errors.try_set(Some(result));
            reading.try_set(false);
        });
    };
    if at_once {
        read(());
    }
    let read = Callback::new(read);
    move || match errors.get() {
        None => {
            let word = move || if reading.get() { common::LOADING } else { text::SHOW_ERRORS };
            view! { <Button on_press=read look=ButtonVariant::Plain small=true name=name.clone()>{word}</Button> }.into_any()
        }
        Some(Ok(lines)) if lines.is_empty() => view! { <p class="muted">{text::NO_ERRORS}</p> }.into_any(),
        Some(Ok(lines)) => lines.into_iter().map(quote).collect_view().into_any(),
        Some(Err(error)) => view! {
            {error_view(Asked::Log, &error)}
            <Button on_press=read small=true>{common::RETRY}</Button>
        }
        .into_any(),
    }
}

fn quote(line: ErrorLine) -> AnyView {
    let at = line.at.timestamp();
    view! {
        <blockquote class="quote">
            <time class="muted" datetime=at.to_string()>{clock::short(at)}</time>" "{line.message}
            {line.cause.map(|cause| view! { <span class="sub wrap">{text::cause(&cause)}</span> })}
        </blockquote>
    }
    .into_any()
}
