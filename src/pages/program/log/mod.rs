//! The log of a run: followed, searched, downloaded.

mod lines;
mod state;
mod toolbar;

use super::state::ProgramData;
use crate::client::polling::{Health, Polled};
use crate::pages::server_message::error_view;
use crate::text::errors::Asked;
use crate::text::{common, run_log as text};
use crate::ui::{Button, ButtonVariant, Notice, Tone};
use leptos::html;
use leptos::prelude::*;
use quiesce_api::{Error, RunRef, Timestamp};
use quiesce_lifecycle::run_log::LogWindow;
use state::State;

/// The log of a run. Its last lines can lag several seconds.
#[component]
pub(super) fn RunLog(run: RunRef, program: Polled<ProgramData>, now: RwSignal<Timestamp>) -> impl IntoView {
    let short = run.run.short().to_owned();
    let id = run.run.to_string();
    let state = State::new(run, program);
    let list = NodeRef::<html::Ol>::new();
    let failed_download = RwSignal::new(None::<Error>);
    let troubled = move || match state.live.health.get() {
        Health::Refused(error) | Health::Away { error, .. } => Some(notice(state, error)),
        Health::Loading | Health::Live => None,
    };
    let others = move || {
        let errors = [state.problem.get(), failed_download.get()].into_iter().flatten();
        errors.map(|error| view! { <div class="pad"><Notice tone=Tone::Bad>{error_view(Asked::Log, &error)}</Notice></div> }).collect_view()
    };
    view! {
        <section class="panel flush" aria-label=text::of_run(&short)>
            <header>
                <h2>{text::TITLE}</h2>
                <code class="muted small" title=id>{short.clone()}</code>
                {toolbar::age(state, now)}
            </header>
            <div class="tools">
                {toolbar::search(state)}
                {toolbar::levels(state)}
                <span class="push"></span>
                {toolbar::download(state, failed_download)}
            </div>
            {troubled}
            {others}
            {earlier(state, list)}
            {lines::lines(state, list)}
        </section>
    }
}

fn notice(state: State, error: Error) -> AnyView {
    let again = move || view! { <Button on_press=move |()| state.live.refresh() small=true>{common::TRY_NOW}</Button> };
    view! { <div class="pad"><Notice tone=Tone::Bad actions=again>{error_view(Asked::Log, &error)}</Notice></div> }
        .into_any()
}

/// What is before the first line that is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Start,
    Limit,
    More,
}

/// What is before the first line, and how many lines there are.
fn earlier(state: State, list: NodeRef<html::Ol>) -> AnyView {
    let before = Memo::new(move |_| {
        state.window.with(|window| match () {
            () if window.is_empty() => Before::Nothing,
            () if window.begins() => Before::Start,
            () if window.is_full() => Before::Limit,
            () => Before::More,
        })
    });
    let read_earlier = move |()| {
        state.live.paused.set(true);
        state.read_earlier(move || keep_place(list));
    };
    let word = move || if state.reading_earlier.get() { common::LOADING } else { text::EARLIER };
    let told = move || match before.get() {
        Before::Nothing => ().into_any(),
        Before::Start => view! { <span>{text::BEGINS}</span> }.into_any(),
        Before::Limit => view! { <span>{text::full()}</span> }.into_any(),
        Before::More => {
            view! { <Button on_press=read_earlier look=ButtonVariant::Plain small=true>{word}</Button> }
                .into_any()
        }
    };
    let count = move || {
        let read = state.window.with(LogWindow::len);
        (read > 0).then(|| text::lines(state.shown.with(|shown| shown.lines.len()), read))
    };
    view! { <div class="earlier muted small">{told}<span class="push">{count}</span></div> }.into_any()
}

/// The lines stay where they are: what is put before them moves the box by its height.
fn keep_place(list: NodeRef<html::Ol>) {
    let Some(Some(list)) = list.try_get_untracked() else { return };
    let below = list.scroll_height() - list.scroll_top();
    request_animation_frame(move || list.set_scroll_top(list.scroll_height() - below));
}
