//! The findings about a server: each answer with what was asked, what was seen and when.

mod finding;
mod predict;
mod probe;

pub use finding::{Evidence, Finding, GraceSupport, Observation, ServerFindings};
pub use predict::{Applied, CallForm, Prediction, predict_applied};
