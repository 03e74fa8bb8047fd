//! The server's clock, estimated from what it wrote, and the one calculation of ages (docs/adr/0005-clock-of-the-server.md).

use quiesce_api::{Millis, Seconds, Timestamp};
use serde::{Deserialize, Serialize};

/// The difference, in milliseconds, from which on the operator is told that the clocks differ.
const TELL: i64 = 60_000;

/// A time that the server wrote, as exact as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Whole seconds: a run record, a `Date` header.
    Seconds(Seconds),
    /// Milliseconds: the header of the console's server.
    Millis(Millis),
}

impl Reading {
    /// The first and the last millisecond that it can stand for.
    fn span(self) -> (i64, i64) {
        match self {
            Self::Seconds(Seconds(written)) => {
                let first = written.saturating_mul(1000);
                (first, first.saturating_add(999))
            }
            Self::Millis(Millis(written)) => (written, written),
        }
    }
}

/// A moment with the clock that it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// By the server's clock: the times of run records and logs.
    Server(Timestamp),
    /// By the browser's clock: the times of the journal, and when something was read.
    Browser(Timestamp),
}

/// How far the server's clock is ahead of the browser's, as a range in milliseconds.
///
/// The server wrote a reading between the moment its request was sent and the moment its answer began to arrive, so
/// half a round trip is the most that the middle of the range can be wrong by. Later readings narrow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ServerClock {
    bounds: Option<(i64, i64)>,
}

impl ServerClock {
    /// Nothing is known yet.
    pub const fn new() -> Self {
        Self { bounds: None }
    }

    /// Learns from a time that the server wrote after `sent` and before `seen`, both by the browser's clock. A reading
    /// that contradicts the range replaces it: a clock was set, or the two drifted apart.
    pub fn learn(&mut self, reading: Reading, sent: Timestamp, seen: Timestamp) {
        let (first, last) = reading.span();
        let low = first.saturating_sub(seen.as_millisecond());
        let high = last.saturating_sub(sent.as_millisecond());
        // The browser's clock was set back in between, or the server wrote it before the request.
        if low > high {
            return;
        }
        self.bounds = Some(match self.bounds {
            Some((known_low, known_high)) if known_low.max(low) <= known_high.min(high) => {
                (known_low.max(low), known_high.min(high))
            }
            _ => (low, high),
        });
    }

    /// The server's second at this moment of the browser: by the middle of the range, or the moment itself while
    /// nothing is known.
    pub fn now(&self, at: Timestamp) -> Seconds {
        Seconds(self.millis(Moment::Browser(at)).div_euclid(1000))
    }

    /// Milliseconds from one moment to another; negative when `to` is earlier. All ages, durations and countdowns on
    /// screen come from here. Moments of different clocks are compared by the server's.
    pub fn between(&self, from: Moment, to: Moment) -> Millis {
        Millis(self.millis(to).saturating_sub(self.millis(from)))
    }

    /// Whether anything was learned; until then both clocks count as the same.
    pub fn is_known(&self) -> bool {
        self.bounds.is_some()
    }

    /// How far the browser's clock is certainly wrong, in whole minutes as seconds: positive when it is ahead of the
    /// server's. `None` while the two may agree to a minute.
    pub fn skew(&self) -> Option<i64> {
        let (low, high) = self.bounds.filter(|(low, high)| *low > TELL || *high < -TELL)?;
        Some(0_i64.saturating_sub(low.midpoint(high)).saturating_add(30_000).div_euclid(60_000) * 60)
    }

