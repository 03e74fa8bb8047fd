//! What can be done with a log: search, levels, pause, download.

use super::state::State;
use crate::client::clock;
use crate::client::download::Download;
use crate::text::{common, run_log as text};
use crate::ui::{Button, ButtonVariant, Choice, Freshness, Icon, Segmented, Tone, icon, use_announcer};
use leptos::prelude::*;
use quiesce_api::log::GetLogText;
use quiesce_api::{Endpoint, Error, Timestamp};
use quiesce_lifecycle::run_log::{LevelFilter, file_name};

/// How old a followed log may be before it is called late, in seconds.
const STALE: i64 = 30;

/// The age of the log, and the button that holds it.
pub(super) fn age(state: State, now: RwSignal<Timestamp>) -> AnyView {
    let live = state.live;
    let age = move || live.at.get().filter(|_| state.known.get()).map(|at| clock::passed(at, now.get()));
    let tone = Signal::derive(move || match (live.paused.get() || state.ended.get(), age()) {
        (true, _) | (_, None) => Tone::Idle,
        (_, Some(age)) if age > STALE => Tone::Warn,
        _ => Tone::Ok,
    });
    let told = Signal::derive(move || match age() {
        None => common::LOADING.to_owned(),
        Some(age) => text::freshness(live.paused.get(), state.ended.get(), age),
    });
    let hold = move |()| {
        live.paused.update(|paused| *paused = !*paused);
        live.refresh();
    };
    let name = Signal::derive(move || if live.paused.get() { text::RESUME } else { text::PAUSE }.to_owned());
    view! {
        <span class="push"><Freshness tone text=told/></span>
        <Button on_press=hold look=ButtonVariant::Plain small=true shape=Icon::Pause name=name>
            {move || if live.paused.get() { common::RESUME } else { common::PAUSE }}
        </Button>
    }
    .into_any()
}

/// The lowest level that is shown.
pub(super) fn levels(state: State) -> AnyView {
    let choices = [
        (LevelFilter::All, text::ALL),
        (LevelFilter::Warnings, text::WARNINGS),
        (LevelFilter::Errors, text::ERRORS),
    ];
    let choices = choices.into_iter().map(|(value, word)| Choice::new(value, word)).collect();
    let change = Callback::new(move |filter| state.filter.set(filter));
    view! { <Segmented name=text::LEVEL choices=choices value=state.filter on_change=change/> }.into_any()
}

/// The search, with the number of matches and the way from one to the next.
pub(super) fn search(state: State) -> AnyView {
    let announcer = use_announcer();
    let count = Memo::new(move |_| {
        let current = state.current.get();
        state.shown.with(|shown| (current.and_then(|place| shown.position(place)), shown.matches()))
    });
    let told = move || {
        let (position, matches) = count.get();
        text::matches(position, matches)
    };
    // The number of matches changes with every line: only the step to another one is said.
    let step = move |forward| {
        state.step(forward);
        announcer.say(told());
    };
    let unavailable = Signal::derive(move || {
        if state.sought.with(String::is_empty) {
            Some(text::NOTHING_SOUGHT.to_owned())
        } else {
            (count.get().1 == 0).then(|| text::NO_MATCH.to_owned())
        }
    });
    let submit = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            step(!event.shift_key());
        }
    };
    view! {
        <div class="search" role="search">
            {icon(Icon::Search)}
            <input class="input" type="search" placeholder=text::SEARCH aria-label=text::SEARCH autocomplete="off" spellcheck="false"
                prop:value=move || state.sought.get()
                on:input=move |event| { state.current.set(None); state.sought.set(event_target_value(&event)); }
                on:keydown=submit/>
        </div>
        <span class="muted small">{move || (!state.sought.with(String::is_empty)).then(told)}</span>
        <Button on_press=move |()| step(false) look=ButtonVariant::Plain small=true name=text::PREVIOUS_MATCH unavailable=unavailable>{common::PREVIOUS}</Button>
        <Button on_press=move |()| step(true) look=ButtonVariant::Plain small=true name=text::NEXT_MATCH unavailable=unavailable>{common::NEXT}</Button>
    }
    .into_any()
}

/// The button that downloads the whole log, or ends the download.
pub(super) fn download(state: State, problem: RwSignal<Option<Error>>) -> AnyView {
    let download = Download::new();
    let announcer = use_announcer();
    let file = StoredValue::new(file_name(&state.run()));
    let said = RwSignal::new(None::<String>);
    let press = move |()| {
        if download.received.get_untracked().is_some() {
            download.cancel();
            return;
        }
        problem.set(None);
        said.set(None);
        leptos::task::spawn_local(async move {
            let (request, file) = (GetLogText { run: state.run() }.request(), file.get_value());
            match download.run(state.client(), request, &file).await {
                Ok(None) => {}
                Ok(Some(bytes)) => {
                    let text = text::downloaded(&file, bytes);
                    announcer.say(text.clone());
                    said.try_set(Some(text));
                }
                Err(error) => {
                    problem.try_set(Some(error));
                }
            }
        });
    };
    let word = move || {
        if download.received.get().is_some() { text::CANCEL_DOWNLOAD } else { text::DOWNLOAD }
    };
    let told = move || download.received.get().map(text::downloading).or_else(|| said.get());
    view! {
        <span class="muted small">{told}</span>
        <Button on_press=press small=true>{word}</Button>
    }
    .into_any()
}
