//! How each thing that is changed stands with its call: a schedule, an application, a run that is started again.

use super::event::NotSent;
use super::guard::{Guard, without};
use super::look::Seen;
use super::plan::Way;
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{ApplicationId, Error, RefusalKind, RunId, RunRef, Timestamp, VersionId};
use std::collections::BTreeMap;

/// A call without a good answer, or with one that is no proof: settled by reading back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Doubt {
    /// Since when.
    pub since: Timestamp,
    /// Why; `None`: the answer was good.
    pub error: Option<Error>,
}

impl Doubt {
    /// Whether no answer came, so that the server may still be at work on the request.
    pub fn is_unanswered(&self) -> bool {
        self.error.as_ref().is_some_and(|error| !error.is_answer())
    }

    /// How long readings that show no effect leave it open, in milliseconds.
    fn patience(&self) -> i64 {
        match &self.error {
            None => SETTLES,
            Some(error) if error.is_answer() => FAILURE_SETTLES,
            Some(_) => UPGRADE_SETTLES,
        }
    }

    /// How long after a reading of an application the next one is due, in milliseconds.
    pub(super) fn read_again_after(&self) -> i64 {
        if self.error.as_ref().is_some_and(Error::is_answer) { FAILURE_SETTLES } else { 3_000 }
    }

    /// Whether a reading at this moment that shows no effect settles it.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        without(Guard::Patience) || has_passed(self.since, now, self.patience())
    }
}

/// Why an application is not on the version that its call should have led to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// Why the call had no good answer, or why the application can't be read; `None`: the server accepted the call.
    pub error: Option<Error>,
    /// The artifact that it was last read on; `None`: it can't be read.
    pub still_on: Option<Artifact>,
}

/// A schedule that was on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Switch {
    /// The place of its application.
    pub application: usize,
    /// Its name.
    pub name: String,
    /// The applications that set it off; empty when the time does.
    pub after: Vec<ApplicationId>,
    /// How it stands.
    pub state: SwitchState,
    /// Whether a call of ours that turns it off may have arrived. Then "it is off already" means: by us.
    pub told: bool,
    /// When it was last read. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How a schedule stands, in the order in which it goes through it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SwitchState {
    /// It is on, and nothing was sent.
    On,
    /// It is being turned off.
    Pausing,
    /// It was told to, without a good answer.
    PauseInDoubt(Doubt),
    /// We turned it off.
    Paused,
    /// Somebody else had turned it off: it stays as it is.
    WasOff,
    /// It is not there any more.
    Gone,
    /// The server does not let us turn it off.
    NotPaused(Error),
    /// It is being turned on again.
    Resuming,
    /// It was told to, without a good answer.
    ResumeInDoubt(Doubt),
    /// It is on again.
    Resumed,
    /// The server does not let us turn it on again.
    NotResumed(Error),
    /// It stays off because the operator wants it so.
    LeftOff,
}

impl Switch {
    /// Whether it does not fire, as far as is known.
    pub fn is_off(&self) -> bool {
        matches!(self.state, SwitchState::Paused | SwitchState::WasOff | SwitchState::Gone)
    }

