//! The strip of facts about a program.

use super::about::{About, Settings};
use super::state::ProgramData;
use crate::client::clock::{self, Moment};
use crate::client::polling::Polled;
use crate::text::{common, program as page, program_facts as text, states};
use crate::ui::State;
use leptos::prelude::*;
use quiesce_api::upgrade::Candidates;
use quiesce_api::{Error, Timestamp};
use quiesce_lifecycle::launch::{LaunchFacts, Setting};
use quiesce_lifecycle::text::launch;
use quiesce_lifecycle::upgrade::{Eligibility, eligibility};
use std::sync::Arc;

/// The facts of a program, each from the server.
#[component]
pub(super) fn Facts(
    live: Polled<ProgramData>,
    about: Polled<About>,
    settings: RwSignal<Option<Arc<Settings>>>,
    now: RwSignal<Timestamp>,
) -> impl IntoView {
    let facts = move || {
        let data = live.data.get()?;
        let about = about.data.get();
        let launch = launch_facts(&data, about.as_deref(), settings.get().as_deref());
        Some(view! {
            <dl class="facts across">
                {fact(common::STATE, state(&data, now))}
                {fact(common::ARTIFACT, match &data.detail {
                    Some(detail) => detail.artifact.to_string().into_any(),
                    None => unread(data.unread.as_ref()),
                })}
                {fact(text::NEWEST, newest(&data, about.as_deref(), launch.as_ref()))}
                {streaming(data.kind.is_real_time(), launch)}
                {fact(text::SCHEDULE, schedule(about.as_deref(), now))}
            </dl>
        })
    };
    view! { <section class="panel pad" aria-label=text::FACTS>{facts}</section> }
}

fn launch_facts(
    data: &ProgramData,
    about: Option<&About>,
    settings: Option<&Settings>,
) -> Option<LaunchFacts> {
    let settings = settings?;
    match data.active().next() {
        Some(run) => Some(settings.of_run(run)),
        None => settings.of_start(about.and_then(|about| about.saved.as_ref().ok())),
    }
}

fn fact(label: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.into_any()
}

fn with_note(value: impl Into<String>, note: impl Into<String>) -> AnyView {
    view! { {value.into()}<span class="sub">{note.into()}</span> }.into_any()
}

fn unread(error: Option<&Error>) -> AnyView {
    match error {
        Some(error) => with_note(text::UNKNOWN, text::could_not_be_read(&error.sentence())),
        None => common::LOADING.into_any(),
    }
}

fn state(data: &ProgramData, now: RwSignal<Timestamp>) -> AnyView {
    let Some(first) = data.active().next() else {
        let known = data.bad.is_empty() && data.cut.is_none();
        return if known { page::NOT_RUNNING } else { page::ACTIVITY_UNKNOWN }.into_any();
    };
    let (word, glyph, tone) = states::status(&first.status);
    let began = data.active().map(|run| run.start.unwrap_or(run.starting)).min();
    let began = began.unwrap_or(first.starting).timestamp();
    let count = data.active().count();
    view! {
        <State tone glyph word/>
        <span class="sub">{move || text::active(count, clock::age(began, now.get()))}</span>
    }
    .into_any()
}

fn newest(data: &ProgramData, about: Option<&About>, launch: Option<&LaunchFacts>) -> AnyView {
    let Some(detail) = &data.detail else { return unread(data.unread.as_ref()) };
    let artifacts = match about.map(|about| &about.artifacts) {
        Some(Ok(artifacts)) => artifacts,
        Some(Err(error)) => return unread(Some(error)),
        None => return unread(None),
    };
    let mode = launch.map(|facts| facts.state_mode.value);
    match eligibility(&detail.artifact, mode, artifacts, &Candidates::default()) {
        Eligibility::Upgrade(to) => with_note(to.version, text::CAN_BE_UPGRADED),
        Eligibility::UpToDate(to) => with_note(to.version, text::UP_TO_DATE),
        Eligibility::Redeploy(to) => with_note(to.version, text::ONLY_REDEPLOY),
        Eligibility::Ineligible(_) if !data.kind.is_pipeline() => muted(text::NOT_APPLICABLE),
        Eligibility::Ineligible(_) => text::NO_ARTIFACT.into_any(),
    }
}

fn muted(text: &'static str) -> AnyView {
    view! { <span class="muted">{text}</span> }.into_any()
}

/// The settings of a real-time run: `None` until they are read.
fn streaming(is_streaming: bool, launch: Option<LaunchFacts>) -> AnyView {
    let labels = [text::WRITE_AHEAD_LOG, text::STATE_HANDLING, text::GRACEFUL_STOP, text::BATCH_INTERVAL];
    if !is_streaming {
        return labels.map(|label| fact(label, muted(text::NOT_APPLICABLE))).into_any();
    }
    let Some(facts) = launch else {
        return labels.map(|label| fact(label, unread(None))).into_any();
    };
    let why = |evidence| launch::evidence(evidence);
    let log = &facts.write_ahead_log;
    let unknown = |setting: Setting, evidence| match setting {
        Setting::Unknown => why(evidence),
        Setting::On | Setting::Off => String::new(),
    };
    let mode = &facts.state_mode;
    let graceful = &facts.stops_gracefully;
    let interval = &facts.batch_interval;
    let [first, second, third, fourth] = labels;
    view! {
        {fact(first, with_note(text::setting(log.value), why(&log.evidence)))}
        {fact(second, with_note(text::state_mode(mode.value), if mode.evidence == log.evidence { String::new() } else { why(&mode.evidence) }))}
        {fact(third, with_note(text::graceful(graceful.value), unknown(graceful.value, &graceful.evidence)))}
        {fact(fourth, match interval.value {
            Some(milliseconds) => text::interval(milliseconds).into_any(),
            None => with_note(text::UNKNOWN, why(&interval.evidence)),
        })}
    }
    .into_any()
}

fn schedule(about: Option<&About>, now: RwSignal<Timestamp>) -> AnyView {
    let schedules = match about.map(|about| &about.schedules) {
        None => return unread(None),
        Some(Err(error)) => return unread(Some(error)),
        Some(Ok(schedules)) => schedules,
    };
    if schedules.is_empty() {
        return muted(text::NO_SCHEDULE);
    }
    if !schedules.iter().any(quiesce_api::schedule::Schedule::is_on) {
        return text::SUSPENDED.into_any();
    }
    match about.map(|about| &about.next) {
        Some(Ok(Some(next))) => {
            let at = next.timestamp();
            let until = move || clock::between(Moment::Browser(now.get()), Moment::Server(at));
            view! { {text::ENABLED}<span class="sub">{move || text::next_run(&clock::short(at), until())}</span> }.into_any()
        }
        Some(Err(error)) => with_note(text::ENABLED, text::could_not_be_read(&error.sentence())),
        _ => with_note(text::ENABLED, text::TRIGGERED),
    }
}
