//! The first table of docs/loss.md: before a stop.

use super::assessment::{Assessment, Verdict};
use super::assessments::{
    DRIVER_KEEPS, Recovery, interrupts, outside_the_tables, past_stops, settings, way_out,
};
use super::next_step::NextStep;
use super::past_stops::PastStops;
use super::reason::{Reason, ReasonEvidence, ReasonKind};
use crate::findings::{Applied, CallForm, Prediction};
use crate::kind::Kind;
use crate::launch::{LaunchFacts, Receiver, Setting};

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
        let reason = ReasonKind::SettingsUnread.alone();
        let mut assessment = Assessment::new(Verdict::CannotTell, next, vec![reason]);
        assessment.remedy = way_out(next, None);
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
    let (verdict, kind) = match Recovery::of(facts) {
        Recovery::Yes if facts.receiver.value == Receiver::Unknown => {
            (Verdict::CannotTell, ReasonKind::SourcesUnread)
        }
        Recovery::Yes => (Verdict::NoLossExpected, ReasonKind::Recovers),
        Recovery::No => (Verdict::MayLose, ReasonKind::DoesNotRecover),
        Recovery::Unknown => (Verdict::CannotTell, ReasonKind::RecoveryUnknown),
    };
    let mut reasons = vec![kind.alone()];
    reasons.extend(settings(facts));
    Assessment::new(verdict, NextStep::SameVersion, reasons)
}

fn upgrade(facts: &LaunchFacts, prediction: &Prediction) -> Assessment {
    let graceful = &facts.stops_gracefully;
    let mut against = Vec::new();
    if graceful.value == Setting::Off {
        against.push(ReasonKind::NoDrain.read_from(graceful));
    }
    if prediction.call == CallForm::Program {
        against.push(ReasonKind::ProgramLevelStop.alone());
    } else if let Some(reason) = too_short(facts, prediction) {
        against.push(reason);
    }
    let verdict = if against.is_empty() { Verdict::CannotTell } else { Verdict::MayLose };
    let mut reasons = against;
    if reasons.is_empty() {
        reasons.push(match (graceful.value, prediction.applied) {
            (Setting::Unknown, _) => ReasonKind::DrainUnknown.read_from(graceful),
            (_, Applied::Unknown) => {
                Reason { kind: ReasonKind::GraceUnknown, evidence: ReasonEvidence::Grace(*prediction) }
            }
            _ => ReasonKind::LogDecides.read_from(graceful),
        });
    }
    reasons.extend(settings(facts));
    let mut assessment = Assessment::new(verdict, NextStep::Upgrade, reasons);
    assessment.remedy = way_out(NextStep::Upgrade, Some(facts));
    assessment
}

/// The driver keeps 180 s of the deadline; with less than a batch interval left it does not wait at all.
fn too_short(facts: &LaunchFacts, prediction: &Prediction) -> Option<Reason> {
    let Applied::Known(applied) = prediction.applied else { return None };
    let left = applied.saturating_sub(DRIVER_KEEPS);
    // Without the interval only what is below any interval is certain.
    let interval = facts.batch_interval.value.unwrap_or(1);
    (left.saturating_mul(1_000) < interval)
        .then(|| ReasonKind::TooShort { applied }.read_from(&facts.batch_interval))
}
