//! A verdict with its reasons.

use super::next_step::NextStep;
use super::reason::Reason;

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
