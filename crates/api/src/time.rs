//! Times as they are on the wire. Run records and metrics count seconds; schedules, logs and changes count
//! milliseconds (docs/cdap-api.md#units-of-time). The unit is in the type, so the two cannot be mixed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Seconds since 1970. 64 bits: a `terminate` of "never" does not fit 32 (docs/cdap-api.md#units-of-time).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub i64);

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

/// A moment, to the millisecond, within the years that a calendar of four digits has. Written as milliseconds since
/// 1970 and shown as RFC 3339 in UTC. A calendar library would bring its parser and its time zones into the page,
/// which knows those of the browser.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first moment of the year -9999.
    pub const MIN: Self = Self(-377_705_116_800_000);
    /// The last millisecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The moment so many seconds after 1970; `None` if no calendar has it.
    pub fn from_second(second: i64) -> Option<Self> {
        Self::from_millisecond(second.checked_mul(1000)?)
    }

    /// The moment so many milliseconds after 1970; `None` if no calendar has it.
    pub fn from_millisecond(millisecond: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&millisecond).then_some(Self(millisecond))
    }

    /// Whole seconds since 1970.
    pub const fn as_second(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Milliseconds since 1970.
    pub const fn as_millisecond(self) -> i64 {
        self.0
    }

    /// So many milliseconds later, or the last moment there is.
    #[must_use]
    pub fn after(self, milliseconds: u32) -> Self {
        Self(self.0.saturating_add(milliseconds.into()).min(Self::MAX.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let (year, month, day) = civil(days);
        let (seconds, fraction) = (rest / 1000, rest % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if fraction > 0 {
            write!(f, ".{}", format!("{fraction:03}").trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Year, month and day of a count of days since 1970, in the Gregorian calendar. Counts in years that begin on 1
/// March, so that a leap day is the last of its year; 400 years have 146,097 days.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

impl Seconds {
    /// The moment; a number no calendar has becomes the nearest that one has.
    pub fn timestamp(self) -> Timestamp {
        nearest(Timestamp::from_second(self.0), self.0)
    }
}

impl Millis {
    /// The moment; a number no calendar has becomes the nearest that one has.
    pub fn timestamp(self) -> Timestamp {
        nearest(Timestamp::from_millisecond(self.0), self.0)
    }
}

fn nearest(at: Option<Timestamp>, count: i64) -> Timestamp {
    at.unwrap_or(if count < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

impl From<Timestamp> for Seconds {
    fn from(at: Timestamp) -> Self {
        Self(at.as_second())
    }
}

impl From<Timestamp> for Millis {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_as_rfc_3339_in_utc() {
        for (millisecond, shown) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (951_868_800_000, "2000-03-01T00:00:00Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (1_795_418_580_120, "2026-11-23T07:23:00.12Z"),
            (Timestamp::MAX.as_millisecond(), "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp::from_millisecond(millisecond).unwrap().to_string(), shown);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_moment_is_shown_as_a_calendar_library_shows_it(
            millisecond in Timestamp::MIN.as_millisecond() / 100..Timestamp::MAX.as_millisecond() - 1,
        ) {
            let theirs = jiff::Timestamp::from_millisecond(millisecond).unwrap();
            let ours = Timestamp::from_millisecond(millisecond).unwrap();
            proptest::prop_assert_eq!(ours.to_string(), theirs.to_string());
        }
    }

    #[test]
    fn a_number_that_no_calendar_has_becomes_the_nearest_moment() {
        assert_eq!(Seconds(i64::MAX).timestamp(), Timestamp::MAX);
        assert_eq!(Millis(i64::MIN).timestamp(), Timestamp::MIN);
        assert_eq!(Timestamp::MAX.after(1), Timestamp::MAX);
    }
}
