//! The frame of the steps: what keeps the upgrade from continuing, and the bar that continues.

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
use crate::pages::other_user::other_user_notice;
use crate::pages::outage_notice::{outage_notice, read_only_notice};
use crate::pages::stop::{GraceForm, every_second};
use crate::text::stop;
use crate::text::upgrade::{CONTINUE, NEXT_STEP, TITLE, UPGRADE, upgrade_applications, wizard as messages};
use crate::ui::{
    Button, ButtonLink, ButtonVariant, Crumb, Dialog, EmptyState, Icon, Notice, PageHead, SkeletonRows, Tone,
    icon, use_announcer,
};
use leptos::html;
use leptos::prelude::*;
use quiesce_api::{NamespaceId, Timestamp};
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::text::upgrade::blocker as blocker_words;
use quiesce_lifecycle::upgrade::{Command, Step, StepName, UpgradeOperation};
use std::sync::Arc;
use stepper::{rail, step_head};
use steps::report::read;
use steps::{backup, pause_schedules, report, restore, review, stop_runs, upgrade};
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
    let stopping = Memo::new(move |_| step.get() == Some(StepName::StopRuns));
    let under_way = Memo::new(move |_| step.get().is_some_and(|step| step != StepName::Report));
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
        <PageHead title=TITLE crumbs=vec![back, Crumb::here(UPGRADE)]>
            <ButtonLink href=leave look=ButtonVariant::Plain>{move || if step.get() == Some(StepName::Report) { messages::DONE } else { messages::LEAVE }}</ButtonLink>
            {file.button()}
            {move || {
                let why = state.with(|op| op.as_ref().and_then(|op| cannot_abort(op).or_else(|| wiz.refusal(op, &Command::Abort)))).or_else(|| wiz.locked());
                button(messages::ABORT.to_owned(), false, why, Callback::new(move |()| aborting.set(true)))
            }}
        </PageHead>
        {move || state.get().map(|op| notices(wiz, &op, now))}
        {move || roles(wiz)}
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
        {abort_dialog(wiz)}
    }
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
        let words = messages::aborted_at(&crate::client::clock::local(at));
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
