//! Durations as operators type them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A grace in whole seconds, 1 to 2147483646. Zero is [`super::Grace::Now`], and 2147483647 is what a server
/// means by "no limit".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct GraceSeconds(i32);

/// Why a text is not a duration. `crate::text::grace` has the messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseDurationError {
    /// It is empty.
    Empty,
    /// This part of it is not a number with a unit, smaller than the unit before it.
    Invalid(String),
    /// It is zero seconds.
    Zero,
    /// It is longer than [`GraceSeconds::MOST`].
    TooLong,
}

impl GraceSeconds {
    /// The shortest, in seconds.
    pub const LEAST: i32 = 1;
    /// The longest, in seconds: one less than what a server takes for "no limit".
    pub const MOST: i32 = i32::MAX - 1;

    /// Takes a number of seconds.
    pub fn new(seconds: i64) -> Result<Self, ParseDurationError> {
        match i32::try_from(seconds) {
            Ok(0) => Err(ParseDurationError::Zero),
            Ok(i32::MAX) => Err(ParseDurationError::TooLong),
            Ok(seconds) if seconds > 0 => Ok(Self(seconds)),
            Err(_) if seconds > 0 => Err(ParseDurationError::TooLong),
            _ => Err(ParseDurationError::Invalid(seconds.to_string())),
        }
    }

    /// The number of seconds.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl TryFrom<i64> for GraceSeconds {
    type Error = &'static str;

    fn try_from(seconds: i64) -> Result<Self, Self::Error> {
        Self::new(seconds).map_err(|_| "not a number of seconds from 1 to 2147483646")
    }
}

impl From<GraceSeconds> for i64 {
    fn from(seconds: GraceSeconds) -> Self {
        seconds.0.into()
    }
}

impl FromStr for GraceSeconds {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(seconds_of(text)?)
    }
}

/// The units, largest first, with the seconds in each.
const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads `90`, `90s`, `5m`, `1h 30m`, `1d`, and ISO 8601 such as `PT5M`, in any letter case, with or without spaces.
fn seconds_of(text: &str) -> Result<i64, ParseDurationError> {
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Err(ParseDurationError::Empty);
    }
    let (mut rest, iso) = text.strip_prefix('p').map_or((text.as_str(), false), |rest| (rest, true));
    let invalid = |part: &str| {
        let part = part.split_whitespace().next().unwrap_or(&text);
        Err(ParseDurationError::Invalid(part.to_owned()))
    };
    let mut total: i64 = 0;
    let mut smallest: Option<usize> = None;
    let mut after_t = false;
    loop {
        rest = rest.trim_start();
        if iso
            && !after_t
            && let Some(time) = rest.strip_prefix('t')
        {
            after_t = true;
            rest = time;
            continue;
        }
        if rest.is_empty() {
            break;
        }
        let part = rest;
        let digits = take(&mut rest, |c| c.is_ascii_digit());
        rest = rest.trim_start();
        // `P1DT5M`: the T stands between days and the rest and is not a part of a unit.
        let unit = take(&mut rest, |c| c.is_alphabetic() && !(iso && !after_t && c == 't'));
        // A number alone is seconds.
        let alone = unit.is_empty() && rest.is_empty() && smallest.is_none() && !iso;
        let Some(index) = (if alone { Some(UNITS.len() - 1) } else { unit_of(unit) }) else {
            return invalid(part);
        };
        // In ISO 8601 an M before the T means months.
        let misplaced = smallest.is_some_and(|smallest| index <= smallest) || iso && after_t == (index == 0);
        let Some((_, seconds)) = UNITS.get(index).filter(|_| !digits.is_empty() && !misplaced) else {
            return invalid(part);
        };
        total = add(total, digits, *seconds)?;
        smallest = Some(index);
    }
    if smallest.is_some() { Ok(total) } else { invalid("") }
}

/// Cuts off the longest beginning whose characters all fit.
fn take<'a>(rest: &mut &'a str, fits: impl Fn(char) -> bool) -> &'a str {
    let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
    let (taken, left) = rest.split_at(end);
    *rest = left;
    taken
}

/// The index of a unit in [`UNITS`], by its letter or its name.
fn unit_of(word: &str) -> Option<usize> {
    Some(match word {
        "d" | "day" | "days" => 0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 2,
        "s" | "sec" | "secs" | "second" | "seconds" => 3,
        _ => return None,
    })
}

