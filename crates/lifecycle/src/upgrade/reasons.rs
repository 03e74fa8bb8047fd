//! Why an upgrade, or a part of it, has not succeeded: facts, whose sentences are in [`crate::text::upgrade`].

use crate::backup::Problem;
use crate::verdict::Assessment;
use quiesce_api::run::RunStatus;
use quiesce_api::{Error, RunId, VersionId};
use serde::{Deserialize, Serialize};

/// Why no verified backup was made, or why it is not saved.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BackupFailure {
    /// The server's export could not be read.
    ExportUnread(Error),
    /// The export was read and is not valid.
    ExportInvalid(Problem),
    /// The answer for this file of data that the export omits ended early.
    ExtraCut(String),
    /// This file of data that the export omits could not be read.
    ExtraUnread(String, Error),
    /// The page was closed before the backup was saved.
    PageClosed,
    /// The browser could not store the backup, with the browser's own message.
    NotStored(String),
    /// A sentence of a journal that was written before failures were facts.
    Recorded(String),
}

/// Why the operation can't continue to the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// It was aborted, and requests in progress finish first.
    Aborted,
    /// Every application is excluded.
    NothingInScope,
    /// The number of applications that are not read yet.
    Unread(usize),
    /// The number of risks that are not acknowledged.
    Unacknowledged(usize),
    /// The number of schedules that are not paused.
    NotPaused(usize),
    /// Runs of the last stop are active, or their logs are not read yet.
    RunsNotEnded,
    /// The number of runs that are active by the newest reading.
    ActiveRuns(usize),
    /// The number of applications that were not read since the last stop.
    NotReread(usize),
    /// No backup was made yet.
    NoBackup,
    /// Why the backup could not be made or saved.
    BackupFailed(Box<BackupFailure>),
    /// The number of applications that the backup does not have as they were reviewed.
    NotInBackup(usize),
    /// The backup is not saved yet.
    BackupNotSaved,
    /// An application is being drained.
    Draining,
    /// The number of applications whose upgrade has neither succeeded nor failed.
    NotUpgraded(usize),
    /// The number of runs and schedules that are not restored yet.
    NotRestored(usize),
    /// It is complete.
    Complete,
}

impl Blocker {
    /// `Ok` if there is none of these, otherwise what their number blocks.
    pub(in crate::upgrade) fn unless_none<T>(
        these: impl IntoIterator<Item = T>,
        blocker: fn(usize) -> Self,
    ) -> Result<(), Self> {
        match these.into_iter().count() {
            0 => Ok(()),
            count => Err(blocker(count)),
        }
    }
}

/// Why an application is not what it must be right before its request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DriftReason {
    /// It was changed since the review: this is its latest version.
    NewVersion(VersionId),
    /// This run is active since the review.
    ActiveRun(RunId, RunStatus),
    /// It could not be read.
    Unreadable(Error),
}

/// Why a run was not started again, or does not run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RestartFailure {
    /// The new run ended with this status.
    Ended(RunId, RunStatus),
    /// The new run has had this status for more than 10 minutes.
    NotRunning(RunId, RunStatus),
    /// The server refused to start it.
    Refused(Error),
    /// No new run was found. Holds the error of the response; `None`: the server accepted the start.
    NoNewRun(Option<Error>),
    /// The new run, or the runs of its program, can't be read.
    Unreadable(Error),
}

/// Why draining an application failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DrainFailure {
    /// Its run was not started, or does not run.
    Restart(RestartFailure),
    /// Its run completed on its own.
    Completed(RunId),
    /// Another user started this run since the review.
    AlreadyActive(RunId),
}

/// What of an application may be left unprocessed after its stop, which a redeploy would never read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnprocessedData {
    /// Nothing: it may be redeployed.
    None,
    /// It can't be ruled out, because the application was not read.
    NotRead,
    /// It can't be ruled out, because this upgrade did not stop the application, and it ran before.
    NotStoppedHere,
    /// It can't be told yet, because its run has not ended.
    NotEnded,
    /// Its stopped run may have left data, by the strict verdict.
    Possible(Box<Assessment>),
}
