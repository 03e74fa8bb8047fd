//! Durations as operators type them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A grace in whole seconds, 1 to 2147483646. Zero is [`super::Grace::Now`], and 2147483647 is what a server
/// means by "no limit".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct GraceSeconds(i32);

/// Why a text is no duration. Each has its own sentence, for the field in which it was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseDurationError {
    /// Nothing was typed.
    #[error("Enter a duration, such as 90s, 5m or 1h 30m.")]
    Empty,
    /// A minus sign.
    #[error("A duration cannot be negative.")]
    Negative,
    /// A decimal point or comma.
    #[error("Fractions are not possible. Use a smaller unit, such as 90s for 1.5m.")]
    Fraction,
    /// Something that belongs in no duration.
    #[error("“{0}” is not part of a duration. Use numbers with d, h, m or s.")]
    Junk(String),
    /// A unit without a number before it.
    #[error("There is no number before “{0}”.")]
    NumberMissing(String),
    /// A number without a unit beside others that have one.
    #[error("{0} has no unit. Add d, h, m or s.")]
    UnitMissing(String),
    /// Letters that are no unit.
    #[error("“{0}” is not a unit. Use d, h, m or s.")]
    UnitUnknown(String),
    /// A unit after a smaller one.
    #[error("Put larger units first: {larger} comes after {smaller}.")]
    OutOfOrder {
        /// The unit that came too late.
        larger: char,
        /// The unit before it.
        smaller: char,
    },
    /// A unit twice.
    #[error("The unit {0} is there twice.")]
    Repeated(char),
    /// Zero seconds.
    #[error("Zero is no grace. To stop without any, choose “Now”.")]
    Zero,
    /// More than 2147483646 s.
    #[error(
        "That is too long: the most is 2147483646 s, about 68 years. For no limit, choose “Until drained”."
    )]
    TooLarge,
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
            Ok(i32::MAX) => Err(ParseDurationError::TooLarge),
            Ok(seconds) if seconds > 0 => Ok(Self(seconds)),
            Err(_) if seconds > 0 => Err(ParseDurationError::TooLarge),
            _ => Err(ParseDurationError::Negative),
        }
    }

    /// The number of seconds.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl TryFrom<i64> for GraceSeconds {
    type Error = ParseDurationError;

    fn try_from(seconds: i64) -> Result<Self, Self::Error> {
        Self::new(seconds)
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

/// Reads `90`, `90s`, `5m`, `1h 30m`, `1d`, and ISO 8601 such as `PT5M`, in any letter case, spaces as one likes.
fn seconds_of(text: &str) -> Result<i64, ParseDurationError> {
    use ParseDurationError as E;
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(E::Empty);
    }
    if text.starts_with(['-', '−']) {
        return Err(E::Negative);
    }
    let (text, iso) = match text.strip_prefix('p') {
        Some(rest) => (rest, true),
        None => (text.as_str(), false),
    };
    let mut rest = text;
    let mut total: i64 = 0;
    let mut last: Option<usize> = None;
    let mut parts = 0;
    let mut bare = None;
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
        let Some(first) = rest.chars().next() else { break };
        let digits = take(&mut rest, |c| c.is_ascii_digit());
        rest = rest.trim_start();
        if rest.starts_with(['.', ',']) && !digits.is_empty() {
            return Err(E::Fraction);
        }
        // `P1DT5M`: the T stands between days and the rest and is no part of a unit.
        let unit = take(&mut rest, |c| c.is_alphabetic() && !(iso && !after_t && c == 't'));
        if digits.is_empty() {
            return Err(match first {
                '-' | '−' => E::Negative,
                '.' | ',' if rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => E::Fraction,
                _ if unit_of(unit).is_some() => E::NumberMissing(unit.to_owned()),
                _ if unit.is_empty() => E::Junk(first.to_string()),
                _ => E::Junk(unit.to_owned()),
            });
        }
        parts += 1;
        if unit.is_empty() {
            bare.get_or_insert(digits);
            // Only a junk character or the next number can follow: the first is named at the next turn.
            total = add(total, digits, 1)?;
            continue;
        }
        let place = unit_of(unit).ok_or_else(|| E::UnitUnknown(unit.to_owned()))?;
        // In ISO 8601 an M before the T means months.
        let Some(&(letter, seconds)) = UNITS.get(place).filter(|_| !iso || after_t == (place > 0)) else {
            return Err(E::UnitUnknown(unit.to_owned()));
        };
        if let Some(before) = last {
            if before == place {
                return Err(E::Repeated(letter));
            }
            if let Some(&(smaller, _)) = UNITS.get(before)
                && before > place
            {
                return Err(E::OutOfOrder { larger: letter, smaller });
            }
        }
        last = Some(place);
        total = add(total, digits, seconds)?;
    }
    match bare {
        Some(digits) if parts > 1 || iso => Err(E::UnitMissing(digits.to_owned())),
        None if parts == 0 => Err(E::Junk(if after_t { "pt" } else { "p" }.to_owned())),
        _ => Ok(total),
    }
}

