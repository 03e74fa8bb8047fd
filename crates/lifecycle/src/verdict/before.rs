//! Before a stop.
use super::{Assessment, NextStep, PastStops};
use crate::findings::Prediction;
use crate::kind::Kind;
use crate::launch::LaunchFacts;

/// Judges a stop that has not been sent. `facts` are those of a real-time run; other kinds have none.
pub fn before(
    kind: Kind,
    facts: Option<&LaunchFacts>,
    prediction: &Prediction,
    past: &PastStops,
    next: NextStep,
) -> Assessment {
    let _ = (kind, facts, prediction, past, next);
    todo!()
}
