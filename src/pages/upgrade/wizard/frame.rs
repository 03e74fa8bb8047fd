//! The frame of the steps: what keeps the upgrade from continuing, and the bar that continues.

use super::stepper::{rail, step_head};
use super::steps::{backup, pause_schedules, report, restore, review, stop_runs, upgrade};
use super::timeline;
use super::widgets::{WizardContext, button};
use crate::client::clock;
use crate::client::operation::{Role, RunnerError};
use crate::pages::other_user::other_user_notice;
use crate::pages::outage_notice::{outage_notice, read_only_notice};
use crate::text::stop;
use crate::text::upgrade::{CONTINUE, NEXT_STEP, upgrade_applications, wizard as messages};
use crate::ui::{Button, ButtonVariant, Icon, Notice, Tone, icon};
use leptos::html;
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::text::upgrade::blocker as blocker_words;
use quiesce_lifecycle::upgrade::{Command, Step, StepName, UpgradeOperation};
use std::sync::Arc;

/// What keeps the upgrade from continuing, above its steps.
pub(crate) fn troubles(wiz: WizardContext, now: RwSignal<Timestamp>) -> AnyView {
    let state = wiz.running.state;
    view! {
        {move || state.get().map(|op| notices(wiz, &op, now))}
        {move || roles(wiz)}
    }
    .into_any()
}

/// The list of the steps, and the one that it is in; `heading` takes the focus when that changes.
pub(crate) fn steps_view(
    wiz: WizardContext,
    now: RwSignal<Timestamp>,
    told: RwSignal<Option<Arc<Report>>>,
    heading: NodeRef<html::H2>,
) -> AnyView {
    let state = wiz.running.state;
    let step = Memo::new(move |_| state.with(|op| op.as_ref().map(|op| op.step.name())));
    let stopping = Memo::new(move |_| step.get() == Some(StepName::StopRuns));
    let under_way = Memo::new(move |_| step.get().is_some_and(|step| step != StepName::Report));
    let content = move || {
        let op = state.get()?;
        // Only what counts down is drawn every second.
        let moment = if matches!(op.step, Step::StopRuns(_) | Step::Upgrade(_)) && op.current_stop().is_some()
        {
            now.get()
        } else {
            now.get_untracked()
        };
        Some(content(wiz, &op, moment, told))
    };
    view! {
        <div class="with-rail" hidden=move || state.with(Option::is_none)>
            {move || state.with(|op| op.as_ref().map(|op| rail(op.steps())))}
            <div class="stack">
                {move || step.get().map(|name| step_head(heading, name))}
                {content}
                {move || stopping.get().then(|| stop_runs::form(wiz))}
                {move || state.get().map(|op| go_on(wiz, &op))}
                {move || under_way.get().then(|| timeline::course(wiz, now))}
            </div>
        </div>
    }
    .into_any()
}

fn content(
    wiz: WizardContext,
    op: &UpgradeOperation,
    now: Timestamp,
    told: RwSignal<Option<Arc<Report>>>,
) -> AnyView {
    match &op.step {
        Step::Review(step) => review::view(wiz, op, step),
        Step::PauseSchedules(_) => pause_schedules::view(wiz, op),
        Step::StopRuns(step) => stop_runs::view(wiz, op, step, now),
        Step::BackUp(step) => backup::view(wiz, op, step),
        Step::Upgrade(step) => upgrade::view(wiz, op, step, now),
        Step::Restore(step) => restore::view(wiz, op, step),
        Step::Report(_) => report::view(wiz, op, told.get()),
    }
}