    /// A moment by the server's clock, in milliseconds since 1970.
    fn millis(&self, moment: Moment) -> i64 {
        match moment {
            Moment::Server(at) => at.as_millisecond(),
            Moment::Browser(at) => {
                let ahead = self.bounds.map_or(0, |(low, high)| low.midpoint(high));
                at.as_millisecond().saturating_add(ahead)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn ms(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    fn record(second: i64) -> Reading {
        Reading::Seconds(Seconds(second))
    }

    /// A clock that learned from one answer of a server that is this many seconds ahead; the round trip took 200 ms.
    fn server_ahead_by(seconds: i64) -> ServerClock {
        let mut clock = ServerClock::default();
        let sent = 1_000_000_000_000;
        clock.learn(Reading::Millis(Millis(sent + 150 + seconds * 1000)), ms(sent), ms(sent + 200));
        clock
    }

    #[test]
    fn a_server_ten_minutes_ahead_is_learned_from_one_record() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.now(at(50)), Seconds(50));
        clock.learn(record(700), at(100), at(102));
        assert!((698..=702).contains(&clock.now(at(100)).0));
        assert!(clock.is_known());
    }

    #[test]
    fn later_records_narrow_the_range_and_a_clock_that_was_set_replaces_it() {
        let mut clock = ServerClock::default();
        clock.learn(record(700), at(100), at(110));
        clock.learn(record(801), at(200), at(201));
        assert!((900..=901).contains(&clock.now(at(300)).0));
        clock.learn(record(300), at(300), at(301));
        assert!((299..=301).contains(&clock.now(at(300)).0));
    }

    #[test]
    fn an_age_stays_what_it_is_however_wrong_the_browsers_clock_is() {
        let began = 1_000_000_000;
        for wrong in [-3 * HOUR, 0, 3 * HOUR, 400 * 24 * HOUR] {
            let clock = server_ahead_by(-wrong);
            let now = Moment::Browser(at(began + HOUR + wrong));
            let age = clock.between(Moment::Server(at(began)), now);
            assert!((age.0 - HOUR * 1000).abs() <= 100, "{wrong}: {age:?}");
            assert_eq!(clock.between(now, Moment::Server(at(began))), Millis(-age.0));
        }
    }

    #[test]
    fn moments_of_one_clock_need_no_estimate_and_are_not_changed_by_one() {
        for clock in [ServerClock::default(), server_ahead_by(3 * HOUR)] {
            let (from, to) = (ms(4_000), ms(9_999));
            assert_eq!(clock.between(Moment::Browser(from), Moment::Browser(to)), Millis(5_999));
            assert_eq!(clock.between(Moment::Server(from), Moment::Server(to)), Millis(5_999));
        }
    }

    #[test]
    fn a_clock_that_is_set_while_the_page_is_open_is_right_again_with_the_next_answer() {
        let mut clock = server_ahead_by(0);
        let jumped = 1_000_000_060_000 + 3 * HOUR * 1000;
        clock.learn(Reading::Millis(Millis(1_000_000_060_010)), ms(jumped), ms(jumped + 20));
        assert_eq!(clock.now(ms(jumped)).0, 1_000_000_060);
        // Set back while a request is on its way: nothing can be learned from that one.
        let before = clock;
        clock.learn(Reading::Millis(Millis(1_000_000_070_000)), ms(jumped), ms(1_000_000_070_010));
        assert_eq!(clock, before);
    }

    #[test]
    fn a_slow_answer_does_not_spoil_what_a_quick_one_told() {
        let mut clock = server_ahead_by(600);
        let before = clock;
        let sent = 1_000_000_100_000;
        clock.learn(Reading::Millis(Millis(sent + 59_000 + 600_000)), ms(sent), ms(sent + 60_000));
        assert_eq!(clock, before);
    }

    #[test]
    fn a_difference_is_told_in_whole_minutes_and_only_when_it_is_certain() {
        assert_eq!(ServerClock::default().skew(), None);
        assert_eq!(server_ahead_by(0).skew(), None);
        assert_eq!(server_ahead_by(59).skew(), None);
        assert_eq!(server_ahead_by(-3 * HOUR).skew(), Some(3 * HOUR));
        assert_eq!(server_ahead_by(3 * HOUR).skew(), Some(-3 * HOUR));
        assert_eq!(server_ahead_by(-61).skew(), Some(60));
        // An answer that took two minutes says nothing about one minute.
        let mut clock = ServerClock::default();
        clock.learn(record(1_090), at(1_000), at(1_120));
        assert_eq!(clock.skew(), None);
    }

    proptest! {
        #[test]
        fn the_estimate_is_at_most_half_a_round_trip_wrong(
            ahead in -100_000_000_i64..100_000_000,
            trips in prop::collection::vec((0_i64..30_000, 0_i64..=100), 1..20),
        ) {
            let mut clock = ServerClock::default();
            let mut shortest = i64::MAX;
            let mut now = 1_000_000_000_000;
            for (trip, part) in trips {
                let written = now + trip * part / 100 + ahead;
                clock.learn(Reading::Millis(Millis(written)), ms(now), ms(now + trip));
                shortest = shortest.min(trip);
                now += trip + 1_000;
            }
            let wrong = clock.millis(Moment::Browser(ms(now))) - (now + ahead);
            prop_assert!(wrong.abs() <= shortest / 2 + 1, "{} ms, shortest trip {} ms", wrong, shortest);
        }
    }
}
