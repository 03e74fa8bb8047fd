//! The run that is selected, or else the newest: the records of its stages, and its log.

use super::log::RunLog;
use super::stages::Stages;
use super::state::ProgramData;
use crate::client::polling::Polled;
use leptos::prelude::*;
use quiesce_api::{RunRef, Timestamp};

#[component]
pub(super) fn ChosenRun(run: RunRef, live: Polled<ProgramData>, now: RwSignal<Timestamp>) -> impl IntoView {
    let is_pipeline =
        Memo::new(move |_| live.data.with(|seen| seen.as_ref().is_some_and(|it| it.kind.is_pipeline())));
    let of_stages = run.clone();
    view! {
        <div class="stack gap-top">
            {move || is_pipeline.get().then(|| view! { <Stages run=of_stages.clone() program=live now/> })}
            <RunLog run=run program=live now/>
        </div>
    }
}
