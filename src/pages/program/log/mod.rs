//! The last lines of a run's log.

use crate::client::polling::{Health, IDLE_MS, Polled};
use crate::client::{clock, use_client};
use crate::pages::server_message::error_view;
use crate::text::errors::Asked;
use crate::text::{common, program as text};
use crate::ui::{Button, ButtonVariant, Icon};
use leptos::prelude::*;
use quiesce_api::RunRef;
use quiesce_api::log::{LogDirection, LogEvent, PageLogs};

/// How many lines are shown at most.
const LINES: u32 = 60;

/// The last lines of a run's log. They can lag several seconds.
#[component]
pub(super) fn RunLog(run: RunRef) -> impl IntoView {
    let client = use_client();
    let short = run.run.short().to_owned();
    let live: Polled<Vec<LogEvent>> = Polled::new(
        client,
        format!("log {run}"),
        move || {
            let page = PageLogs {
                run: run.clone(),
                direction: LogDirection::Previous,
                most: Some(LINES),
                from: None,
            };
            async move { Ok(client.call(&page).await?.good) }
        },
        |_| IDLE_MS,
    );
    let body = move || match (live.data.get(), live.health.get()) {
        (_, Health::Refused(error) | Health::Away { error, .. }) => {
            view! { <div class="pad">{error_view(Asked::Log, &error)}</div> }.into_any()
        }
        (Some(lines), _) if lines.is_empty() => {
            view! { <p class="pad muted">{text::NO_LOG_LINES}</p> }.into_any()
        }
        (Some(lines), _) => view! {
            <ol class="log" tabindex="0" aria-label=text::LOG_LINES>
                {lines.iter().map(line).collect_view()}
            </ol>
        }
        .into_any(),
        (None, _) => view! { <p class="pad muted">{common::LOADING}</p> }.into_any(),
    };
    view! {
        <section class="panel flush gap-top" aria-label=text::log_of_run(&short)>
            <header>
                <h2>{text::log_title(&short)}</h2>
                <span class="push"><Button on_press=move |()| live.refresh() look=ButtonVariant::Plain small=true shape=Icon::Refresh>{common::REFRESH}</Button></span>
            </header>
            {body}
        </section>
    }
}

fn line(event: &LogEvent) -> impl IntoView + use<> {
    let log = &event.log;
    let tone = match log.log_level.as_str() {
        "ERROR" => Some("bad"),
        "WARN" => Some("warn"),
        _ => None,
    };
    let at = log.timestamp.timestamp();
    view! {
        <li data-tone=tone>
            <time datetime=at.to_string()>{clock::local(at)}</time>" "
            <span class="level">{log.log_level.clone()}</span>" "
            <span class="message">{log.message.clone()}</span>
            {(!log.stack_trace.is_empty()).then(|| view! { <details><summary>{text::STACK_TRACE}</summary><pre>{log.stack_trace.clone()}</pre></details> })}
        </li>
    }
}
