//! A request that changes something, from its intent to its effect. It is sent at most once: while it has no response, or
//! its response does not tell what it did, nothing else is sent for the same thing, until a reading tells.
//!
//! ```text
//! NotSent ── send ──▶ InFlight ── answer ──▶ Acknowledged ─┬─ a reading ──▶ Confirmed
//!    ▲                   │  │                              │
//!    │  401, read-only   │  ├── answer ───▶ InDoubt ───────┴─ readings ───▶ Disproved
//!    └───────────────────┘  └── answer ───▶ Refused
//! ```

use quiesce_api::{Error, RefusalKind, Timestamp, TransportError};

/// How a request stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// No request was sent, or it was rejected before it reached the service that carries it out.
    #[default]
    NotSent,
    /// Its intent is in the journal; its response is still missing.
    InFlight,
    /// The server accepted it; no reading shows its effect yet.
    Acknowledged(Timestamp),
    /// The server refused it: nothing was changed.
    Refused(Error),
    /// Its response does not tell whether something was changed, or there is none.
    InDoubt(Doubt),
    /// A reading shows its effect.
    Confirmed,
    /// Readings show no effect, long enough after the response. Holds the error of the response; `None`: the server
    /// had accepted it.
    Disproved(Option<Error>),
}

/// Why it is unknown whether a request changed something, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Doubt {
    /// When the response came, or failed to come, by the browser's clock.
    pub since: Timestamp,
    /// The error in place of a usable response.
    pub error: Error,
}

/// How much of a request the server may have carried out before it answers with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All or nothing: a refusal changed nothing.
    Whole,
    /// A part: a refusal of the whole request tells nothing of its elements
    /// (docs/cdap-api.md#batch-stop).
    Part,
}

impl Delivery {
    /// The intent is in the journal: the request is sent now. `false`: it must not be, since one is open.
    pub fn send(&mut self) -> bool {
        let may = !self.is_open();
        if may {
            *self = Self::InFlight;
        }
        may
    }

    /// Takes in the response to a request in flight: its error, or none. `false`: there is none in flight.
    pub fn answer(&mut self, at: Timestamp, error: Option<&Error>, coverage: Coverage) -> bool {
        if *self != Self::InFlight {
            return false;
        }
        *self = match error {
            None => Self::Acknowledged(at),
            // The router rejects it before it forwards it (docs/cdap-api.md#authentication).
            Some(error) if is_unauthenticated(error) || is_read_only(error) => Self::NotSent,
            Some(error) if coverage == Coverage::Part || error.leaves_doubt() => {
                Self::InDoubt(Doubt { since: at, error: error.clone() })
            }
            Some(error) => Self::Refused(error.clone()),
        };
        true
    }

    /// The console was closed with the request in flight: its response will not come. `false`: none was in flight.
    pub fn interrupt(&mut self, at: Timestamp) -> bool {
        self.answer(at, Some(&TransportError::Aborted.into()), Coverage::Whole)
    }

    /// A reading shows the effect of an open request, or that of one that was already disproved.
    pub fn confirm(&mut self) {
        *self = Self::Confirmed;
    }

    /// Readings show no effect of an open request, long enough after its response. A request in flight stays: its
    /// response is still to come.
    pub fn disprove(&mut self) {
        match self {
            Self::Acknowledged(_) => *self = Self::Disproved(None),
            Self::InDoubt(doubt) => *self = Self::Disproved(Some(doubt.error.clone())),
            _ => {}
        }
    }

    /// Whether a request may still take effect: nothing else is sent for the same thing.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::InFlight | Self::Acknowledged(_) | Self::InDoubt(_))
    }

    /// Whether its response is missing, so that the server may still be at work on it.
    pub fn is_unanswered(&self) -> bool {
        match self {
            Self::InFlight => true,
            Self::InDoubt(doubt) => !doubt.error.is_answer(),
            _ => false,
        }
    }

    /// When the response came, or failed to come, of a request whose effect is not read yet.
    pub fn answered_at(&self) -> Option<Timestamp> {
        match self {
            Self::Acknowledged(at) => Some(*at),
            Self::InDoubt(doubt) => Some(doubt.since),
            _ => None,
        }
    }

    /// The error of its response, to be changed.
    pub fn error_mut(&mut self) -> Option<&mut Error> {
        match self {
            Self::Refused(error) | Self::Disproved(Some(error)) => Some(error),
            Self::InDoubt(doubt) => Some(&mut doubt.error),
            _ => None,
        }
    }

    /// The error of its response.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) | Self::Disproved(Some(error)) => Some(error),
            Self::InDoubt(doubt) => Some(&doubt.error),
            _ => None,
        }
    }
}

