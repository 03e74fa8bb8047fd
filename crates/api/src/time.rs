//! Times on the wire. Run records and metrics use seconds; schedules, logs and changes use milliseconds
//! (docs/cdap-api.md#units-of-time). The unit is part of the type, so they cannot be mixed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Seconds since 1970. 64 bits: a `terminate` of "never" exceeds 32 bits (docs/cdap-api.md#units-of-time).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub i64);

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

/// A time with millisecond precision, within the years of four digits. Serialized as milliseconds since 1970 and
/// displayed as RFC 3339 in UTC. A calendar library would add its parser and its time zones to the page, which uses
/// the browser's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first millisecond of the year -9999.
    pub const MIN: Self = Self(-377_705_116_800_000);
    /// The last millisecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The time this many seconds after 1970; `None` if out of range.
    pub fn from_second(second: i64) -> Option<Self> {
        Self::from_millisecond(second.checked_mul(1000)?)
    }

    /// The time this many milliseconds after 1970; `None` if out of range.
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

    /// The time this many milliseconds later, at most [`Timestamp::MAX`].
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

/// Year, month and day of a number of days since 1970 in the Gregorian calendar (Howard Hinnant's
/// `civil_from_days`). Years start on 1 March, so that a leap day is the last day; 400 years have 146,097 days.
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
    /// The time, clamped to the range of [`Timestamp`].
    pub fn timestamp(self) -> Timestamp {
        nearest(Timestamp::from_second(self.0), self.0)
    }
}

impl Millis {
    /// The time, clamped to the range of [`Timestamp`].
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
    fn displays_a_time_as_rfc_3339_in_utc() {
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
        fn displays_any_time_as_jiff_does(
            millisecond in Timestamp::MIN.as_millisecond() / 100..Timestamp::MAX.as_millisecond() - 1,
        ) {
            let theirs = jiff::Timestamp::from_millisecond(millisecond).unwrap();
            let ours = Timestamp::from_millisecond(millisecond).unwrap();
            proptest::prop_assert_eq!(ours.to_string(), theirs.to_string());
        }
    }

    #[test]
    fn clamps_a_number_that_is_out_of_range() {
        assert_eq!(Seconds(i64::MAX).timestamp(), Timestamp::MAX);
        assert_eq!(Millis(i64::MIN).timestamp(), Timestamp::MIN);
        assert_eq!(Timestamp::MAX.after(1), Timestamp::MAX);
    }
}
