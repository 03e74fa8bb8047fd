//! A run that was stopped: it is started again, or started so that it recovers.

use super::settling::SETTLES;
use crate::operation::{Coverage, Delivery, has_passed};
use crate::upgrade::reasons::RestartFailure;
use crate::upgrade::snapshot::RunSummary;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{Error, RefusalKind, RunId, RunRef, Timestamp};
use std::collections::BTreeMap;

/// The key that the server adds to the arguments of every run.
const SERVERS_OWN: &str = "logical.start.time";

/// How long after a start a run that was not seen running counts as one that a person must look at.
const STARTS_WITHIN: i64 = 600_000;

/// How long after a start whose run is unknown the new run has to appear, in milliseconds. A busy server writes the record of a
/// run minutes late (docs/cdap-api.md#stop-propagation); a start that counts as failed too early may be sent twice.
const APPEARS_WITHIN: i64 = 300_000;

/// A run that is started again, or started so that it recovers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Restart {
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
    /// Its request, and the runs that were there before. Its effect is a new run.
    Request(Delivery, Vec<RunSummary>),
    /// It became this run, which has to be seen running.
    Started(RunId, Timestamp),
    /// It was seen running.
    Running(RunId),
    /// It ran and completed.
    Completed(RunId),
    /// The program runs already, by another user's doing.
    AlreadyActive(RunId),
    /// The run that was to be stopped was not, as far as its record says: it runs on. The record is still read while the
    /// operator restores, since a busy server can write it minutes late.
    StillActive,
    /// The run that was to be stopped completed on its own: nothing to start again.
    CompletedWithoutStop,
    /// It could not be started, or failed.
    Failed(RestartFailure),
    /// It is not started because the operator wants it so.
    Skipped,
}

impl Restart {
    /// A run that was stopped and shall be started again. Its arguments are those of its record, when that is read.
    pub(in crate::upgrade) fn again(run: RunRef, older: bool, at: Timestamp) -> Self {
        let state = RestartState::WaitingForEnd(at);
        Self { run, superseded: older, arguments: None, state, read_at: None }
    }

    pub(in crate::upgrade) fn take_arguments(&mut self, record: &RunRecord) {
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

    /// Its request, once it was sent and until the run that it became is known.
    pub fn delivery(&self) -> Option<&Delivery> {
        match &self.state {
            RestartState::Request(delivery, _) => Some(delivery),
            _ => None,
        }
    }

    /// Whether a request is in flight, or its effect is not read yet.
    pub fn is_open(&self) -> bool {
        self.delivery().is_some_and(Delivery::is_open)
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

    pub(in crate::upgrade) fn sending(&mut self) {
        let before = match &mut self.state {
            RestartState::MayStart(_, before) => std::mem::take(before),
            _ => Vec::new(),
        };
        self.state = RestartState::Request(Delivery::InFlight, before);
    }

    pub(in crate::upgrade) fn answered(
        &mut self,
        at: Timestamp,
        run: Option<&RunId>,
        error: Option<&Error>,
    ) -> bool {
        let RestartState::Request(delivery, _) = &mut self.state else { return false };
        if !delivery.answer(at, error, Coverage::Whole) {
            return false;
        }
        let refused_for_now = |error: &Error| {
            error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::TooManyRequests)
        };
        self.state = match (delivery, run) {
            (Delivery::Acknowledged(_), Some(run)) => RestartState::Started(run.clone(), at),
            (Delivery::NotSent, _) => RestartState::Ended,
            // The server starts no more runs now. It is asked again.
            (Delivery::Refused(error), _) if refused_for_now(error) => RestartState::Ended,
            (Delivery::Refused(error), _) => RestartState::Failed(RestartFailure::Refused(error.clone())),
            _ => return true,
        };
        true
    }

    /// Takes in a reading of the run: of the stopped one before the start, of the new one after it.
    pub(in crate::upgrade) fn run_read(&mut self, at: Timestamp, record: &RunRecord) -> bool {
        self.read_at = Some(at);
        let end = record.status.is_end();
        let has_ended =
            end && matches!(self.state, RestartState::WaitingForEnd(_) | RestartState::StillActive);
        if has_ended {
            self.take_arguments(record);
        }
        self.state = match &self.state {
            _ if has_ended && record.status == RunStatus::Completed && record.stopping.is_none() => {
                RestartState::CompletedWithoutStop
            }
            _ if has_ended => RestartState::Ended,
            RestartState::StillActive if record.status == RunStatus::Stopping => {
                RestartState::WaitingForEnd(at)
            }
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
                RestartState::Failed(RestartFailure::Ended(run.clone(), record.status.clone()))
            }
            RestartState::Started(run, since) if has_passed(*since, at, STARTS_WITHIN) => {
                RestartState::Failed(RestartFailure::NotRunning(run.clone(), record.status.clone()))
            }
            _ => return false,
        };
        true
    }

    /// Takes in that its run, or the runs of its program, can't be read. `up`: it is not the server that is away.
    pub(in crate::upgrade) fn read_failed(&mut self, at: Timestamp, error: &Error, up: bool) -> bool {
        self.read_at = Some(at);
        let gone = error.refusal().is_some_and(|refusal| matches!(refusal.status, 403 | 404));
        if gone && up {
            self.state = RestartState::Failed(RestartFailure::Unreadable(error.clone()));
        }
        gone && up
    }

    /// Takes in a reading of the program's runs. `ours` are runs that this operation started.
    pub(in crate::upgrade) fn runs_read(
        &mut self,
        at: Timestamp,
        seen: &[RunSummary],
        ours: &[RunId],
    ) -> bool {
        self.read_at = Some(at);
        self.state = match &mut self.state {
            RestartState::Ended | RestartState::MayStart(..) => {
                let mut others =
                    seen.iter().filter(|seen| !seen.status.is_end() && !ours.contains(&seen.run));
                match others.next() {
                    None => RestartState::MayStart(at, seen.to_vec()),
                    // It may be ours, about to end.
                    Some(other) if other.status == RunStatus::Stopping => return false,
                    Some(other) => RestartState::AlreadyActive(other.run.clone()),
                }
            }
            RestartState::Request(delivery, before) => {
                let Some(since) = delivery.answered_at() else { return false };
                let newest = before.iter().map(|seen| seen.starting).max();
                let new = seen.iter().find(|seen| {
                    newest.is_none_or(|newest| seen.starting >= newest)
                        && !ours.contains(&seen.run)
                        && before.iter().all(|before| before.run != seen.run)
                });
                match new {
                    Some(new) => RestartState::Started(new.run.clone(), at),
                    None if has_passed(since, at, APPEARS_WITHIN) => {
                        RestartState::Failed(RestartFailure::NoNewRun(delivery.error().cloned()))
                    }
                    None => return false,
                }
            }
            _ => return false,
        };
        true
    }
}
