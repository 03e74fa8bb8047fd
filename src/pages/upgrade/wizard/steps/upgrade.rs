//! The upgrade itself: one row an application, with what can be done where it needs a decision.

use super::stop_runs::round_view;
use crate::pages::server_message::{is_long, message_view, server_message};
use crate::pages::upgrade::wizard::widgets::{
    WizardContext, group, name_of, names_of, paged, panel, requests, row, said, said_with, table, versions,
};
use crate::pages::version_id::version_id;
use crate::pages::why::option_with_why;
use crate::text::common::{ACTIONS, APPLICATION, RETRY, STATE, some};
use crate::text::errors::{Asked, explain};
use crate::text::upgrade::{
    APPLICATIONS, EXCLUDED, EXCLUDED_EFFECT, REDEPLOY_EFFECT, REDEPLOYING, VERSION, redeploy_on,
    upgrade_step as messages,
};
use crate::ui::{Button, Disclosure, Notice, Tally, Tone};
use leptos::prelude::*;
use quiesce_api::{Error, Timestamp};
use quiesce_lifecycle::grouping::group_by_key;
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::text::upgrade::missing_plugin;
use quiesce_lifecycle::text::{self, timeline};
use quiesce_lifecycle::upgrade::{
    AppIndex, AppUpgrade, AppUpgradeState, Call, Command, DrainAndRetry, EventKind, Part, PlannedApp,
    StepName, UnprocessedData, UpgradeMethod, UpgradeOperation, UpgradeStep,
};
use quiesce_lifecycle::verdict::ReasonKind;

const HEADS: [&str; 4] = [APPLICATION, VERSION, STATE, ACTIONS];

/// The applications in scope whose upgrade was begun and failed.
pub(crate) fn failed(op: &UpgradeOperation, step: &UpgradeStep) -> Vec<usize> {
    let mut places = Vec::new();
    for (place, _, _) in op.in_scope() {
        if step.apps.get(place).is_some_and(AppUpgrade::has_failed) {
            places.push(place);
        }
    }
    places
}

/// How many applications wait for what the operator decides of a redeploy.
pub(crate) fn undecided(op: &UpgradeOperation, step: &UpgradeStep) -> usize {
    let waits = |place: usize| {
        let work = step.apps.get(place);
        work.is_some_and(|work| work.state == AppUpgradeState::Pending && !op.may_redeploy(place, work))
    };
    if step.drain.is_some() { 0 } else { op.in_scope().filter(|(place, _, _)| waits(*place)).count() }
}

/// The applications that can be rolled back.
pub(crate) fn upgraded(op: &UpgradeOperation) -> Vec<usize> {
    let mut places = Vec::new();
    for (place, work) in op.upgrade_step().map_or(&[][..], |it| &it.apps).iter().enumerate() {
        if op.can(&Command::RollBack(AppIndex(place))) && !work.rolling_back {
            places.push(place);
        }
    }
    places
}

/// Whether the row of an application offers a redeploy that was not chosen before, since the server refused its upgrade.
fn offers_redeploy(chosen: &PlannedApp, work: &AppUpgrade) -> bool {
    work.method == UpgradeMethod::Upgrade
        && matches!(work.delivery(), Some(Delivery::Refused(_)))
        && chosen.from.is_realtime_pipeline()
}

