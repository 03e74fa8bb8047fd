//! The report: what was asked, what happened, what became of everything; to keep as a file, and to roll back from.

use super::stop_runs::course;
use super::upgrade::upgraded;
use crate::client::{backups, clock, journal};
use crate::pages::other_user::users;
use crate::pages::server_message::{folded, is_long, message_view};
use crate::pages::stop::block;
use crate::pages::upgrade::wizard::timeline::view as over_time;
use crate::pages::upgrade::wizard::widgets::{
    PAGE, WizardContext, found, group, item, list, name_of, paged, panel, row, said, said_with, table,
};
use crate::pages::version_id::version_id;
use crate::pages::why::why;
use crate::text::common::{ACTIONS, APPLICATION, RETRY, RUN, STATE, count};
use crate::text::timeline::UPGRADE_TITLE as UPGRADE_TIMELINE;
use crate::text::upgrade::pause_schedules::SCHEDULE;
use crate::text::upgrade::report as messages;
use crate::text::upgrade::stop_runs::applied;
use crate::text::upgrade::{self as text, LOADING_JOURNAL};
use crate::ui::{CopyButton, Disclosure, Tone};
use leptos::prelude::*;
use quiesce_api::ApplicationId;
use quiesce_lifecycle::grouping::group_by_key;
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::report::{Report, script};
use quiesce_lifecycle::text::timeline;
use quiesce_lifecycle::upgrade::{AppIndex, Command, Part, UpgradeOperation};
use std::sync::Arc;

const APPLICATIONS: [&str; 4] = [APPLICATION, messages::FROM_TO, messages::RESULT, messages::VERSIONS];
const RUNS: [&str; 4] = [RUN, messages::BEFORE_STOP, messages::AFTER_STOP, messages::RESTORE];
const SCHEDULES: [&str; 2] = [SCHEDULE, messages::RESULT];
const ROLL_BACK: [&str; 3] = [APPLICATION, STATE, ACTIONS];
/// How many lines of what happened are drawn; the file has all.
const LINES: usize = 300;

/// Reads the report of an operation into a signal.
pub(crate) fn read(id: OperationId, into: RwSignal<Option<Arc<Report>>>) {
    leptos::task::spawn_local(async move {
        if let (Ok(Some(header)), Ok(entries)) = (journal::header(&id).await, journal::entries(&id).await)
            && let Ok(report) = Report::of(&header, &entries)
        {
            into.try_set(Some(Arc::new(report)));
        }
    });
}

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation, report: Option<Arc<Report>>) -> AnyView {
    let text = Signal::derive(move || {
        let op = wiz.running.state.get_untracked();
        op.map(|op| script(&op, &wiz.client.api(), wiz.client.has_token())).unwrap_or_default()
    });
    let scope = quiesce_lifecycle::plural::list(op.plan.namespaces());
    let name = format!("quiesce-upgrade-{scope}-{}", op.begun.as_second());
    let (file, sh) = (format!("{name}.json"), format!("{name}.sh"));
    let json = report.clone();
    let save = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(report) = &json {
            backups::download(&file, "application/json", report.json().as_bytes());
        }
    };
    let save_script = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        backups::download(&sh, "text/x-shellscript", text.get_untracked().as_bytes());
    };
    let back = upgraded(op);
    let all = (back.len() > 1).then(|| {
        let of = messages::upgraded(back.len());
        wiz.change_all(op, messages::ROLL_BACK_ALL, &of, Command::RollBack, back)
    });
    view! {
        <div class="actions">
            <a class="btn primary" href="#report" download on:click=save>{messages::DOWNLOAD}</a>
            <a class="btn" href="#script" download on:click=save_script>{messages::DOWNLOAD_SCRIPT}</a>
            <CopyButton word=messages::COPY_SCRIPT text=text/>
            {all}
        </div>
        {match report {
            Some(report) => {
                let drawn = over_time(op, &report.timeline);
                view! {
                    {report_view(wiz.page, &report)}
                    <Disclosure summary=UPGRADE_TIMELINE.to_owned()>{drawn}</Disclosure>
                }
                .into_any()
            }
            None => said(Tone::Busy, LOADING_JOURNAL, ""),
        }}
        {op.stop_rounds.iter().map(|round| course(&round.stop, clock::now())).collect_view()}
        {roll_back(wiz, op)}
    }
    .into_any()
}

/// What is upgraded and can be rolled back, and how that goes.
fn roll_back(wiz: WizardContext, op: &UpgradeOperation) -> AnyView {
    let works = op.upgrade_step().map_or(&[][..], |it| &it.apps);
    let mut places = Vec::new();
    for (place, work) in works.iter().enumerate() {
        if work.new_version.is_some() {
            places.push(place);
        }
    }
    if places.is_empty() {
        return ().into_any();
    }
    let (shown, pages) = paged(wiz.page, &places);
    let mut rows = Vec::with_capacity(shown.len());
    for place in shown {
        let Some(work) = works.get(place) else { continue };
        let name = name_of(op, place);
        let settled = work.is_settled();
        let (tone, act) = match (work.rolling_back, settled) {
            (false, _) => (Tone::Ok, Some((messages::ROLL_BACK, Command::RollBack(AppIndex(place))))),
            (true, false) => (Tone::Busy, None),
            (true, true) if work.is_done() => (Tone::Idle, None),
            (true, true) => (Tone::Bad, Some((RETRY, Command::Retry(Part::Application(AppIndex(place)))))),
        };
        let act = act.and_then(|(words, command)| wiz.offer(op, words, name, command));
        rows.push(row(
            name,
            String::new(),
            &ROLL_BACK,
            vec![said(tone, timeline::work(work), ""), act.into_any()],
        ));
    }
    let how = messages::ROLL_BACK_DETAILS.to_owned();
    view! {
        {panel(messages::ROLL_BACK.to_owned(), how, ().into_any(), table(messages::ROLL_BACK, &ROLL_BACK, rows))}
        {pages}
        <p class="small muted">{messages::ROLL_BACK_LIMITS}</p>
    }
    .into_any()
}

