//! The list of steps with the state and result of each: derived, never stored.

use super::operation::UpgradeOperation;
use super::resources::ScheduleTaskState;
use super::steps::Step;
use std::cmp::Ordering;

/// One of the eight steps, in their order. The selection comes before the upgrade has a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepName {
    /// The operator selects applications.
    SelectApplications,
    /// Runs, risks and schedules are reviewed.
    Review,
    /// Schedules are paused.
    PauseSchedules,
    /// Runs are stopped.
    StopRuns,
    /// A backup is made.
    BackUp,
    /// Applications are upgraded.
    Upgrade,
    /// Stopped runs are started, paused schedules are resumed.
    Restore,
    /// The upgrade is complete.
    Report,
}

impl StepName {
    /// All steps in their order.
    pub const ALL: [Self; 8] = [
        Self::SelectApplications,
        Self::Review,
        Self::PauseSchedules,
        Self::StopRuns,
        Self::BackUp,
        Self::Upgrade,
        Self::Restore,
        Self::Report,
    ];
}

/// A step as the list of steps shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub name: StepName,
    /// Whether it is done, the current one or still locked.
    pub state: StepState,
    /// What a step that is done has achieved, if that is worth a line.
    pub result: Option<StepResult>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It is done.
    Done,
    /// It was passed over by an abort.
    PassedOver,
    /// It is this one.
    Now,
    /// It waits for an earlier step.
    Locked,
}

/// The result of a step that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// The number of selected applications.
    Selected(usize),
    /// Every application that is not excluded was reviewed; the number of those that are.
    Reviewed {
        /// The number of excluded applications.
        excluded: usize,
    },
    /// The number of paused schedules, without those that another user had paused.
    Paused(usize),
    /// The number of runs that were stopped and have ended.
    RunsEnded(usize),
    /// The name of the verified backup's file.
    BackedUp(String),
    /// The numbers of applications on their new version and of all others.
    Upgraded {
        /// The number of applications on their new version.
        upgraded: usize,
        /// The number of the others.
        others: usize,
    },
}

impl Step {
    /// The step in the list of steps.
    pub fn name(&self) -> StepName {
        match self {
            Self::Review(_) => StepName::Review,
            Self::PauseSchedules(_) => StepName::PauseSchedules,
            Self::StopRuns(_) => StepName::StopRuns,
            Self::BackUp(_) => StepName::BackUp,
            Self::Upgrade(_) => StepName::Upgrade,
            Self::Restore(_) => StepName::Restore,
            Self::Report(_) => StepName::Report,
        }
    }
}

impl UpgradeOperation {
    /// The list of steps.
    pub fn steps(&self) -> Vec<StepView> {
        let now = self.step.name();
        // An abort before the upgrade goes from the pause of schedules to the restore.
        let passed = self.aborted.is_some() && self.upgrade_step().is_none();
        let mut steps = Vec::with_capacity(StepName::ALL.len());
        for name in StepName::ALL {
            let state = match name.cmp(&now) {
                Ordering::Less if passed && (StepName::StopRuns..StepName::Restore).contains(&name) => {
                    StepState::PassedOver
                }
                Ordering::Less => StepState::Done,
                Ordering::Equal => StepState::Now,
                Ordering::Greater => StepState::Locked,
            };
            let result = if state == StepState::Done { self.result(name) } else { None };
            steps.push(StepView { name, state, result });
        }
        steps
    }

    fn result(&self, step: StepName) -> Option<StepResult> {
        Some(match step {
            StepName::SelectApplications => StepResult::Selected(self.plan.applications.len()),
            StepName::Review => {
                StepResult::Reviewed { excluded: self.applications.len() - self.in_scope().count() }
            }
            StepName::PauseSchedules => {
                let ours = self.schedules.iter();
                let ours = ours.filter(|task| !matches!(task.state, ScheduleTaskState::AlreadySuspended));
                StepResult::Paused(ours.count())
            }
            StepName::StopRuns => StepResult::RunsEnded(
                self.stop_rounds.iter().map(|round| round.stop.plan.targets.len()).sum(),
            ),
            StepName::BackUp => StepResult::BackedUp(self.upgrade_step()?.backup().summary().file.clone()),
            StepName::Upgrade => {
                let apps = self.upgrade_step().map_or(&[][..], |step| &step.apps);
                let upgraded = apps.iter().filter(|app| app.is_upgraded()).count();
                StepResult::Upgraded { upgraded, others: apps.len() - upgraded }
            }
            StepName::Restore | StepName::Report => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::upgrade::model::*;
    use crate::upgrade::*;

    #[test]
    fn the_list_of_steps_says_where_it_is_and_what_each_waits_for() {
        let mut world = five();
        let states = |world: &ModelState| world.op.steps().iter().map(|step| step.state).collect::<Vec<_>>();
        assert_eq!(states(&world)[..3], [StepState::Done, StepState::Now, StepState::Locked]);
        assert_eq!(world.op.steps()[0].result, Some(StepResult::Selected(5)));
        assert_eq!(world.op.steps()[1].result, None);
        world.feed(Event::command(world.now(), Command::Abort));
        assert_eq!(world.op.steps()[4].state, StepState::PassedOver);
        assert_eq!(states(&world)[7], StepState::Now);
    }
}
