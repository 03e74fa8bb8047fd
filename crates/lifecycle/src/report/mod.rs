//! The report of an upgrade, told from its journal: what was asked, what happened when, what became of each
//! application, run and schedule, every request with its answer. As a value for the page, as JSON, and as a shell
//! script that repeats it.

mod script;
mod times;

pub use script::{ScriptPlan, ScriptedApplication, ScriptedSchedule, script};
pub use times::{ReportedSpan, ReportedStep, RunTimes};

use crate::backup::Summary;
use crate::journal::{Entry, FoldError, Header};
use crate::operation::Operation;
use crate::plural::plural;
use crate::stop;
use crate::text::{self, timeline};
use crate::upgrade::{
    AppUpgrade, Call, Event, EventKind, RequestEvent, TimelineFold, UpgradeMethod, UpgradeOperation,
    UpgradeTimeline,
};
use crate::user::{Continuation, UserName};
use crate::verdict::{self, NextStep, ReasonKind, Rule};
use quiesce_api::{Request, Timestamp};
use serde::Serialize;
use std::fmt::Write;

/// What a report tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The version of this format: 1.
    pub quiesce: u32,
    /// The namespaces of the applications, with commas between them.
    pub namespace: String,
    /// The server, as the page calls it.
    pub server: String,
    /// When it was chosen, by the browser's clock in UTC.
    pub began: Timestamp,
    /// Who started it. `None`: the page knew no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserName>,
    /// Who continued the upgrade of another user, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub continued: Vec<Continuation>,
    /// The last thing that happened.
    pub last: Timestamp,
    /// In one sentence.
    pub sentence: String,
    /// The steps over time.
    pub steps: Vec<ReportedStep>,
    /// The same with the phases of applications; for the page.
    #[serde(skip)]
    pub timeline: UpgradeTimeline,
    /// The applications.
    pub applications: Vec<Application>,
    /// The runs that were stopped.
    pub runs: Vec<Run>,
    /// The schedules that were on.
    pub schedules: Vec<Schedule>,
    /// The backup.
    pub backup: Option<Summary>,
    /// What happened, in order.
    pub happened: Vec<TimelineEntry>,
    /// Every call that changes something, in order.
    pub calls: Vec<RecordedCall>,
    /// Entries of the journal that this console does not know, verbatim.
    pub unknown: Vec<Entry>,
}

/// An application in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// What it was made of.
    pub from: String,
    /// What it should be made of.
    pub to: String,
    /// `upgrade` or `redeploy`.
    pub way: &'static str,
    /// What became of it.
    pub result: String,
    /// Whether a person should look at it.
    pub look: bool,
    /// Whether the operator excluded it; for the page.
    #[serde(skip)]
    pub excluded: bool,
    /// Its version before, as it was checked.
    pub before: String,
    /// Its new version.
    pub after: String,
    /// What the operator acknowledged of it.
    pub acknowledged: String,
    /// What it waited for in the upgrade, in order.
    pub spans: Vec<ReportedSpan>,
}

/// A run in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The run, with its program and application.
    pub run: String,
    /// Whether it was of an older version.
    pub older: bool,
    /// The strict verdict before the stop.
    pub before: String,
    /// The strict verdict after it, with its first reason.
    pub after: String,
    /// The rule of its first reason, for the page.
    #[serde(skip)]
    pub rule: Option<Rule>,
    /// What became of the stop.
    pub outcome: String,
    /// The grace that the server gave, in seconds.
    pub applied: Option<i64>,
    /// The line of its log that decided, if there is one.
    pub log: String,
    /// What became of its start.
    pub put_back: String,
    /// How long its stop took.
    pub times: RunTimes,
}

/// A schedule in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// Its application and its name.
    pub name: String,
    /// What became of it.
    pub result: String,
    /// Whether it was on before and is off now.
    pub off: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineEntry {
    /// The time.
    pub at: Timestamp,
    /// What.
    pub words: String,
}

/// A call with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordedCall {
    /// The time.
    pub at: Timestamp,
    /// What was sent. The configuration of a redeploy and of a roll back is the one in the backup, and not here.
    pub request: Request,
    /// When the answer came; `None`: none came.
    pub answered: Option<Timestamp>,
    /// The answer as text.
    pub answer: String,
    /// Whether it was answered, and nothing that it names was refused; for the page.
    #[serde(skip)]
    pub succeeded: bool,
}

/// The calls without an answer: which, and where in the list.
struct OpenCall {
    call: Option<Call>,
    stop: Option<stop::CallId>,
    places: Vec<usize>,
    at: usize,
}