/// Whether a redeploy was chosen and has not been done.
fn awaits_redeploy(work: &AppUpgrade) -> bool {
    work.method == UpgradeMethod::Redeploy && !work.is_settled() && !work.rolling_back
}

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation, step: &UpgradeStep, now: Timestamp) -> AnyView {
    let failed = failed(op, step);
    let mut first = Vec::new();
    let mut rest = Vec::new();
    let mut all = Vec::new();
    let (mut done, mut work_of, mut total) = (0_u32, 0_u32, 0_u32);
    let mut redeploys = false;
    for (place, chosen, _) in op.in_scope() {
        let Some(work) = step.apps.get(place) else { continue };
        redeploys |= offers_redeploy(chosen, work) || awaits_redeploy(work);
        total += 1;
        all.push(place);
        done += u32::from(work.is_upgraded());
        work_of += u32::from(work.is_open());
        // What needs a person, and what is in work, comes first.
        let closed = matches!(work.state, AppUpgradeState::Pending) && !op.may_redeploy(place, work);
        if work.is_open() || closed || failed.contains(&place) { first.push(place) } else { rest.push(place) }
    }
    for (place, scoped) in op.applications.iter().enumerate() {
        if scoped.excluded.is_some() {
            rest.push(place);
        }
    }
    if first.len() + rest.len() <= crate::pages::upgrade::wizard::widgets::PAGE {
        rest = (0..op.applications.len()).collect();
    } else {
        first.append(&mut rest);
        rest = first;
    }
    let (shown, pages) = paged(wiz.page, &rest);
    let bad = u32::try_from(failed.len()).unwrap_or(u32::MAX);
    let (failures, grouped) = failures(wiz, op, step, &failed);
    let mut rows = Vec::with_capacity(shown.len());
    for place in shown {
        if let Some(work) = step.apps.get(place) {
            rows.push(application(wiz, op, step, place, work, grouped.contains(&place)));
        }
    }
    let parts = vec![
        (Tone::Ok, done),
        (Tone::Bad, bad),
        (Tone::Busy, work_of),
        (Tone::Idle, total.saturating_sub(done + bad + work_of)),
    ];
    let words = messages::others(failed.len(), work_of as usize);
    let title = messages::upgraded(done as usize, total as usize);
    let retry = (!failed.is_empty()).then(|| {
        wiz.change_all(op, messages::RETRY_FAILED, "", |it| Command::Retry(Part::Application(it)), failed)
    });
    let push = view! { <Tally parts=parts name=title.clone()/>{retry} };
    view! {
        {redeploys.then(redeploying)}
        {step.drain.as_ref().map(|recovery| recovering(wiz, op, recovery, now))}
        {failures}
        {panel(title, words, push.into_any(), table(APPLICATIONS, &HEADS, rows))}
        {pages}
        {requests(wiz, messages::REQUEST, Call::Upgrade, all, op)}
    }
    .into_any()
}

/// The effects of the two decisions about a redeploy, once above the applications.
fn redeploying() -> AnyView {
    view! {
        <Disclosure summary=REDEPLOYING open=true>
            <div class="stack stack-2"><p>{REDEPLOY_EFFECT}</p><p>{messages::DRAIN_EFFECT}</p></div>
        </Disclosure>
    }
    .into_any()
}

/// Failures that several applications share, each once with its applications, and the indices of these.
fn failures(
    wiz: WizardContext,
    op: &UpgradeOperation,
    step: &UpgradeStep,
    failed: &[usize],
) -> (AnyView, Vec<usize>) {
    let mut groups = group_by_key(failed.iter().filter_map(|place| {
        let work = step.apps.get(*place)?;
        Some(((work.rolling_back, work.error()?), *place))
    }));
    groups.retain(|(_, places)| places.len() > 1);
    let mut grouped = Vec::new();
    let mut lines = Vec::with_capacity(groups.len());
    for ((back, error), places) in groups {
        let many = some(places.len(), "application");
        let words = explain(Asked::Upgrade, error).summary;
        let reason = said_with(
            Tone::Bad,
            if back { messages::NOT_ROLLED_BACK } else { messages::NOT_UPGRADED }.to_owned(),
            view! { {words}{server_message(error)} }.into_any(),
        );
        let idle = step.drain.is_none() && op.step.name() == StepName::Upgrade;
        let acts = idle.then(|| {
            view! { {wiz.change_all(op, RETRY, &many, |it| Command::Retry(Part::Application(it)), places.clone())}{wiz.exclude(op, &places)} }
        });
        lines.push(view! { <li>{group(reason, &names_of(op, &places), acts.into_any())}</li> });
        grouped.extend(places);
    }
    if lines.is_empty() {
        return (().into_any(), grouped);
    }
    let list = view! { <ul class="checks" aria-label=messages::FAILURES>{lines}</ul> };
    (
        panel(
            messages::FAILURES.to_owned(),
            messages::FAILURES_DETAILS.to_owned(),
            ().into_any(),
            list.into_any(),
        ),
        grouped,
    )
}

