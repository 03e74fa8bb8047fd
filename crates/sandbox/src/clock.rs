//! The sandbox's clock. All behavior is a function of it, so that a test of six hours takes milliseconds.

use jiff::{SignedDuration, Timestamp};

/// The source of the sandbox's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's clock, advanced by `POST /sandbox/clock`.
    #[default]
    Real,
    /// A fixed time, until it is advanced.
    Fixed(Timestamp),
}

impl Clock {
    /// The time before it is advanced.
    fn base(self) -> Timestamp {
        match self {
            Self::Real => Timestamp::now(),
            Self::Fixed(at) => at,
        }
    }
}

/// A clock that can be advanced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdjustableClock {
    clock: Clock,
    ahead: SignedDuration,
}

impl AdjustableClock {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, ahead: SignedDuration::ZERO }
    }

    /// Now, in milliseconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        self.clock.base().as_millisecond().saturating_add(millis(self.ahead))
    }

    /// Advances the clock.
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
        let mut clock = AdjustableClock::new(Clock::Fixed(Timestamp::UNIX_EPOCH));
        assert_eq!(clock.now(), 0);
        clock.advance(SignedDuration::from_hours(6));
        assert_eq!(clock.now(), 21_600_000);
    }

    #[test]
    fn a_real_clock_can_be_advanced() {
        let before = Timestamp::now().as_millisecond();
        let mut clock = AdjustableClock::new(Clock::Real);
        clock.advance(SignedDuration::from_secs(300));
        assert!(clock.now() >= before + 300_000);
    }
}