/// The bar: what this step does, and continuing.
fn go_on(wiz: WizardContext, op: &UpgradeOperation) -> AnyView {
    let locked = wiz.locked();
    let begin = wiz.command(Command::Begin(None));
    let scope = op.in_scope().count();
    let act = match &op.step {
        Step::PauseSchedules(step) if !step.begun && !pause_schedules::to_pause(op).is_empty() => {
            Some((messages::PAUSE_SCHEDULES.to_owned(), begin))
        }
        Step::StopRuns(_) => match stop_runs::to_stop(op) {
            0 => None,
            runs => Some((stop::stop_runs(runs), stop_runs::begin(wiz))),
        },
        Step::BackUp(step) => {
            let lacks =
                step.made.as_ref().is_some_and(|made| step.saved && !op.missing_from(made).is_empty());
            (!step.begun || step.problem.is_some() || lacks).then(|| (messages::BACK_UP.to_owned(), begin))
        }
        Step::Upgrade(step) if !step.begun => Some((upgrade_applications(scope), begin)),
        Step::Restore(step) if !step.begun => Some((messages::RESTORE.to_owned(), begin)),
        _ => None,
    };
    if matches!(op.step, Step::Report(_)) {
        return ().into_any();
    }
    let act = act.filter(|_| op.aborted.is_none() || matches!(op.step, Step::Restore(_)));
    let can = op.can_continue();
    let ready = can.is_ok();
    let why = can.err().map(|blocker| blocker_words(&blocker));
    let words = why.clone().unwrap_or_else(|| messages::next(&op.step).to_owned());
    let words = match &op.step {
        Step::StopRuns(_) if act.is_some() => messages::STOP_FIRST.to_owned(),
        Step::Upgrade(_) if act.is_some() => messages::READY_TO_UPGRADE.to_owned(),
        Step::Upgrade(step) if !ready => match upgrade::undecided(op, step) {
            0 => words,
            many => messages::undecided(many),
        },
        _ => words,
    };
    let first = act.is_none();
    let why = locked.or(why);
    let unchangeable = wiz.refusal(op, &Command::Begin(None));
    let act = act.map(|(words, press)| button(words, true, unchangeable, press));
    view! {
        <div class="gate bar" role="group" aria-label=NEXT_STEP>
            <p class="says">{icon(if ready { Icon::Check } else { Icon::Lock })}<span>{words}</span></p>
            {act}
            {button(CONTINUE.to_owned(), first, why, wiz.command(Command::Continue))}
        </div>
    }
    .into_any()
}

/// What keeps the upgrade from continuing automatically.
fn notices(wiz: WizardContext, op: &UpgradeOperation, now: RwSignal<Timestamp>) -> AnyView {
    let mut notices = Vec::new();
    let running = wiz.running;
    let try_now = Callback::new(move |()| running.try_now());
    let of_stop = op.current_stop().and_then(|stop| stop.connectivity.outage());
    if let Some(outage) = op.connectivity.outage().or(of_stop) {
        notices.push(outage_notice(wiz.client, outage, now, try_now));
    }
    notices.push(read_only_notice(running.is_held));
    if wiz.client.permissions().with(|permissions| op.lacks_permission(permissions)) {
        let retry = move || view! { <Button on_press=move |()| wiz.client.retry_refused() small=true>{messages::ENABLE_RETRY}</Button> };
        notices.push(
            view! {
                <Notice tone=Tone::Warn shape=Icon::Lock actions=retry>
                    <p><strong>{messages::NO_PERMISSION}</strong>{messages::NO_PERMISSION_ADVICE}</p>
                </Notice>
            }
            .into_any(),
        );
    }
    if let Some(at) = op.aborted {
        let words = messages::aborted_at(&clock::local(at));
        let more = match &op.step {
            Step::Report(_) => messages::ABORTED_REPORT,
            Step::Restore(_) => messages::ABORTED_RESTORE,
            _ => messages::ABORTED_OPEN,
        };
        notices.push(
            view! { <Notice tone=Tone::Warn><p><strong>{words}</strong>{more}</p></Notice> }.into_any(),
        );
    }
    notices.into_any()
}

/// Which tab acts, and what is wrong with the journal.
fn roles(wiz: WizardContext) -> AnyView {
    let running = wiz.running;
    let mut notices = Vec::new();
    match running.role.get() {
        Role::Watches => notices.push(
            view! {
                <Notice tone=Tone::Idle>
                    <p><strong>{messages::OTHER_TAB}</strong>{messages::OTHER_TAB_EFFECT}</p>
                </Notice>
            }
            .into_any(),
        ),
        Role::Orphaned => {
            let go_on = move || view! { <Button on_press=move |()| running.take_over() look=ButtonVariant::Primary small=true>{messages::TAKE_OVER}</Button> };
            notices.push(
                view! {
                    <Notice tone=Tone::Warn alert=true actions=go_on>
                        <p><strong>{messages::TAB_CLOSED}</strong>{messages::TAB_CLOSED_EFFECT}</p>
                    </Notice>
                }
                .into_any(),
            );
        }
        Role::OtherUser => {
            notices.push(other_user_notice(running.started_by, Callback::new(move |()| running.take_over())));
        }
        Role::Opening | Role::Acts => {}
    }
    if let Some(problem) = running.problem.get().filter(|problem| !matches!(problem, RunnerError::Fold(_))) {
        notices.push(
            view! {
                <Notice tone=Tone::Bad alert=true>
                    <p><strong>{messages::CANNOT_CONTINUE}</strong>{problem.to_string()}"."</p>
                    <p>{messages::CANNOT_CONTINUE_ADVICE}</p>
                </Notice>
            }
            .into_any(),
        );
    }
    let unknown = running.unknown.get();
    if unknown > 0 {
        let words = messages::unknown_entries(unknown);
        notices.push(view! {
            <Notice tone=Tone::Warn><p><strong>{words}</strong>{messages::UNKNOWN_ENTRIES_EFFECT}</p></Notice>
        }.into_any());
    }
    notices.into_any()
}
