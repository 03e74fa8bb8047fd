//! The axis of a timeline: round moments between its beginning and its end.

use quiesce_api::{Millis, Timestamp};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The distances of ticks, in milliseconds.
const DISTANCES: [i64; 20] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
];

/// How exactly the times of a timeline are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// The time of day with seconds: it lasts less than 10 minutes.
    Seconds,
    /// The time of day.
    Minutes,
    /// With the day: it lasts a day or longer.
    Days,
}

impl Precision {
    /// The precision for a period.
    pub fn of(from: Timestamp, until: Timestamp) -> Self {
        match length(from, until) {
            ..600_000 => Self::Seconds,
            600_000..DAY => Self::Minutes,
            DAY.. => Self::Days,
        }
    }
}

/// Round moments of a period: at most `most`, at least two allowed, which are multiples of their distance in UTC.
pub fn ticks(from: Timestamp, until: Timestamp, most: u16) -> Vec<Timestamp> {
    let length = length(from, until);
    let most = i64::from(most.max(2));
    let fits = |distance: &i64| length / distance < most;
    let longest = || length.div_euclid(most).div_euclid(DAY).saturating_add(1).saturating_mul(DAY);
    let distance = DISTANCES.into_iter().find(fits).unwrap_or_else(longest);
    let first = from.as_millisecond().saturating_add(distance - 1).div_euclid(distance);
    let last = until.as_millisecond().div_euclid(distance);
    (first..=last).map(|index| Millis(index.saturating_mul(distance)).timestamp()).collect()
}

/// The length of an axis.
pub const LENGTH: i64 = 10_000;

/// Where a moment of a period is on its axis: 0 at its beginning, [`LENGTH`] at its end.
pub fn position(at: Timestamp, from: Timestamp, until: Timestamp) -> i64 {
    let passed = length(from, at).saturating_mul(LENGTH);
    passed.checked_div(length(from, until)).unwrap_or(0).clamp(0, LENGTH)
}

fn length(from: Timestamp, until: Timestamp) -> i64 {
    until.as_millisecond().saturating_sub(from.as_millisecond()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    #[test]
    fn ticks_are_at_round_moments() {
        let seconds = |from: i64, until: i64, most| {
            let ticks = ticks(at(from * 1_000), at(until * 1_000), most);
            ticks.into_iter().map(Timestamp::as_second).collect::<Vec<_>>()
        };
        assert_eq!(seconds(3, 42, 5), [10, 20, 30, 40]);
        assert_eq!(seconds(0, 300, 4), [0, 120, 240]);
        assert_eq!(seconds(7_100, 10_900, 4), [7_200, 9_000, 10_800]);
        assert_eq!(seconds(5, 5, 4), [5]);
        assert_eq!(seconds(90_000, 0, 4), [0; 0], "a period that ends before it begins");
    }

    #[test]
    fn short_periods_have_seconds_and_long_ones_days() {
        let precision = |length| Precision::of(at(5), at(5 + length));
        assert_eq!(precision(599_999), Precision::Seconds);
        assert_eq!(precision(600_000), Precision::Minutes);
        assert_eq!(precision(DAY), Precision::Days);
        assert_eq!(Precision::of(at(5), at(0)), Precision::Seconds);
    }

    #[test]
    fn a_moment_is_on_the_axis_even_if_it_is_outside_the_period() {
        let of = |millisecond| position(at(millisecond), at(1_000), at(3_000));
        assert_eq!([0, 1_000, 1_500, 3_000, 9_000].map(of), [0, 0, 2_500, LENGTH, LENGTH]);
        assert_eq!(position(at(1_000), at(1_000), at(1_000)), 0);
    }

    proptest! {
        #[test]
        fn there_are_few_ticks_in_order_within_the_period(
            from in 0_i64..4_000_000_000_000,
            length in 0_i64..400_000_000_000,
            most in 2_u16..12,
        ) {
            let (from, until) = (at(from), at(from + length));
            let ticks = ticks(from, until, most);
            prop_assert!(ticks.len() <= usize::from(most), "{:?}", ticks);
            prop_assert!(ticks.iter().all(|tick| (from..=until).contains(tick)));
            prop_assert!(ticks.windows(2).all(|two| two[0] < two[1]));
        }
    }
}
