//! What the list of steps shows: derived, never stored.

use super::operation::UpgradeOperation;
use super::steps::Step;

/// The names of the eight steps.
pub const STEPS: [&str; 8] = [
    "Select applications",
    "Review",
    "Pause schedules",
    "Stop runs",
    "Back up",
    "Upgrade",
    "Restore",
    "Report",
];

/// A step in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// Its name.
    pub name: &'static str,
    /// Its state.
    pub state: StepState,
    /// In words: what was done, or what it waits for.
    pub words: String,
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
    /// It waits.
    Locked,
}

impl UpgradeOperation {
    /// The place of the step that it is in.
    pub fn step_number(&self) -> usize {
        match &self.step {
            Step::Review(_) => 1,
            Step::PauseSchedules(_) => 2,
            Step::StopRuns(_) => 3,
            Step::BackUp(_) => 4,
            Step::Upgrade(_) => 5,
            Step::Restore(_) => 6,
            Step::Report(_) => 7,
        }
    }

    /// The list of steps.
    pub fn steps(&self) -> Vec<StepView> {
        let now = self.step_number();
        let passed = if self.aborted.is_some() && self.upgrade_step().is_none() { 2 } else { usize::MAX };
        let mut steps = Vec::with_capacity(STEPS.len());
        for (at, name) in STEPS.into_iter().enumerate() {
            let state = match at.cmp(&now) {
                std::cmp::Ordering::Less if at > passed && at < 6 => StepState::PassedOver,
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Now,
                std::cmp::Ordering::Greater => StepState::Locked,
            };
            let words = match (state, at) {
                (StepState::Done, _) => self.done(at),
                (StepState::Locked, 2) => "Waiting for the review".to_owned(),
                (StepState::Locked, 3) => "Waiting for schedules to be paused".to_owned(),
                (StepState::Locked, 4) => "Waiting for every run to end".to_owned(),
                (StepState::Locked, 5) => "Waiting for a verified backup".to_owned(),
                (StepState::Locked, 6) => "Waiting for the upgrade".to_owned(),
                (StepState::Locked, 7) => "Waiting for the restore".to_owned(),
                (StepState::PassedOver, _) => "Skipped".to_owned(),
                _ => String::new(),
            };
            steps.push(StepView { name, state, words });
        }
        steps
    }

    fn done(&self, step: usize) -> String {
        match step {
            0 => format!("{} selected", self.plan.applications.len()),
            1 => match self.applications.len() - self.in_scope().count() {
                0 => "All checked".to_owned(),
                out => format!("{out} excluded"),
            },
            2 => {
                let paused = self
                    .schedules
                    .iter()
                    .filter(|switch| !matches!(switch.state, super::ScheduleTaskState::AlreadySuspended));
                format!("{} paused", paused.count())
            }
            3 => {
                let runs: usize = self.stop_rounds.iter().map(|round| round.stop.plan.targets.len()).sum();
                format!("{} ended", crate::plural::plural(runs, "run"))
            }
            4 => match self.upgrade_step() {
                Some(upgrading) => format!("{}, verified", upgrading.backup().summary().file),
                None => String::new(),
            },
            5 => {
                let works = self.upgrade_step().map_or(&[][..], |upgrading| &upgrading.apps);
                let upgraded = works.iter().filter(|work| work.is_upgraded()).count();
                format!("{upgraded} upgraded, {} not upgraded", works.len() - upgraded)
            }
            _ => String::new(),
        }
    }
}
