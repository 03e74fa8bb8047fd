//! What a stop may lose, before and after it. The tables are in docs/loss.md, and every reason has its [`Rule`] there.
//! A reason is a fact; `crate::text::verdict` has its sentence.

mod after;
mod assessment;
mod assessments;
mod before;
#[cfg(test)]
mod cases;
mod next_step;
mod past_stops;
mod reason;

pub use after::after;
pub use assessment::{Assessment, Remedy, Verdict};
pub(crate) use assessments::DRIVER_KEEPS;
pub use before::before;
pub use next_step::NextStep;
pub use past_stops::PastStops;
pub use reason::{Consequence, Reason, ReasonEvidence, ReasonKind, Rule, TimeLimit};