impl Report {
    /// Tells an upgrade from its journal: its header and its entries, in the order of their places.
    pub fn of(header: &Header, entries: &[Entry]) -> Result<Self, FoldError> {
        let (first, rest) = entries.split_first().ok_or(FoldError::Empty)?;
        let mut fold = TimelineFold::begin(first)?;
        let op = fold.operation();
        let began = op.begun;
        let mut happened = Vec::new();
        let chosen = op.plan.applications.len();
        happened
            .push(TimelineEntry { at: began, words: format!("Selected: {}", plural(chosen, "application")) });
        if let Some(user) = &header.user {
            happened.push(TimelineEntry { at: began, words: timeline::started(user) });
        }
        let continued = header.continued.iter();
        happened.extend(
            continued.map(|it| TimelineEntry { at: it.at, words: timeline::continued(it.user.as_ref()) }),
        );
        let mut calls = Vec::new();
        let mut open = Vec::new();
        let mut unknown = Vec::new();
        let mut last = began;
        for entry in rest {
            let Some(event) = UpgradeOperation::event(&entry.body) else {
                unknown.push(entry.clone());
                continue;
            };
            last = last.max(event.at);
            note_call(fold.operation(), event, &mut calls, &mut open);
            let before = timeline::before(fold.operation(), event);
            fold.take(entry);
            if let Some(words) = before.or_else(|| timeline::after(fold.operation(), event)) {
                happened.push(TimelineEntry { at: event.at, words });
            }
        }
        happened.sort_by_key(|line| line.at);
        let (op, timeline) = (fold.operation(), fold.timeline(last));
        Ok(Self {
            quiesce: 1,
            namespace: crate::plural::list(op.plan.namespaces()),
            server: header.server.clone(),
            began,
            user: header.user.clone(),
            continued: header.continued.clone(),
            last,
            sentence: sentence(op),
            steps: timeline.steps.iter().map(ReportedStep::from).collect(),
            applications: applications(op, &timeline),
            timeline,
            runs: runs(op),
            schedules: schedules(op),
            backup: op.upgrade_step().map(|upgrading| upgrading.backup().summary().clone()),
            happened,
            calls,
            unknown,
        })
    }

    /// As JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn note_call(op: &UpgradeOperation, event: &Event, calls: &mut Vec<RecordedCall>, open: &mut Vec<OpenCall>) {
    let mut send = |request: Option<Request>, call, stop, places: Vec<usize>| {
        if let Some(request) = request {
            open.push(OpenCall { call, stop, places, at: calls.len() });
            calls.push(RecordedCall {
                at: event.at,
                request,
                answered: None,
                answer: "no response".to_owned(),
                succeeded: false,
            });
        }
    };
    let (mut answered, mut answered_target) = (None, None);
    match &event.kind {
        EventKind::Request(RequestEvent::Sending { call, targets }) => {
            send(op.request(*call, targets, None), Some(*call), None, targets.clone());
        }
        EventKind::Stop(stop) => match &**stop {
            stop::Event::Sending { call, stop, .. } => {
                send(Some(stop.request()), None, Some(*call), Vec::new());
            }
            stop::Event::Answered { call, result, .. } => {
                let at = open.iter().rposition(|open| open.stop == Some(*call));
                answered = at.map(|at| (at, result.as_ref().err()));
            }
            _ => {}
        },
        EventKind::Request(RequestEvent::Answered { call, target, result }) => {
            let of_it = |open: &OpenCall| open.call == Some(*call) && open.places.contains(target);
            answered = open.iter().rposition(of_it).map(|at| (at, result.as_ref().err()));
            answered_target = Some(*target);
        }
        _ => {}
    }
    let Some((at, error)) = answered else { return };
    let Some(it) = open.get_mut(at) else { return };
    if let Some(sent) = calls.get_mut(it.at) {
        let words = error.map_or_else(|| "200".to_owned(), ToString::to_string);
        // A call that names several has an answer for each.
        sent.succeeded = error.is_none() && (sent.succeeded || sent.answered.is_none());
        sent.answer = if sent.answered.is_some() { format!("{}; {words}", sent.answer) } else { words };
        sent.answered = Some(event.at);
    }
    it.places.retain(|place| Some(*place) != answered_target);
    if it.places.is_empty() {
        open.swap_remove(at);
    }
}

