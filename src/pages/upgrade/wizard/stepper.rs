//! The list of the steps, and the head of each.

use crate::ui::{Icon, icon};
use leptos::html;
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::upgrade::{StepState, StepView, UpgradeOperation, UpgradePlan};

/// The purpose of each step.
const LEDES: [&str; 8] = [
    "Select what to upgrade to the newest artifact on the server. Plugins are updated to their newest matching versions.",
    "Active runs, possible data loss and schedules. Nothing has been changed yet.",
    "Prevents new runs from starting before the upgrade. Schedules resume in step 7.",
    "A run counts as ended only when its run record says so.",
    "One file with every application of every namespace as the server holds it now, and the data that the export omits.",
    "Each application is re-checked immediately before its upgrade request, and counts as upgraded only once it is verified on the new version.",
    "Stopped runs are started with their own arguments, then paused schedules are resumed.",
    "Requests, events and results of this upgrade.",
];

/// The list of the steps.
pub(crate) fn rail(steps: Vec<StepView>) -> AnyView {
    let mut items = Vec::with_capacity(steps.len());
    for step in steps {
        let (word, shape) = match step.state {
            StepState::Done => ("done", Some(Icon::Check)),
            StepState::PassedOver => ("passed", Some(Icon::Cross)),
            StepState::Now => ("now", None),
            StepState::Locked => ("locked", Some(Icon::Lock)),
        };
        let now = step.state == StepState::Now;
        let words = if now { "Current step".to_owned() } else { step.words };
        let said = if now { String::new() } else { format!(", {word}") };
        items.push(view! {
            <li data-step=word aria-current=now.then_some("step")>
                <span class="mark" aria-hidden="true">{shape.map(icon)}</span>
                <div><p class="name">{step.name}<span class="vh">{said}</span></p><p class="sub">{words}</p></div>
            </li>
        });
    }
    view! { <nav class="rail" aria-label="Upgrade"><ol class="steps" role="list" aria-label="Steps">{items}</ol></nav> }
        .into_any()
}

/// The head of a step; `heading` takes the focus when the step changes.
pub(crate) fn step_head(heading: NodeRef<html::H2>, number: usize) -> AnyView {
    let name = quiesce_lifecycle::upgrade::STEPS.get(number).copied().unwrap_or_default();
    let lede = LEDES.get(number).copied().unwrap_or_default();
    view! {
        <div class="step-head">
            <p class="small muted">{format!("Step {} of 8", number + 1)}</p>
            <h2 tabindex="-1" node_ref=heading>{name}</h2>
            <p class="lede">{lede}</p>
        </div>
    }
    .into_any()
}

/// The list of the steps while the first one is open.
pub(crate) fn first_rail(plan: UpgradePlan, chosen: usize) -> AnyView {
    let mut steps = UpgradeOperation::new(plan, Timestamp::MIN).steps();
    for (at, step) in steps.iter_mut().take(2).enumerate() {
        step.state = if at == 0 { StepState::Now } else { StepState::Locked };
        let words = if chosen == 0 { "Select at least one" } else { "Next" };
        words.clone_into(&mut step.words);
    }
    rail(steps)
}
