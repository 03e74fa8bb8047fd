//! How each thing that is changed stands with its call: a schedule, an application, a run that is started again.

use super::event::NotSentReason;
use super::guard::{Guard, without};
use super::plan::UpgradeMethod;
use super::snapshot::RunSummary;
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{ApplicationId, Error, RefusalKind, RunId, RunRef, Timestamp, VersionId};
use std::collections::BTreeMap;

/// A call without a good answer, or with one that is not a proof: settled by reading back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Doubt {
    /// The time that it began.
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
pub struct AppUpgradeFailure {
    /// Why the call had no good answer, or why the application can't be read; `None`: the server accepted the call.
    pub error: Option<Error>,
    /// The artifact that it was last read on; `None`: it can't be read.
    pub still_on: Option<Artifact>,
}

/// A schedule that was on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScheduleTask {
    /// The place of its application.
    pub application: usize,
    /// Its name.
    pub name: String,
    /// The applications that set it off; empty when the time does.
    pub triggered_by: Vec<ApplicationId>,
    /// Its state.
    pub state: ScheduleTaskState,
    /// Whether a call of ours that turns it off may have arrived. Then "it is off already" means: by us.
    pub may_have_been_sent: bool,
    /// When it was last read. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How a schedule stands, in the order in which it goes through it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ScheduleTaskState {
    /// It is on, and nothing was sent.
    Enabled,
    /// It is being turned off.
    Pausing,
    /// Requested, without a good answer.
    PauseInDoubt(Doubt),
    /// We turned it off.
    Paused,
    /// Another user had turned it off: it stays as it is.
    AlreadySuspended,
    /// It is not there any more.
    Deleted,
    /// The server does not let us turn it off.
    PauseRefused(Error),
    /// It is being turned on again.
    Resuming,
    /// Requested, without a good answer.
    ResumeInDoubt(Doubt),
    /// It is on again.
    Resumed,
    /// The server does not let us turn it on again.
    ResumeRefused(Error),
    /// It stays off because the operator wants it so.
    LeftSuspended,
}

impl ScheduleTask {
    /// Whether it does not fire, as far as is known.
    pub fn is_suspended(&self) -> bool {
        matches!(
            self.state,
            ScheduleTaskState::Paused | ScheduleTaskState::AlreadySuspended | ScheduleTaskState::Deleted
        )
    }

    /// Whether a call is under way or in doubt.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            ScheduleTaskState::Pausing
                | ScheduleTaskState::PauseInDoubt(_)
                | ScheduleTaskState::Resuming
                | ScheduleTaskState::ResumeInDoubt(_)
        )
    }

    pub(super) fn answered(&mut self, at: Timestamp, on: bool, error: Option<&Error>) {
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match (error, kind) {
            (None, _) if on => ScheduleTaskState::Resumed,
            (None, _) => ScheduleTaskState::Paused,
            // The router refuses before it forwards.
            (_, Some(RefusalKind::Unauthenticated)) if on => ScheduleTaskState::Paused,
            (_, Some(RefusalKind::Unauthenticated)) => ScheduleTaskState::Enabled,
            (_, Some(RefusalKind::Conflict)) if on => ScheduleTaskState::Resumed,
            (_, Some(RefusalKind::Conflict)) if self.may_have_been_sent || without(Guard::OnlyOurs) => {
                ScheduleTaskState::Paused
            }
            (_, Some(RefusalKind::Conflict)) => ScheduleTaskState::AlreadySuspended,
            (_, Some(RefusalKind::NotFound)) => ScheduleTaskState::Deleted,
            (Some(error), _) if error.leaves_doubt() => {
                self.may_have_been_sent = true;
                let doubt = Doubt { since: at, error: Some(error.clone()) };
                if on {
                    ScheduleTaskState::ResumeInDoubt(doubt)
                } else {
                    ScheduleTaskState::PauseInDoubt(doubt)
                }
            }
            (Some(error), _) if on => ScheduleTaskState::ResumeRefused(error.clone()),
            (Some(error), _) => ScheduleTaskState::PauseRefused(error.clone()),
        };
    }

    pub(super) fn read(&mut self, is_on: bool) -> bool {
        self.state = match (&self.state, is_on) {
            (ScheduleTaskState::PauseInDoubt(_), true) => ScheduleTaskState::Enabled,
            (ScheduleTaskState::PauseInDoubt(_) | ScheduleTaskState::ResumeInDoubt(_), false) => {
                ScheduleTaskState::Paused
            }
            (ScheduleTaskState::ResumeInDoubt(_), true) => ScheduleTaskState::Resumed,
            _ => return false,
        };
        true
    }
}