/// Cuts off the longest beginning whose characters all fit.
fn take<'a>(rest: &mut &'a str, fits: impl Fn(char) -> bool) -> &'a str {
    let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
    let (taken, left) = rest.split_at(end);
    *rest = left;
    taken
}

/// The place of a unit in [`UNITS`], by its letter or its word.
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
        .ok_or(ParseDurationError::TooLarge)
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

/// Seconds that have passed, in two units at the most: `42 s`, `1 min 12 s`, `2 h 10 min`, `12 d 4 h`. Less than
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
    fn each_mistake_has_its_own_message() {
        let junk = |text: &str| E::Junk(text.to_owned());
        for (text, error) in [
            ("", E::Empty),
            ("   ", E::Empty),
            ("-5", E::Negative),
            ("−5m", E::Negative),
            ("1h -5m", E::Negative),
            ("1.5m", E::Fraction),
            ("1,5 h", E::Fraction),
            (".5", E::Fraction),
            ("soon", junk("soon")),
            ("5m!", junk("!")),
            ("5 # m", junk("#")),
            ("P", junk("p")),
            ("PT", junk("pt")),
            ("m", E::NumberMissing("m".into())),
            ("5m s", E::NumberMissing("s".into())),
            ("1h 30", E::UnitMissing("30".into())),
            ("30 1h", E::UnitMissing("30".into())),
            ("1 2", E::UnitMissing("1".into())),
            ("PT5", E::UnitMissing("5".into())),
            ("5w", E::UnitUnknown("w".into())),
            ("P5M", E::UnitUnknown("m".into())),
            ("PT1D", E::UnitUnknown("d".into())),
            ("3 parsecs", E::UnitUnknown("parsecs".into())),
            ("5m 1h", E::OutOfOrder { larger: 'h', smaller: 'm' }),
            ("5m 5m", E::Repeated('m')),
            ("0", E::Zero),
            ("0h 0m", E::Zero),
            ("PT0S", E::Zero),
            ("2147483647", E::TooLarge),
            ("99999999999999999999999", E::TooLarge),
            ("24856d", E::TooLarge),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn zero_is_sent_to_now_and_too_much_to_until_drained() {
        assert!(E::Zero.to_string().contains("Now"));
        assert!(E::TooLarge.to_string().contains("Until drained"));
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
        fn any_text_is_a_duration_or_a_message(text in "\\PC*") {
            if let Err(error) = text.parse::<GraceSeconds>() {
                prop_assert!(!error.to_string().is_empty());
            }
        }

        #[test]
        fn text_that_looks_like_a_duration_never_panics(text in "[pPtT0-9dhms .,−-]{0,24}") {
            let _ = text.parse::<GraceSeconds>();
        }
    }
}
