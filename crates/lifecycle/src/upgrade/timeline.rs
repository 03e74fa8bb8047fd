//! Whom an upgrade waited for in each step, and what each application went through: [`TimelineFold`], a fold over the
//! entries of the journal, derived and never stored. All times are by the browser's clock, as those of the journal are.

use super::course::{Course, TimeSpan};
use super::event::{AppEvent, Call, Event, EventKind, RequestEvent};
use super::operation::UpgradeOperation;
use super::remainder::Remainder;
use super::resources::{AppUpgrade, AppUpgradeState};
use super::step_list::{StepName, StepResult};
use super::steps::Step;
use crate::journal::{Entry, FoldError};
use crate::operation::{Delivery, Operation};
use quiesce_api::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Whom or what an upgrade waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UpgradeWait {
    /// A decision of the operator.
    Operator,
    /// Responses and readings of the server.
    Server,
    /// The end of runs that are stopping or draining.
    Runs,
    /// The console: it was closed between the last event and the one that resumed the upgrade.
    Console,
}

impl UpgradeWait {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Operator, Self::Server, Self::Runs, Self::Console];
}

/// What an application waits for in an upgrade, in the order in which it usually goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AppPhase {
    /// Its turn, and the reading right before its request.
    Queued,
    /// The response to its request.
    Requested,
    /// A reading that shows its version.
    Verifying,
    /// Its draining run.
    Draining,
    /// A decision of the operator: it was not upgraded.
    Undecided,
}

impl AppPhase {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Queued, Self::Requested, Self::Verifying, Self::Draining, Self::Undecided];
}

/// A step in the timeline of an upgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLane {
    /// The step.
    pub name: StepName,
    /// When it began.
    pub from: Timestamp,
    /// When the next one began, or the end of the timeline.
    pub until: Timestamp,
    /// Whom it waited for, one after the other.
    pub spans: Vec<TimeSpan<UpgradeWait>>,
    /// What it has achieved, if it is done.
    pub result: Option<StepResult>,
}

impl StepLane {
    /// How long it took, in whole seconds.
    pub fn seconds(&self) -> i64 {
        TimeSpan { kind: (), from: self.from, until: self.until }.seconds()
    }
}

/// An application in the timeline of an upgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppLane {
    /// The place of the application.
    pub place: usize,
    /// Its phases, one after the other.
    pub spans: Vec<TimeSpan<AppPhase>>,
}

impl AppLane {
    /// How long it took from its first phase to its last, in whole seconds; 0 without a phase.
    pub fn seconds(&self) -> i64 {
        let (Some(first), Some(last)) = (self.spans.first(), self.spans.last()) else { return 0 };
        TimeSpan { kind: (), from: first.from, until: last.until }.seconds()
    }

    /// How long it waited in all but for its turn, in milliseconds.
    fn worked(&self) -> i64 {
        let spans = self.spans.iter().filter(|span| span.kind != AppPhase::Queued);
        spans.map(TimeSpan::milliseconds).sum()
    }
}

/// An upgrade over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpgradeTimeline {
    /// When it was confirmed.
    pub from: Timestamp,
    /// The end of the last span: now, unless nothing is left to do.
    pub until: Timestamp,
    /// The steps that it was in, in their order.
    pub steps: Vec<StepLane>,
    /// The applications that went through a phase, by their places.
    pub applications: Vec<AppLane>,
}

impl UpgradeTimeline {
    /// At most `most` applications: those that took longest, without the wait for their turn.
    pub fn longest(&self, most: usize) -> Vec<&AppLane> {
        let mut lanes: Vec<_> = self.applications.iter().collect();
        lanes.sort_by_key(|lane| (Reverse(lane.worked()), lane.place));
        lanes.truncate(most);
        lanes
    }
}

/// The timeline of an upgrade as far as its journal was read.
#[derive(Clone, Debug)]
pub struct TimelineFold {
    op: UpgradeOperation,
    next: u64,
    /// The moment of the last event. The browser's clock may have been set back: no event is before another one.
    last: Timestamp,
    /// The last moment at which something was left to do.
    worked: Timestamp,
    steps: Vec<(StepName, Timestamp, Course<UpgradeWait>)>,
    applications: BTreeMap<usize, Course<AppPhase>>,
    /// For whom it waits at least as long as this is left.
    known: Option<(UpgradeWait, Remainder)>,
    /// How often all that is left was looked at.
    #[cfg(test)]
    pub(super) readings: usize,
}