/// An application in the upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppUpgrade {
    /// How it gets to the other version.
    pub method: UpgradeMethod,
    /// Whether it is being rolled back.
    pub rolling_back: bool,
    /// Its state.
    pub state: AppUpgradeState,
    /// Whether a call for it may have arrived.
    pub may_have_been_sent: bool,
    /// The version that the upgrade made, once it was read back.
    pub new_version: Option<VersionId>,
    /// The message that the operator acknowledged to redeploy it although something may be left.
    pub risk_accepted: Option<String>,
    /// Why a recovery failed.
    pub drain_failure: Option<String>,
    /// When it was last read back. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How an application stands in the upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AppUpgradeState {
    /// Nothing was sent; it has to be read right before.
    Pending,
    /// It was read: nothing runs, and it is what the backup has.
    Ready(Timestamp),
    /// A call is under way.
    InFlight,
    /// It was answered, well or not: it is read back.
    InDoubt(Doubt),
    /// It was read back in the version that it should have.
    Done,
    /// It is not what it was, or something runs: it was left alone.
    Changed(String),
    /// There is no request that could be sent, with details where there are any.
    NotSent(NotSentReason, Option<String>),
    /// The server said no.
    Refused(Error),
    /// It was read back, and is not what it should be.
    Failed(AppUpgradeFailure),
}

impl AppUpgrade {
    pub(super) fn new(way: UpgradeMethod) -> Self {
        Self {
            method: way,
            rolling_back: false,
            state: AppUpgradeState::Pending,
            may_have_been_sent: false,
            new_version: None,
            risk_accepted: None,
            drain_failure: None,
            read_at: None,
        }
    }

    /// Whether a call is under way or in doubt.
    pub fn is_open(&self) -> bool {
        matches!(self.state, AppUpgradeState::InFlight | AppUpgradeState::InDoubt(_))
    }

    /// Whether its request has no answer: it is under way, or its answer was lost and no reading has settled it.
    pub fn is_unanswered(&self) -> bool {
        match &self.state {
            AppUpgradeState::InFlight => true,
            AppUpgradeState::InDoubt(doubt) => doubt.is_unanswered(),
            _ => false,
        }
    }

    /// Why its call had no good answer.
    pub fn error(&self) -> Option<&Error> {
        match &self.state {
            AppUpgradeState::InDoubt(doubt) => doubt.error.as_ref(),
            AppUpgradeState::Refused(error) => Some(error),
            AppUpgradeState::Failed(failure) => failure.error.as_ref(),
            _ => None,
        }
    }

    /// Whether nothing more happens to it automatically.
    pub fn is_settled(&self) -> bool {
        !self.is_open() && !matches!(self.state, AppUpgradeState::Pending | AppUpgradeState::Ready(_))
    }

    /// Whether it settled without the version that it should have, so that it can be tried again.
    pub fn has_failed(&self) -> bool {
        self.is_settled() && self.state != AppUpgradeState::Done
    }

    /// Whether it is on its new version, as far as was read: not while a roll back is open or its end is not known.
    pub fn is_upgraded(&self) -> bool {
        let back = self.rolling_back
            && (self.is_open() || matches!(self.state, AppUpgradeState::Done | AppUpgradeState::Failed(_)));
        self.new_version.is_some() && !back
    }

