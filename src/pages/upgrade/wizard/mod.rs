//! The upgrade after the choice: it is run here, and its dialog asks whether to abort it.

pub(crate) mod frame;
pub(crate) mod run_id;
pub(crate) mod stepper;
pub(crate) mod steps;
pub(crate) mod timeline;
pub(crate) mod widgets;

use crate::client::operation::{Role, RunnerError};
use crate::client::tab_lock::{self, TabLock};
use crate::client::upgrade::{RunningUpgrade, resume};
use crate::client::use_client;
use crate::pages::journal_file::JournalFile;
use crate::pages::list_state::{List, bind_escape};
use crate::pages::stop::{GraceForm, every_second};
use crate::text::stop;
use crate::text::upgrade::{TITLE, UPGRADE, wizard as messages};
use crate::ui::{
    Button, ButtonLink, ButtonVariant, Crumb, Dialog, EmptyState, Icon, PageHead, SkeletonRows, use_announcer,
};
use frame::{steps_view, troubles};
use leptos::html;
use leptos::prelude::*;
use quiesce_api::{NamespaceId, Timestamp};
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::upgrade::{Command, Step, StepName, UpgradeOperation};
use std::sync::Arc;
use steps::report::read;
use steps::restore;
use widgets::{WizardContext, button};

/// The later steps of an upgrade, by its id.
#[component]
pub fn Wizard(namespace: NamespaceId, operation: OperationId) -> impl IntoView {
    let client = use_client();
    let file = JournalFile::new(operation.clone());
    let running = resume(client, operation.clone());
    let now = every_second();
    let state = running.state;
    let (page, aborting) = (RwSignal::new(0), RwSignal::new(false));
    let wiz = WizardContext { client, running, page, aborting, grace: GraceForm::new() };
    let told = RwSignal::new(None::<Arc<Report>>);
    let step = Memo::new(move |_| state.with(|op| op.as_ref().map(|op| op.step.name())));
    // While a roll back is under way the report is not read again and again.
    let quiet = Memo::new(move |_| {
        state.with(|op| {
            let op = op.as_ref().filter(|op| matches!(op.step, Step::Report(_)))?;
            let settled =
                op.upgrade_step().map_or(0, |it| it.apps.iter().filter(|work| work.is_settled()).count());
            let upgraded =
                op.upgrade_step().map_or(0, |it| it.apps.iter().filter(|work| work.is_upgraded()).count());
            (!op.has_open_requests()).then_some((settled, upgraded))
        })
    });
    Effect::new(move || {
        if quiet.get().is_some() {
            read(operation.clone(), told);
        }
    });
    let open = Memo::new(move |_| {
        state.with(|op| {
            op.as_ref().is_some_and(|op| !matches!(op.step, Step::Report(_)) || op.has_open_requests())
        })
    });
    ask_server(namespace.clone(), open);
    let heading = NodeRef::<html::H2>::new();
    announce(state, step, heading, page);
    tell_other_tabs(running, now);
    let back = List::before_operation(&client.router(), &namespace).crumb(&client.router());
    // Only before anything is changed and at the end: elsewhere a key pressed by mistake would hold the upgrade up.
    bind_escape(&back, move || {
        state.with_untracked(|op| {
            op.as_ref().is_none_or(|op| {
                matches!(op.step, Step::Review(_) | Step::Report(_)) && !op.has_open_requests()
            })
        })
    });
    let leave = back.href.clone().unwrap_or_default();
    view! {
        <PageHead title=TITLE crumbs=vec![back, Crumb::here(UPGRADE)]>
            <ButtonLink href=leave look=ButtonVariant::Plain>{move || if step.get() == Some(StepName::Report) { messages::DONE } else { messages::LEAVE }}</ButtonLink>
            {file.button()}
            {move || {
                let why = state.with(|op| op.as_ref().and_then(|op| cannot_abort(op).or_else(|| wiz.refusal(op, &Command::Abort)))).or_else(|| wiz.locked());
                button(messages::ABORT.to_owned(), false, why, Callback::new(move |()| aborting.set(true)))
            }}
        </PageHead>
        {troubles(wiz, now)}
        {file.notices(open)}
        {move || match (state.with(Option::is_some), running.problem.get()) {
            (true, _) => ().into_any(),
            (false, Some(RunnerError::Fold(error))) => view! {
                <section class="panel">
                    <EmptyState shape=Icon::Search title=stop::NO_OPERATION>
                        <p>{stop::no_operation(&error.to_string())}</p>
                    </EmptyState>
                </section>
            }.into_any(),
            (false, _) => view! { <table class="table"><tbody><SkeletonRows columns=4 rows=4/></tbody></table> }.into_any(),
        }}
        {steps_view(wiz, now, told, heading)}
        {abort_dialog(wiz)}
    }
}

