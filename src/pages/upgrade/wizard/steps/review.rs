//! The check: what runs, what would be lost, what is scheduled. Nothing has been changed yet.

use crate::pages::server_message::server_message;
use crate::pages::upgrade::wizard::widgets::{
    WizardContext, bar, group, list, names_of, paged, panel, row, said, said_with, table, versions,
};
use crate::pages::why::{option_with_why, why_once};
use crate::text::common::{count, some};
use crate::text::errors::{Asked, explain};
use crate::text::states::{status, verdict_tone};
use crate::ui::{OlderVersion, State as StateMark, Tone, Verdict};
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::stop::Target;
use quiesce_lifecycle::text;
use quiesce_lifecycle::upgrade::{
    AppIndex, AppSnapshot, Command, EventKind, ReviewStep, Risk, RiskClass, UpgradeMethod, UpgradeOperation,
};
use quiesce_lifecycle::verdict::{ReasonKind, Rule};

const HEADS: [&str; 5] = ["Application", "Version", "Runs", "Schedules", "Actions"];

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
    let words = format!("{}, {}", some(runs, "active run"), some(schedules, "active schedule"));
    let mut again = Vec::new();
    for (place, _, scoped) in op.in_scope() {
        if scoped.snapshot.is_some() || scoped.read_error.is_some() {
            again.push(place);
        }
    }
    let push = view! {
        {bar("Applications checked", read, all)}
        {wiz.small("Refresh", "", wiz.each(Command::Refresh, again))}
    };
    view! {
        {risks(wiz, op, step, read == all)}
        {panel(format!("{} of {} checked", count(read), some(all, "application")), words, push.into_any(), table("Applications", &HEADS, rows))}
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
    let (title, more) = if lines.is_empty() {
        lines.push(view! { <li>{said(Tone::Ok, "No risks to acknowledge", "No known data loss, and no changes by other users.")}</li> }.into_any());
        ("Risks", "none found")
    } else {
        ("Risks", "acknowledge each, or exclude its applications")
    };
    if !unread.is_empty() {
        let words = "Whether the server has them is unknown.";
        let reason = said(Tone::Warn, "Plugins could not be read", words);
        lines.push(
            view! { <li>{group(reason, &names_of(op, &unread), wiz.exclude(op, &unread))}</li> }.into_any(),
        );
    }
    panel(title.to_owned(), more.to_owned(), ().into_any(), list(lines))
}

/// The plugins that the server can't find, each once with its applications.
fn missing(wiz: WizardContext, op: &UpgradeOperation) -> AnyView {
    let mut groups = Vec::new();
    for (missing, places) in op.missing_plugins() {
        let reason = view! { <p>{missing.to_string()}</p> };
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
        (Some(look), _) => (runs(op, look), scheduled(op, look)),
        (None, Some(error)) => {
            let it = explain(Asked::Application, error);
            let again = wiz.small("Refresh", name, wiz.command(Command::Refresh(AppIndex(place))));
            let more = view! { {it.advice}{server_message(error)}{again} };
            (said_with(Tone::Bad, it.summary, more.into_any()), ().into_any())
        }
        (None, None) => (said(Tone::Idle, if out { "Not checked" } else { "Checking…" }, ""), ().into_any()),
    };
    let mut changed = String::new();
    if let Some(look) = &scoped.snapshot
        && (look.version != chosen.version || look.artifact != chosen.from)
    {
        changed = format!(
            "Changed by another user since the list was loaded: now {}, version {}.",
            look.artifact, look.version
        );
    }
    let mut plugins = Vec::new();
    for missing in scoped.snapshot.iter().flat_map(|look| &look.missing) {
        plugins.push(said(Tone::Bad, missing.to_string(), ""));
    }
    let way = if chosen.way == UpgradeMethod::Redeploy {
        format!("Redeploy on {}", chosen.to.version)
    } else {
        String::new()
    };
    let version = view! { <span class="nowrap">{versions(chosen)}</span><span class="sub wrap">{way}" "{changed}</span>{plugins} };
    let act = if out { said(Tone::Idle, "Excluded", "") } else { wiz.leave_out(op, place) };
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
        return "No active runs".into_any();
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
    let parent = target.parent.as_ref().map(|parent| format!("Ends with workflow run {}.", parent.short()));
    view! {
        <div class="judgement">
            <p>
                <code title=target.run.run.to_string()>{target.run.run.short().to_owned()}</code>" "
                <StateMark tone glyph word/>" "{target.older.then(|| view! { <OlderVersion/> })}" "
                <Verdict tone=verdict_tone(assessment.verdict) word=text::verdict::label(assessment.verdict).to_owned()/>
            </p>
            <p class="sub wrap">{parent}" "{why}</p>
        </div>
    }
    .into_any()
}

/// Its schedules that are on, what triggers them, and what it triggers.
fn scheduled(op: &UpgradeOperation, look: &AppSnapshot) -> AnyView {
    let mut lines = Vec::new();
    for on in &look.schedules {
        let mut words = format!("{} starts {}", on.name, on.program);
        for (at, after) in on.after.iter().enumerate() {
            words.push_str(if at == 0 { " after " } else { ", " });
            words.push_str(after.as_str());
        }
        lines.push(view! { <p>{words}</p> });
    }
    for onward in &look.sets_off {
        let mut words = format!("Triggers {} of {}", onward.schedule, onward.application);
        if !op.plan.namespaces().contains(&onward.namespace) {
            words.push_str(" in ");
            words.push_str(onward.namespace.as_str());
        } else if op.in_scope().all(|(_, chosen, _)| chosen.application != onward.application) {
            words.push_str(", which is not in this upgrade");
        }
        lines.push(view! { <p>{words}</p> });
    }
    if lines.is_empty() { "No active schedules".into_any() } else { lines.into_any() }
}

/// When the check was done with, as text for later steps.
pub(crate) fn at(at: Timestamp) -> String {
    crate::client::clock::short(at)
}
