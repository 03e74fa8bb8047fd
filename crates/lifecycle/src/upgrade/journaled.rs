//! An upgrade as the journal and its runner see it.

use super::effects::{Effect, UpgradeInFlight};
use super::event::{Command, Event, EventKind};
use super::operation::UpgradeOperation;
use super::steps::Step;
use crate::journal::{Body, OperationKind, UpgradeEvent, UpgradePlanned};
use crate::operation::{Operation, Timing};
use crate::stop::StopOperation;
use quiesce_api::Timestamp;

impl Operation for UpgradeOperation {
    type Event = Event;
    type Effect = Effect;
    type InFlight = UpgradeInFlight;

    const KIND: OperationKind = OperationKind::Upgrade;
    const CONTINUES_IN_ANOTHER_TAB: bool = false;

    fn apply(&mut self, event: &Event) -> bool {
        Self::apply(self, event)
    }

    fn effects(&self, in_flight: &UpgradeInFlight, now: Timestamp) -> Vec<Effect> {
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
        match effect {
            Effect::Send { .. } => true,
            Effect::Stop(effect) => StopOperation::is_change(effect),
            _ => false,
        }
    }

    /// Another stop begins only when every request of the last one has a response, which would find no way to it.
    fn accepts(&self, event: &Event) -> bool {
        let waits =
            || self.current_stop().is_some_and(|stop| stop.calls.values().any(|call| call.answer.is_none()));
        !matches!(event.kind, EventKind::Command(Command::Begin(_) | Command::Drain(_))) || !waits()
    }

    fn next_attempt(&self) -> Option<Timestamp> {
        let of_stop = self.current_stop().and_then(|stop| stop.connectivity.next_attempt());
        self.connectivity.next_attempt().or(of_stop)
    }

    fn requires_sign_in(&self) -> bool {
        let of_stop = || self.current_stop().is_some_and(|stop| stop.connectivity.requires_sign_in());
        self.connectivity.requires_sign_in() || of_stop()
    }

    fn is_settled(&self, _: Timestamp) -> bool {
        matches!(self.step, Step::Report(_)) && !self.has_open_requests()
    }

    fn resumed(at: Timestamp) -> Event {
        Event::new(at, EventKind::Resumed)
    }

    fn signed_in(at: Timestamp) -> Event {
        Event::new(at, EventKind::SignedIn)
    }

    fn begin(first: Body) -> Option<Self> {
        let Body::UpgradePlanned(UpgradePlanned { chosen: (at, plan) }) = first else { return None };
        Some(Self::new(*plan, at))
    }

    fn event(body: &Body) -> Option<&Event> {
        match body {
            Body::Upgrade(entry) => Some(&entry.upgrade),
            _ => None,
        }
    }

    fn body(event: Event) -> Body {
        Body::Upgrade(Box::new(UpgradeEvent { upgrade: event }))
    }
}