/// Reads from the server once the upgrade is loaded. A step that waits for the operator reads nothing itself, so its
/// first request after an expired session would be a change, recorded for nobody.
fn ask_server(namespace: NamespaceId, open: Memo<bool>) {
    let client = use_client();
    Effect::new(move || {
        if open.get() {
            leptos::task::spawn_local(client.check_server_once(namespace.clone()));
        }
    });
}

/// Tells a screen reader of a new step and of a step that can be left, and moves the focus to the new one.
fn announce(
    state: RwSignal<Option<Arc<UpgradeOperation>>>,
    step: Memo<Option<StepName>>,
    heading: NodeRef<html::H2>,
    page: RwSignal<usize>,
) {
    let announcer = use_announcer();
    let ready = Memo::new(move |_| {
        let can = state.with(|op| op.as_ref().is_some_and(|op| op.can_continue().is_ok()));
        (step.get(), can)
    });
    Effect::new(move |before: Option<(Option<StepName>, bool)>| {
        let (now, can) = ready.get();
        if let (Some((Some(then), could)), Some(now)) = (before, now) {
            if then != now {
                page.set(0);
                announcer.say(messages::step_reached(now));
                request_animation_frame(move || {
                    if let Some(heading) = heading.get_untracked() {
                        let _ = heading.focus();
                        window().scroll_to_with_x_and_y(0.0, 0.0);
                    }
                });
            } else if can && !could {
                announcer.say(messages::step_done(now));
            }
        }
        (now, can)
    });
}

/// Tells the other tabs, and the frame of this one, while the upgrade waits for a decision.
fn tell_other_tabs(running: RunningUpgrade, now: RwSignal<Timestamp>) {
    let waits = Memo::new(move |_| {
        running.role.get() == Role::Acts
            && running.state.with(|op| op.as_ref().is_some_and(|op| op.waits_for_operator()))
    });
    let sign = StoredValue::new_local(None::<TabLock>);
    Effect::new(move || {
        sign.set_value(None);
        if let (true, Some(id)) = (waits.get(), running.id()) {
            leptos::task::spawn_local(async move {
                let taken = tab_lock::wait(&id.0).await;
                if waits.try_get_untracked() == Some(true) {
                    sign.try_set_value(taken);
                }
            });
        }
    });
    Effect::new(move || {
        now.track();
        sign.with_value(|sign| sign.as_ref().is_some_and(TabLock::renew));
    });
}

fn cannot_abort(op: &UpgradeOperation) -> Option<String> {
    if op.aborted.is_some() {
        return Some(messages::ALREADY_ABORTED.to_owned());
    }
    matches!(op.step, Step::Report(_)).then(|| messages::COMPLETE.to_owned())
}

/// Asks once, and says what is restored and what cannot be.
fn abort_dialog(wiz: WizardContext) -> AnyView {
    let body = move || {
        let op = wiz.running.state.get_untracked();
        let Some(op) = op else { return Vec::new() };
        let mut lines = Vec::new();
        let off = restore::paused(&op).len();
        if off > 0 {
            lines.push(messages::abort_schedules(off));
        }
        let mut stopped = 0;
        for round in op.stop_rounds.iter().filter(|round| round.drained.is_none()) {
            for run in &round.stop.runs {
                stopped += usize::from(!matches!(run.delivery, Delivery::NotSent | Delivery::Refused(_)));
            }
        }
        if stopped > 0 {
            lines.push(messages::abort_runs(stopped));
        }
        let done = op.upgrade_step().map_or(0, |it| it.apps.iter().filter(|work| work.is_upgraded()).count());
        if done > 0 {
            lines.push(messages::abort_upgraded(done));
        }
        if lines.is_empty() {
            lines.push(messages::NOTHING_CHANGED.to_owned());
        }
        lines.into_iter().map(|line| view! { <li>{line}</li> }).collect::<Vec<_>>()
    };
    let abort = move |()| {
        wiz.aborting.set(false);
        wiz.command(Command::Abort).run(());
    };
    let actions = move || {
        view! {
            <Button on_press=move |()| wiz.aborting.set(false)>{messages::KEEP_GOING}</Button>
            <Button on_press=abort look=ButtonVariant::Primary>{messages::ABORT}</Button>
        }
    };
    view! {
        <Dialog open=wiz.aborting title=messages::ABORT_QUESTION actions=actions>
            <p>{messages::ABORT_ORDER}</p>
            <ul class="plain-list">{body}</ul>
        </Dialog>
    }
    .into_any()
}
