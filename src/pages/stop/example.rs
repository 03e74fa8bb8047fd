//! A stop as a recorded journal tells it, for the gallery.

use super::progress::{Body, Troubles, Watch};
use super::run_row::{body, counting};
use crate::client::stop::RunningStop;
use crate::pages::recorded::Recorded;
use leptos::prelude::*;
use quiesce_lifecycle::journal::fold;
use quiesce_lifecycle::stop::{RunView, StopOperation};

/// The stop at the moment of the last entry.
pub fn example(recorded: Recorded) -> AnyView {
    let Some((header, entries)) = recorded.read() else { return ().into_any() };
    let Ok(folded) = fold::<StopOperation>(entries) else { return ().into_any() };
    let now = RwSignal::new(folded.operation.last_change);
    let running = RunningStop::still(header.id.clone(), folded.operation);
    let watch = Watch::new(running.state, now);
    let header = RwSignal::new(Some(header));
    view! {
        <Troubles running watch/>
        <Body running watch header/>
    }
    .into_any()
}

/// Where a run of a stop stands.
pub fn run_example(run: RunView) -> AnyView {
    let shown = run.clone();
    let live = Memo::new(move |_| Some(run.clone()));
    body(Callback::new(|()| ()), None, move || counting(live), &shown)
}
