//! What both tables share: how a setting reads as a reason, what recovers, and the way out.

use super::{Assessment, NextStep, PastStops, Reason, Verdict, WayOut};
use crate::findings::{Applied, Prediction};
use crate::kind::Kind;
use crate::launch::{LaunchFacts, Receiver, StateMode, Switch};

/// How much of the deadline the driver of a real-time pipeline keeps to itself, in seconds.
pub(super) const DRIVER_KEEPS: i64 = 180;

impl Reason {
    pub(super) fn new(
        sentence: impl Into<String>,
        evidence: impl Into<String>,
        source: impl Into<String>,
    ) -> Self {
        Self { sentence: sentence.into(), evidence: evidence.into(), source: source.into() }
    }
}

impl Assessment {
    pub(super) fn new(verdict: Verdict, next: NextStep, reasons: Vec<Reason>) -> Self {
        Self { verdict, next, reasons, way_out: None }
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
            (Switch::Off, _) | (_, Switch::Off) => Self::No,
            (Switch::On, Switch::On) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

/// What decides before any table is read: a source with a state store, or one without a receiver.
pub(super) fn outside_the_tables(facts: &LaunchFacts, next: NextStep) -> Option<Assessment> {
    if facts.state_mode.value == StateMode::StateStore {
        let after = match next {
            NextStep::SameVersion => "",
            NextStep::Upgrade => " The server accepts an upgrade of such a pipeline.",
        };
        let sentence = format!(
            "The server keeps the position of the source and it goes on there; the last batch may be processed \
             twice.{after}"
        );
        let reason = Reason::new(sentence, &facts.state_mode.evidence, "docs/loss.md, state store");
        return Some(Assessment::new(Verdict::NoLossExpected, next, vec![reason]));
    }
    (facts.receiver.value == Receiver::No).then(|| {
        let sentence = "A source has no receiver. What a stop loses there was not measured.";
        let reason = Reason::new(sentence, &facts.receiver.evidence, "docs/loss.md, before 6");
        Assessment::new(Verdict::CannotTell, next, vec![reason])
    })
}

/// The settings that decide whether a start of the same version recovers, each as a reason.
pub(super) fn settings(facts: &LaunchFacts) -> Vec<Reason> {
    const SOURCE: &str = "docs/loss.md, what recovers";
    let log = match facts.write_ahead_log.value {
        Switch::On => "The write-ahead log was on at launch.",
        Switch::Off => "The write-ahead log was off at launch: what is not processed is gone.",
        Switch::Unknown => "Whether the write-ahead log was on at launch cannot be told.",
    };
    let mut reasons = vec![Reason::new(log, &facts.write_ahead_log.evidence, SOURCE)];
    // When the mode turned the log off or hides it, the first reason has said so already.
    if facts.at_least_once.evidence != facts.write_ahead_log.evidence {
        let checkpoints = match facts.at_least_once.value {
            Switch::On => "The run keeps checkpoints.",
            Switch::Off => "The run keeps no checkpoints: what is not processed is gone.",
            Switch::Unknown => "Whether the run keeps checkpoints cannot be told.",
        };
        reasons.push(Reason::new(checkpoints, &facts.at_least_once.evidence, SOURCE));
    }
    let source = match facts.receiver.value {
        Receiver::Yes | Receiver::No => return reasons,
        Receiver::Assumed => "The source is taken for one with a receiver.",
        Receiver::Unknown => "Whether the source has a receiver is not known.",
    };
    reasons.push(Reason::new(source, &facts.receiver.evidence, "docs/loss.md, which sources"));
    reasons
}

/// Start again, let it catch up, stop, look again. Only before an upgrade, and only where a start of the same
/// version may recover: without checkpoints or log it brings back nothing.
pub(super) fn way_out(next: NextStep, facts: Option<&LaunchFacts>) -> Option<WayOut> {
    if next == NextStep::SameVersion {
        return None;
    }
    let caveat = match facts.map(Recovery::of) {
        Some(Recovery::No) => return None,
        Some(Recovery::Yes) => None,
        Some(Recovery::Unknown) | None => Some(
            "It brings back what was left only if the write-ahead log and checkpoints were on.".to_owned(),
        ),
    };
    let steps = [
        "Start the same version again.",
        "Let it catch up with what was left.",
        "Stop it again, by run or in batch.",
        "Look at its log again. Upgrade only when it shows that it drained.",
    ];
    Some(WayOut { steps: steps.map(str::to_owned).to_vec(), caveat })
}

/// A stop of something that is no stream.
pub(super) fn interrupts(kind: Kind, next: NextStep) -> Assessment {
    let sentence = match kind {
        Kind::BatchPipeline | Kind::PipelineStep => {
            "A batch run is cut short. It can be run again; its sink may hold a part of what it wrote."
        }
        Kind::Workflow => "A workflow is cut short. What its finished steps wrote stays.",
        Kind::MapReduce => {
            "A MapReduce run is cut short. It can be run again; its output may be there in part."
        }
        Kind::Spark => "A Spark run is cut short. What it had not written is gone with it.",
        Kind::Service => "A service stops answering. Requests under way may be cut off.",
        Kind::Worker => "A worker is cut short. What it holds in memory cannot be seen from here.",
        Kind::RealTimePipeline | Kind::Other => "What the program is doing is cut short.",
    };
    let reason = Reason::new(sentence, "", "docs/loss.md, what is no stream");
    Assessment::new(Verdict::InterruptsWork, next, vec![reason])
}

/// How long past stops took, laid beside the time that this one will get. Nothing when no stop is known.
pub(super) fn past_stops(kind: Kind, past: &PastStops, prediction: &Prediction) -> Option<Reason> {
    let longest = *past.took.iter().max()?;
    let shortest = *past.took.iter().min()?;
    let took = match past.took.len() {
        1 => format!("Its last stop took {longest} s"),
        count if shortest == longest => format!("Its last {count} stops took {longest} s each"),
        count => format!("Its last {count} stops took {shortest} to {longest} s"),
    };
    let (time, of_what) = match prediction.applied {
        Applied::Known(applied) if kind.is_real_time() => {
            (applied.saturating_sub(DRIVER_KEEPS).max(0), "that the driver leaves for draining")
        }
        Applied::Known(applied) => (applied, "that a run gets"),
        Applied::Unlimited | Applied::Unknown => {
            return Some(Reason::new(format!("{took}."), "", "run records"));
        }
    };
    let beside = if longest > time { "longer than" } else { "within" };
    Some(Reason::new(format!("{took}, {beside} the {time} s {of_what}."), "", "run records"))
}
