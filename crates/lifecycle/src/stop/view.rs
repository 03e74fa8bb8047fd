//! What the operator is shown of a stop: derived, never stored.

use super::effects::{SETTLES, SLOW_TO_SHOW, has_settled, is_gone};
use super::operation::StopOperation;
use crate::findings::{CallForm, predict_applied};
use crate::operation::Delivery;
use crate::outcome::{Ending, Outcome};
use crate::verdict::{self, Assessment, NextStep};
use quiesce_api::run::RunStatus;
use quiesce_api::{Error, Seconds, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a run stands, in the order in which a run goes through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopState {
    /// Nothing was sent for it yet.
    Planned,
    /// A call that names it is under way.
    Requested,
    /// The server said that the stop was issued; the record does not show it yet.
    Accepted,
    /// A call that named it got no good answer; it is being read.
    InDoubt(Error),
    /// It got no stop request, as far as its record shows. The operator may send it again.
    NotStopped(NotStoppedReason),
    /// The server said no to this run, and it is alive.
    Refused(Error),
    /// It is a part of a workflow's run and ends with that.
    OfWorkflow,
    /// Its record says STOPPING.
    Stopping,
    /// Its record says STOPPING, and its deadline is over.
    PastDeadline,
    /// The server says that it is not there, or may not be read.
    Gone(Error),
    /// It had ended before a stop of this operation reached it.
    EndedBefore,
    /// It has ended.
    Ended,
}

/// Why a run counts as not stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotStoppedReason {
    /// The server accepted the stop, and its record shows none long after.
    NoEffect,
    /// The call that named it got no good answer, and its record shows no stop.
    NoAnswer(Error),
}

/// A run, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunView {
    /// The place of the target.
    pub place: usize,
    /// Its state.
    pub state: StopState,
    /// What its record and log say.
    pub outcome: Outcome,
    /// Seconds until the deadline by the server's clock, negative after it. Only while it is stopping.
    pub left: Option<i64>,
    /// Whether its log is still being asked.
    pub reading_log: bool,
    /// What a start of the same version would find, and what an upgrade would: after the end.
    pub after: Vec<Assessment>,
}

/// How many runs are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All.
    pub all: usize,
    /// Ended by their records.
    pub ended: usize,
    /// Stopping.
    pub stopping: usize,
    /// The stop is not requested yet, or the request is in flight.
    pub open: usize,
    /// Refused, gone or not stopped: they need a person.
    pub trouble: usize,
}

impl StopOperation {
    /// Where a run stands.
    pub fn state(&self, place: usize, now: Timestamp) -> StopState {
        let (Some(run), Some(target)) = (self.runs.get(place), self.plan.targets.get(place)) else {
            return StopState::Planned;
        };
        if run.record.status.is_end() {
            let ours = !matches!(run.delivery, Delivery::NotSent | Delivery::Refused(_));
            return if ours && run.record.stopping.is_some() {
                StopState::Ended
            } else {
                self.ended_without_us(place)
            };
        }
        if let (true, Some(error)) = (is_gone(run), &run.read_error) {
            return StopState::Gone(error.clone());
        }
        if run.record.status == RunStatus::Stopping {
            let over = run.record.terminate.is_some_and(|deadline| self.clock.now(now) >= deadline);
            return if over { StopState::PastDeadline } else { StopState::Stopping };
        }
        match &run.delivery {
            Delivery::NotSent if target.parent.is_some() => StopState::OfWorkflow,
            Delivery::NotSent => StopState::Planned,
            Delivery::InFlight => StopState::Requested,
            Delivery::Acknowledged(at) if has_settled(run.read_at, *at, SLOW_TO_SHOW) => {
                StopState::NotStopped(NotStoppedReason::NoEffect)
            }
            Delivery::Acknowledged(_) | Delivery::Confirmed => StopState::Accepted,
            Delivery::Refused(error) => StopState::Refused(error.clone()),
            Delivery::InDoubt(doubt) if has_settled(run.read_at, doubt.since, SETTLES) => {
                StopState::NotStopped(NotStoppedReason::NoAnswer(doubt.error.clone()))
            }
            Delivery::InDoubt(doubt) => StopState::InDoubt(doubt.error.clone()),
            Delivery::Disproved(None) => StopState::NotStopped(NotStoppedReason::NoEffect),
            Delivery::Disproved(Some(error)) => {
                StopState::NotStopped(NotStoppedReason::NoAnswer(error.clone()))
            }
        }
    }

    /// A run that ended although no call of ours is known to have reached it. One that was stopping when it was
    /// chosen was waited for, so it counts as ended.
    fn ended_without_us(&self, place: usize) -> StopState {
        let waited = self.plan.targets.get(place).is_some_and(|target| target.record.stopping.is_some());
        if waited { StopState::Ended } else { StopState::EndedBefore }
    }