fn application(
    wiz: WizardContext,
    op: &UpgradeOperation,
    step: &UpgradeStep,
    place: usize,
    work: &AppUpgrade,
    grouped: bool,
) -> AnyView {
    let Some(chosen) = op.plan.applications.get(place) else { return ().into_any() };
    let name = chosen.application.as_str();
    let out = op.applications.get(place).is_some_and(|it| it.excluded.is_some());
    let (tone, more) = match &work.state {
        _ if out => (Tone::Idle, EXCLUDED_EFFECT.to_owned()),
        AppUpgradeState::Pending => (Tone::Idle, String::new()),
        AppUpgradeState::Ready(_) => (Tone::Busy, messages::RECHECKED.to_owned()),
        AppUpgradeState::Changed(_) => (Tone::Warn, String::new()),
        AppUpgradeState::NotSent(..) => (Tone::Bad, String::new()),
        AppUpgradeState::Request(delivery) => match delivery {
            Delivery::NotSent | Delivery::InFlight => (Tone::Busy, String::new()),
            Delivery::Acknowledged(_) => (Tone::Busy, messages::ACCEPTED.to_owned()),
            Delivery::InDoubt(_) if delivery.is_unanswered() => (Tone::Warn, messages::IN_DOUBT.to_owned()),
            Delivery::InDoubt(_) => (Tone::Warn, messages::RECHECK.to_owned()),
            Delivery::Confirmed => (Tone::Ok, String::new()),
            Delivery::Refused(_) | Delivery::Disproved(_) => (Tone::Bad, String::new()),
        },
    };
    let long = work.error().and_then(Error::server_message).filter(|message| is_long(message));
    let state = if out {
        EXCLUDED.to_owned()
    } else if work.state == AppUpgradeState::Pending && !work.rolling_back {
        messages::WAITING.to_owned()
    } else if grouped {
        if work.rolling_back { messages::NOT_ROLLED_BACK } else { messages::NOT_UPGRADED }.to_owned()
    } else if long.is_some() {
        timeline::work_without_message(work)
    } else {
        timeline::work(work)
    };
    let verified = work.new_version.as_ref().filter(|_| !out && work.is_done());
    let verified = verified.map(|id| view! { {messages::VERIFIED}" "{version_id(id.as_str())} });
    let more = if grouped && !out { messages::GROUPED.to_owned() } else { more };
    let long = long.filter(|_| !out && !grouped).map(|message| message_view(message.to_owned()));
    let mut acts: Vec<AnyView> = Vec::new();
    let mut gate = ().into_any();
    let failed = work.has_failed();
    let idle = !work.is_open() && !out && step.drain.is_none();
    let index = AppIndex(place);
    if idle {
        acts.extend(wiz.offer(op, RETRY, name, Command::Retry(Part::Application(index))));
    }
    if idle && offers_redeploy(chosen, work) {
        let command = Command::Redeploy(index);
        let (words, why) = (redeploy_on(&chosen.to.version), wiz.refusal(op, &command));
        acts.push(
            view! { <Button on_press=wiz.command(command) small=true unavailable=why>{words}</Button> }
                .into_any(),
        );
    }
    if idle && awaits_redeploy(work) {
        gate = redeploy(wiz, op, place, work, &mut acts);
    }
    if idle && op.can(&Command::Exclude(index)) {
        acts.push(wiz.leave_out(op, place));
    }
    if idle && !work.rolling_back {
        acts.extend(wiz.offer(op, messages::ROLL_BACK, name, Command::RollBack(index)));
    }

    let missing =
        op.applications.get(place).and_then(|scoped| scoped.snapshot.as_ref()).map(|look| &look.missing);
    let mut lacks = Vec::new();
    for missing in missing.into_iter().flatten().filter(|_| failed && !out) {
        lacks.push(view! { <p>{missing_plugin(missing)}</p> });
    }
    let version = view! { <span class="nowrap">{versions(chosen)}</span> };
    let acts = view! { <div class="actions">{acts}</div>{gate} };
    row(
        name,
        messages::artifact(&chosen.from.name, work.method == UpgradeMethod::Redeploy),
        &HEADS,
        vec![
            version.into_any(),
            said_with(tone, state, view! { {more}{verified}{long}{lacks} }.into_any()),
            acts.into_any(),
        ],
    )
}