fn add(total: i64, digits: &str, seconds: i64) -> Result<i64, ParseDurationError> {
    digits
        .parse::<i64>()
        .ok()
        .and_then(|number| number.checked_mul(seconds))
        .and_then(|more| total.checked_add(more))
        .filter(|sum| *sum <= GraceSeconds::MOST.into())
        .ok_or(ParseDurationError::TooLong)
}

impl fmt::Display for GraceSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = i64::from(self.0);
        let mut gap = "";
        for (letter, seconds) in UNITS {
            let number = left / seconds;
            left %= seconds;
            if number > 0 {
                write!(f, "{gap}{number}{letter}")?;
                gap = " ";
            }
        }
        Ok(())
    }
}

/// Seconds that have passed, in two units at most: `42 s`, `1 min 12 s`, `2 h 10 min`, `12 d 4 h`. Less than
/// none is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed(pub i64);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.max(0);
        let (number, unit, rest, smaller) = match seconds {
            86_400.. => (seconds / 86_400, "d", seconds / 3_600 % 24, "h"),
            3_600.. => (seconds / 3_600, "h", seconds / 60 % 60, "min"),
            60.. => (seconds / 60, "min", seconds % 60, "s"),
            _ => (seconds, "s", 0, ""),
        };
        write!(f, "{number} {unit}")?;
        if rest > 0 { write!(f, " {rest} {smaller}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParseDurationError as E;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<i32, E> {
        text.parse::<GraceSeconds>().map(GraceSeconds::get)
    }

    #[test]
    fn durations_are_read_as_operators_write_them() {
        for (text, seconds) in [
            ("90", 90),
            (" 90 ", 90),
            ("90s", 90),
            ("90 S", 90),
            ("5m", 300),
            ("1h 30m", 5_400),
            ("1h30m", 5_400),
            ("1H30M", 5_400),
            ("2d 1s", 172_801),
            ("1 d 2 h 3 m 4 s", 93_784),
            ("PT5M", 300),
            ("pt1h30m", 5_400),
            ("P1DT1S", 86_401),
            ("P2D", 172_800),
            ("5 min", 300),
            ("2 hours", 7_200),
            ("0h 5m", 300),
            ("0005", 5),
            ("1", 1),
            ("2147483646", 2_147_483_646),
        ] {
            assert_eq!(parse(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_a_duration_is_refused_with_the_part_that_is_wrong() {
        for (text, part) in [
            ("-5", "-5"),
            ("−5m", "−5m"),
            ("1h -5m", "-5m"),
            ("1.5m", "1.5m"),
            ("1,5 h", "1,5"),
            (".5", ".5"),
            ("soon", "soon"),
            ("5m!", "!"),
            ("5 # m", "5"),
            ("P", "p"),
            ("PT", "pt"),
            ("m", "m"),
            ("5m s", "s"),
            ("1h 30", "30"),
            ("30 1h", "30"),
            ("1 2", "1"),
            ("PT5", "5"),
            ("5w", "5w"),
            ("P5M", "5m"),
            ("PT1D", "1d"),
            ("3 parsecs", "3"),
            ("5m 1h", "1h"),
            ("5m 5m", "5m"),
        ] {
            assert_eq!(parse(text), Err(E::Invalid(part.to_owned())), "{text:?}");
        }
    }

    #[test]
    fn empty_zero_and_too_long_durations_are_told_apart() {
        for (text, error) in [
            ("", E::Empty),
            ("   ", E::Empty),
            ("0", E::Zero),
            ("0h 0m", E::Zero),
            ("PT0S", E::Zero),
            ("2147483647", E::TooLong),
            ("99999999999999999999999", E::TooLong),
            ("24856d", E::TooLong),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(seconds in GraceSeconds::LEAST..=GraceSeconds::MOST) {
            let grace = GraceSeconds::new(seconds.into()).unwrap();
            prop_assert_eq!(grace.to_string().parse(), Ok(grace));
            prop_assert_eq!(grace.to_string().to_uppercase().replace(' ', "").parse(), Ok(grace));
            prop_assert_eq!(seconds.to_string().parse(), Ok(grace));
        }

        #[test]
        fn any_text_is_a_duration_or_has_a_part_that_is_not(text in "\\PC*") {
            if let Err(E::Invalid(part)) = text.parse::<GraceSeconds>() {
                prop_assert!(!part.is_empty());
            }
        }

        #[test]
        fn text_that_looks_like_a_duration_never_panics(text in "[pPtT0-9dhms .,−-]{0,24}") {
            let _ = text.parse::<GraceSeconds>();
        }
    }
}
