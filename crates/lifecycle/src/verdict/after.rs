//! The second table of docs/loss.md: after a stop. The log decides; KILLED, the time it took and the deadline prove
//! nothing.

use super::words::{Recovery, interrupts, outside_the_tables, settings, way_out};
use super::{Assessment, NextStep, Reason, Verdict};
use crate::drain_log::{DrainLog, Sign, Silence};
use crate::kind::Kind;
use crate::launch::{LaunchFacts, Receiver};
use crate::outcome::{Ending, Outcome};

/// Judges a stop whose run has ended. `log` is `None` when it has not been read, which counts as a log that says
/// nothing.
///
/// `None` when there is nothing to judge: the run has not ended, never started, or is no stream and completed or
/// failed by itself.
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
    let sign = log.map_or(Sign::Silent(Silence::Unreadable), |log| log.sign);
    let recovery = facts.map_or(Recovery::Unknown, Recovery::of);
    let receiver = facts.map_or(Receiver::Unknown, |facts| facts.receiver.value);
    let verdict = match next {
        NextStep::SameVersion => same_version(sign, recovery, receiver),
        NextStep::Upgrade => upgrade(sign, receiver),
    };
    let source = format!("docs/loss.md, after {}", sign.row());
    let mut reasons = vec![Reason::new(sentence(sign, next, recovery, verdict), evidence(log), source)];
    reasons.extend(facts.map(settings).unwrap_or_default());
    let mut assessment = Assessment::new(verdict, next, reasons);
    if !matches!(sign, Sign::Drained { .. }) {
        assessment.way_out = way_out(next, facts);
    }
    Some(assessment)
}

fn same_version(sign: Sign, recovery: Recovery, receiver: Receiver) -> Verdict {
    let verdict = match (sign, recovery) {
        // Even with both on, the last fraction of a second may be gone.
        (Sign::Silent(_), _) => Verdict::MayLose,
        (Sign::Drained { .. }, _) | (_, Recovery::Yes) => Verdict::NoLossExpected,
        (Sign::CannotLook, _) | (_, Recovery::Unknown) => Verdict::CannotTell,
        (_, Recovery::No) => Verdict::MayLose,
    };
    // All of the table is about sources with a receiver; not knowing the source spoils only the good news.
    if verdict == Verdict::NoLossExpected && receiver == Receiver::Unknown {
        return Verdict::CannotTell;
    }
    verdict
}

fn upgrade(sign: Sign, receiver: Receiver) -> Verdict {
    match sign {
        Sign::Drained { .. } if receiver == Receiver::Yes => Verdict::NoLossExpected,
        // Without its checkpoint a drained source that is not known may still begin in the wrong place.
        Sign::Drained { .. } | Sign::CannotLook => Verdict::CannotTell,
        _ => Verdict::MayLose,
    }
}

fn sentence(sign: Sign, next: NextStep, recovery: Recovery, verdict: Verdict) -> String {
    let what = match sign {
        Sign::JobFailed => "A batch failed after the stop, so its records were not processed.",
        Sign::EndedAtOnce => "The driver ended at once, without draining.",
        Sign::AlreadyStopped => "The server stopped the run before its driver could drain it.",
        Sign::Drained { .. } => "The log shows that all received blocks were processed.",
        Sign::DataLeft => "The log shows that received records were left.",
        Sign::CannotLook => {
            "The driver could not look whether records were left. In 10 of 10 measured stops with no other sign \
             beside it nothing was, but a line that is absent proves nothing."
        }
        Sign::Silent(Silence::NoLine) => "The log has no line of the driver about the stop.",
        Sign::Silent(Silence::Cut) => "The log could not be read to its end.",
        Sign::Silent(Silence::Unreadable) => "The log could not be read.",
    };
    let so = match (next, sign, recovery) {
        (_, Sign::Drained { .. }, _) if verdict != Verdict::NoLossExpected => {
            " Its source is not known, and where that begins again cannot be told."
        }
        (NextStep::SameVersion, Sign::Drained { late: true }, _) => {
            " It took longer than Spark was given, so the next start may process some records again."
        }
        (_, Sign::Drained { .. }, _) => "",
        (NextStep::SameVersion, Sign::Silent(_), Recovery::Yes) => {
            " A start of the same version recovers all but perhaps the last fraction of a second."
        }
        (NextStep::SameVersion, _, Recovery::Yes) => {
            " A start of the same version recovers what was left; some records may be processed twice."
        }
        (NextStep::SameVersion, _, Recovery::No) => {
            " A start of the same version does not recover what was left."
        }
        (NextStep::SameVersion, _, Recovery::Unknown) => {
            " Whether a start of the same version recovers what was left cannot be told."
        }
        (NextStep::Upgrade, _, _) => " The first start of a new version deletes whatever was left.",
    };
    format!("{what}{so}")
}

/// The quoted lines, or why there are none.
fn evidence(log: Option<&DrainLog>) -> String {
    let Some(log) = log else { return String::new() };
    let mut lines: Vec<_> =
        log.quotes.iter().map(|quote| format!("{} “{}”", quote.at.timestamp(), quote.line)).collect();
    lines.extend(log.problem.clone());
    lines.join("\n")
}
