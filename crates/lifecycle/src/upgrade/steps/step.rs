//! The step in which an upgrade is, with what is known in it.

use super::back_up::BackupStep;
use super::pause_schedules::PauseStep;
use super::restore::RestoreStep;
use super::review::ReviewStep;
use super::stop_runs::StopStep;
use super::upgrade::UpgradeStep;

/// Where an upgrade is. The selection comes before it has a journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The applications are read.
    Review(ReviewStep),
    /// Schedules are paused.
    PauseSchedules(PauseStep),
    /// Runs are stopped.
    StopRuns(StopStep),
    /// A backup is made.
    BackUp(BackupStep),
    /// Applications are upgraded.
    Upgrade(Box<UpgradeStep>),
    /// Stopped runs are started, paused schedules are resumed.
    Restore(RestoreStep),
    /// It is complete.
    Report(RestoreStep),
}
