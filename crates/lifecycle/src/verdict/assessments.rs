//! What both tables share: how a setting becomes a reason, what recovers, and the way out.

use super::assessment::{Assessment, Remedy, Verdict};
use super::next_step::NextStep;
use super::past_stops::PastStops;
use super::reason::{Reason, ReasonKind, TimeLimit};
use crate::findings::{Applied, Prediction};
use crate::kind::Kind;
use crate::launch::{LaunchFacts, Receiver, Setting, StateMode};

/// How much of the deadline the driver of a real-time pipeline keeps to itself, in seconds.
pub(crate) const DRIVER_KEEPS: i64 = 180;

impl Assessment {
    pub(super) fn new(verdict: Verdict, next: NextStep, reasons: Vec<Reason>) -> Self {
        Self { verdict, next, reasons, remedy: None }
    }
}

/// Whether a start of the same version brings back what was received and not processed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Recovery {
    /// Checkpoints and write-ahead log.
    Yes,
    /// One of the two was off.
    No,
    /// One of the two cannot be told, and none is known to be off.
    Unknown,
}

impl Recovery {
    pub(super) fn of(facts: &LaunchFacts) -> Self {
        match (facts.write_ahead_log.value, facts.at_least_once.value) {
            (Setting::Off, _) | (_, Setting::Off) => Self::No,
            (Setting::On, Setting::On) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

/// What decides before any table is read: a source with a state store, or one without a receiver.
pub(super) fn outside_the_tables(facts: &LaunchFacts, next: NextStep) -> Option<Assessment> {
    if facts.state_mode.value == StateMode::StateStore {
        let reason = ReasonKind::StateStore(next).read_from(&facts.state_mode);
        return Some(Assessment::new(Verdict::NoLossExpected, next, vec![reason]));
    }
    (facts.receiver.value == Receiver::No).then(|| {
        let reason = ReasonKind::NoReceiver.read_from(&facts.receiver);
        Assessment::new(Verdict::CannotTell, next, vec![reason])
    })
}

/// The settings that decide whether a start of the same version recovers, each as a reason.
pub(super) fn settings(facts: &LaunchFacts) -> Vec<Reason> {
    let log = &facts.write_ahead_log;
    let mut reasons = vec![ReasonKind::WriteAheadLog(log.value).read_from(log)];
    // When the mode turned the log off or hides it, the first reason has said so already.
    let checkpoints = &facts.at_least_once;
    if checkpoints.evidence != log.evidence {
        reasons.push(ReasonKind::Checkpoints(checkpoints.value).read_from(checkpoints));
    }
    let source = match facts.receiver.value {
        Receiver::Yes | Receiver::No => return reasons,
        Receiver::Assumed => ReasonKind::ReceiverAssumed,
        Receiver::Unknown => ReasonKind::ReceiverUnknown,
    };
    reasons.push(source.read_from(&facts.receiver));
    reasons
}

/// Start again, let it catch up, stop, check the log. Only before an upgrade, and only where a start of the same
/// version may recover: without checkpoints or log it brings back nothing.
pub(super) fn way_out(next: NextStep, facts: Option<&LaunchFacts>) -> Option<Remedy> {
    if next == NextStep::SameVersion {
        return None;
    }
    match facts.map_or(Recovery::Unknown, Recovery::of) {
        Recovery::No => None,
        recovery => Some(Remedy { recovery_is_known: recovery == Recovery::Yes }),
    }
}

/// A stop of a program that is not a stream.
pub(super) fn interrupts(kind: Kind, next: NextStep) -> Assessment {
    Assessment::new(Verdict::InterruptsWork, next, vec![ReasonKind::Interrupts(kind).alone()])
}

/// How long past stops took, compared with the time that this one will get. Nothing when no stop is known.
pub(super) fn past_stops(kind: Kind, past: &PastStops, prediction: &Prediction) -> Option<Reason> {
    let longest = *past.took.iter().max()?;
    let shortest = *past.took.iter().min()?;
    let limit = match prediction.applied {
        Applied::Known(applied) if kind.is_real_time() => {
            Some(TimeLimit::Draining(applied.saturating_sub(DRIVER_KEEPS).max(0)))
        }
        Applied::Known(applied) => Some(TimeLimit::Grace(applied)),
        Applied::Unlimited | Applied::Unknown => None,
    };
    Some(ReasonKind::PastStops { count: past.took.len(), shortest, longest, limit }.alone())
}
