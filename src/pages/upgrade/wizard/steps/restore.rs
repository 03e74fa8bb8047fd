//! What ran is started again, what was paused continues.

use super::pause_schedules::schedules;
use crate::pages::upgrade::wizard::run_id::run_id;
use crate::pages::upgrade::wizard::widgets::{WizardContext, bar, paged, panel, requests, row, said, table};
use crate::text::common::{ACTIONS, PROGRAM, RETRY, STATE};
use crate::text::upgrade::restore as messages;
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::text::timeline;
use quiesce_lifecycle::upgrade::{
    Call, Command, Part, Restart, RestartIndex, RestartState, RestoreStep, ScheduleTaskState,
    UpgradeOperation,
};
use std::collections::BTreeMap;

const HEADS: [&str; 4] = [PROGRAM, messages::STOPPED_RUN, STATE, ACTIONS];

/// The schedules that are restored.
pub(crate) fn paused(op: &UpgradeOperation) -> Vec<usize> {
    let mut places = Vec::new();
    for (place, switch) in op.schedules.iter().enumerate() {
        if !matches!(
            switch.state,
            ScheduleTaskState::Pause(Delivery::NotSent)
                | ScheduleTaskState::AlreadySuspended
                | ScheduleTaskState::Deleted
        ) {
            places.push(place);
        }
    }
    places
}

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation, step: &RestoreStep) -> AnyView {
    let all = step.restarts.len();
    let settled = step.restarts.iter().filter(|start| start.is_settled()).count();
    let places: Vec<usize> = (0..all).collect();
    let (shown, pages) = paged(wiz.page, &places);
    let mut rows = Vec::with_capacity(shown.len());
    for place in shown {
        if let Some(start) = step.restarts.get(place) {
            rows.push(start_row(wiz, op, place, start));
        }
    }
    let paused = paused(op);
    let on = op
        .schedules
        .iter()
        .filter(|switch| switch.state == ScheduleTaskState::Resume(Delivery::Confirmed))
        .count();
    let programs = if all == 0 {
        said(Tone::Ok, messages::NO_RUNS, messages::NO_RUNS_REASON)
    } else {
        let title = messages::done(settled, all);
        let words = messages::RUNS_DETAILS.to_owned();
        panel(title, words, bar(messages::RUNS_DONE, settled, all), table(messages::RUNS, &HEADS, rows))
    };
    let resumed = if paused.is_empty() {
        said(Tone::Ok, messages::NO_SCHEDULES, messages::NO_SCHEDULES_REASON)
    } else {
        let title = messages::resumed(on, paused.len());
        let words = messages::SCHEDULES_DETAILS.to_owned();
        panel(title, words, bar(messages::RESUMED, on, paused.len()), schedules(wiz, op, &paused))
    };
    view! {
        {programs}
        {pages}
        {resumed}
        {requests(wiz, messages::START_REQUEST, Call::Start, places, op)}
        {requests(wiz, messages::RESUME_REQUEST, Call::Resume, paused, op)}
    }
    .into_any()
}

fn start_row(wiz: WizardContext, op: &UpgradeOperation, place: usize, start: &Restart) -> AnyView {
    let tone = match &start.state {
        RestartState::Running(_) | RestartState::Completed(_) => Tone::Ok,
        RestartState::Request(Delivery::InFlight, _) | RestartState::Started(..) => Tone::Busy,
        RestartState::Request(..) | RestartState::AlreadyActive(_) | RestartState::StillActive => Tone::Warn,
        RestartState::Failed(_) => Tone::Bad,
        _ => Tone::Idle,
    };
    let program = &start.run.program;
    let arguments = messages::arguments(start.arguments.as_ref().map(BTreeMap::len));
    let older = start.superseded.then_some(messages::SUPERSEDED);
    let name = program.application.as_str();
    let mut acts = Vec::new();
    let part = Part::Start(RestartIndex(place));
    acts.extend(wiz.offer(op, RETRY, name, Command::Retry(part)));
    if !start.is_settled() {
        acts.extend(wiz.offer(op, messages::DO_NOT_START, name, Command::Skip(part)));
    }
    let run = view! {
        {run_id(&start.run.run)}
        <span class="sub wrap">{arguments}{older}</span>
    };
    let acts = view! { <div class="actions">{acts}</div> };
    row(
        name,
        program.program.to_string(),
        &HEADS,
        vec![run.into_any(), said(tone, timeline::start(start), ""), acts.into_any()],
    )
}
