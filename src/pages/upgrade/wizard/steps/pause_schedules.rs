//! The schedules that are on, turned off so that nothing starts between the stop and the upgrade; and on again.

use crate::pages::server_message::server_message;
use crate::pages::upgrade::wizard::widgets::{
    WizardContext, bar, name_of, paged, panel, requests, row, said, said_with, table,
};
use crate::text::common::{ACTIONS, RETRY, STATE};
use crate::text::errors::{Asked, explain};
use crate::text::upgrade::{SCHEDULES, pause_schedules as messages};
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::text::timeline;
use quiesce_lifecycle::upgrade::{
    AppIndex, Call, Command, Part, ScheduleIndex, ScheduleTask, ScheduleTaskState, StepName, UpgradeOperation,
};

const HEADS: [&str; 3] = [messages::SCHEDULE, STATE, ACTIONS];

/// The schedules that this step pauses.
pub(crate) fn to_pause(op: &UpgradeOperation) -> Vec<usize> {
    let mut places = Vec::new();
    for (place, switch) in op.schedules.iter().enumerate() {
        let out = op.applications.get(switch.application).is_none_or(|it| it.excluded.is_some());
        if !switch.is_suspended() && !out {
            places.push(place);
        }
    }
    places
}

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation) -> AnyView {
    let off = op.schedules.iter().filter(|switch| switch.is_suspended()).count();
    let all = op.schedules.len();
    if all == 0 {
        return said(Tone::Ok, messages::NONE, messages::NONE_EFFECT);
    }
    let places: Vec<usize> = (0..all).collect();
    view! {
        {panel(messages::paused(off, all), String::new(), bar(messages::PAUSED, off, all), schedules(wiz, op, &places))}
        {requests(wiz, messages::PAUSE_REQUEST, Call::Pause, places, op)}
    }
    .into_any()
}

/// A table of schedules.
pub(crate) fn schedules(wiz: WizardContext, op: &UpgradeOperation, places: &[usize]) -> AnyView {
    let (shown, pages) = paged(wiz.page, places);
    let mut rows = Vec::with_capacity(shown.len());
    for place in shown {
        if let Some(switch) = op.schedules.get(place) {
            rows.push(schedule(wiz, op, place, switch));
        }
    }
    view! { {table(SCHEDULES, &HEADS, rows)}{pages} }.into_any()
}

fn schedule(wiz: WizardContext, op: &UpgradeOperation, place: usize, switch: &ScheduleTask) -> AnyView {
    let tone = match switch.delivery() {
        Some(Delivery::Confirmed) => Tone::Ok,
        Some(Delivery::InFlight) => Tone::Busy,
        Some(Delivery::InDoubt(_)) => Tone::Warn,
        Some(Delivery::Refused(_)) => Tone::Bad,
        _ => Tone::Idle,
    };
    let error = switch.delivery().and_then(Delivery::error);
    let answer =
        error.map(|error| view! { {explain(Asked::Schedule, error).summary}{server_message(error)} });
    let why = messages::triggered_by(&switch.triggered_by);
    let out = op.applications.get(switch.application).is_some_and(|it| it.excluded.is_some());
    let index = ScheduleIndex(place);
    let mut acts = Vec::new();
    for (words, command) in [
        (RETRY, Command::Retry(Part::Pause(index))),
        (RETRY, Command::Retry(Part::Resume(index))),
        (messages::LEAVE_PAUSED, Command::Skip(Part::Resume(index))),
    ] {
        acts.extend(wiz.offer(op, words, &switch.name, command));
    }
    if op.can(&Command::Exclude(AppIndex(switch.application))) {
        acts.push(wiz.leave_out(op, switch.application));
    }
    let state = match &switch.state {
        ScheduleTaskState::Pause(Delivery::NotSent) if op.step.name() == StepName::PauseSchedules => {
            messages::ACTIVE
        }
        ScheduleTaskState::Resume(Delivery::Confirmed) => messages::RESUMED,
        _ => timeline::switch(switch),
    };
    let excluded = out.then_some(messages::APPLICATION_EXCLUDED);
    let acts = view! { <div class="actions">{acts}</div> };
    row(
        &switch.name,
        name_of(op, switch.application).to_owned(),
        &HEADS,
        vec![
            said_with(tone, state.to_owned(), view! { {answer}{why}{excluded} }.into_any()),
            acts.into_any(),
        ],
    )
}
