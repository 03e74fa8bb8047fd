//! The first table of docs/loss.md: before a stop.

use super::words::{DRIVER_KEEPS, Recovery, interrupts, outside_the_tables, past_stops, settings, way_out};
use super::{Assessment, NextStep, PastStops, Reason, Verdict};
use crate::findings::{Applied, CallForm, Prediction};
use crate::kind::Kind;
use crate::launch::{LaunchFacts, Receiver, Switch};

/// Judges a stop that has not been sent. `facts` are those of a real-time run; of other kinds they are not looked
/// at.
pub fn before(
    kind: Kind,
    facts: Option<&LaunchFacts>,
    prediction: &Prediction,
    past: &PastStops,
    next: NextStep,
) -> Assessment {
    let mut assessment =
        if kind.is_real_time() { real_time(facts, prediction, next) } else { interrupts(kind, next) };
    assessment.reasons.extend(past_stops(kind, past, prediction));
    assessment
}

fn real_time(facts: Option<&LaunchFacts>, prediction: &Prediction, next: NextStep) -> Assessment {
    let Some(facts) = facts else {
        let reason = Reason::new("The settings of this run could not be read.", "", "docs/loss.md, before 6");
        let mut assessment = Assessment::new(Verdict::CannotTell, next, vec![reason]);
        assessment.way_out = way_out(next, None);
        return assessment;
    };
    if let Some(assessment) = outside_the_tables(facts, next) {
        return assessment;
    }
    match next {
        NextStep::SameVersion => same_version(facts),
        NextStep::Upgrade => upgrade(facts, prediction),
    }
}

fn same_version(facts: &LaunchFacts) -> Assessment {
    let (verdict, reason) = match Recovery::of(facts) {
        Recovery::Yes if facts.receiver.value == Receiver::Unknown => (
            Verdict::CannotTell,
            Reason::new(
                "The sources of this run could not be read, and what a start recovers depends on them.",
                "",
                "docs/loss.md, before 6",
            ),
        ),
        Recovery::Yes => (
            Verdict::NoLossExpected,
            Reason::new(
                "A start of the same version recovers what was received and not processed; some records may be \
                 processed twice. If the process is killed, the last fraction of a second may be lost.",
                "",
                "docs/loss.md, before 1",
            ),
        ),
        Recovery::No => (
            Verdict::MayLose,
            Reason::new(
                "A start of the same version does not recover what was received and not processed.",
                "",
                "docs/loss.md, before 2",
            ),
        ),
        Recovery::Unknown => (
            Verdict::CannotTell,
            Reason::new(
                "Whether a start of the same version recovers what was not processed depends on a setting that \
                 could not be read.",
                "",
                "docs/loss.md, before 6",
            ),
        ),
    };
    let mut reasons = vec![reason];
    reasons.extend(settings(facts));
    Assessment::new(verdict, NextStep::SameVersion, reasons)
}

fn upgrade(facts: &LaunchFacts, prediction: &Prediction) -> Assessment {
    const SETTINGS: &str = "docs/loss.md, before 3";
    let mut against = Vec::new();
    if facts.stops_gracefully.value == Switch::Off {
        against.push(Reason::new(
            "A stop does not drain it: what is not processed then is gone after the upgrade.",
            &facts.stops_gracefully.evidence,
            SETTINGS,
        ));
    }
    if prediction.call == CallForm::Program {
        against.push(Reason::new(
            "A program-level stop gives no time to drain. Stop by run or in batch instead.",
            "",
            "docs/loss.md, before 4",
        ));
    } else if let Some(reason) = too_short(facts, prediction) {
        against.push(reason);
    }
    let verdict = if against.is_empty() { Verdict::CannotTell } else { Verdict::MayLose };
    let mut reasons = against;
    if reasons.is_empty() {
        reasons.push(match (facts.stops_gracefully.value, prediction.applied) {
            (Switch::Unknown, _) => Reason::new(
                "Whether a stop drains it could not be read.",
                &facts.stops_gracefully.evidence,
                "docs/loss.md, before 6",
            ),
            (_, Applied::Unknown) => Reason::new(
                "How long the server lets it drain is not known.",
                &prediction.truth,
                "docs/loss.md, before 6",
            ),
            _ => Reason::new(
                "Even a graceful stop drained only 10 of 18 times on a stand-alone server. The log decides after \
                 the stop, before the upgrade.",
                &facts.stops_gracefully.evidence,
                "docs/loss.md, before 5",
            ),
        });
    }
    reasons.extend(settings(facts));
    let mut assessment = Assessment::new(verdict, NextStep::Upgrade, reasons);
    assessment.way_out = way_out(NextStep::Upgrade, Some(facts));
    assessment
}

/// The driver keeps 180 s of the deadline; with less than a batch interval left it does not wait at all.
fn too_short(facts: &LaunchFacts, prediction: &Prediction) -> Option<Reason> {
    let Applied::Known(applied) = prediction.applied else { return None };
    let left = applied.saturating_sub(DRIVER_KEEPS);
    // Without the interval only what is below any interval is certain.
    let interval = facts.batch_interval.value.unwrap_or(1);
    (left.saturating_mul(1_000) < interval).then(|| {
        Reason::new(
            format!(
                "Of {applied} s the driver keeps {DRIVER_KEEPS} s to itself. That leaves less than a batch, so it \
                 ends at once: what is not processed then is gone after the upgrade."
            ),
            &facts.batch_interval.evidence,
            "docs/loss.md, before 3",
        )
    })
}
