//! Pause schedules: the schedules of the applications are paused, so that nothing starts runs.

use super::review::Reviewed;
use super::step::Step;
use super::stop_runs::StopStep;
use crate::upgrade::effects::EffectPlanner;
use crate::upgrade::event::Call;
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::reasons::Blocker;
use crate::upgrade::resources::ScheduleTask;

/// The step in which schedules are turned off.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PauseStep {
    /// The result of the step before.
    pub checked: Reviewed,
    /// Whether the operator began.
    pub begun: bool,
}

impl PauseStep {
    pub(super) fn effects(&self, op: &UpgradeOperation, todo: &mut EffectPlanner<'_>) {
        todo.settle_schedules(&op.schedules);
        if !self.begun || op.aborted.is_some() {
            return;
        }
        for (place, schedule) in op.schedules.iter().enumerate() {
            if schedule.is_enabled() && op.is_in_scope(schedule.application) {
                todo.send(Call::Pause, place);
            }
        }
    }

    pub(super) fn next(self, op: &UpgradeOperation) -> Step {
        Step::StopRuns(StopStep { checked: self.checked, proofs: vec![None; op.applications.len()] })
    }
}

pub(super) fn blocker(op: &UpgradeOperation) -> Result<(), Blocker> {
    let on = |schedule: &&ScheduleTask| {
        schedule.is_open() || op.is_in_scope(schedule.application) && !schedule.is_suspended()
    };
    Blocker::unless_none(op.schedules.iter().filter(on), Blocker::NotPaused)
}
