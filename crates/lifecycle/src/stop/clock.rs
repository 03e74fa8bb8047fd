//! The server's clock, learned from what it wrote (docs/adr/0005-clock-of-the-server.md).

use quiesce_api::{Seconds, Timestamp};
use serde::{Deserialize, Serialize};

/// How far the server's clock is ahead of the clock that events carry, as a range in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ServerClock {
    bounds: Option<(i64, i64)>,
}

impl ServerClock {
    /// Learns from a second that the server wrote after `sent` and before `seen`. Readings that contradict each
    /// other (a clock was set) start the range anew.
    pub fn learn(&mut self, written: Seconds, sent: Timestamp, seen: Timestamp) {
        let written = written.0.saturating_mul(1000);
        let low = written.saturating_sub(seen.as_millisecond());
        let high = written.saturating_add(1000).saturating_sub(sent.as_millisecond());
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

    /// The server's second at this moment: the middle of the range, or the moment itself while nothing is known.
    pub fn now(&self, at: Timestamp) -> Seconds {
        let ahead = self.bounds.map_or(0, |(low, high)| low.midpoint(high));
        Seconds(at.as_millisecond().saturating_add(ahead).div_euclid(1000))
    }

    /// Whether the server's clock was learned, or the moment is taken as it is.
    pub fn is_known(&self) -> bool {
        self.bounds.is_some()
    }

    /// How far the server is ahead, in seconds; negative when it is behind. `None` while nothing is known.
    pub fn ahead(&self) -> Option<i64> {
        self.bounds.map(|(low, high)| low.midpoint(high).div_euclid(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_server_ten_minutes_ahead_is_found_out_from_one_record() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.now(at(50)), Seconds(50));
        clock.learn(Seconds(700), at(100), at(102));
        assert!((698..=702).contains(&clock.now(at(100)).0));
        assert!(clock.is_known());
    }

    #[test]
    fn later_records_narrow_the_range_and_a_clock_that_was_set_starts_anew() {
        let mut clock = ServerClock::default();
        clock.learn(Seconds(700), at(100), at(110));
        clock.learn(Seconds(801), at(200), at(201));
        assert!((600..=601).contains(&clock.ahead().unwrap()));
        clock.learn(Seconds(300), at(300), at(301));
        assert!((-1..=1).contains(&clock.ahead().unwrap()));
    }
}
