//! The upgrade itself: one row an application, with what can be done where it needs a decision.

use super::stop_runs::round_view;
use crate::pages::server_message::{is_long, message_view, server_message};
use crate::pages::upgrade::wizard::widgets::{
    WizardContext, group, name_of, names_of, paged, panel, requests, row, said, said_with, table, versions,
};
use crate::pages::why::option_with_why;
use crate::text::common::{count, some};
use crate::text::errors::{Asked, explain};
use crate::ui::{Notice, Tally, Tone};
use leptos::prelude::*;
use quiesce_api::{Error, Timestamp};
use quiesce_lifecycle::grouping::group_by_key;
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::report::{start_words, work_without_message, work_words};
use quiesce_lifecycle::text;
use quiesce_lifecycle::upgrade::{
    AppIndex, AppUpgrade, AppUpgradeState, Call, Command, DrainAndRetry, EventKind, Part, StepName,
    UnprocessedData, UpgradeMethod, UpgradeOperation, UpgradeStep,
};
use quiesce_lifecycle::verdict::ReasonKind;

const HEADS: [&str; 4] = ["Application", "Version", "State", "Actions"];
/// The effect of a redeploy.
pub(crate) const FACTS: &str = "A redeploy keeps the configuration and gets a new checkpoint directory: old checkpoints and \
    the write-ahead log are not read again. The first start of the new version deletes the old checkpoint directory.";

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
        if work.is_upgraded() && !work.is_open() && !work.rolling_back {
            places.push(place);
        }
    }
    places
}

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation, step: &UpgradeStep, now: Timestamp) -> AnyView {
    let failed = failed(op, step);
    let mut first = Vec::new();
    let mut rest = Vec::new();
    let mut all = Vec::new();
    let (mut done, mut work_of, mut total) = (0_u32, 0_u32, 0_u32);
    for (place, _, _) in op.in_scope() {
        let Some(work) = step.apps.get(place) else { continue };
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
    let words = format!("{bad} not upgraded, {work_of} in progress");
    let name = format!("{done} of {total} upgraded");
    let retry = (!failed.is_empty())
        .then(|| wiz.small("Retry failed", "", wiz.each(|it| Command::Retry(Part::Application(it)), failed)));
    let push = view! { <Tally parts=parts name=name/>{retry} };
    let title = format!("{} of {} upgraded", count(done as usize), some(total as usize, "application"));
    view! {
        {step.drain.as_ref().map(|recovery| recovering(wiz, op, recovery, now))}
        {failures}
        {panel(title, words, push.into_any(), table("Applications", &HEADS, rows))}
        {pages}
        {requests(wiz, "Upgrade", Call::Upgrade, all, op)}
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
            if back { "Not rolled back" } else { "Not upgraded" }.to_owned(),
            view! { {words}{server_message(error)} }.into_any(),
        );
        let idle = step.drain.is_none() && op.step.name() == StepName::Upgrade;
        let acts = idle.then(|| {
            view! { {wiz.small("Retry", &many, wiz.each(|it| Command::Retry(Part::Application(it)), places.clone()))}{wiz.exclude(op, &places)} }
        });
        lines.push(view! { <li>{group(reason, &names_of(op, &places), acts.into_any())}</li> });
        grouped.extend(places);
    }
    if lines.is_empty() {
        return (().into_any(), grouped);
    }
    let list = view! { <ul class="checks" aria-label="Failures">{lines}</ul> };
    (
        panel(
            "Failures".to_owned(),
            "shared by several applications".to_owned(),
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
        _ if out => (Tone::Idle, "Its runs and schedules are restored; it is not upgraded.".to_owned()),
        AppUpgradeState::Pending => (Tone::Idle, String::new()),
        AppUpgradeState::Ready(_) => {
            (Tone::Busy, "Re-checked: no active runs, matches the backup.".to_owned())
        }
        AppUpgradeState::Changed(_) => (Tone::Warn, String::new()),
        AppUpgradeState::NotSent(..) => (Tone::Bad, String::new()),
        AppUpgradeState::Request(delivery) => match delivery {
            Delivery::NotSent | Delivery::InFlight => (Tone::Busy, String::new()),
            Delivery::Acknowledged(_) => (Tone::Busy, "Accepted by the server; verifying…".to_owned()),
            Delivery::InDoubt(_) if delivery.is_unanswered() => {
                (Tone::Warn, "Checking what happened. Nothing else is sent meanwhile.".to_owned())
            }
            Delivery::InDoubt(_) => (Tone::Warn, "It is re-checked within a few seconds.".to_owned()),
            Delivery::Confirmed => (
                Tone::Ok,
                work.new_version
                    .as_ref()
                    .map_or_else(String::new, |made| format!("Verified as version {made}.")),
            ),
            Delivery::Refused(_) | Delivery::Disproved(_) => (Tone::Bad, String::new()),
        },
    };
    let long = work.error().and_then(Error::server_message).filter(|message| is_long(message));
    let state = if out {
        "Excluded".to_owned()
    } else if work.state == AppUpgradeState::Pending && !work.rolling_back {
        "Waiting".to_owned()
    } else if grouped {
        if work.rolling_back { "Not rolled back" } else { "Not upgraded" }.to_owned()
    } else if long.is_some() {
        work_without_message(work)
    } else {
        work_words(work)
    };
    let more = if grouped && !out { "For the reason above.".to_owned() } else { more };
    let long = long.filter(|_| !out && !grouped).map(|message| message_view(message.to_owned()));
    let mut acts: Vec<AnyView> = Vec::new();
    let mut gate = ().into_any();
    let failed = work.has_failed();
    let idle = !work.is_open() && !out && step.drain.is_none();
    if idle && failed {
        acts.push(wiz.small("Retry", name, wiz.command(Command::Retry(Part::Application(AppIndex(place))))));
    }
    let real_time = chosen.from.is_realtime_pipeline();
    if idle
        && work.method == UpgradeMethod::Upgrade
        && matches!(work.delivery(), Some(Delivery::Refused(_)))
        && real_time
    {
        let press = wiz.command(Command::Redeploy(AppIndex(place)));
        acts.push(view! { <crate::ui::Button on_press=press small=true unavailable=wiz.locked()>{format!("Redeploy on {}", chosen.to.version)}</crate::ui::Button> }.into_any());
        gate = view! { <p class="sub wrap">{FACTS}</p> }.into_any();
    }
    if idle && work.method == UpgradeMethod::Redeploy && !work.is_settled() && !work.rolling_back {
        gate = redeploy(wiz, op, place, work, &mut acts);
    }
    if idle && !work.is_upgraded() && op.step.name() == StepName::Upgrade {
        acts.push(wiz.leave_out(op, place));
    }
    if idle && work.is_upgraded() && !work.rolling_back {
        acts.push(wiz.small("Roll back", name, wiz.command(Command::RollBack(AppIndex(place)))));
    }
    let way = if work.method == UpgradeMethod::Redeploy { "Redeploy, " } else { "" };
    let missing =
        op.applications.get(place).and_then(|scoped| scoped.snapshot.as_ref()).map(|look| &look.missing);
    let mut lacks = Vec::new();
    for missing in missing.into_iter().flatten().filter(|_| failed && !out) {
        lacks.push(view! { <p>{missing.to_string()}</p> });
    }
    let version = view! { <span class="nowrap">{versions(chosen)}</span> };
    let acts = view! { <div class="actions">{acts}</div>{gate} };
    row(
        name,
        format!("{way}{}", chosen.from.name),
        &HEADS,
        vec![
            version.into_any(),
            said_with(tone, state, view! { {more}{long}{lacks} }.into_any()),
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
            return view! { <div class="judgement">{said(Tone::Ok, "No loss expected", words)}<p class="sub wrap">{FACTS}</p></div> }.into_any();
        }
        UnprocessedData::Possible(worst) => (worst.remedy, worst.reasons.first().map(|it| it.kind)),
        _ => (None, None),
    };
    acts.push(wiz.small("Drain and retry", name, wiz.command(Command::Drain(AppIndex(place)))));
    let acknowledged = words.clone();
    let tick = move |_| {
        let words = acknowledged.clone();
        wiz.running.tell(EventKind::Command(Command::AcceptRisk(AppIndex(place), words)));
    };
    let on = work.risk_accepted.is_some();
    let not =
        work.drain_failure.as_ref().map(|why| format!("Drain failed: {}", text::upgrade::drain_failure(why)));
    let caveat = mends.and_then(text::verdict::caveat);
    let about = reason.map(text::verdict::reason).unwrap_or_default();
    let option = view! {
        <label class="option">
            <input class="check" type="checkbox" prop:checked=on disabled=on || wiz.locked().is_some() on:change=tick/>
            <span>{format!("Redeploy {name} without draining. {words}")}</span>
        </label>
    };
    view! {
        <div class="judgement">
{said(if on { Tone::Warn } else { Tone::Bad }, "May have unprocessed data", not.unwrap_or_default())}
            <p class="sub wrap">{FACTS}</p>
            <p class="sub wrap">
                "Drain and retry starts this version again, waits until it has caught up, stops it and reads its log. The log of a stand-alone server often does not confirm a drain, even then. "
                {caveat}
            </p>
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
        (Some(_), _) => ("Caught up; stopping it again", String::new()),
        (None, Some(_)) => (
            "Running again and processing what remains",
            wiz.running.progress.draining.get().unwrap_or_else(|| "Reading its counters.".to_owned()),
        ),
        (None, None) => ("Starting it again", start_words(&recovery.restart)),
    };
    let enough = (recovery.target.is_some() && recovery.stop.is_none())
        .then(|| wiz.small("Stop it now", &name, wiz.caught_up(AppIndex(recovery.application))));
    let stop = recovery.stop.as_ref().map(|stop| round_view(wiz, op, stop, now));
    view! {
        <Notice tone=Tone::Busy>
            <p><strong>{format!("Draining {name}. ")}</strong>{words}". "{more}</p>
            <p>"No upgrade requests are sent meanwhile."</p>
            {enough}
        </Notice>
        {stop}
    }
    .into_any()
}