/// What keeps a redeploy from being sent: what may be left, what mends it, and continuing anyway.
fn redeploy(
    wiz: WizardContext,
    op: &UpgradeOperation,
    place: usize,
    work: &AppUpgrade,
    acts: &mut Vec<AnyView>,
) -> AnyView {
    let name = name_of(op, place);
    let data = op.unprocessed_data(place);
    let words = text::upgrade::unprocessed_data(&data);
    let (mends, reason) = match data {
        UnprocessedData::None => {
            return view! { <div class="judgement">{said(Tone::Ok, messages::NO_LOSS, words)}</div> }
                .into_any();
        }
        UnprocessedData::Possible(worst) => (worst.remedy, worst.reasons.first().map(|it| it.kind)),
        _ => (None, None),
    };
    acts.extend(wiz.offer(op, messages::DRAIN, name, Command::Drain(AppIndex(place))));
    let acknowledged = words.clone();
    let tick = move |_| {
        let words = acknowledged.clone();
        wiz.running.tell(EventKind::Command(Command::AcceptRisk(AppIndex(place), words)));
    };
    let on = work.risk_accepted.is_some();
    let refused = wiz.refusal(op, &Command::AcceptRisk(AppIndex(place), String::new())).is_some();
    let not =
        work.drain_failure.as_ref().map(|why| messages::drain_failed(&text::upgrade::drain_failure(why)));
    let unsure = mends.is_some_and(|remedy| !remedy.recovery_is_known);
    let about = reason.map(text::verdict::reason).unwrap_or_default();
    let option = view! {
        <label class="option">
            <input class="check" type="checkbox" prop:checked=on disabled=on || refused on:change=tick/>
            <span>{messages::redeploy_undrained(name, &words)}</span>
        </label>
    };
    view! {
        <div class="judgement">
            {said(if on { Tone::Warn } else { Tone::Bad }, messages::MAY_LOSE, not.unwrap_or_default())}
            {unsure.then(|| view! { <p class="sub wrap">{messages::DRAIN_UNSURE}</p> })}
            {option_with_why(option.into_any(), reason.map(ReasonKind::rule), &about)}
        </div>
    }
    .into_any()
}

fn recovering(
    wiz: WizardContext,
    op: &UpgradeOperation,
    recovery: &DrainAndRetry,
    now: Timestamp,
) -> AnyView {
    let name = name_of(op, recovery.application).to_owned();
    let (words, more) = match (&recovery.stop, &recovery.target) {
        (Some(_), _) => (messages::DRAIN_STOPPING, String::new()),
        (None, Some(_)) => (
            messages::DRAIN_RUNNING,
            wiz.running.progress.draining.with(|found| {
                found.as_ref().map_or_else(|| messages::DRAIN_READING.to_owned(), messages::catch_up)
            }),
        ),
        (None, None) => (messages::DRAIN_STARTING, timeline::start(&recovery.restart)),
    };
    let enough = (recovery.target.is_some() && recovery.stop.is_none())
        .then(|| wiz.change(messages::DRAIN_STOP, &name, wiz.caught_up(AppIndex(recovery.application))));
    let stop = recovery.stop.as_ref().map(|stop| round_view(wiz, op, stop, now));
    view! {
        <Notice tone=Tone::Busy>
            <p><strong>{messages::draining(&name)}</strong>{words}{more}</p>
            <p>{messages::DRAIN_FIRST}</p>
            {enough}
        </Notice>
        {stop}
    }
    .into_any()
}
