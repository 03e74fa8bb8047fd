//! The second table of docs/loss.md: after a stop. The log decides; KILLED, the time it took and the deadline prove
//! nothing.

use super::assessment::{Assessment, Verdict};
use super::assessments::{Recovery, interrupts, outside_the_tables, settings, way_out};
use super::next_step::NextStep;
use super::reason::{Consequence, Reason, ReasonEvidence, ReasonKind};
use crate::drain_log::{DrainEvidence, DrainLog, NoEvidence};
use crate::kind::Kind;
use crate::launch::{LaunchFacts, Receiver};
use crate::outcome::{Ending, Outcome};

/// Judges a stop whose run has ended. `log` is `None` when it has not been read, which counts as a log that says
/// nothing.
///
/// `None` when there is nothing to judge: the run has not ended, never started, or is not a stream and completed or
/// failed on its own.
pub fn after(
    kind: Kind,
    facts: Option<&LaunchFacts>,
    log: Option<&DrainLog>,
    outcome: &Outcome,
    next: NextStep,
) -> Option<Assessment> {
    if !outcome.ending.is_end() || outcome.ending == Ending::Rejected {
        return None;
    }
    if !kind.is_real_time() {
        let by_itself = matches!(outcome.ending, Ending::Completed | Ending::Failed);
        return (!by_itself).then(|| interrupts(kind, next));
    }
    if let Some(assessment) = facts.and_then(|facts| outside_the_tables(facts, next)) {
        return Some(assessment);
    }
    let sign = log.map_or(DrainEvidence::Silent(NoEvidence::Unreadable), |log| log.sign);
    let recovery = facts.map_or(Recovery::Unknown, Recovery::of);
    let receiver = facts.map_or(Receiver::Unknown, |facts| facts.receiver.value);
    let verdict = match next {
        NextStep::SameVersion => same_version(sign, recovery, receiver),
        NextStep::Upgrade => upgrade(sign, receiver),
    };
    let evidence = log.map_or(ReasonEvidence::None, |log| ReasonEvidence::Log {
        quotes: log.quotes.clone(),
        problem: log.problem.clone(),
    });
    let mut reasons =
        vec![Reason { kind: ReasonKind::Log(sign, consequence(sign, next, recovery, verdict)), evidence }];
    reasons.extend(facts.map(settings).unwrap_or_default());
    let mut assessment = Assessment::new(verdict, next, reasons);
    if !matches!(sign, DrainEvidence::Drained { .. }) {
        assessment.remedy = way_out(next, facts);
    }
    Some(assessment)
}

fn same_version(sign: DrainEvidence, recovery: Recovery, receiver: Receiver) -> Verdict {
    let verdict = match (sign, recovery) {
        // Even with both on, the last fraction of a second may be gone.
        (DrainEvidence::Silent(_), _) => Verdict::MayLose,
        (DrainEvidence::Drained { .. }, _) | (_, Recovery::Yes) => Verdict::NoLossExpected,
        (DrainEvidence::CannotLook, _) | (_, Recovery::Unknown) => Verdict::CannotTell,
        (_, Recovery::No) => Verdict::MayLose,
    };
    // All of the table is about sources with a receiver; not knowing the source spoils only the good news.
    if verdict == Verdict::NoLossExpected && receiver == Receiver::Unknown {
        return Verdict::CannotTell;
    }
    verdict
}

fn upgrade(sign: DrainEvidence, receiver: Receiver) -> Verdict {
    match sign {
        DrainEvidence::Drained { .. } if receiver == Receiver::Yes => Verdict::NoLossExpected,
        // Without its checkpoint a drained source that is not known may still begin in the wrong place.
        DrainEvidence::Drained { .. } | DrainEvidence::CannotLook => Verdict::CannotTell,
        _ => Verdict::MayLose,
    }
}

fn consequence(sign: DrainEvidence, next: NextStep, recovery: Recovery, verdict: Verdict) -> Consequence {
    match (next, sign, recovery) {
        (_, DrainEvidence::Drained { .. }, _) if verdict != Verdict::NoLossExpected => {
            Consequence::PositionUnknown
        }
        (NextStep::SameVersion, DrainEvidence::Drained { late: true }, _) => Consequence::MayRepeat,
        (_, DrainEvidence::Drained { .. }, _) => Consequence::Nothing,
        (NextStep::SameVersion, DrainEvidence::Silent(_), Recovery::Yes) => Consequence::RecoversNearlyAll,
        (NextStep::SameVersion, _, Recovery::Yes) => Consequence::Recovers,
        (NextStep::SameVersion, _, Recovery::No) => Consequence::DoesNotRecover,
        (NextStep::SameVersion, _, Recovery::Unknown) => Consequence::RecoveryUnknown,
        (NextStep::Upgrade, _, _) => Consequence::Deleted,
    }
}
