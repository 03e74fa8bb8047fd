//! The tree of a JSON text. Texts without escapes stay in the text.

use super::problem::Problem;
use hifijson::num::{LexWrite as _, Parts};
use hifijson::str::LexAlloc as _;
use hifijson::token::{Expect, Lex as _};
use hifijson::{Error, SliceLexer};
use serde::de::Error as _;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// How deep values may be nested. Deeper ones could exhaust the stack.
const DEPTH: u8 = 128;

/// A JSON value.
pub enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text; borrowed unless it has escapes.
    Text(Cow<'a, str>),
    /// The elements of a list.
    List(Vec<Node<'a>>),
    /// The fields of an object, in the order of the text.
    Object(Vec<Field<'a>>),
}

/// A field of an object: its name and its value.
pub type Field<'a> = (Cow<'a, str>, Node<'a>);

/// A number, as a whole one if it is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number from 0.
    Unsigned(u64),
    /// A whole number with a minus sign.
    Signed(i64),
    /// Any other number.
    Fraction(f64),
}

/// Why reading a text stopped.
#[derive(Debug)]
pub struct Stopped {
    error: Error,
    /// The byte at which it stopped.
    at: usize,
    /// Whether the text ended there.
    pub is_end: bool,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.error, self.at)
    }
}

/// Parses a text that is one value.
pub(crate) fn parse(text: &[u8]) -> Result<Node<'_>, Problem> {
    let mut lexer = SliceLexer::new(text);
    let node = lexer.exactly_one(SliceLexer::ws_peek, value);
    node.map_err(|error| Problem::custom(stopped(error, text, &lexer)))
}

/// Why the lexer of a text stopped.
pub(super) fn stopped(error: Error, text: &[u8], lexer: &SliceLexer<'_>) -> Stopped {
    let rest = lexer.as_slice();
    let of_word = [&b"ull"[..], b"rue", b"alse"].iter().any(|word| word.starts_with(rest));
    Stopped { error, at: text.len().saturating_sub(rest.len()), is_end: rest.is_empty() || of_word }
}

/// The last field of this name: as in JavaScript, a later one replaces an earlier one.
pub fn field<'n, 'a>(fields: &'n [Field<'a>], name: &str) -> Option<&'n Node<'a>> {
    fields.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value)
}

/// Reads the value that begins with this byte.
pub(super) fn value<'a>(next: u8, lexer: &mut SliceLexer<'a>) -> Result<Node<'a>, Error> {
    nested(DEPTH, next, lexer)
}

fn nested<'a>(depth: u8, next: u8, lexer: &mut SliceLexer<'a>) -> Result<Node<'a>, Error> {
    let inner = depth.checked_sub(1).ok_or(Error::Depth)?;
    Ok(match next {
        b'a'..=b'z' => lexer.null_or_bool().ok_or(Expect::Value)?.map_or(Node::Null, Node::Bool),
        b'0'..=b'9' | b'-' => {
            let (text, parts) = lexer.num_string().validated()?;
            Node::Number(number(text, &parts))
        }
        b'"' => Node::Text(lexer.discarded().str_string()?),
        b'[' => {
            let mut list = Vec::new();
            lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| {
                list.push(nested(inner, next, lexer)?);
                Ok::<_, Error>(())
            })?;
            Node::List(list)
        }
        b'{' => {
            // Most records have up to eight fields.
            let mut object = Vec::with_capacity(8);
            lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
                let (name, next) = name(next, lexer)?;
                object.push((name, nested(inner, next, lexer)?));
                Ok::<_, Error>(())
            })?;
            Node::Object(object)
        }
        _ => return Err(Expect::Value.into()),
    })
}

/// Reads the name of a field and the colon after it; returns the first byte of the value, too.
pub(super) fn name<'a>(next: u8, lexer: &mut SliceLexer<'a>) -> Result<(Cow<'a, str>, u8), Error> {
    lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
    let name = lexer.str_string()?;
    lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
    Ok((name, lexer.ws_peek().ok_or(Expect::Value)?))
}

