//! JSON as the servers write it: their library escapes what HTML could misread (`'` is `\u0027`), and the stored
//! configuration of an application has its whole numbers as `512.0`.

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use std::io;

/// Writes a value as an answer has it.
pub(crate) fn write(value: &impl Serialize) -> Vec<u8> {
    serialize(value, false)
}

/// As [`write()`], as text.
pub(crate) fn text(value: &impl Serialize) -> String {
    String::from_utf8(write(value)).unwrap_or_default()
}

/// Writes a configuration as a deployment stores it: whole numbers become doubles.
pub(crate) fn configuration(value: &impl Serialize) -> String {
    String::from_utf8(serialize(value, true)).unwrap_or_default()
}

fn serialize(value: &impl Serialize, doubles: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Gson { doubles });
    // Only maps with keys that are no text could fail, and there are none.
    if value.serialize(&mut serializer).is_err() {
        out.clear();
    }
    out
}

struct Gson {
    doubles: bool,
}

impl Gson {
    fn integer<W: ?Sized + io::Write>(&self, writer: &mut W, digits: std::fmt::Arguments) -> io::Result<()> {
        writer.write_fmt(digits)?;
        if self.doubles { writer.write_all(b".0") } else { Ok(()) }
    }
}

impl Formatter for Gson {
    fn write_i64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        self.integer(writer, format_args!("{value}"))
    }

    fn write_u64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        self.integer(writer, format_args!("{value}"))
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        // A look at bytes is faster than one at characters.
        while let Some(at) = rest.bytes().position(may_be_escaped) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut chars = after.chars();
            match chars.next() {
                Some(other) if !other.is_ascii() && !matches!(other, '\u{2028}' | '\u{2029}') => {
                    write!(writer, "{other}")?;
                }
                Some(special) => write!(writer, "\\u{:04x}", u32::from(special))?,
                None => {}
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(writer, escape)
    }
}

/// Whether a byte begins a character that is escaped, or may: the two separators of lines and paragraphs begin with `0xE2`, as
/// others do.
fn may_be_escaped(byte: u8) -> bool {
    matches!(byte, b'\'' | b'<' | b'>' | b'&' | b'=' | 0xE2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn apostrophes_and_signs_are_escaped_as_recorded() {
        let value = json!({"description": "Copies the shop's orders <a=b>", "n": 1});
        assert_eq!(
            text(&value),
            r#"{"description":"Copies the shop\u0027s orders \u003ca\u003db\u003e","n":1}"#
        );
    }

    #[test]
    fn separators_of_lines_and_paragraphs_are_escaped_and_their_neighbors_are_not() {
        let value = json!("a\u{2027}\u{2028}\u{2029}\u{202a}\u{20ac}'z");
        assert_eq!(text(&value), "\"a\u{2027}\\u2028\\u2029\u{202a}\u{20ac}\\u0027z\"");
    }

    #[test]
    fn a_stored_configuration_has_doubles() {
        assert_eq!(configuration(&json!({"memoryMB": 512})), r#"{"memoryMB":512.0}"#);
    }
}
