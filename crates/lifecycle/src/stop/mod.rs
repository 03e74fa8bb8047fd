//! Stopping runs: what will be sent, what was sent, and what the server really did.
//!
//! [`StopOperation`] is a fold over the events of its journal: [`StopOperation::apply`]. What to do next follows
//! from that state alone: [`StopOperation::effects`]. Whoever runs it does the [`Effect`]s and brings back [`Event`]s.
//!
//! The runner keeps two promises: before [`Effect::Send`] is carried out, its [`Event::Sending`] is in the journal
//! for good; and what [`StopOperation::apply`] calls a change is put into the journal too. The machine keeps these:
//!
//! * a run is only ended when a record read from the server has an end state;
//! * no stop is sent for a run that is stopping or has ended, as far as it was read;
//! * no stop is sent twice for a run, unless its first call was refused as a whole before it reached the run and
//!   the run was read alive since, or the operator asks for it;
//! * after a batch call without a good answer every run of that call is read before anything else is sent.

mod answer;
mod batch;
mod effects;
mod event;
mod journaled;
mod operation;
mod plan;
mod results;
mod target;
mod timeline;
mod view;

#[cfg(test)]
mod detail_tests;
#[cfg(test)]
mod model;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use crate::clock::ServerClock;
pub(crate) use effects::LATE_PACE;
pub use effects::{Effect, StopInFlight};
pub use event::{CallId, Event};
pub use operation::{Drift, SentCall, StopOperation, StopRunState};
pub use plan::{MAX_PER_CALL, StopCall, StopPlan, calls};
pub use results::StopResults;
pub use target::Target;
pub use timeline::{Lane, Phase, Span, Timeline};
pub use view::{Counts, NotStoppedReason, RunView, StopState, needs_attention};