fn sentence(op: &UpgradeOperation) -> String {
    let counts = op.counts();
    let mut sentence = format!("{} of {} upgraded.", counts.upgraded, plural(counts.all, "application"));
    if counts.rolled_back > 0 {
        let _ = write!(sentence, " {} rolled back.", counts.rolled_back);
    }
    if op.aborted.is_some() {
        sentence.push_str(" Aborted by the operator.");
    }
    if counts.paused_schedules > 0 {
        let paused = crate::plural::counted(counts.paused_schedules, "schedule is", "schedules are");
        let _ = write!(sentence, " {paused} still paused.");
    }
    if counts.failed_restarts > 0 {
        let _ = write!(sentence, " {} not started.", plural(counts.failed_restarts, "run"));
    }
    let mut stops = op.stop_rounds.iter().flat_map(|round| round.stop.calls.values());
    let batch = |call: &stop::SentCall| matches!(call.stop, stop::StopCall::Batch(_));
    if stops.any(|call| batch(call) && !matches!(call.answer, Some((_, Ok(()))))) {
        sentence.push_str(
            " A batch stop was not confirmed: a run that started just before it may have been stopped too, and no \
             response names it.",
        );
    }
    sentence
}

fn applications(op: &UpgradeOperation, over_time: &UpgradeTimeline) -> Vec<Application> {
    let mut lanes = over_time.applications.iter().peekable();
    let mut rows = Vec::with_capacity(op.plan.applications.len());
    for (place, (chosen, scoped)) in op.plan.applications.iter().zip(&op.applications).enumerate() {
        let work = op.upgrade_step().and_then(|upgrading| upgrading.apps.get(place));
        let out = scoped.excluded.is_some();
        let result = match work {
            _ if out => "Excluded".to_owned(),
            Some(work) => timeline::work(work),
            None => "Not upgraded".to_owned(),
        };
        let way = work.map_or(chosen.way, |work| work.method);
        let lane = lanes.next_if(|lane| lane.place == place);
        rows.push(Application {
            name: chosen.application.as_str().to_owned(),
            from: scoped.snapshot.as_ref().map_or(&chosen.from, |look| &look.artifact).to_string(),
            to: chosen.to.to_string(),
            way: if way == UpgradeMethod::Upgrade { "upgrade" } else { "redeploy" },
            excluded: out,
            look: !out && work.is_none_or(|work| !work.is_done()),
            before: scoped
                .snapshot
                .as_ref()
                .map_or(&chosen.version, |look| &look.version)
                .as_str()
                .to_owned(),
            after: work
                .and_then(|work| work.new_version.as_ref())
                .map_or("", |version| version.as_str())
                .to_owned(),
            acknowledged: work.and_then(|work: &AppUpgrade| work.risk_accepted.clone()).unwrap_or_default(),
            result,
            spans: times::phases(lane),
        });
    }
    rows
}

fn runs(op: &UpgradeOperation) -> Vec<Run> {
    let mut rows = Vec::new();
    for round in &op.stop_rounds {
        let over_time = round.stop.timeline(round.stop.last_change);
        for (at, (target, run)) in round.stop.plan.targets.iter().zip(&round.stop.runs).enumerate() {
            let Some(outcome) = round.stop.outcome(at, round.stop.last_change) else { continue };
            let facts = target.facts.as_ref();
            let after = verdict::after(target.kind, facts, run.log.as_ref(), &outcome, NextStep::Upgrade);
            let why = after.as_ref().and_then(|after| after.reasons.first()).map(|reason| reason.kind);
            let after = after.map_or(String::new(), |after| {
                let why = why.map(text::verdict::reason).unwrap_or_default();
                format!("{}: {why}", text::verdict::label(after.verdict))
            });
            let quote = run.log.as_ref().and_then(|log| log.quotes.first());
            let start = op.restarts().iter().find(|start| start.run == target.run);
            rows.push(Run {
                run: target.run.to_string(),
                older: target.older,
                before: text::verdict::label(op.verdict_before(target).verdict).to_owned(),
                after,
                rule: why.map(ReasonKind::rule),
                outcome: text::outcome::outcome(&outcome),
                applied: outcome.applied_grace,
                log: quote.map_or(String::new(), |quote| quote.line.clone()),
                put_back: match (start, round.drained) {
                    (Some(start), _) => timeline::start(start),
                    (None, Some(_)) => "Started to drain unprocessed data".to_owned(),
                    (None, None) => String::new(),
                },
                times: over_time.lanes.get(at).map(RunTimes::from).unwrap_or_default(),
            });
        }
    }
    rows
}

fn schedules(op: &UpgradeOperation) -> Vec<Schedule> {
    let mut rows = Vec::with_capacity(op.schedules.len());
    for switch in &op.schedules {
        let name = timeline::schedule_name(op, switch);
        let mut result = timeline::switch(switch).to_owned();
        if let Some(error) = switch.refusal() {
            let _ = write!(result, ": {error}");
        }
        rows.push(Schedule { name, result, off: switch.is_left_paused() });
    }
    rows
}

#[cfg(test)]
pub(crate) mod tests;