    /// Whether a call is under way or in doubt.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            SwitchState::Pausing
                | SwitchState::PauseInDoubt(_)
                | SwitchState::Resuming
                | SwitchState::ResumeInDoubt(_)
        )
    }

    pub(super) fn answered(&mut self, at: Timestamp, on: bool, error: Option<&Error>) {
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match (error, kind) {
            (None, _) if on => SwitchState::Resumed,
            (None, _) => SwitchState::Paused,
            // The router refuses before it forwards.
            (_, Some(RefusalKind::Unauthenticated)) if on => SwitchState::Paused,
            (_, Some(RefusalKind::Unauthenticated)) => SwitchState::On,
            (_, Some(RefusalKind::Conflict)) if on => SwitchState::Resumed,
            (_, Some(RefusalKind::Conflict)) if self.told || without(Guard::OnlyOurs) => SwitchState::Paused,
            (_, Some(RefusalKind::Conflict)) => SwitchState::WasOff,
            (_, Some(RefusalKind::NotFound)) => SwitchState::Gone,
            (Some(error), _) if error.leaves_doubt() => {
                self.told = true;
                let doubt = Doubt { since: at, error: Some(error.clone()) };
                if on { SwitchState::ResumeInDoubt(doubt) } else { SwitchState::PauseInDoubt(doubt) }
            }
            (Some(error), _) if on => SwitchState::NotResumed(error.clone()),
            (Some(error), _) => SwitchState::NotPaused(error.clone()),
        };
    }

    pub(super) fn read(&mut self, is_on: bool) -> bool {
        self.state = match (&self.state, is_on) {
            (SwitchState::PauseInDoubt(_), true) => SwitchState::On,
            (SwitchState::PauseInDoubt(_) | SwitchState::ResumeInDoubt(_), false) => SwitchState::Paused,
            (SwitchState::ResumeInDoubt(_), true) => SwitchState::Resumed,
            _ => return false,
        };
        true
    }
}

/// An application in the upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Work {
    /// How it gets to the other version.
    pub way: Way,
    /// Whether it is being rolled back.
    pub back: bool,
    /// How it stands.
    pub state: WorkState,
    /// Whether a call for it may have arrived.
    pub told: bool,
    /// The version that the upgrade made, once it was read back.
    pub made: Option<VersionId>,
    /// The words that the operator acknowledged to redeploy it although something may be left.
    pub anyway: Option<String>,
    /// Why a recovery came to nothing.
    pub not_recovered: Option<String>,
    /// When it was last read back. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How an application stands in the upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WorkState {
    /// Nothing was sent; it has to be read right before.
    Open,
    /// It was read: nothing runs, and it is what the backup has.
    Ready(Timestamp),
    /// A call is under way.
    Underway,
    /// It was answered, well or not: it is read back.
    InDoubt(Doubt),
    /// It was read back in the version that it should have.
    Done,
    /// It is not what it was, or something runs: it was left alone.
    Drifted(String),
    /// There is no request that could be sent, with details where there are any.
    NotSent(NotSent, Option<String>),
    /// The server said no.
    Refused(Error),
    /// It was read back, and is not what it should be.
    Failed(Failure),
}

impl Work {
    pub(super) fn new(way: Way) -> Self {
        Self {
            way,
            back: false,
            state: WorkState::Open,
            told: false,
            made: None,
            anyway: None,
            not_recovered: None,
            read_at: None,
        }
    }

    /// Whether a call is under way or in doubt.
    pub fn is_open(&self) -> bool {
        matches!(self.state, WorkState::Underway | WorkState::InDoubt(_))
    }

    /// Whether its request has no answer: it is under way, or its answer was lost and no reading has settled it.
    pub fn is_unanswered(&self) -> bool {
        match &self.state {
            WorkState::Underway => true,
            WorkState::InDoubt(doubt) => doubt.is_unanswered(),
            _ => false,
        }
    }

