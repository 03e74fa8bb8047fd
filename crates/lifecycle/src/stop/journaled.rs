//! A stop as the journal and its runner see it.

use super::effects::{Effect, StopInFlight};
use super::event::Event;
use super::operation::StopOperation;
use crate::journal::{Body, OperationKind, StopConfirmed, StopEvent};
use crate::operation::{Operation, Timing};
use quiesce_api::Timestamp;

impl Operation for StopOperation {
    type Event = Event;
    type Effect = Effect;
    type InFlight = StopInFlight;

    const KIND: OperationKind = OperationKind::Stop;
    const CONTINUES_IN_ANOTHER_TAB: bool = true;

    fn apply(&mut self, event: &Event) -> bool {
        Self::apply(self, event)
    }

    fn effects(&self, in_flight: &StopInFlight, now: Timestamp) -> Vec<Effect> {
        Self::effects(self, in_flight, now)
    }

    fn timing(effect: &Effect) -> Option<Timing> {
        match effect {
            Effect::Wait(milliseconds) => Some(Timing::Wait(*milliseconds)),
            Effect::Done => Some(Timing::Done),
            _ => None,
        }
    }

    fn is_change(effect: &Effect) -> bool {
        matches!(effect, Effect::Send { .. })
    }

    fn next_attempt(&self) -> Option<Timestamp> {
        self.connectivity.next_attempt()
    }

    fn requires_sign_in(&self) -> bool {
        self.connectivity.requires_sign_in()
    }

    fn is_settled(&self, now: Timestamp) -> bool {
        self.is_finished(now)
    }

    fn resumed(at: Timestamp) -> Event {
        Event::Resumed { at }
    }

    fn signed_in(at: Timestamp) -> Event {
        Event::SignedIn { at }
    }

    fn begin(first: Body) -> Option<Self> {
        let Body::StopConfirmed(StopConfirmed { confirmed: (at, plan) }) = first else { return None };
        Some(Self::new(*plan, at))
    }

    fn event(body: &Body) -> Option<&Event> {
        match body {
            Body::Stop(entry) => Some(&entry.stop),
            _ => None,
        }
    }

    fn body(event: Event) -> Body {
        Body::Stop(Box::new(StopEvent { stop: event }))
    }
}