    pub(super) fn answered(&mut self, at: Timestamp, version: Option<&VersionId>, error: Option<&Error>) {
        // What was read before the call says nothing about it: it is read back at once.
        self.read_at = None;
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match error {
            None if without(Guard::ReadBack) => {
                self.new_version = version.cloned();
                AppUpgradeState::Done
            }
            None => AppUpgradeState::InDoubt(Doubt { since: at, error: None }),
            Some(_) if kind == Some(RefusalKind::Unauthenticated) => AppUpgradeState::Pending,
            Some(_) if without(Guard::DoubtIsRead) => AppUpgradeState::Pending,
            Some(error) if error.leaves_doubt() => {
                AppUpgradeState::InDoubt(Doubt { since: at, error: Some(error.clone()) })
            }
            Some(error) => AppUpgradeState::Refused(error.clone()),
        };
    }
}

/// A run that is started again, or started so that it recovers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Restart {
    /// The place of its application.
    pub application: usize,
    /// The run that was stopped.
    pub run: RunRef,
    /// Whether that was a run of an older version. It is started in the version that is the latest then, since
    /// servers start no other.
    pub superseded: bool,
    /// Its own arguments, without those that the server adds.
    pub arguments: Option<BTreeMap<String, String>>,
    /// Its state.
    pub state: RestartState,
    /// When something was last read for it. Not kept in the journal.
    pub read_at: Option<Timestamp>,
}

/// How a start stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RestartState {
    /// The run that was stopped has to be read, and to end.
    WaitingForEnd(Timestamp),
    /// It has ended: whether its program runs has to be read.
    Ended,
    /// Nothing of its program runs, and these runs were there.
    MayStart(Timestamp, Vec<RunSummary>),
    /// The call is under way.
    InFlight(Vec<RunSummary>),
    /// The call had no good answer, and these runs were there before.
    InDoubt(Doubt, Vec<RunSummary>),
    /// It became this run, which has to be seen running.
    Started(RunId, Timestamp),
    /// It was seen running.
    Running(RunId),
    /// It ran and completed.
    Completed(RunId),
    /// The program runs already, by another user's doing.
    AlreadyActive(RunId),
    /// The run that was to be stopped was not: it runs on.
    StillActive,
    /// The run that was to be stopped completed on its own: nothing to start again.
    CompletedWithoutStop,
    /// It could not be started, or failed.
    Failed(String),
    /// It is not started because the operator wants it so.
    Skipped,
}

/// The key that the server adds to the arguments of every run.
const SERVERS_OWN: &str = "logical.start.time";

/// How long after a call a run without a sign of it counts as not told, in milliseconds.
pub(super) const SETTLES: i64 = 15_000;
/// How long after a failure that the server answered an application that was not upgraded counts as such: one reading
/// at once and one more, for a server whose readings lag behind its writes.
const FAILURE_SETTLES: i64 = 5_000;
/// How long after a lost answer an application that was not upgraded counts as such: an upgrade continues at the
/// server while the connection is gone.
const UPGRADE_SETTLES: i64 = 60_000;
/// How long after a start a run that was not seen running counts as one that a person must look at.
pub(super) const STARTS_WITHIN: i64 = 600_000;

pub(super) fn has_passed(since: Timestamp, now: Timestamp, milliseconds: i64) -> bool {
    now.as_millisecond().saturating_sub(since.as_millisecond()) >= milliseconds
}

impl Restart {
    /// A run that was stopped and shall be started again. Its arguments are those of its record, when that is read.
    pub(super) fn again(application: usize, run: RunRef, older: bool, at: Timestamp) -> Self {
        let state = RestartState::WaitingForEnd(at);
        Self { application, run, superseded: older, arguments: None, state, read_at: None }
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
        matches!(self.state, RestartState::InFlight(_) | RestartState::InDoubt(..))
    }

    /// Whether nothing more happens to it automatically.
    pub fn is_settled(&self) -> bool {
        !self.is_open()
            && !matches!(
                self.state,
                RestartState::WaitingForEnd(_)
                    | RestartState::Ended
                    | RestartState::MayStart(..)
                    | RestartState::Started(..)
            )
    }