impl TimelineFold {
    /// Begins with the first entry of a journal.
    pub fn begin(first: &Entry) -> Result<Self, FoldError> {
        let op = UpgradeOperation::begin(first.body.clone()).ok_or(FoldError::NoBeginning)?;
        Ok(Self::of(op, first.seq.saturating_add(1)))
    }

    fn of(op: UpgradeOperation, next: u64) -> Self {
        let begun = op.begun;
        let applications = BTreeMap::new();
        let mut fold = Self {
            op,
            next,
            last: begun,
            worked: begun,
            steps: Vec::new(),
            applications,
            known: None,
            #[cfg(test)]
            readings: 0,
        };
        fold.take_step();
        fold
    }

    /// The place of the next entry.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// The state after the entries that were taken.
    pub fn operation(&self) -> &UpgradeOperation {
        &self.op
    }

    /// Takes a further entry. One that this console does not know changes nothing.
    pub fn take(&mut self, entry: &Entry) {
        self.next = self.next.max(entry.seq.saturating_add(1));
        if let Some(event) = UpgradeOperation::event(&entry.body) {
            self.apply(event);
        }
    }

    fn apply(&mut self, event: &Event) {
        let before = self.last;
        self.last = before.max(event.at);
        if matches!(event.kind, EventKind::Resumed) {
            self.note_absence(before);
        }
        let (step, draining) = (self.op.step.name(), draining(&self.op));
        self.op.apply(event);
        self.known = self.known.filter(|(_, left)| left.outlasts(&self.op, event));
        self.take_step();
        match targets(event) {
            Some(places) if self.op.step.name() == step => {
                let drained = draining.into_iter().chain(self::draining(&self.op));
                for place in places.iter().copied().chain(drained) {
                    self.take_application(place);
                }
            }
            _ => self.take_applications(),
        }
    }

    fn take_applications(&mut self) {
        for place in 0..self.op.plan.applications.len() {
            self.take_application(place);
        }
    }

    /// The same as [`Self::take`], without knowing whom an event concerns, and what decides for whom the upgrade waits.
    #[cfg(test)]
    pub(super) fn take_all(&mut self, entry: &Entry) {
        self.known = None;
        self.take(entry);
        self.take_applications();
    }

    /// A server that answered while the console was closed did not keep the upgrade waiting.
    fn note_absence(&mut self, since: Timestamp) {
        let now = self.last;
        if let Some((_, _, course)) = self.steps.last_mut()
            && course.current() == Some(UpgradeWait::Server)
        {
            course.replace(since, now, UpgradeWait::Console);
        }
    }

    fn take_step(&mut self) {
        let (name, at) = (self.op.step.name(), self.last);
        let wait = self.wait(at);
        if self.steps.last().is_none_or(|(last, ..)| *last != name) {
            if let Some((_, _, course)) = self.steps.last_mut() {
                if course.current().is_some() {
                    self.worked = at;
                }
                course.turn(at, None);
            }
            self.steps.push((name, at, Course::new()));
        }
        if let Some((_, _, course)) = self.steps.last_mut() {
            if course.current().is_some() || wait.is_some() {
                self.worked = at;
            }
            course.turn(at, wait);
        }
    }

    /// Whom the upgrade waits for, without looking at all that is left if something known decides it.
    fn wait(&mut self, at: Timestamp) -> Option<UpgradeWait> {
        if let Some((known, left)) = self.known
            && left.wait(&self.op, at) == Some(known)
        {
            return Some(known);
        }
        #[cfg(test)]
        {
            self.readings += 1;
        }
        let wait = wait(&self.op, at);
        self.known = wait.and_then(|wait| Some((wait, Remainder::find(&self.op, at, wait)?)));
        wait
    }

    fn take_application(&mut self, place: usize) {
        let phase = phase(&self.op, place);
        if phase.is_some() || self.applications.contains_key(&place) {
            self.applications.entry(place).or_insert_with(Course::new).turn(self.last, phase);
        }
    }

