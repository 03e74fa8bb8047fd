//! What ran is started again, what was paused continues.

use super::pause_schedules::schedules;
use crate::pages::upgrade::wizard::widgets::{WizardContext, bar, paged, panel, requests, row, said, table};
use crate::text::common::{count, some};
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::report::start_words;
use quiesce_lifecycle::upgrade::{
    Call, Command, Part, Restart, RestartIndex, RestartState, RestoreStep, ScheduleTaskState,
    UpgradeOperation,
};

const HEADS: [&str; 4] = ["Program", "Stopped run", "State", "Actions"];

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
            rows.push(start_row(wiz, place, start));
        }
    }
    let paused = paused(op);
    let on = op
        .schedules
        .iter()
        .filter(|switch| switch.state == ScheduleTaskState::Resume(Delivery::Confirmed))
        .count();
    let programs = if all == 0 {
        said(Tone::Ok, "No runs to start", "This upgrade stopped no runs.")
    } else {
        let title = format!("{} of {} done", count(settled), some(all, "run"));
        let words = "each with its own arguments, in the latest version".to_owned();
        panel(title, words, bar("Runs done", settled, all), table("Runs to start", &HEADS, rows))
    };
    let resumed = if paused.is_empty() {
        said(Tone::Ok, "No schedules to resume", "This upgrade paused no schedules.")
    } else {
        let title = format!("{} of {} resumed", count(on), some(paused.len(), "schedule"));
        let words = "only schedules that this upgrade paused, after the runs are started".to_owned();
        panel(title, words, bar("Resumed schedules", on, paused.len()), schedules(wiz, op, &paused))
    };
    view! {
        {programs}
        {pages}
        {resumed}
        {requests(wiz, "Start a run", Call::Start, places, op)}
        {requests(wiz, "Resume a schedule", Call::Resume, paused, op)}
    }
    .into_any()
}

fn start_row(wiz: WizardContext, place: usize, start: &Restart) -> AnyView {
    let tone = match &start.state {
        RestartState::Running(_) | RestartState::Completed(_) => Tone::Ok,
        RestartState::Request(Delivery::InFlight, _) | RestartState::Started(..) => Tone::Busy,
        RestartState::Request(..) | RestartState::AlreadyActive(_) | RestartState::StillActive => Tone::Warn,
        RestartState::Failed(_) => Tone::Bad,
        _ => Tone::Idle,
    };
    let program = &start.run.program;
    let arguments = match &start.arguments {
        Some(arguments) => some(arguments.len(), "argument"),
        None => "Arguments are read from its run record".to_owned(),
    };
    let older = if start.superseded {
        "It ran in a superseded version. The latest version is started: a server starts no other."
    } else {
        ""
    };
    let name = program.application.as_str();
    let mut acts = Vec::new();
    if matches!(start.state, RestartState::Failed(_) | RestartState::StillActive) {
        acts.push(wiz.small("Retry", name, wiz.command(Command::Retry(Part::Start(RestartIndex(place))))));
    }
    if !start.is_open()
        && start.became().is_none()
        && start.state != RestartState::Skipped
        && !start.is_settled()
    {
        acts.push(wiz.small(
            "Don't start",
            name,
            wiz.command(Command::Skip(Part::Start(RestartIndex(place)))),
        ));
    }
    let run = view! {
        <code title=start.run.run.to_string()>{start.run.run.short().to_owned()}</code>
        <span class="sub wrap">{arguments}". "{older}</span>
    };
    let acts = view! { <div class="actions">{acts}</div> };
    row(
        name,
        program.program.to_string(),
        &HEADS,
        vec![run.into_any(), said(tone, start_words(start), ""), acts.into_any()],
    )
}