    /// The run that it became.
    pub fn became(&self) -> Option<&RunId> {
        match &self.state {
            RestartState::Started(run, _) | RestartState::Running(run) | RestartState::Completed(run) => {
                Some(run)
            }
            _ => None,
        }
    }

    pub(super) fn answered(&mut self, at: Timestamp, run: Option<&RunId>, error: Option<&Error>) {
        let RestartState::InFlight(before) = &mut self.state else { return };
        let before = std::mem::take(before);
        let kind = error.and_then(Error::refusal).map(|refusal| refusal.kind);
        self.state = match (error, run) {
            (None, Some(run)) => RestartState::Started(run.clone(), at),
            (None, None) => RestartState::InDoubt(Doubt { since: at, error: None }, before),
            // 429: the server starts no more runs now. It is asked again.
            (Some(_), _)
                if matches!(kind, Some(RefusalKind::Unauthenticated | RefusalKind::TooManyRequests)) =>
            {
                RestartState::Ended
            }
            (Some(error), _) if error.leaves_doubt() => {
                RestartState::InDoubt(Doubt { since: at, error: Some(error.clone()) }, before)
            }
            (Some(error), _) => RestartState::Failed(error.to_string()),
        };
    }

    /// Takes in a reading of the run: of the stopped one before the start, of the new one after it.
    pub(super) fn run_read(&mut self, at: Timestamp, record: &RunRecord) -> bool {
        self.read_at = Some(at);
        let end = record.status.is_end();
        if end && matches!(self.state, RestartState::WaitingForEnd(_)) {
            self.take_arguments(record);
        }
        self.state = match &self.state {
            RestartState::WaitingForEnd(_)
                if end && record.status == RunStatus::Completed && record.stopping.is_none() =>
            {
                RestartState::CompletedWithoutStop
            }
            RestartState::WaitingForEnd(_) if end => RestartState::Ended,
            RestartState::WaitingForEnd(since)
                if record.status != RunStatus::Stopping && has_passed(*since, at, SETTLES) =>
            {
                RestartState::StillActive
            }
            RestartState::Started(run, _) if record.status == RunStatus::Running => {
                RestartState::Running(run.clone())
            }
            RestartState::Started(run, _) if record.status == RunStatus::Completed => {
                RestartState::Completed(run.clone())
            }
            RestartState::Started(run, _) if end => {
                RestartState::Failed(format!("Run {run} ended as {}.", record.status))
            }
            RestartState::Started(run, since) if has_passed(*since, at, STARTS_WITHIN) => {
                RestartState::Failed(format!(
                    "Run {run} has been {} for more than 10 minutes.",
                    record.status
                ))
            }
            _ => return false,
        };
        true
    }

    /// Takes in a reading of the program's runs. `ours` are runs that this operation started.
    pub(super) fn runs_read(&mut self, at: Timestamp, seen: &[RunSummary], ours: &[RunId]) -> bool {
        self.read_at = Some(at);
        self.state = match &mut self.state {
            RestartState::Ended | RestartState::MayStart(..) => {
                let mut others =
                    seen.iter().filter(|seen| !seen.status.is_end() && !ours.contains(&seen.run));
                match others.next() {
                    Some(_) if without(Guard::NoSecondCopy) => RestartState::MayStart(at, seen.to_vec()),
                    None => RestartState::MayStart(at, seen.to_vec()),
                    // It may be ours, about to end.
                    Some(other) if other.status == RunStatus::Stopping => return false,
                    Some(other) => RestartState::AlreadyActive(other.run.clone()),
                }
            }
            RestartState::InDoubt(doubt, before) => {
                let newest = before.iter().map(|seen| seen.starting).max();
                let new = seen.iter().find(|seen| {
                    newest.is_none_or(|newest| seen.starting >= newest)
                        && !ours.contains(&seen.run)
                        && before.iter().all(|before| before.run != seen.run)
                });
                match new {
                    Some(new) => RestartState::Started(new.run.clone(), at),
                    None if has_passed(doubt.since, at, SETTLES * 2) => {
                        RestartState::Failed(match &doubt.error {
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
