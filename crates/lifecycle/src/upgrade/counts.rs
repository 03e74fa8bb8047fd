//! The results of an upgrade, counted for a list and for the sentence of its report.

use super::operation::UpgradeOperation;
use super::resources::{AppUpgrade, AppUpgradeState, RestartState, ScheduleTask, ScheduleTaskState};
use crate::operation::Delivery;

/// How many applications, schedules and runs of an upgrade have which result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpgradeCounts {
    /// All applications.
    pub all: usize,
    /// On the new version.
    pub upgraded: usize,
    /// On the old version again.
    pub rolled_back: usize,
    /// Excluded by the operator.
    pub excluded: usize,
    /// Not upgraded.
    pub unchanged: usize,
    /// No reading tells which version they have.
    pub unknown: usize,
    /// Schedules that this upgrade paused and did not resume.
    pub paused_schedules: usize,
    /// Runs that could not be started again.
    pub failed_restarts: usize,
}

impl UpgradeCounts {
    /// Whether every application that was not excluded is upgraded, and all schedules and runs are restored.
    pub fn is_good(&self) -> bool {
        let missing = self.rolled_back + self.unchanged + self.unknown;
        missing + self.paused_schedules + self.failed_restarts == 0
    }
}

impl UpgradeOperation {
    /// The results of its parts.
    pub fn counts(&self) -> UpgradeCounts {
        let restarts = self.restarts().iter();
        let mut counts = UpgradeCounts {
            all: self.applications.len(),
            paused_schedules: self.schedules.iter().filter(|it| it.is_left_paused()).count(),
            failed_restarts: restarts.filter(|it| matches!(it.state, RestartState::Failed(_))).count(),
            ..UpgradeCounts::default()
        };
        let apps = self.upgrade_step().map(|step| step.apps.as_slice()).unwrap_or_default();
        for (place, scoped) in self.applications.iter().enumerate() {
            let count = match apps.get(place) {
                _ if scoped.excluded.is_some() => &mut counts.excluded,
                Some(app) if app.is_upgraded() => &mut counts.upgraded,
                Some(app) if app.rolling_back && app.is_done() => &mut counts.rolled_back,
                Some(app) if is_unknown(app) => &mut counts.unknown,
                _ => &mut counts.unchanged,
            };
            *count += 1;
        }
        counts
    }
}

/// Whether no reading tells which version an application has.
fn is_unknown(app: &AppUpgrade) -> bool {
    let unread = matches!(app.state, AppUpgradeState::Request(Delivery::Disproved(_)));
    app.is_open() || unread && app.still_on.is_none()
}

impl ScheduleTask {
    /// Whether it is suspended because of this upgrade.
    pub(crate) fn is_left_paused(&self) -> bool {
        self.is_paused() || self.is_resume_refused() || self.state == ScheduleTaskState::LeftSuspended
    }
}
