//! The reasons of a verdict: each a fact, with the evidence for it and the rule that it follows.

use super::next_step::NextStep;
use crate::drain_log::{DrainEvidence, LogProblem, Quote};
use crate::findings::Prediction;
use crate::kind::Kind;
use crate::launch::{Fact, LaunchEvidence, Setting};

/// One reason of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The fact.
    pub kind: ReasonKind,
    /// Why it is known.
    pub evidence: ReasonEvidence,
}

/// The fact that a reason states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// The settings that the run was launched with could not be read.
    SettingsUnread,
    /// The sources of the run could not be read, so what a start recovers is unknown.
    SourcesUnread,
    /// A start of the same version recovers what was not processed.
    Recovers,
    /// A start of the same version does not recover what was not processed.
    DoesNotRecover,
    /// A setting that decides whether a start recovers could not be read.
    RecoveryUnknown,
    /// A stop does not drain the run.
    NoDrain,
    /// A program-level stop gives no time to drain.
    ProgramLevelStop,
    /// Less than a batch interval is left of the grace period for draining.
    TooShort {
        /// The grace period that the run gets, in seconds.
        applied: i64,
    },
    /// The setting that decides whether a stop drains the run could not be read.
    DrainUnknown,
    /// The grace period that the run gets is unknown.
    GraceUnknown,
    /// A graceful stop may drain the run or not; its log shows it afterwards.
    LogDecides,
    /// The server stores the position of the source.
    StateStore(NextStep),
    /// A source has no receiver; the loss of such sources was not measured.
    NoReceiver,
    /// Whether the write-ahead log was on at launch.
    WriteAheadLog(Setting),
    /// Whether the run stores checkpoints.
    Checkpoints(Setting),
    /// The source is assumed to have a receiver.
    ReceiverAssumed,
    /// Whether the source has a receiver is unknown.
    ReceiverUnknown,
    /// A stop interrupts a program that is not a stream.
    Interrupts(Kind),
    /// How long past stops took, compared with the time that this one gets.
    PastStops {
        /// The number of stops.
        count: usize,
        /// The shortest, in seconds.
        shortest: i64,
        /// The longest, in seconds.
        longest: i64,
        /// The time that this stop gets, if it is limited and known.
        limit: Option<TimeLimit>,
    },
    /// What the log shows after the stop, and what follows from it.
    Log(DrainEvidence, Consequence),
}

/// The time that a stop gets, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeLimit {
    /// The time that the driver of a real-time run leaves for draining.
    Draining(i64),
    /// The whole grace period.
    Grace(i64),
}

/// What follows from the log for the next start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consequence {
    /// Nothing: the log says it all.
    Nothing,
    /// The run drained, but the position from which its source restarts is unknown.
    PositionUnknown,
    /// A start of the same version may process some records again.
    MayRepeat,
    /// A start of the same version recovers all but perhaps the last fraction of a second.
    RecoversNearlyAll,
    /// A start of the same version recovers what was not processed.
    Recovers,
    /// A start of the same version does not recover what was not processed.
    DoesNotRecover,
    /// Whether a start of the same version recovers what was not processed is unknown.
    RecoveryUnknown,
    /// The first start of a new version deletes what was not processed.
    Deleted,
}

/// Why the fact of a reason is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonEvidence {
    /// The fact is enough.
    None,
    /// Where a setting was read.
    Setting(LaunchEvidence),
    /// The grace period that was predicted.
    Grace(Prediction),
    /// Lines of the run's log, and why there are no more of them.
    Log {
        /// The lines.
        quotes: Vec<Quote>,
        /// Why the log could not be read or is incomplete.
        problem: Option<LogProblem>,
    },
}

/// The rule of docs/loss.md that a reason follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A row of the table of verdicts before a stop.
    Before(u8),
    /// A row of the table of verdicts after a stop.
    After(u8),
    /// The section on sources with a state store.
    StateStore,
    /// The section on the settings that decide what recovers.
    Recovery,
    /// The section on sources.
    Sources,
    /// The section on programs that are not streams.
    NotAStream,
    /// The section on past stops: a comparison of run records.
    RunRecords,
}

impl Rule {
    /// The section of the served documents that explains it; for a row of a table, the row.
    pub fn section(self) -> String {
        let section = match self {
            Self::Before(row) => return format!("loss#before-a-stop-{row}"),
            Self::After(row) => return format!("loss#after-a-stop-{row}"),
            Self::StateStore => "loss#state-store",
            Self::Recovery => "loss#what-recovers",
            Self::Sources => "loss#which-sources",
            Self::NotAStream => "loss#not-a-stream",
            Self::RunRecords => "loss#past-stops",
        };
        section.to_owned()
    }
}

impl ReasonKind {
    /// The rule that it follows.
    pub fn rule(self) -> Rule {
        match self {
            Self::Recovers => Rule::Before(1),
            Self::DoesNotRecover => Rule::Before(2),
            Self::NoDrain | Self::TooShort { .. } => Rule::Before(3),
            Self::ProgramLevelStop => Rule::Before(4),
            Self::LogDecides => Rule::Before(5),
            Self::SettingsUnread
            | Self::SourcesUnread
            | Self::RecoveryUnknown
            | Self::DrainUnknown
            | Self::GraceUnknown
            | Self::NoReceiver => Rule::Before(6),
            Self::StateStore(_) => Rule::StateStore,
            Self::WriteAheadLog(_) | Self::Checkpoints(_) => Rule::Recovery,
            Self::ReceiverAssumed | Self::ReceiverUnknown => Rule::Sources,
            Self::Interrupts(_) => Rule::NotAStream,
            Self::PastStops { .. } => Rule::RunRecords,
            Self::Log(sign, _) => Rule::After(sign.row()),
        }
    }

    /// A reason that needs no evidence.
    pub(super) fn alone(self) -> Reason {
        Reason { kind: self, evidence: ReasonEvidence::None }
    }

    /// A reason that rests on a setting of the launch.
    pub(super) fn read_from<T>(self, fact: &Fact<T>) -> Reason {
        Reason { kind: self, evidence: ReasonEvidence::Setting(fact.evidence.clone()) }
    }
}