/// A report as a page, `page` says which rows of its tables.
pub fn report_view(page: RwSignal<usize>, report: &Report) -> AnyView {
    let mut looks = Vec::new();
    // The same result of many applications is shown once.
    let attention = report.applications.iter().filter(|it| it.look);
    let results = group_by_key(attention.map(|it| (&it.result, ApplicationId::from(it.name.as_str()))));
    for (result, names) in results.into_iter().take(PAGE) {
        let line = if let [name] = &names[..] {
            found(Tone::Bad, name.to_string(), folded(result))
        } else {
            item(Tone::Bad, group(folded(result), &names, ().into_any()))
        };
        looks.push(line);
    }
    for it in report.schedules.iter().filter(|it| it.off).take(PAGE) {
        looks.push(found(Tone::Warn, it.name.clone(), it.result.clone().into_any()));
    }
    let most = report.applications.len().max(report.runs.len()).max(report.schedules.len());
    let places: Vec<usize> = (0..most).collect();
    let (shown, pages) = paged(page, &places);
    let (mut applications, mut runs, mut schedules) = (Vec::new(), Vec::new(), Vec::new());
    for place in shown {
        if let Some(it) = report.applications.get(place) {
            let tone = match (it.look, it.excluded) {
                (true, _) => Tone::Bad,
                (false, true) => Tone::Idle,
                (false, false) => Tone::Ok,
            };
            let ids = [&it.before, &it.after].into_iter().filter(|id| !id.is_empty());
            let ids = ids.map(|id| view! { {version_id(id)}" " }).collect_view();

            let cells = vec![
                messages::change(it).into_any(),
                if is_long(&it.result) {
                    said_with(tone, String::new(), message_view(it.result.clone()))
                } else {
                    said(tone, it.result.clone(), it.acknowledged.clone())
                },
                ids.into_any(),
            ];
            applications.push(row(&it.name, String::new(), &APPLICATIONS, cells));
        }
        if let Some(it) = report.runs.get(place) {
            let applied = it.applied.map(applied);
            let quote = (!it.log.is_empty())
                .then(|| view! { <blockquote class="quote"><code>{it.log.clone()}</code></blockquote> });
            let link = it.rule.map(|rule| why(&rule.section(), &it.after));
            let after = view! { {it.outcome.clone()}". "{applied}{it.after.clone()}{link}{quote} };
            // Namespace, application, type, program, run.
            let mut parts = it.run.splitn(3, '/').skip(1);
            let name = parts.next().unwrap_or_default();
            let sub = messages::program(parts.next().unwrap_or_default(), it.older);
            let cells = vec![it.before.clone().into_any(), after.into_any(), it.put_back.clone().into_any()];
            runs.push(row(name, sub, &RUNS, cells));
        }
        if let Some(it) = report.schedules.get(place) {
            let tone = if it.off { Tone::Warn } else { Tone::Ok };
            schedules.push(row(&it.name, String::new(), &SCHEDULES, vec![said(tone, it.result.clone(), "")]));
        }
    }
    let mut lines = Vec::new();
    for line in report.happened.iter().take(LINES) {
        let at = view! { <time datetime=line.at.to_string()>{clock::local(line.at)}</time> };
        lines.push(view! { <li>{at}" "{line.words.clone()}</li> });
    }
    let by = users(report.user.as_ref(), &report.continued);
    let facts = messages::facts(report, &clock::local(report.began), &clock::local(report.last), by);
    let unknown = (!report.unknown.is_empty()).then(|| {
        said(Tone::Warn, messages::other_version(report.unknown.len()), messages::OTHER_VERSION_DETAILS)
    });
    view! {
        <p class="figure" role="status">{report.sentence.clone()}</p>
        <p class="small muted">{facts}</p>
        {unknown}
        {(!looks.is_empty()).then(|| panel(messages::ATTENTION.to_owned(), count(looks.len()), ().into_any(), list(looks)))}
        {panel(text::APPLICATIONS.to_owned(), count(report.applications.len()), ().into_any(), table(text::APPLICATIONS, &APPLICATIONS, applications))}
        {(!runs.is_empty()).then(|| panel(text::RUNS.to_owned(), count(report.runs.len()), ().into_any(), table(text::RUNS, &RUNS, runs)))}
        {(!schedules.is_empty()).then(|| panel(text::SCHEDULES.to_owned(), count(report.schedules.len()), ().into_any(), table(text::SCHEDULES, &SCHEDULES, schedules)))}
        {pages}
        <Disclosure summary=messages::timeline(report.happened.len())><ol class="timeline">{lines}</ol></Disclosure>
        {calls(report)}
    }
    .into_any()
}

/// The first calls of a report, each with its answer; the file has all.
fn calls(report: &Report) -> AnyView {
    let client = crate::client::use_client();
    let mut blocks = Vec::new();
    for sent in report.calls.iter().take(20) {
        let tone = if sent.succeeded { Tone::Ok } else { Tone::Bad };
        blocks.push(block(client, clock::local(sent.at), &sent.request, Some((tone, sent.answer.clone()))));
    }
    let summary = messages::requests(blocks.len(), report.calls.len());
    view! { <Disclosure summary=summary><div class="stack stack-2">{blocks}</div></Disclosure> }.into_any()
}
