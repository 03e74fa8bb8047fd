//! The check: what runs, what would be lost, what is scheduled. Nothing has been changed yet.

use crate::pages::server_message::server_message;
use crate::pages::upgrade::wizard::run_id::run_id;
use crate::pages::upgrade::wizard::widgets::{
    WizardContext, bar, group, list, names_of, paged, panel, row, said, said_with, table, versions,
};
use crate::pages::version_id::version_id;
use crate::pages::why::{option_with_why, why_once};
use crate::text::common::{ACTIONS, APPLICATION, REFRESH};
use crate::text::errors::{Asked, explain};
use crate::text::states::{status, verdict_tone};
use crate::text::upgrade::{
    APPLICATIONS, EXCLUDED, PLUGINS_UNREAD_EFFECT, RUNS, SCHEDULES, VERSION, redeploy_on, review as messages,
};
use crate::ui::{OlderVersion, State as StateMark, Tone, Verdict};
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::stop::Target;
use quiesce_lifecycle::text::{self, upgrade::missing_plugin};
use quiesce_lifecycle::upgrade::{
    AppIndex, AppSnapshot, Command, EventKind, PlannedApp, ReviewStep, Risk, RiskClass, UpgradeMethod,
    UpgradeOperation,
};
use quiesce_lifecycle::verdict::{ReasonKind, Rule};

const HEADS: [&str; 5] = [APPLICATION, VERSION, RUNS, SCHEDULES, ACTIONS];

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation, step: &ReviewStep) -> AnyView {
    let (mut read, mut all, mut runs, mut schedules) = (0, 0, 0, 0);
    for (_, _, scoped) in op.in_scope() {
        all += 1;
        if let Some(look) = &scoped.snapshot {
            read += 1;
            runs += look.alive.len();
            schedules += look.schedules.len();
        }
    }
    let places: Vec<usize> = (0..op.applications.len()).collect();
    let (shown, pages) = paged(wiz.page, &places);
    let mut rows = Vec::with_capacity(shown.len());
    for place in shown {
        rows.push(application(wiz, op, place));
    }
    let words = messages::active(runs, schedules);
    let mut again = Vec::new();
    for (place, _, scoped) in op.in_scope() {
        if scoped.snapshot.is_some() || scoped.read_error.is_some() {
            again.push(place);
        }
    }
    let push = view! {
        {bar(messages::CHECKED_APPLICATIONS, read, all)}
        {wiz.small(REFRESH, "", wiz.each(Command::Refresh, again))}
    };
    view! {
        {risks(wiz, op, step, read == all)}
        {panel(messages::checked(read, all), words, push.into_any(), table(APPLICATIONS, &HEADS, rows))}
        {pages}
    }
    .into_any()
}

fn risks(wiz: WizardContext, op: &UpgradeOperation, step: &ReviewStep, whole: bool) -> AnyView {
    let risks = op.risks();
    if risks.is_empty() && !whole {
        return ().into_any();
    }
    let mut lines = Vec::with_capacity(risks.len().max(1));
    for risk in risks {
        let Risk { class, count, reason } = risk;
        let rule = reason.map(ReasonKind::rule);
        let label = text::upgrade::risk(&risk);
        let on = step.acknowledged.contains(&(class, count));
        let tick = move |event: leptos::ev::Event| {
            let count = if event_target_checked(&event) { count } else { 0 };
            wiz.running.tell(EventKind::Command(Command::Acknowledge(class, count)));
        };
        let about = label.clone();
        let option = view! {
            <label class="option">
                <input class="check" type="checkbox" prop:checked=on disabled=wiz.locked().is_some() on:change=tick/>
                <span>{label}</span>
            </label>
        };
        let option = option_with_why(option.into_any(), rule, &about);
        let missing = (class == RiskClass::MissingPlugin).then(|| missing(wiz, op));
        lines.push(view! { <li><div>{option}{missing}</div></li> }.into_any());
    }
    let unread = op.unread_plugins();
    let more = if lines.is_empty() {
        lines.push(
            view! { <li>{said(Tone::Ok, messages::NO_RISKS, messages::NO_RISKS_DETAILS)}</li> }.into_any(),
        );
        messages::RISKS_NONE
    } else {
        messages::RISKS_ADVICE
    };
    if !unread.is_empty() {
        let reason = said(Tone::Warn, messages::UNREAD_PLUGINS, PLUGINS_UNREAD_EFFECT);
        lines.push(
            view! { <li>{group(reason, &names_of(op, &unread), wiz.exclude(op, &unread))}</li> }.into_any(),
        );
    }
    panel(messages::RISKS.to_owned(), more.to_owned(), ().into_any(), list(lines))
}

