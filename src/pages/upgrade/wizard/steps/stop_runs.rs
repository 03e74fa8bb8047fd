//! The stop, with the same grace picker and the same words as every stop; until every run record has an end.

use super::review::run;
use crate::pages::server_message::server_message;
use crate::pages::stop::{Assessments, Requests, answer_words, body, picker, timeline, truth};
use crate::pages::upgrade::wizard::run_id::run_id;
use crate::pages::upgrade::wizard::widgets::{
    WizardContext, bar, found, list, paged, panel, row, said, table,
};
use crate::text::common::{ACTIONS, APPLICATION, RUN};
use crate::text::errors::{Asked, explain};
use crate::text::states::status;
use crate::text::stop as stop_text;
use crate::text::stop::{DEADLINE_OUTCOME, HOW, READING_LOG, RUNS_BEING_STOPPED, TIME_TO_DEADLINE};
use crate::text::timeline::TITLE as TIMELINE;
use crate::text::upgrade::{EXCLUDED, EXCLUDED_EFFECT, stop_runs as messages};
use crate::ui::{Disclosure, OlderVersion, State as StateMark, Tone};
use leptos::prelude::*;
use quiesce_api::stop::{Graceful, StopRun};
use quiesce_api::{Endpoint, Timestamp};
use quiesce_lifecycle::findings::Applied;
use quiesce_lifecycle::forecast::Forecast;
use quiesce_lifecycle::stop::{RunView, StopOperation, StopState, Target};
use quiesce_lifecycle::upgrade::{Command, EventKind, StepName, StopStep, UpgradeOperation};
use std::sync::Arc;

const BEFORE: [&str; 3] = [APPLICATION, messages::RUN_AND_EFFECT, ACTIONS];
const AFTER: [&str; 4] = [APPLICATION, RUN, DEADLINE_OUTCOME, ACTIONS];

/// The grace picker, and the requests: drawn once, since the picker binds keys.
pub(crate) fn form(wiz: WizardContext) -> AnyView {
    let state = wiz.running.state;
    let grace = wiz.grace.grace;
    let plan = Memo::new(move |_| {
        let grace = grace.get().unwrap_or_default();
        state.get().and_then(|op| op.next_stop(grace)).map(Arc::new)
    });
    let asks = Memo::new(move |_| plan.with(Option::is_some));
    let calls = Signal::derive(move || {
        let mut calls = Vec::new();
        if let Some(plan) = plan.get() {
            for (call, _) in plan.calls() {
                calls.push((call, None));
            }
        } else if let Some(op) = state.get() {
            for call in op.stop_rounds.iter().flat_map(|round| round.stop.calls.values()) {
                calls.push((call.stop.clone(), Some(answer_words(call))));
            }
        }
        calls
    });
    view! {
        {move || asks.get().then(|| view! {
            <section class="panel pad stack" aria-label=HOW>{picker(wiz.grace)}{truth(wiz.grace, plan)}</section>
        })}
        {move || calls.with(|calls| !calls.is_empty()).then(|| view! { <Requests calls=calls/> })}
    }
    .into_any()
}

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation, step: &StopStep, now: Timestamp) -> AnyView {
    let mut parts = Vec::new();
    let alive = if op.stop_round_is_over() { op.active_runs() } else { Vec::new() };
    if !alive.is_empty() {
        let words = if op.stop_rounds.is_empty() { "" } else { messages::STARTED_SINCE_CAUSE };
        let places: Vec<usize> = (0..alive.len()).collect();
        let (shown, pages) = paged(wiz.page, &places);
        let mut rows = Vec::with_capacity(shown.len());
        for target in shown.into_iter().filter_map(|place| alive.get(place)) {
            let leave = op.index_of_target(target).map(|place| wiz.leave_out(op, place));
            let name = target.run.program.application.as_str();
            rows.push(row(
                name,
                target.run.program.program.to_string(),
                &BEFORE,
                vec![
                    view! { {run(op, target, &mut Vec::new())}{forecast(target)} }.into_any(),
                    leave.into_any(),
                ],
            ));
        }
        let title = messages::to_stop(alive.len());
        parts.push(panel(
            title,
            words.to_owned(),
            ().into_any(),
            table(messages::RUNS_TO_STOP, &BEFORE, rows),
        ));
        parts.push(pages);
    }
    if let Some(round) = op.stop_rounds.last() {
        parts.push(round_view(wiz, op, &round.stop, now));
    }
    if alive.is_empty() && op.stop_round_is_over() {
        let (mut read, mut all) = (0, 0);
        let mut problems = Vec::new();
        for (place, chosen, scoped) in op.in_scope() {
            all += 1;
            let known = step.proofs.get(place).is_some_and(Option::is_some);
            read += usize::from(known);
            if let Some(error) = scoped.read_error.as_ref().filter(|_| !known) {
                problems.push(found(
                    Tone::Warn,
                    messages::unread(chosen.application.as_str()),
                    view! { {explain(Asked::Application, error).summary}{server_message(error)} }.into_any(),
                ));
            }
        }
        let title = messages::without_runs(read, all);
        let words =
            if op.stop_rounds.is_empty() { messages::NOTHING_TO_STOP } else { messages::AFTER_LAST_STOP };
        parts.push(panel(title, words.to_owned(), bar(messages::RECHECKED, read, all), list(problems)));
    }
    parts.into_any()
}

