//! What every operation shares: it is a fold over the events of its journal ([`Operation`]), a request that changes
//! something is sent at most once ([`Delivery`]), and the server may be unavailable or require a token
//! ([`Connectivity`]).

mod connectivity;
mod delivery;
mod waits;

pub use connectivity::{Connectivity, Outage, OutageReason, back_off};
pub use delivery::{Coverage, Delivery, Doubt};
pub(crate) use waits::{has_passed, left};

use crate::journal::{Body, OperationKind};
use quiesce_api::Timestamp;

/// An operation that is run from its journal: [`crate::stop::StopOperation`] and [`crate::upgrade::UpgradeOperation`].
///
/// Whoever runs it carries out its effects and brings back events, and keeps two promises: the event that announces a
/// request is in the journal before the request is sent; and every event that [`Operation::apply`] calls a change is
/// written to the journal.
pub trait Operation: Clone + PartialEq + Send + Sync + 'static {
    /// Something that happened.
    type Event: Clone + Send + 'static;
    /// Something to be carried out.
    type Effect: Clone + 'static;
    /// What is being carried out, except for requests that change something: those are known from their events.
    type InFlight: Default;

    /// The kind of operation, as the journal names it.
    const KIND: OperationKind;
    /// Whether another tab may continue it without asking when the tab that ran it is gone.
    const CONTINUES_IN_ANOTHER_TAB: bool;

    /// Takes in what happened. Says whether the journal has to keep it.
    fn apply(&mut self, event: &Self::Event) -> bool;
    /// What to do now. What is in flight is not repeated.
    fn effects(&self, in_flight: &Self::InFlight, now: Timestamp) -> Vec<Self::Effect>;
    /// Whether an effect is only about time.
    fn timing(effect: &Self::Effect) -> Option<Timing>;
    /// Whether an effect sends a request that changes something.
    fn is_change(effect: &Self::Effect) -> bool;
    /// Whether an event has a meaning now, or has to wait for a response that is missing.
    fn accepts(&self, _event: &Self::Event) -> bool {
        true
    }
    /// When an unavailable server is asked again.
    fn next_attempt(&self) -> Option<Timestamp>;
    /// Whether it waits until the operator signs in.
    fn requires_sign_in(&self) -> bool;
    /// Whether nothing is left to do automatically.
    fn is_settled(&self, now: Timestamp) -> bool;

    /// The event when it is resumed from its journal: requests without a response will get none.
    fn resumed(at: Timestamp) -> Self::Event;
    /// The event when the operator signed in.
    fn signed_in(at: Timestamp) -> Self::Event;

    /// The state after the first entry of its journal.
    fn begin(first: Body) -> Option<Self>;
    /// The event of a later entry.
    fn event(body: &Body) -> Option<&Self::Event>;
    /// The entry of an event.
    fn body(event: Self::Event) -> Body;
}

/// An effect that is only about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Determine the effects again after this many milliseconds.
    Wait(u32),
    /// Nothing is left to do.
    Done,
}