/// Whether the router requires a token.
pub(crate) fn is_unauthenticated(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::Unauthenticated)
}

/// Whether the console's own server rejects every change.
pub(crate) fn is_read_only(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::ReadOnly)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::{Refusal, Undecodable};
    use std::collections::{BTreeSet, VecDeque};

    fn refused(status: u16) -> Error {
        let kind = status.into();
        Error::Refused(Refusal { status, kind, message: String::new(), auth_uris: Vec::new() })
    }

    fn unreadable() -> Error {
        Error::Undecodable(Undecodable { path: ".".into(), message: String::new(), raw: String::new() })
    }

    #[test]
    fn a_request_that_a_read_only_console_rejects_was_not_sent() {
        let kind = RefusalKind::ReadOnly;
        let error =
            Error::Refused(Refusal { status: 403, kind, message: String::new(), auth_uris: Vec::new() });
        for coverage in [Coverage::Whole, Coverage::Part] {
            let mut delivery = Delivery::InFlight;
            assert!(delivery.answer(at(1), Some(&error), coverage));
            assert_eq!(delivery, Delivery::NotSent);
        }
    }

    /// A server beside the delivery of one thing, and what its users may do.
    #[derive(Clone, Debug, PartialEq, Eq)]
    struct World {
        delivery: Delivery,
        /// How often the server carried out a request that a response or a reading has not yet told of.
        hidden: u8,
        /// How often it carried one out at all.
        effects: u8,
        /// A request of which the console has no response, and that the server has not decided on.
        under_way: bool,
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Everything that may happen next.
    fn successors(world: &World, now: i64) -> Vec<(String, World)> {
        let mut out = Vec::new();
        let mut push = |name: String, change: &dyn Fn(&mut World)| {
            let mut next = world.clone();
            change(&mut next);
            if next != *world {
                out.push((name, next));
            }
        };
        push("send".into(), &|it| {
            if it.delivery.send() {
                it.under_way = true;
            }
        });
        if world.under_way && world.delivery == Delivery::InFlight {
            push("accepted".into(), &|it| {
                it.under_way = false;
                (it.effects, it.hidden) = (it.effects + 1, it.hidden + 1);
                it.delivery.answer(at(now), None, Coverage::Whole);
            });
            for status in [401, 403, 404, 409, 429] {
                push(format!("refused with {status}"), &|it| {
                    it.under_way = false;
                    it.delivery.answer(at(now), Some(&refused(status)), Coverage::Whole);
                });
            }
            for (name, error) in [
                ("failed", refused(500)),
                ("lost", TransportError::Unreachable("gone".into()).into()),
                ("unreadable", unreadable()),
            ] {
                for carried_out in [false, true] {
                    push(format!("{name}, carried out: {carried_out}"), &|it| {
                        it.under_way = false;
                        it.effects += u8::from(carried_out);
                        it.hidden += u8::from(carried_out);
                        it.delivery.answer(at(now), Some(&error), Coverage::Whole);
                    });
                }
            }
            for carried_out in [false, true] {
                push(format!("closed, carried out: {carried_out}"), &|it| {
                    it.under_way = false;
                    it.effects += u8::from(carried_out);
                    it.hidden += u8::from(carried_out);
                    it.delivery.interrupt(at(now));
                });
            }
        }
        // A reading tells of all that was carried out before it.
        if world.delivery.is_open() && !world.under_way {
            push("read".into(), &|it| {
                if it.hidden > 0 {
                    it.delivery.confirm();
                } else {
                    it.delivery.disprove();
                }
                it.hidden = 0;
            });
        }
        out
    }

    #[test]
    fn whatever_happens_a_request_is_sent_again_only_when_its_effect_is_known() {
        let first = World { delivery: Delivery::NotSent, hidden: 0, effects: 0, under_way: false };
        let mut open = VecDeque::from([(first, Vec::<String>::new())]);
        let (mut seen, mut states) = (BTreeSet::new(), 0);
        while let Some((world, story)) = open.pop_front() {
            states += 1;
            assert!(world.hidden <= 1, "sent with the effect of another unknown: {story:?}");
            if !world.delivery.is_open() {
                assert_eq!(world.hidden, 0, "an effect nobody looks for: {story:?}");
            }
            if world.delivery == Delivery::Confirmed {
                assert!(world.effects > 0, "confirmed without an effect: {story:?}");
            }
            if story.len() == 7 {
                continue;
            }
            for (name, next) in successors(&world, i64::try_from(story.len()).unwrap()) {
                let mut story = story.clone();
                story.push(name);
                if seen.insert(format!("{next:?}")) {
                    open.push_back((next, story));
                }
            }
        }
        assert!(states >= 40, "only {states} states");
    }

    #[test]
    fn a_request_that_was_rejected_for_its_token_was_not_sent() {
        let mut delivery = Delivery::InFlight;
        assert!(delivery.answer(at(1), Some(&refused(401)), Coverage::Part));
        assert_eq!(delivery, Delivery::NotSent);
    }

    #[test]
    fn a_refusal_of_a_request_that_may_be_carried_out_in_part_leaves_doubt() {
        let mut delivery = Delivery::InFlight;
        assert!(delivery.answer(at(1), Some(&refused(404)), Coverage::Part));
        assert!(delivery.is_open() && !delivery.is_unanswered());
    }

    #[test]
    fn a_response_counts_once() {
        let mut delivery = Delivery::InFlight;
        assert!(delivery.answer(at(1), None, Coverage::Whole));
        assert!(!delivery.answer(at(2), Some(&refused(500)), Coverage::Whole));
        assert!(!delivery.interrupt(at(3)));
        assert_eq!(delivery, Delivery::Acknowledged(at(1)));
        assert!(!delivery.send());
    }

    #[test]
    fn a_request_in_flight_when_the_console_closes_comes_into_doubt() {
        let mut delivery = Delivery::InFlight;
        assert!(delivery.is_unanswered());
        assert!(delivery.interrupt(at(3)));
        assert_eq!(delivery.answered_at(), Some(at(3)));
        assert!(delivery.is_unanswered() && delivery.error().is_some());
        assert!(!Delivery::NotSent.interrupt(at(3)));
    }

    #[test]
    fn a_reading_that_shows_the_effect_ends_the_doubt() {
        let mut delivery = Delivery::InFlight;
        delivery.interrupt(at(1));
        delivery.confirm();
        assert_eq!((&delivery, delivery.is_open()), (&Delivery::Confirmed, false));
    }

    #[test]
    fn the_error_of_a_response_can_be_shortened_where_it_is_kept() {
        let refused = refused(404);
        let doubt = Doubt { since: at(1), error: refused.clone() };
        for mut delivery in [
            Delivery::Refused(refused.clone()),
            Delivery::InDoubt(doubt),
            Delivery::Disproved(Some(refused.clone())),
        ] {
            *delivery.error_mut().unwrap() = unreadable();
            assert_eq!(delivery.error(), Some(&unreadable()));
        }
        assert_eq!(Delivery::Acknowledged(at(1)).error_mut(), None);
    }

    #[test]
    fn a_request_in_flight_is_not_disproved_by_a_reading() {
        let mut delivery = Delivery::InFlight;
        delivery.disprove();
        assert_eq!(delivery, Delivery::InFlight);
    }

    #[test]
    fn an_acknowledged_request_without_an_effect_has_no_error() {
        let mut delivery = Delivery::Acknowledged(at(1));
        delivery.disprove();
        assert_eq!((delivery.error(), &delivery), (None, &Delivery::Disproved(None)));
    }
}
