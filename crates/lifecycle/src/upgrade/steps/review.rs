//! Review: the applications are read, and the operator acknowledges the risks.

use super::pause_schedules::PauseStep;
use super::step::Step;
use crate::operation::Delivery;
use crate::upgrade::effects::{Depth, EffectPlanner};
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::reasons::Blocker;
use crate::upgrade::resources::{ScheduleTask, ScheduleTaskState};
use crate::upgrade::risk::{Risk, RiskClass};
use crate::upgrade::snapshot::AppSnapshot;
use quiesce_api::Timestamp;

/// The step in which applications are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReviewStep {
    /// The risks that are ticked, each with the number that was ticked.
    pub acknowledged: Vec<(RiskClass, usize)>,
}

/// Every application was read and every risk acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reviewed {
    /// The time.
    pub at: Timestamp,
    /// The risks that were acknowledged, each with its number.
    pub acknowledged: Vec<(RiskClass, usize)>,
}

impl ReviewStep {
    /// Acknowledges a risk with the number that it concerns; 0 takes it back.
    pub(in crate::upgrade) fn acknowledge(&mut self, class: RiskClass, count: usize) {
        self.acknowledged.retain(|(known, _)| *known != class);
        if count > 0 {
            self.acknowledged.push((class, count));
        }
    }

    pub(super) fn blocker(&self, op: &UpgradeOperation) -> Result<(), Blocker> {
        Blocker::unless_none(
            op.in_scope().filter(|(_, _, scoped)| scoped.snapshot.is_none()),
            Blocker::Unread,
        )?;
        let open = |risk: &Risk| !self.acknowledged.contains(&(risk.class, risk.count));
        Blocker::unless_none(op.risks().into_iter().filter(open), Blocker::Unacknowledged)
    }

    /// The schedules to pause are those that were enabled.
    pub(super) fn next(self, op: &mut UpgradeOperation, at: Timestamp) -> Step {
        op.schedules.clear();
        for (application, scoped) in op.applications.iter().enumerate() {
            let snapshot = scoped.snapshot.iter().filter(|_| scoped.excluded.is_none());
            for enabled in snapshot.flat_map(|snapshot| &snapshot.schedules) {
                op.schedules.push(ScheduleTask {
                    application,
                    name: enabled.name.clone(),
                    triggered_by: enabled.after.clone(),
                    state: ScheduleTaskState::Pause(Delivery::NotSent),
                    may_have_been_sent: false,
                    read_at: None,
                });
            }
        }
        let checked = Reviewed { at, acknowledged: self.acknowledged };
        Step::PauseSchedules(PauseStep { checked, begun: false })
    }
}

pub(super) fn effects(op: &UpgradeOperation, todo: &mut EffectPlanner<'_>) {
    let unread = op.in_scope().filter(|(_, _, it)| it.snapshot.is_none() && it.read_error.is_none());
    todo.read_all(unread.map(|(place, ..)| (place, None)).collect(), 0, Depth::Full);
}

impl UpgradeOperation {
    /// Takes in a reading of an application for the review.
    pub(in crate::upgrade) fn reviewed(&mut self, place: usize, snapshot: &AppSnapshot) -> bool {
        let Some(scoped) = self.applications.get_mut(place) else { return false };
        (scoped.snapshot, scoped.read_error) = (Some(snapshot.clone()), None);
        true
    }
}