    /// The timeline until a moment, or until nothing was left to do.
    pub fn timeline(&self, now: Timestamp) -> UpgradeTimeline {
        let is_over = self.steps.last().is_none_or(|(_, _, course)| course.current().is_none());
        let until = if is_over { self.worked } else { now.max(self.last) };
        let results = self.op.steps();
        let mut steps = Vec::with_capacity(self.steps.len());
        for (index, (name, from, course)) in self.steps.iter().enumerate() {
            let next = self.steps.get(index + 1).map(|(_, next, _)| *next);
            let spans = course.spans(until);
            // Nothing is left to do in the report, unless an application is rolled back there.
            if *name == StepName::Report && spans.is_empty() {
                continue;
            }
            let result = results.iter().find(|step| step.name == *name).and_then(|step| step.result.clone());
            steps.push(StepLane {
                name: *name,
                from: *from,
                until: next.unwrap_or(until).max(*from),
                spans,
                result,
            });
        }
        let lanes = self.applications.iter();
        let lanes = lanes.map(|(place, course)| AppLane { place: *place, spans: course.spans(until) });
        let applications = lanes.filter(|lane| !lane.spans.is_empty()).collect();
        UpgradeTimeline { from: self.op.begun, until, steps, applications }
    }
}

/// The applications whose phase an event can change, apart from one that is drained; `None`: any.
fn targets(event: &Event) -> Option<&[usize]> {
    match &event.kind {
        EventKind::Application(application, AppEvent::Read(_)) => Some(std::slice::from_ref(&application.0)),
        EventKind::Request(request) => {
            let (call, targets) = match request {
                RequestEvent::Sending { call, targets } | RequestEvent::NotSent { call, targets, .. } => {
                    (call, targets.as_slice())
                }
                RequestEvent::Answered { call, target, .. } => (call, std::slice::from_ref(target)),
            };
            match call {
                Call::Upgrade | Call::Redeploy | Call::RollBack => Some(targets),
                Call::Pause | Call::Resume | Call::Start | Call::Recover => Some(&[]),
            }
        }
        EventKind::Command(_) | EventKind::Resumed => None,
        _ => Some(&[]),
    }
}

/// The application that is drained.
fn draining(op: &UpgradeOperation) -> Option<usize> {
    let drain = op.upgrade_step()?.drain.as_ref()?;
    Some(drain.application)
}

/// Whom the upgrade waits for; `None`: nothing is left to do.
fn wait(op: &UpgradeOperation, at: Timestamp) -> Option<UpgradeWait> {
    let apps = op.upgrade_step().map(|step| step.apps.as_slice()).unwrap_or_default();
    match &op.step {
        Step::Report(_) => {
            let rolls_back = |app: &AppUpgrade| app.rolling_back && !app.is_settled();
            (op.has_open_requests() || apps.iter().any(rolls_back)).then_some(UpgradeWait::Server)
        }
        Step::StopRuns(_) if op.current_stop().is_some_and(|stop| !stop.is_finished(at)) => {
            Some(UpgradeWait::Runs)
        }
        Step::Upgrade(step) if step.drain.is_some() => Some(UpgradeWait::Runs),
        _ if op.waits_for_operator() => Some(UpgradeWait::Operator),
        _ => Some(UpgradeWait::Server),
    }
}

/// What an application waits for; `None`: for nothing.
fn phase(op: &UpgradeOperation, place: usize) -> Option<AppPhase> {
    let step = op.upgrade_step().filter(|step| step.begun)?;
    let app = step.apps.get(place)?;
    let upgrades = matches!(op.step, Step::Upgrade(_)) && op.applications.get(place)?.excluded.is_none();
    if !upgrades && (!app.rolling_back || app.is_settled()) {
        return None;
    }
    if step.drain.as_ref().is_some_and(|drain| drain.application == place) {
        return Some(AppPhase::Draining);
    }
    match &app.state {
        AppUpgradeState::Pending | AppUpgradeState::Ready(_) => {
            let waits = upgrades && !app.rolling_back && !op.may_redeploy(place, app);
            Some(if waits { AppPhase::Undecided } else { AppPhase::Queued })
        }
        AppUpgradeState::Request(Delivery::NotSent | Delivery::InFlight) => Some(AppPhase::Requested),
        AppUpgradeState::Request(Delivery::Acknowledged(_) | Delivery::InDoubt(_)) => {
            Some(AppPhase::Verifying)
        }
        AppUpgradeState::Request(Delivery::Confirmed) => None,
        AppUpgradeState::Request(Delivery::Refused(_) | Delivery::Disproved(_))
        | AppUpgradeState::Changed(_)
        | AppUpgradeState::NotSent(..) => Some(AppPhase::Undecided),
    }
}
