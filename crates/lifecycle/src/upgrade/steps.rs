//! The steps. Each is one type that holds exactly what the step knows; what a later step needs of an earlier one is
//! a value that only the earlier one can make.

use super::reasons::BackupFailure;
use super::resources::{AppUpgrade, Restart};
use super::risk::RiskClass;
use super::snapshot::AppSnapshot;
use crate::backup::Summary;
use crate::stop::{StopOperation, Target};
use quiesce_api::{Error, Timestamp};

/// What is known of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AppInScope {
    /// What it was when it was checked: what the backup must have, and what must not change before its upgrade.
    pub snapshot: Option<AppSnapshot>,
    /// Why it could not be read last.
    pub read_error: Option<Error>,
    /// When the operator excluded it. What was done to it is restored.
    pub excluded: Option<Timestamp>,
    /// When it was last tried in vain to read it. Not kept in the journal.
    pub failed_read_at: Option<Timestamp>,
}

/// A stop of this upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StopRound {
    /// The stop.
    pub stop: StopOperation,
    /// The application that was recovered, whose run is stopped again.
    pub drained: Option<usize>,
}

/// Where an upgrade is. Choosing comes before it has a journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The applications are read.
    Review(ReviewStep),
    /// Schedules are turned off.
    PauseSchedules(PauseStep),
    /// Runs are stopped.
    StopRuns(StopStep),
    /// A backup is made.
    BackUp(BackupStep),
    /// Applications are upgraded.
    Upgrade(Box<UpgradeStep>),
    /// What ran is started, what was paused continues.
    Restore(RestoreStep),
    /// It is over.
    Report(RestoreStep),
}

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

/// The step in which schedules are turned off.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PauseStep {
    /// The result of the step before.
    pub checked: Reviewed,
    /// Whether the operator began.
    pub begun: bool,
}

/// The step in which runs are stopped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StopStep {
    /// The result of the step before.
    pub checked: Reviewed,
    /// What was read of each application after the last stop; `None`: not yet.
    pub proofs: Vec<Option<AppSnapshot>>,
}

/// Every run in scope has ended, by a reading of every program after the last stop.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunsEnded {
    pub(super) checked: Reviewed,
    pub(super) at: Timestamp,
}

/// The step in which a backup is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BackupStep {
    /// The result of the step before.
    pub ended: RunsEnded,
    /// Whether the operator began.
    pub begun: bool,
    /// Applications that are read again first, since the backup before did not have them as they were.
    pub again: Vec<usize>,
    /// The backup.
    pub made: Option<Summary>,
    /// Whether it was kept and handed to the operator.
    pub saved: bool,
    /// Why there is none.
    pub problem: Option<Box<BackupFailure>>,
}

/// A backup in which every application in scope is as it was checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedBackup {
    pub(super) summary: Summary,
    pub(super) at: Timestamp,
}

/// The step in which applications are upgraded. There is no way to make one without every run ended and a verified
/// backup.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpgradeStep {
    pub(super) ended: RunsEnded,
    pub(super) backup: VerifiedBackup,
    /// The applications, by their places.
    pub apps: Vec<AppUpgrade>,
    /// The application that is recovered first. Nothing is upgraded meanwhile.
    pub drain: Option<DrainAndRetry>,
    /// Whether the operator began.
    pub begun: bool,
}

/// An application is started again as it was, so that it reads what was left, and stopped again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DrainAndRetry {
    /// The place of the application.
    pub application: usize,
    /// Its start.
    pub restart: Restart,
    /// The run, once it was seen running.
    pub target: Option<Target>,
    /// Its stop, once it has caught up.
    pub stop: Option<StopOperation>,
}

/// What is restored, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RestoreStep {
    /// What went before, if it came so far.
    pub upgrade: Option<Box<UpgradeStep>>,
    /// The runs that are started again.
    pub restarts: Vec<Restart>,
    /// Whether the operator began.
    pub begun: bool,
}

impl RunsEnded {
    /// When the last program was read without a run that is alive.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The result of the step before.
    pub fn checked(&self) -> &Reviewed {
        &self.checked
    }
}

impl VerifiedBackup {
    /// What was found in the backup.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// When it was found good.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

impl UpgradeStep {
    /// The proof that every run had ended.
    pub fn ended(&self) -> &RunsEnded {
        &self.ended
    }

    /// The backup.
    pub fn backup(&self) -> &VerifiedBackup {
        &self.backup
    }
}
