//! What a stop may lose, before and after it. The tables are in docs/loss.md, and every reason has its [`Rule`] there.
//! A reason is a fact; `crate::text::verdict` has its sentence.

mod after;
mod assessments;
mod before;
#[cfg(test)]
mod cases;
mod reason;

pub use after::after;
pub(crate) use assessments::DRIVER_KEEPS;
pub use before::before;
pub use reason::{Consequence, Reason, ReasonEvidence, ReasonKind, Rule, TimeLimit};

use quiesce_api::run::RunRecord;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// What a stop means for data. Ordered from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing is expected to be lost; some records may be processed twice.
    NoLossExpected,
    /// Not a stream: what it was doing is interrupted.
    InterruptsWork,
    /// What is known does not decide it.
    CannotTell,
    /// Received records may be gone.
    MayLose,
}

/// What comes after the stop. A verdict depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NextStep {
    /// The same version is started again: it recovers from checkpoints and write-ahead log.
    SameVersion,
    /// The application is upgraded or redeployed: the first start of the new version deletes the checkpoints.
    Upgrade,
}

/// A loss can still be avoided before an upgrade: start the same version again, let it catch up, stop it, and check
/// its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Remedy {
    /// Whether the write-ahead log and checkpoints are known to be on; without them a start recovers nothing.
    pub recovery_is_known: bool,
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The verdict.
    pub verdict: Verdict,
    /// For which next step.
    pub next: NextStep,
    /// Why; the deciding reason first.
    pub reasons: Vec<Reason>,
    /// How a loss can be avoided, if it can.
    pub remedy: Option<Remedy>,
}

/// How long past stops of a program took, in seconds, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PastStops {
    /// `end - stopping` of each.
    pub took: Vec<i64>,
}

impl PastStops {
    /// How many are looked at.
    pub const MOST: usize = 5;

    /// Takes the last stops from the records of a program, in whatever order these come.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a RunRecord>) -> Self {
        let mut stops: Vec<_> = records
            .into_iter()
            .filter(|record| record.status.is_end())
            .filter_map(|record| Some((record.end?, record.end?.0.saturating_sub(record.stopping?.0))))
            .collect();
        stops.sort_unstable_by_key(|(end, _)| Reverse(*end));
        Self { took: stops.into_iter().take(Self::MOST).map(|(_, took)| took).collect() }
    }
}
