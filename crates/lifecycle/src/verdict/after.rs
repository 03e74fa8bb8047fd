//! After a stop.
use super::{Assessment, NextStep};
use crate::drain_log::DrainLog;
use crate::kind::Kind;
use crate::launch::LaunchFacts;
use crate::outcome::Outcome;

/// Judges a stop whose run has ended. `log` is `None` while it has not been read.
pub fn after(
    kind: Kind,
    facts: Option<&LaunchFacts>,
    log: Option<&DrainLog>,
    outcome: &Outcome,
    next: NextStep,
) -> Assessment {
    let _ = (kind, facts, log, outcome, next);
    todo!()
}