fn number(text: &str, parts: &Parts) -> Number {
    let is_whole = !parts.dot && !parts.exp;
    match text.parse() {
        Ok(number) if is_whole => Number::Unsigned(number),
        _ => match text.parse() {
            Ok(number) if is_whole => Number::Signed(number),
            _ => Number::Fraction(fraction(text)),
        },
    }
}

/// The number of a decimal fraction: exact with up to 15 digits and a power of ten up to 22, otherwise exact to 13 digits.
/// No decision depends on a fraction. The conversion of the standard library, which is always exact, has tables of 10 kB,
/// which the first load would contain.
fn fraction(text: &str) -> f64 {
    let (digits, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let power = power.strip_prefix('+').unwrap_or(power);
    let beyond = if power.starts_with('-') { i32::MIN } else { i32::MAX };
    let mut power: i32 = power.parse().unwrap_or(beyond);
    let (mut significand, mut is_after_dot) = (0_u64, false);
    for digit in digits.bytes() {
        match digit {
            b'.' => is_after_dot = true,
            b'0'..=b'9' => {
                let longer =
                    significand.checked_mul(10).and_then(|it| it.checked_add(u64::from(digit - b'0')));
                match longer {
                    Some(longer) => {
                        significand = longer;
                        power = power.saturating_sub(i32::from(is_after_dot));
                    }
                    // One more digit than fits: its place counts.
                    None => power = power.saturating_add(i32::from(!is_after_dot)),
                }
            }
            _ => {}
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "the nearest number is meant")]
    let significand = significand as f64;
    let size = if significand == 0.0 { 0.0 } else { scaled(significand, power) };
    if digits.starts_with('-') { -size } else { size }
}

/// `significand` × 10^`power`, in two steps, because 10^-324 is not a number although the product may be one.
fn scaled(significand: f64, power: i32) -> f64 {
    const MOST: i32 = 308;
    let (first, second) = match power {
        power if power > 2 * MOST => return f64::INFINITY,
        power if power < -2 * MOST => return 0.0,
        power => (power.clamp(-MOST, MOST), power - power.clamp(-MOST, MOST)),
    };
    let step = |number: f64, power: i32| {
        if power < 0 { number / 10_f64.powi(-power) } else { number * 10_f64.powi(power) }
    };
    step(step(significand, first), second)
}

impl<'a> From<&'a Value> for Node<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Number::Unsigned(number),
                (_, Some(number)) => Number::Signed(number),
                _ => Number::Fraction(number.as_f64().unwrap_or(f64::NAN)),
            }),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(list) => Self::List(list.iter().map(Self::from).collect()),
            Value::Object(fields) => Self::Object(
                fields
                    .iter()
                    .map(|(name, value)| (Cow::Borrowed(name.as_str()), Self::from(value)))
                    .collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "the numbers are meant to be the same")]

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_fraction_is_exact_to_thirteen_digits(number in any::<f64>().prop_filter("a number", |it| it.is_normal())) {
            let read = fraction(&format!("{number:e}"));
            prop_assert!((read / number - 1.0).abs() < 1e-13, "{number:e} was read as {read:e}");
        }

        #[test]
        fn a_fraction_of_fifteen_digits_is_exact(digits in 0_u64..1_000_000_000_000_000, power in -22_i32..=7) {
            let text = format!("{digits}e{power}");
            prop_assert_eq!(fraction(&text), text.parse::<f64>().unwrap());
        }
    }

    #[test]
    fn numbers_beyond_what_fits_are_still_read() {
        for (text, expected) in [
            ("1e400", f64::INFINITY),
            ("1e-400", 0.0),
            ("-0.0", 0.0),
            ("1e99999999999", f64::INFINITY),
            ("0e99999999999", 0.0),
            ("5e-324", 5e-324),
            ("123456789012345678901234567890", 1.234_567_890_123_456_8e29),
        ] {
            assert_eq!(fraction(text), expected, "{text}");
        }
    }
}
