//! The runs of a stop in every state.

use crate::pages::load_part::load_part;
use crate::pages::parts;
use crate::text::gallery as text;
use leptos::prelude::*;
use quiesce_api::{Error, Response, TransportError};
use quiesce_lifecycle::outcome::{Ending, Outcome};
use quiesce_lifecycle::stop::{NotStoppedReason, RunView, StopState};

fn run(state: StopState, ending: Ending, left: Option<i64>) -> RunView {
    let overdue = left.and_then(|left| (left < 0).then_some(-left));
    let outcome = Outcome { ending, applied_grace: Some(300), deadline: None, took: Some(42), overdue };
    RunView { place: 0, state, outcome, left, reading_log: false, after: Vec::new() }
}

pub fn stopped() -> AnyView {
    let refused = |status| Error::refused(&Response::new(status, text::SERVER_MESSAGE));
    let lost = || Error::from(TransportError::TimedOut(30));
    let mut runs = Vec::new();
    for state in [
        StopState::Planned,
        StopState::Requested,
        StopState::Accepted,
        StopState::InDoubt(lost()),
        StopState::InDoubt(refused(403)),
        StopState::NotStopped(NotStoppedReason::NoEffect),
        StopState::NotStopped(NotStoppedReason::NoAnswer(lost())),
        StopState::Refused(refused(409)),
        StopState::Gone(refused(404)),
        StopState::OfWorkflow,
    ] {
        runs.push(run(state, Ending::Alive, None));
    }
    runs.push(run(StopState::Stopping, Ending::Stopping, Some(221)));
    runs.push(run(StopState::PastDeadline, Ending::PastDeadline, Some(-12)));
    runs.push(run(StopState::EndedBefore, Ending::Completed, None));
    for ending in Ending::ALL.into_iter().filter(|ending| ending.is_end()) {
        runs.push(run(StopState::Ended, ending, None));
    }
    let panels = runs.into_iter().map(|run| {
        let view = load_part(move || parts::run_example(run.clone()));
        view! { <div class="panel pad">{view}</div> }
    });
    panels.collect_view().into_any()
}