    /// Why its call had no good answer.
    pub fn error(&self) -> Option<&Error> {
        match &self.state {
            WorkState::InDoubt(doubt) => doubt.error.as_ref(),
            WorkState::Refused(error) => Some(error),
            WorkState::Failed(failure) => failure.error.as_ref(),
            _ => None,
        }
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_settled(&self) -> bool {
        !self.is_open() && !matches!(self.state, WorkState::Open | WorkState::Ready(_))
    }

    /// Whether it settled without the version that it should have, so that it can be tried again.
    pub fn has_failed(&self) -> bool {
        self.is_settled() && self.state != WorkState::Done
    }

    /// Whether it is on its new version, as far as was read: not while a roll back is open or its end is not known.
    pub fn is_upgraded(&self) -> bool {
        let back =
            self.back && (self.is_open() || matches!(self.state, WorkState::Done | WorkState::Failed(_)));
        self.made.is_some() && !back
    }

    pub(super) fn answered(&mut self, at: Timestamp, version: Option<&VersionId>, error: Option<&Error>) {
        // What was read before the call says nothing about it: it is read back at once.
        self.read_at = None;
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match error {
            None if without(Guard::ReadBack) => {
                self.made = version.cloned();
                WorkState::Done
            }
            None => WorkState::InDoubt(Doubt { since: at, error: None }),
            Some(_) if kind == Some(RefusalKind::Unauthenticated) => WorkState::Open,
            Some(_) if without(Guard::DoubtIsRead) => WorkState::Open,
            Some(error) if error.leaves_doubt() => {
                WorkState::InDoubt(Doubt { since: at, error: Some(error.clone()) })
            }
            Some(error) => WorkState::Refused(error.clone()),
        };
    }
}

/// A run that is started again, or started so that it recovers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Start {
    /// The place of its application.
    pub application: usize,
    /// The run that was stopped.
    pub run: RunRef,
    /// Whether that was a run of an older version. It is started in the version that is the latest then, since
    /// servers start no other.
    pub older: bool,
    /// Its own arguments, without those that the server adds.
    pub arguments: Option<BTreeMap<String, String>>,
    /// How it stands.
    pub state: StartState,
    /// When something was last read for it. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How a start stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StartState {
    /// The run that was stopped has to be read, and to end.
    Waiting(Timestamp),
    /// It has ended: whether its program runs has to be read.
    Ended,
    /// Nothing of its program runs, and these runs were there.
    Free(Timestamp, Vec<Seen>),
    /// The call is under way.
    Underway(Vec<Seen>),
    /// The call had no good answer, and these runs were there before.
    InDoubt(Doubt, Vec<Seen>),
    /// It became this run, which has to be seen running.
    Started(RunId, Timestamp),
    /// It was seen running.
    Running(RunId),
    /// It ran and completed.
    Completed(RunId),
    /// The program runs already, by somebody else's doing.
    RunsAlready(RunId),
    /// The run that was to be stopped was not: it runs on.
    StillRuns,
    /// The run that was to be stopped completed by itself: nothing to start again.
    ByItself,
    /// It could not be started, or failed.
    Failed(String),
    /// It is not started because the operator wants it so.
    LeftOff,
}

/// The key that the server adds to the arguments of every run.
const SERVERS_OWN: &str = "logical.start.time";

/// How long after a call a run without a sign of it counts as not told, in milliseconds.
pub(super) const SETTLES: i64 = 15_000;
/// How long after a failure that the server answered an application that was not upgraded counts as such: one reading
/// at once and one more, for a server whose readings lag behind its writes.
const FAILURE_SETTLES: i64 = 5_000;
/// How long after a lost answer an application that was not upgraded counts as such: an upgrade goes on at the
/// server while the connection is gone.
const UPGRADE_SETTLES: i64 = 60_000;
/// How long after a start a run that was not seen running counts as one that a person must look at.
pub(super) const STARTS_WITHIN: i64 = 600_000;

pub(super) fn has_passed(since: Timestamp, now: Timestamp, milliseconds: i64) -> bool {
    now.as_millisecond().saturating_sub(since.as_millisecond()) >= milliseconds
}

impl Start {
    /// A run that was stopped and shall be started again. Its arguments are those of its record, when that is read.
    pub(super) fn again(application: usize, run: RunRef, older: bool, at: Timestamp) -> Self {
        let state = StartState::Waiting(at);
        Self { application, run, older, arguments: None, state, read_at: None }
    }

    pub(super) fn take_arguments(&mut self, record: &RunRecord) {
        self.arguments = record.runtime_arguments().map(|all| {
            // Not `remove`: taking out of a map is code that nothing else in the page needs.
            let mut own = BTreeMap::new();
            for (name, value) in all {
                if name != SERVERS_OWN {
                    own.insert(name, value);
                }
            }
            own
        });
    }

