//! The steps. Each is one type that holds exactly what the step knows; what a later step needs of an earlier one is
//! a value that only the earlier one can make.

use super::look::Look;
use super::parts::{Start, Work};
use super::risk::RiskClass;
use crate::backup::Summary;
use crate::stop::{StopOperation, Target};
use crate::verdict::Assessment;
use quiesce_api::{Error, Timestamp};

/// What is known of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scoped {
    /// What it was when it was checked: what the backup must have, and what must not change before its upgrade.
    pub look: Option<Look>,
    /// Why it could not be read last.
    pub problem: Option<Error>,
    /// When the operator left it out. What was done to it is put back.
    pub left_out: Option<Timestamp>,
    /// When it was last tried in vain to read it. Not kept in the journal.
    pub tried: Option<Timestamp>,
}

/// A stop of this upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Round {
    /// The stop.
    pub stop: StopOperation,
    /// The application that was recovered, whose run is stopped again.
    pub recovery: Option<usize>,
}

/// Why nothing moves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Away {
    /// Since when.
    pub since: Timestamp,
    /// What the last attempt said.
    pub error: Error,
    /// Whether the server wants a token; otherwise it is away.
    pub sign_in: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub until: Timestamp,
}

/// Where an upgrade is. Choosing comes before it has a journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The applications are read.
    Check(Check),
    /// Schedules are turned off.
    Pause(Pause),
    /// Runs are stopped.
    Stop(Stopping),
    /// A backup is made.
    BackUp(BackingUp),
    /// Applications are upgraded.
    Upgrade(Box<Upgrading>),
    /// What ran is started, what was paused goes on.
    PutBack(PuttingBack),
    /// It is over.
    Report(PuttingBack),
}

/// The step in which applications are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Check {
    /// The risks that are ticked, each with the number that was ticked.
    pub acknowledged: Vec<(RiskClass, usize)>,
}

/// Every application was read and every risk acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checked {
    /// When.
    pub at: Timestamp,
    /// The risks that were acknowledged, each with its number.
    pub acknowledged: Vec<(RiskClass, usize)>,
}

/// The step in which schedules are turned off.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pause {
    /// What went before.
    pub checked: Checked,
    /// Whether the operator began.
    pub begun: bool,
}

/// The step in which runs are stopped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stopping {
    /// What went before.
    pub checked: Checked,
    /// What was read of each application after the last stop; `None`: not yet.
    pub proofs: Vec<Option<Look>>,
}

/// Every run in scope has ended, by a reading of every program after the last stop.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ended {
    pub(super) checked: Checked,
    pub(super) at: Timestamp,
}

/// The step in which a backup is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BackingUp {
    /// What went before.
    pub ended: Ended,
    /// Whether the operator began.
    pub begun: bool,
    /// Applications that are read again first, since the backup before did not have them as they were.
    pub again: Vec<usize>,
    /// The backup.
    pub made: Option<Summary>,
    /// Whether it was kept and handed to the operator.
    pub saved: bool,
    /// Why there is none.
    pub problem: Option<String>,
}

/// A backup in which every application in scope is as it was checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Verified {
    pub(super) summary: Summary,
    pub(super) at: Timestamp,
}

/// The step in which applications are upgraded. There is no way to make one without every run ended and a verified
/// backup.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Upgrading {
    pub(super) ended: Ended,
    pub(super) backup: Verified,
    /// The applications, by their places.
    pub works: Vec<Work>,
    /// The application that is recovered first. Nothing is upgraded meanwhile.
    pub recovery: Option<Recovery>,
    /// Whether the operator began.
    pub begun: bool,
}

/// An application is started again as it was, so that it reads what was left, and stopped again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recovery {
    /// The place of the application.
    pub application: usize,
    /// Its start.
    pub start: Start,
    /// The run, once it was seen running.
    pub target: Option<Target>,
    /// Its stop, once it has caught up.
    pub stop: Option<StopOperation>,
}

/// What is put back, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PuttingBack {
    /// What went before, if it came so far.
    pub upgrading: Option<Box<Upgrading>>,
    /// The runs that are started again.
    pub starts: Vec<Start>,
    /// Whether the operator began.
    pub begun: bool,
}

/// What of an application may be left unprocessed after its stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remains {
    /// Nothing: it may be redeployed.
    Nothing,
    /// Something may be left, which a redeploy would never read.
    Something {
        /// The strict verdict, if a run was stopped here.
        assessment: Option<Assessment>,
        /// What is left, in words that the operator acknowledges; with the line of the log.
        words: String,
    },
}

impl Ended {
    /// When the last program was read without a run that is alive.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What went before.
    pub fn checked(&self) -> &Checked {
        &self.checked
    }
}

impl Verified {
    /// What was found in the backup.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// When it was found good.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

impl Upgrading {
    /// The proof that every run had ended.
    pub fn ended(&self) -> &Ended {
        &self.ended
    }

    /// The backup.
    pub fn backup(&self) -> &Verified {
        &self.backup
    }
}