    /// A run, as it is shown, without what its end means: cheap enough for all runs of a large stop.
    pub fn glance(&self, place: usize, now: Timestamp) -> Option<RunView> {
        let run = self.runs.get(place)?;
        let left = run
            .record
            .terminate
            .filter(|_| run.record.status == RunStatus::Stopping)
            .map(|Seconds(deadline)| deadline.saturating_sub(self.clock.now(now).0));
        let (state, outcome) = (self.state(place, now), self.outcome(place, now)?);
        Some(RunView { place, state, outcome, left, reading_log: self.reads_log(place), after: Vec::new() })
    }

    /// A run, as it is shown.
    pub fn view(&self, place: usize, now: Timestamp) -> Option<RunView> {
        let (run, target) = (self.runs.get(place)?, self.plan.targets.get(place)?);
        let mut view = self.glance(place, now)?;
        if view.outcome.ending.is_end() && !(view.reading_log && run.log.is_none()) {
            view.after = [NextStep::SameVersion, NextStep::Upgrade]
                .into_iter()
                .filter_map(|next| {
                    verdict::after(target.kind, target.facts.as_ref(), run.log.as_ref(), &view.outcome, next)
                })
                .collect();
        }
        Some(view)
    }

    /// All runs, as they are shown, in the order of the targets.
    pub fn views(&self, now: Timestamp) -> Vec<RunView> {
        (0..self.runs.len()).filter_map(|place| self.view(place, now)).collect()
    }

    /// How many runs are where.
    pub fn counts(&self, now: Timestamp) -> Counts {
        let mut counts = Counts { all: self.runs.len(), ..Counts::default() };
        for place in 0..self.runs.len() {
            match self.state(place, now) {
                StopState::Ended | StopState::EndedBefore => counts.ended += 1,
                StopState::Stopping | StopState::PastDeadline => counts.stopping += 1,
                StopState::NotStopped(_) | StopState::Refused(_) | StopState::Gone(_) => counts.trouble += 1,
                StopState::Planned
                | StopState::Requested
                | StopState::Accepted
                | StopState::InDoubt(_)
                | StopState::OfWorkflow => {
                    counts.open += 1;
                }
            }
        }
        counts
    }

    /// Whether nothing more happens automatically: every run has ended and its log is read, or needs a person.
    pub fn is_finished(&self, now: Timestamp) -> bool {
        self.closed || (0..self.runs.len()).all(|place| self.is_finished_run(place, now))
    }

    /// Whether a run has ended and its log is read, or needs a person.
    pub(crate) fn is_finished_run(&self, place: usize, now: Timestamp) -> bool {
        match self.state(place, now) {
            StopState::Ended | StopState::EndedBefore => !self.reads_log(place),
            StopState::NotStopped(_) | StopState::Refused(_) | StopState::Gone(_) | StopState::OfWorkflow => {
                true
            }
            _ => false,
        }
    }

    /// Whether a run has ended and its log is not read any more.
    pub(crate) fn is_over(&self, place: usize) -> bool {
        self.runs.get(place).is_some_and(|run| run.record.status.is_end()) && !self.reads_log(place)
    }

    /// Whether the log of a run that has ended is still read.
    fn reads_log(&self, place: usize) -> bool {
        let run = self.runs.get(place).zip(self.plan.targets.get(place));
        run.is_some_and(|(run, target)| {
            run.record.status.is_end()
                && target.kind.is_real_time()
                && run.record.stopping.is_some()
                && !run.log_final
        })
    }

    /// What was known before: the verdicts for both next steps, by the call form that reaches the run.
    pub fn before(&self, place: usize, form: CallForm) -> Option<[Assessment; 2]> {
        self.plan.before(place, form)
    }
}

impl super::plan::StopPlan {
    /// The verdicts of a target before the stop, for both next steps, by the call form that reaches it.
    pub fn before(&self, place: usize, form: CallForm) -> Option<[Assessment; 2]> {
        let target = self.targets.get(place)?;
        let prediction = predict_applied(self.grace, form, &self.findings);
        Some(
            [NextStep::SameVersion, NextStep::Upgrade].map(|next| {
                verdict::before(target.kind, target.facts.as_ref(), &prediction, &target.past, next)
            }),
        )
    }
}

/// Whether the ending is one that a person should look at.
pub fn needs_attention(ending: Ending) -> bool {
    matches!(
        ending,
        Ending::AtDeadline
            | Ending::DataLeft
            | Ending::EndedAtOnce
            | Ending::NotKnown
            | Ending::Failed
            | Ending::PastDeadline
    )
}