/// A stop that is under way, or over.
pub(crate) fn round_view(
    wiz: WizardContext,
    op: &UpgradeOperation,
    stop: &StopOperation,
    now: Timestamp,
) -> AnyView {
    let counts = stop.counts(now);
    let places: Vec<usize> = (0..stop.runs.len()).collect();
    let (shown, pages) = paged(wiz.page, &places);
    let mut rows = Vec::with_capacity(shown.len());
    for place in shown {
        if let (Some(target), Some(view)) = (stop.plan.targets.get(place), stop.view(place, now)) {
            rows.push(stopped(wiz, op, stop, target, &view));
        }
    }
    let mut drifts = Vec::new();
    for drift in &stop.drift {
        drifts.push(found(Tone::Warn, stop_text::drift(drift), ().into_any()));
    }
    let title = messages::ended(counts.ended, counts.all);
    let words = messages::requested(&quiesce_lifecycle::text::grace::grace(stop.plan.grace));
    view! {
        {panel(title, words, bar(messages::ENDED_RUNS, counts.ended, counts.all), table(RUNS_BEING_STOPPED, &AFTER, rows))}
        {pages}
        {stop.is_finished(now).then(|| course(stop, now))}
        {(!drifts.is_empty()).then(|| panel(messages::STARTED_SINCE.to_owned(), String::new(), ().into_any(), list(drifts)))}
    }
    .into_any()
}

/// The timeline of a stop, folded.
pub(crate) fn course(stop: &StopOperation, now: Timestamp) -> AnyView {
    let drawn = timeline(stop, now);
    view! { <Disclosure summary=TIMELINE.to_owned()>{drawn}</Disclosure> }.into_any()
}

/// How long the stop usually takes; what the server allows is said once, next to the grace period.
fn forecast(target: &Target) -> AnyView {
    let past = Forecast::of(&target.past);
    let words = quiesce_lifecycle::text::forecast::forecast(past.as_ref(), Applied::Unknown);
    view! { <p class="sub wrap">{words}</p> }.into_any()
}

fn stopped(
    wiz: WizardContext,
    op: &UpgradeOperation,
    stop: &StopOperation,
    target: &Target,
    view: &RunView,
) -> AnyView {
    let place = view.place;
    let application = op.index_of_target(target);
    let mut quotes = Vec::new();
    let mut word = None;
    if let Some(run) = stop.runs.get(place) {
        word = Some(status(&run.record.status));
        for quote in run.log.iter().flat_map(|log| &log.quotes) {
            quotes.push(view! { <blockquote class="quote"><code>{quote.line.clone()}</code></blockquote> });
        }
    }
    let run = view! {
        {run_id(&target.run.run)}" "
        {target.older.then(|| view! { <OlderVersion/> })}
        <div>{word.map(|(word, glyph, tone)| view! { <StateMark tone glyph word/> })}</div>
    };
    let again = wiz.send_again(place);
    let counting = || {
        let (left, of) = (view.left.unwrap_or_default(), view.outcome.applied_grace.unwrap_or_default());
        let tone = if left >= 0 { Tone::Busy } else { Tone::Warn };
        view! {
            <div class="countdown" data-tone=tone.word()>
                <span>{stop_text::time_left(left, of)}</span>
                <progress max=of.max(1).to_string() value=(of - left).clamp(0, of.max(1)).to_string() aria-label=TIME_TO_DEADLINE></progress>
            </div>
            {(left < 0).then_some(stop_text::PAST_DEADLINE_ADVICE)}
        }
        .into_any()
    };
    let stop = StopRun { run: target.run.clone(), graceful: Graceful::Absent }.request();
    let refused = wiz.locked().or_else(|| wiz.client.refusal(&stop));
    let applied = view.outcome.applied_grace.map(messages::applied);
    let reading = view.reading_log.then_some(READING_LOG);
    let outcome = view! {
        {body(again, refused, counting, view)}
        <p class="sub wrap">{applied}{reading}</p>
        {quotes}
        <Assessments after=true assessments=view.after.clone()/>
    };
    let out = application.and_then(|it| op.applications.get(it)).is_some_and(|it| it.excluded.is_some());
    let act = match view.state {
        _ if out => said(Tone::Idle, EXCLUDED, EXCLUDED_EFFECT),
        StopState::Ended | StopState::EndedBefore => ().into_any(),
        _ if op.step.name() == StepName::StopRuns => application.map(|it| wiz.leave_out(op, it)).into_any(),
        _ => ().into_any(),
    };
    row(
        target.run.program.application.as_str(),
        target.run.program.program.to_string(),
        &AFTER,
        vec![run.into_any(), outcome.into_any(), act],
    )
}

/// Begins the stop with the grace that is picked.
pub(crate) fn begin(wiz: WizardContext) -> Callback<()> {
    Callback::new(move |()| {
        if let Ok(grace) = wiz.grace.grace.get_untracked() {
            wiz.running.tell(EventKind::Command(Command::Begin(Some(grace))));
        }
    })
}

/// How many runs a press would stop.
pub(crate) fn to_stop(op: &UpgradeOperation) -> usize {
    if op.stop_round_is_over() { op.active_runs().len() } else { 0 }
}
