//! Reads the elements of a list one by one: an invalid element or a truncated list must not cost the others.

use super::node::{Field, Node, Stopped, name, stopped, value};
use hifijson::token::{Expect, Lex as _};
use hifijson::{Error, SliceLexer};

/// Called with each element and its text.
type Each<'f> = &'f mut dyn FnMut(&Node<'_>, &[u8]);

/// Reads the elements of a text that is a list.
pub fn elements(text: &[u8], each: Each<'_>) -> Result<(), Stopped> {
    let mut lexer = SliceLexer::new(text);
    let end = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| list(next, lexer, each));
    end.map_err(|error| stopped(error, text, &lexer))
}

/// The fields of an object around a list, and whether the list was found.
#[derive(Default)]
pub struct Around<'a> {
    /// The fields before and after the list.
    pub fields: Vec<Field<'a>>,
    /// Whether the list was found.
    pub has_list: bool,
}

/// Reads the elements of a list within an object. What was read before the text stopped counts.
pub fn elements_of<'a>(text: &'a [u8], field: &str, each: Each<'_>) -> (Around<'a>, Result<(), Stopped>) {
    let mut lexer = SliceLexer::new(text);
    let mut around = Around::default();
    let end = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| {
        if next != b'{' {
            return Err(Expect::Value.into());
        }
        lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
            let (name, next) = name(next, lexer)?;
            if name == field && next == b'[' {
                around.has_list = true;
                return list(next, lexer, each);
            }
            around.fields.push((name, value(next, lexer)?));
            Ok::<_, Error>(())
        })
    });
    let end = end.map_err(|error| stopped(error, text, &lexer));
    (around, end)
}

fn list(next: u8, lexer: &mut SliceLexer<'_>, each: Each<'_>) -> Result<(), Error> {
    if next != b'[' {
        return Err(Expect::Value.into());
    }
    lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| {
        let from = lexer.as_slice();
        let node = value(next, lexer)?;
        let length = from.len().saturating_sub(lexer.as_slice().len());
        each(&node, from.get(..length).unwrap_or_default());
        Ok(())
    })
}
