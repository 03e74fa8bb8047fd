//! The time of the sandbox. All behaviour is a function of it, so a test of six hours takes milliseconds.

use jiff::{SignedDuration, Timestamp};

/// Where the sandbox takes its time from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's time, plus what the control call `POST /sandbox/clock` has added.
    #[default]
    Real,
    /// A moment at which time stands still until it is advanced.
    Fixed(Timestamp),
}

impl Clock {
    /// The time without what was added to it.
    fn base(self) -> Timestamp {
        match self {
            Self::Real => Timestamp::now(),
            Self::Fixed(at) => at,
        }
    }
}

/// A clock that can be put forward.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    clock: Clock,
    ahead: SignedDuration,
}

impl Hand {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, ahead: SignedDuration::ZERO }
    }

    /// Now, in milliseconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        self.clock.base().as_millisecond().saturating_add(millis(self.ahead))
    }

    /// Puts the clock forward.
    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.ahead = self.ahead.saturating_add(by);
    }
}

fn millis(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_it_is_advanced() {
        let mut hand = Hand::new(Clock::Fixed(Timestamp::UNIX_EPOCH));
        assert_eq!(hand.now(), 0);
        hand.advance(SignedDuration::from_hours(6));
        assert_eq!(hand.now(), 21_600_000);
    }

    #[test]
    fn a_real_clock_can_be_put_forward() {
        let before = Timestamp::now().as_millisecond();
        let mut hand = Hand::new(Clock::Real);
        hand.advance(SignedDuration::from_secs(300));
        assert!(hand.now() >= before + 300_000);
    }
}
