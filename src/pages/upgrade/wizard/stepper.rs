//! The list of the steps, and the head of each.

use crate::text::upgrade::{
    NEXT_STEP, SELECT_ONE, SKIPPED, STEP_NOW, STEPS, UPGRADE, purpose, step, step_position, step_result,
    step_state, waits_for,
};
use crate::ui::{Icon, icon};
use leptos::html;
use leptos::prelude::*;
use quiesce_lifecycle::upgrade::{StepName, StepState, StepView};

/// The list of the steps.
pub(crate) fn rail(steps: Vec<StepView>) -> AnyView {
    let mut items = Vec::with_capacity(steps.len());
    for StepView { name, state, result } in steps {
        let words = match state {
            StepState::Now => STEP_NOW.to_owned(),
            StepState::PassedOver => SKIPPED.to_owned(),
            StepState::Locked => waits_for(name).to_owned(),
            StepState::Done => result.as_ref().map_or_else(String::new, step_result),
        };
        items.push(item(name, state, words));
    }
    steps_view(items)
}

fn item(name: StepName, state: StepState, words: String) -> AnyView {
    let (word, shape) = match state {
        StepState::Done => ("done", Some(Icon::Check)),
        StepState::PassedOver => ("passed", Some(Icon::Cross)),
        StepState::Now => ("now", None),
        StepState::Locked => ("locked", Some(Icon::Lock)),
    };
    let now = state == StepState::Now;
    view! {
        <li data-step=word aria-current=now.then_some("step")>
            <span class="mark" aria-hidden="true">{shape.map(icon)}</span>
            <div><p class="name">{step(name)}<span class="vh">{step_state(state)}</span></p><p class="sub">{words}</p></div>
        </li>
    }
    .into_any()
}

fn steps_view(items: Vec<AnyView>) -> AnyView {
    view! { <nav class="rail" aria-label=UPGRADE><ol class="steps" role="list" aria-label=STEPS>{items}</ol></nav> }
        .into_any()
}

/// The head of a step; `heading` takes the focus when the step changes.
pub(crate) fn step_head(heading: NodeRef<html::H2>, name: StepName) -> AnyView {
    view! {
        <div class="step-head">
            <p class="small muted">{step_position(name)}</p>
            <h2 tabindex="-1" node_ref=heading>{step(name)}</h2>
            <p class="lede">{purpose(name)}</p>
        </div>
    }
    .into_any()
}

/// The list of the steps while applications are selected.
pub(crate) fn first_rail(selected: usize) -> AnyView {
    let mut items = Vec::with_capacity(StepName::ALL.len());
    for name in StepName::ALL {
        let (state, words) = match name {
            StepName::SelectApplications => (StepState::Now, STEP_NOW),
            StepName::Review if selected == 0 => (StepState::Locked, SELECT_ONE),
            StepName::Review => (StepState::Locked, NEXT_STEP),
            _ => (StepState::Locked, waits_for(name)),
        };
        items.push(item(name, state, words.to_owned()));
    }
    steps_view(items)
}
