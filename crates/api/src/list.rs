//! Lists that tolerate invalid elements and truncation.

use crate::error::{Error, Undecodable};
use crate::json;
use crate::program::BatchResult;
use crate::response::Response;
use serde::de::{Deserializer as _, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::fmt;

/// The elements of a list, in the server's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows<T> {
    /// The valid elements.
    pub good: Vec<T>,
    /// The invalid elements.
    pub bad: Vec<InvalidRow>,
    /// Set if the list ended before its closing bracket: the elements before it are valid, the rest is unknown.
    pub cut: Option<Truncation>,
}

/// An element that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidRow {
    /// Its index in the list.
    pub index: usize,
    /// The problem, its path and the raw element.
    pub error: Undecodable,
}

/// The truncation of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truncation {
    /// Number of elements before the end.
    pub after: usize,
    /// Message of the transport or of the parser.
    pub reason: String,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { good: Vec::new(), bad: Vec::new(), cut: None }
    }
}

impl<T> Rows<T> {
    /// Whether every element was read and the list was complete.
    pub fn is_whole(&self) -> bool {
        self.bad.is_empty() && self.cut.is_none()
    }

    /// All elements of a complete list; otherwise the reason why it is incomplete.
    pub fn whole(&self) -> Result<&[T], Error> {
        if let Some(bad) = self.bad.first() {
            return Err(bad.error.clone().into());
        }
        match &self.cut {
            Some(cut) => Err(Undecodable::truncated(&cut.reason, b"").into()),
            None => Ok(&self.good),
        }
    }

    /// Converts each valid element.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Rows<U> {
        Rows { good: self.good.into_iter().map(change).collect(), bad: self.bad, cut: self.cut }
    }
}

impl<T: DeserializeOwned> Rows<T> {
    /// Reads a JSON array, element by element. Fails only if the body is not an array.
    pub fn decode(response: &Response) -> Result<Self, Error> {
        Self::decode_bytes(&response.body, response.cut.as_deref())
    }

    pub(crate) fn decode_bytes(body: &[u8], cut: Option<&str>) -> Result<Self, Error> {
        Self::decode_with(body, cut, decode_json)
    }
}

impl<T: DeserializeOwned> Rows<BatchResult<T>> {
    /// Reads the response of a batch call. serde reports no path within a flattened field, so an invalid element is
    /// read again as its value alone.
    pub(crate) fn decode_batch(response: &Response) -> Result<Self, Error> {
        Self::decode_with(&response.body, response.cut.as_deref(), |element| {
            decode_json(element).map_err(|error| decode_json::<T>(element).err().unwrap_or(error))
        })
    }
}

impl<T> Rows<T> {
    fn decode_with(
        body: &[u8],
        cut: Option<&str>,
        read: impl Fn(&[u8]) -> Result<T, Undecodable>,
    ) -> Result<Self, Error> {
        let (elements, cut) = split(body, cut)?;
        let mut rows = Self { good: Vec::with_capacity(elements.len()), bad: Vec::new(), cut };
        for (index, element) in elements.iter().enumerate() {
            match read(element.get().as_bytes()) {
                Ok(value) => rows.good.push(value),
                Err(error) => rows.bad.push(InvalidRow::new(index, error)),
            }
        }
        Ok(rows)
    }
}

impl InvalidRow {
    /// An invalid element; prefixes the path of its error with the index.
    fn new(index: usize, mut error: Undecodable) -> Self {
        let inner = error.path.trim_start_matches('.');
        let dot = if inner.is_empty() || inner.starts_with('[') { "" } else { "." };
        error.path = format!("[{index}]{dot}{inner}");
        Self { index, error }
    }
}

/// The raw elements of a list and its truncation.
fn split<'de>(body: &'de [u8], cut: Option<&str>) -> Result<(Vec<&'de RawValue>, Option<Truncation>), Error> {
    let mut elements = Vec::new();
    let mut parser = serde_json::Deserializer::from_slice(body);
    let end = parser.deserialize_seq(Elements(&mut elements)).and_then(|()| parser.end());
    let after = elements.len();
    let cut = match end {
        Ok(()) => cut.map(|reason| Truncation { after, reason: reason.to_owned() }),
        Err(error) if error.is_eof() && body.trim_ascii_start().first() == Some(&b'[') => {
            Some(Truncation { after, reason: cut.map_or_else(|| error.to_string(), str::to_owned) })
        }
        Err(error) if after > 0 => Some(Truncation { after, reason: error.to_string() }),
        Err(error) => return Err(Undecodable::new(".", error, body).into()),
    };
    Ok((elements, cut))
}

/// Reads one JSON value; an error contains the path.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Undecodable> {
    json::from_slice(body).map_err(|problem| undecodable(&problem, body))
}

fn undecodable(problem: &json::Problem, body: &[u8]) -> Undecodable {
    Undecodable::new(problem.path(), problem, body)
}

/// Reads the body of a response as one JSON value.
pub(crate) fn decode_body<T: DeserializeOwned>(response: &Response) -> Result<T, Error> {
    decode_json(&response.body).map_err(|error| match &response.cut {
        Some(cut) => Undecodable::truncated(cut, &response.body).into(),
        None => error.into(),
    })
}

struct Elements<'a, 'de>(&'a mut Vec<&'de RawValue>);

impl<'de> Visitor<'de> for Elements<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            self.0.push(element);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(body: &str) -> Result<Rows<u8>, Error> {
        Rows::decode(&Response::new(200, body))
    }

    #[test]
    fn an_invalid_element_becomes_one_bad_row() {
        let rows = rows(r#"[1, "two", 3]"#).unwrap();
        assert_eq!(rows.good, [1, 3]);
        assert_eq!(rows.bad.len(), 1);
        assert_eq!((rows.bad[0].index, rows.bad[0].error.path.as_str()), (1, "[1]"));
        assert_eq!(rows.bad[0].error.raw, "\"two\"");
    }

    #[test]
    fn a_truncated_list_keeps_its_elements_and_reports_the_truncation() {
        let rows = rows("[1, 2, ").unwrap();
        assert_eq!(rows.good, [1, 2]);
        assert_eq!(rows.cut.as_ref().map(|cut| cut.after), Some(2));
        assert!(!rows.is_whole());
    }

    #[test]
    fn a_truncated_list_where_the_whole_is_needed_is_an_answer_that_ended_early() {
        let rows = Rows::<i64>::decode_bytes(b"[1, 2, ", Some("connection reset")).unwrap();
        let Err(Error::Undecodable(error)) = rows.whole() else { panic!("an incomplete list") };
        assert_eq!(error.message, "the answer ended early (connection reset)");
    }

    #[test]
    fn a_body_that_is_not_a_list_is_an_error() {
        assert!(matches!(rows(r#"{"applications":[]}"#), Err(Error::Undecodable(_))));
        assert!(matches!(rows(""), Err(Error::Undecodable(_))));
    }
}
