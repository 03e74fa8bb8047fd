//! What a stop may lose, before and after it. The table is docs/loss.md; every reason names its row.

mod after;
mod before;
#[cfg(test)]
mod cases;
mod words;

pub use after::after;
pub use before::before;

use quiesce_api::run::RunRecord;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::fmt;

/// What a stop means for data. Ordered from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// Nothing is expected to be lost; some records may be processed twice.
    NoLossExpected,
    /// Not a stream: what it was doing is cut short.
    InterruptsWork,
    /// What is known does not decide it.
    CannotTell,
    /// Received records may be gone.
    MayLose,
}

/// What comes after the stop. A verdict depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NextStep {
    /// The same version is started again: it recovers from checkpoints and write-ahead log.
    SameVersion,
    /// The application is upgraded or redeployed: the first start of the new version deletes the checkpoints.
    Upgrade,
}

/// One reason of a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// What is so, in one sentence.
    pub sentence: String,
    /// What it rests on: where a setting was read, a quoted line of the log. Empty when the sentence says it.
    pub evidence: String,
    /// Where the rule comes from, such as `docs/loss.md, after 2`.
    pub source: String,
}

/// How a loss can still be avoided before an upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WayOut {
    /// What to do, in order.
    pub steps: Vec<String>,
    /// What it depends on, when that is not sure.
    pub caveat: Option<String>,
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Assessment {
    /// The verdict.
    pub verdict: Verdict,
    /// For which next step.
    pub next: NextStep,
    /// Why; the deciding reason first.
    pub reasons: Vec<Reason>,
    /// How a loss can be avoided, if it can.
    pub way_out: Option<WayOut>,
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

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLossExpected => "No loss expected",
            Self::InterruptsWork => "Interrupts work",
            Self::CannotTell => "Cannot tell",
            Self::MayLose => "May lose data",
        })
    }
}
