//! The steps, one module each: what the step knows, what happens in it, what it does, and what keeps the operation from
//! continuing. What a later step needs of an earlier one is a value that only the earlier one can make.

mod back_up;
mod pause_schedules;
mod report;
mod restore;
mod review;
mod step;
mod stop_runs;
mod upgrade;

#[cfg(test)]
mod restore_tests;

pub use back_up::{BackupStep, VerifiedBackup};
pub use pause_schedules::PauseStep;
pub use restore::RestoreStep;
pub use review::{ReviewStep, Reviewed};
pub use step::Step;
pub use stop_runs::{RunsEnded, StopStep};
pub use upgrade::{DrainAndRetry, UpgradeStep};

use super::effects::EffectPlanner;
use super::operation::UpgradeOperation;
use super::reasons::Blocker;
use super::resources::AppUpgradeState;
use crate::grace::Grace;
use quiesce_api::Timestamp;

impl UpgradeOperation {
    /// What the step does now.
    pub(super) fn step_effects(&self, todo: &mut EffectPlanner<'_>) {
        match &self.step {
            Step::Review(_) => review::effects(self, todo),
            Step::PauseSchedules(step) => step.effects(self, todo),
            Step::StopRuns(step) => step.effects(self, todo),
            Step::BackUp(step) => step.effects(self, todo),
            Step::Upgrade(step) => step.effects(self, todo),
            Step::Restore(step) => step.effects(self, todo),
            Step::Report(step) => report::effects(step, self, todo),
        }
    }

    /// Why the operation can't continue to the next step; `Ok` when it can.
    pub fn can_continue(&self) -> Result<(), Blocker> {
        let restores = matches!(self.step, Step::Restore(_));
        if self.aborted.is_some() && !restores {
            return Err(Blocker::Aborted);
        }
        if self.in_scope().next().is_none() && !restores {
            return Err(Blocker::NothingInScope);
        }
        match &self.step {
            Step::Review(step) => step.blocker(self),
            Step::PauseSchedules(_) => pause_schedules::blocker(self),
            Step::StopRuns(step) => step.proof(self, self.begun).map(|_| ()),
            Step::BackUp(step) => step.proof(self, self.begun).map(|_| ()),
            Step::Upgrade(step) => step.blocker(self),
            Step::Restore(step) => step.blocker(self),
            Step::Report(_) => Err(Blocker::Complete),
        }
    }

    /// Whether nothing more happens until the operator decides something.
    pub fn waits_for_operator(&self) -> bool {
        use Blocker::{BackupFailed, NotInBackup, NothingInScope, Unacknowledged};
        let begins = |begun: bool| self.aborted.is_none() && !begun;
        match (self.can_continue(), &self.step) {
            (_, Step::Report(_)) | (Err(Blocker::Aborted), _) => false,
            (Ok(()) | Err(Unacknowledged(_) | NothingInScope | BackupFailed(_) | NotInBackup(_)), _) => true,
            (Err(Blocker::ActiveRuns(_)), _) => !self.has_open_requests(),
            (_, Step::PauseSchedules(step)) => begins(step.begun),
            (_, Step::BackUp(step)) => begins(step.begun),
            (_, Step::Restore(step)) => begins(step.begun),
            (_, Step::Upgrade(step)) => begins(step.begun) || self.has_undecided(step),
            (_, Step::Review(_) | Step::StopRuns(_)) => false,
        }
    }

    /// Whether all that is left of this step waits for a decision on a redeploy.
    fn has_undecided(&self, step: &UpgradeStep) -> bool {
        let pending = step
            .apps
            .iter()
            .enumerate()
            .filter(|(place, work)| work.state == AppUpgradeState::Pending && self.is_in_scope(*place));
        let mut waiting = pending.map(|(place, work)| !self.may_redeploy(place, work)).peekable();
        !self.has_open_requests() && step.drain.is_none() && waiting.peek().is_some() && waiting.all(|it| it)
    }

    /// Continues to the next step, unless something keeps it from that.
    pub(super) fn advance(&mut self, at: Timestamp) {
        if self.can_continue().is_err() {
            return;
        }
        match std::mem::replace(&mut self.step, Step::Review(ReviewStep::default())) {
            Step::Review(step) => self.step = step.next(self, at),
            Step::PauseSchedules(step) => self.step = step.next(self),
            Step::StopRuns(step) => self.step = step.next(self, at),
            Step::BackUp(step) => self.step = step.next(self, at),
            step @ Step::Upgrade(_) => {
                self.step = step;
                self.enter_restore(at, false);
            }
            Step::Restore(step) | Step::Report(step) => self.step = Step::Report(step),
        }
    }

    /// Whether the work of the step can be begun.
    pub(super) fn can_begin(&self, grace: Option<Grace>) -> bool {
        self.aborted.is_none()
            && match &self.step {
                Step::PauseSchedules(step) => !step.begun,
                Step::StopRuns(_) => grace.is_some_and(|grace| self.next_stop(grace).is_some()),
                Step::BackUp(_) => true,
                Step::Upgrade(step) => !step.begun,
                Step::Restore(step) => !step.begun,
                Step::Review(_) | Step::Report(_) => false,
            }
    }

    /// Begins the work of the step. The grace is that of the step that stops runs.
    pub(super) fn begin_step(&mut self, at: Timestamp, grace: Option<Grace>) {
        match &mut self.step {
            Step::PauseSchedules(PauseStep { begun, .. }) | Step::Restore(RestoreStep { begun, .. }) => {
                *begun = true;
            }
            Step::Upgrade(step) => step.begun = true,
            Step::BackUp(_) => self.begin_backup(),
            Step::StopRuns(_) => self.begin_stop(at, grace),
            Step::Review(_) | Step::Report(_) => {}
        }
    }
}