/// The plugins that the server can't find, each once with its applications.
fn missing(wiz: WizardContext, op: &UpgradeOperation) -> AnyView {
    let mut groups = Vec::new();
    for (missing, places) in op.missing_plugins() {
        let reason = view! { <p>{missing_plugin(&missing)}</p> };
        groups.push(group(reason.into_any(), &names_of(op, &places), wiz.exclude(op, &places)));
    }
    groups.into_any()
}

fn application(wiz: WizardContext, op: &UpgradeOperation, place: usize) -> AnyView {
    let (Some(chosen), Some(scoped)) = (op.plan.applications.get(place), op.applications.get(place)) else {
        return ().into_any();
    };
    let name = chosen.application.as_str();
    let out = scoped.excluded.is_some();
    let (runs, schedules) = match (&scoped.snapshot, &scoped.read_error) {
        (Some(look), _) => (runs(op, look), scheduled(op, chosen, look)),
        (None, Some(error)) => {
            let it = explain(Asked::Application, error);
            let again = wiz.small(REFRESH, name, wiz.command(Command::Refresh(AppIndex(place))));
            let more = view! { {it.advice}" "{server_message(error)}" "{again} };
            (said_with(Tone::Bad, it.summary, more.into_any()), ().into_any())
        }
        (None, None) => (
            said(Tone::Idle, if out { messages::NOT_CHECKED } else { messages::CHECKING }, ""),
            ().into_any(),
        ),
    };
    let mut changed = None;
    if let Some(look) = &scoped.snapshot
        && (look.version != chosen.version || look.artifact != chosen.from)
    {
        let id = version_id(look.version.as_str());
        changed = Some(view! { {messages::changed(&look.artifact)}" "{id} });
    }
    let mut plugins = Vec::new();
    for missing in scoped.snapshot.iter().flat_map(|look| &look.missing) {
        plugins.push(said(Tone::Bad, missing_plugin(missing), ""));
    }
    let way =
        if chosen.way == UpgradeMethod::Redeploy { redeploy_on(&chosen.to.version) } else { String::new() };
    let version = view! { <span class="nowrap">{versions(chosen)}</span><span class="sub wrap">{way}" "{changed}</span>{plugins} };
    let act = if out { said(Tone::Idle, EXCLUDED, "") } else { wiz.leave_out(op, place) };
    row(name, chosen.from.name.clone(), &HEADS, vec![version.into_any(), runs, schedules, act])
}

/// The runs of an application that are alive, each with the strict verdict.
fn runs(op: &UpgradeOperation, look: &AppSnapshot) -> AnyView {
    let mut lines = Vec::with_capacity(look.alive.len());
    let mut shown = Vec::new();
    for target in &look.alive {
        lines.push(run(op, target, &mut shown));
    }
    if lines.is_empty() {
        return messages::NO_ACTIVE_RUNS.into_any();
    }
    lines.into_any()
}

/// A run with what an upgrade means for it, and why; `shown` are the rules to which its row already links.
pub(crate) fn run(op: &UpgradeOperation, target: &Target, shown: &mut Vec<Rule>) -> AnyView {
    let assessment = op.verdict_before(target);
    let (word, glyph, tone) = status(&target.record.status);
    let why = assessment.reasons.first().map(|reason| {
        let link = why_once(reason.kind.rule(), &text::verdict::reason(reason.kind), shown);
        view! { {text::verdict::reason_with_evidence(reason)}{link} }
    });
    let parent = target.parent.as_ref().map(|parent| view! { {messages::ENDS_WITH}{run_id(parent)}". " });
    view! {
        <div class="judgement">
            <p>
                {run_id(&target.run.run)}" "
                <StateMark tone glyph word/>" "{target.older.then(|| view! { <OlderVersion/> })}" "
                <Verdict tone=verdict_tone(assessment.verdict) word=text::verdict::label(assessment.verdict).to_owned()/>
            </p>
            <p class="sub wrap">{parent}{why}</p>
        </div>
    }
    .into_any()
}

/// Its schedules that are on, what triggers them, and what it triggers.
fn scheduled(op: &UpgradeOperation, chosen: &PlannedApp, look: &AppSnapshot) -> AnyView {
    let mut lines = Vec::new();
    for on in &look.schedules {
        lines.push(view! { <p>{messages::schedule(on)}</p> });
    }
    for onward in &look.sets_off {
        let elsewhere = onward.namespace != chosen.namespace;
        let included = op.includes(&onward.namespace, &onward.application);
        lines.push(view! { <p>{messages::triggers(onward, elsewhere, included)}</p> });
    }
    if lines.is_empty() { messages::NO_ACTIVE_SCHEDULES.into_any() } else { lines.into_any() }
}

/// When the check was done with, as text for later steps.
pub(crate) fn at(at: Timestamp) -> String {
    crate::client::clock::short(at)
}