    /// Whether a call is under way or in doubt.
    pub fn is_open(&self) -> bool {
        matches!(self.state, StartState::Underway(_) | StartState::InDoubt(..))
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_settled(&self) -> bool {
        !self.is_open()
            && !matches!(
                self.state,
                StartState::Waiting(_) | StartState::Ended | StartState::Free(..) | StartState::Started(..)
            )
    }

    /// The run that it became.
    pub fn became(&self) -> Option<&RunId> {
        match &self.state {
            StartState::Started(run, _) | StartState::Running(run) | StartState::Completed(run) => Some(run),
            _ => None,
        }
    }

    pub(super) fn answered(&mut self, at: Timestamp, run: Option<&RunId>, error: Option<&Error>) {
        let StartState::Underway(before) = &mut self.state else { return };
        let before = std::mem::take(before);
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match (error, run) {
            (None, Some(run)) => StartState::Started(run.clone(), at),
            (None, None) => StartState::InDoubt(Doubt { since: at, error: None }, before),
            // 429: the server starts no more runs now. It is asked again.
            (Some(_), _)
                if matches!(kind, Some(RefusalKind::Unauthenticated | RefusalKind::TooManyRequests)) =>
            {
                StartState::Ended
            }
            (Some(error), _) if error.leaves_doubt() => {
                StartState::InDoubt(Doubt { since: at, error: Some(error.clone()) }, before)
            }
            (Some(error), _) => StartState::Failed(error.to_string()),
        };
    }

    /// Takes in a reading of the run: of the stopped one before the start, of the new one after it.
    pub(super) fn run_read(&mut self, at: Timestamp, record: &RunRecord) -> bool {
        self.read_at = Some(at);
        let end = record.status.is_end();
        if end && matches!(self.state, StartState::Waiting(_)) {
            self.take_arguments(record);
        }
        self.state = match &self.state {
            StartState::Waiting(_)
                if end && record.status == RunStatus::Completed && record.stopping.is_none() =>
            {
                StartState::ByItself
            }
            StartState::Waiting(_) if end => StartState::Ended,
            StartState::Waiting(since)
                if record.status != RunStatus::Stopping && has_passed(*since, at, SETTLES) =>
            {
                StartState::StillRuns
            }
            StartState::Started(run, _) if record.status == RunStatus::Running => {
                StartState::Running(run.clone())
            }
            StartState::Started(run, _) if record.status == RunStatus::Completed => {
                StartState::Completed(run.clone())
            }
            StartState::Started(run, _) if end => {
                StartState::Failed(format!("Run {run} ended as {}.", record.status))
            }
            StartState::Started(run, since) if has_passed(*since, at, STARTS_WITHIN) => {
                StartState::Failed(format!("Run {run} has been {} for more than 10 minutes.", record.status))
            }
            _ => return false,
        };
        true
    }

    /// Takes in a reading of the program's runs. `ours` are runs that this operation started.
    pub(super) fn runs_read(&mut self, at: Timestamp, seen: &[Seen], ours: &[RunId]) -> bool {
        self.read_at = Some(at);
        self.state = match &mut self.state {
            StartState::Ended | StartState::Free(..) => {
                let mut others =
                    seen.iter().filter(|seen| !seen.status.is_end() && !ours.contains(&seen.run));
                match others.next() {
                    Some(_) if without(Guard::NoSecondCopy) => StartState::Free(at, seen.to_vec()),
                    None => StartState::Free(at, seen.to_vec()),
                    // It may be ours, about to end.
                    Some(other) if other.status == RunStatus::Stopping => return false,
                    Some(other) => StartState::RunsAlready(other.run.clone()),
                }
            }
            StartState::InDoubt(doubt, before) => {
                let newest = before.iter().map(|seen| seen.starting).max();
                let new = seen.iter().find(|seen| {
                    newest.is_none_or(|newest| seen.starting >= newest)
                        && !ours.contains(&seen.run)
                        && before.iter().all(|before| before.run != seen.run)
                });
                match new {
                    Some(new) => StartState::Started(new.run.clone(), at),
                    None if has_passed(doubt.since, at, SETTLES * 2) => {
                        StartState::Failed(match &doubt.error {
                            Some(error) => format!("No response ({error}), and no new run was found."),
                            None => "The server accepted the start, but no new run was found.".to_owned(),
                        })
                    }
                    None => return false,
                }
            }
            _ => return false,
        };
        true
    }
}
