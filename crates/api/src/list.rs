//! Lists that tolerate invalid elements and truncation.

use crate::error::{Error, Undecodable};
use crate::program::BatchResult;
use crate::response::Response;
use quiesce_json::node::Node;
use quiesce_json::{self as json, Problem};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

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
        Self::decode_with(body, cut, json::from_node)
    }
}

impl<T: DeserializeOwned> Rows<BatchResult<T>> {
    /// Reads the response of a batch call: each element twice, once for what all have and once for its own value. serde
    /// would report no path within a flattened field.
    pub(crate) fn decode_batch(response: &Response) -> Result<Self, Error> {
        Self::decode_with(&response.body, response.cut.as_deref(), BatchResult::read)
    }
}

impl<T> Rows<T> {
    fn decode_with(
        body: &[u8],
        cut: Option<&str>,
        read: fn(&Node<'_>) -> Result<T, Problem>,
    ) -> Result<Self, Error> {
        let mut rows = Self::default();
        let end = json::list::elements(body, &mut |node, raw| rows.add(read(node), raw));
        let after = rows.number();
        rows.cut = match end {
            Ok(()) => cut.map(|reason| Truncation { after, reason: reason.to_owned() }),
            Err(stopped) if stopped.is_end && body.trim_ascii_start().first() == Some(&b'[') => {
                Some(Truncation { after, reason: cut.map_or_else(|| stopped.to_string(), str::to_owned) })
            }
            Err(stopped) if after > 0 => Some(Truncation { after, reason: stopped.to_string() }),
            Err(stopped) => return Err(Undecodable::new(".", stopped, body).into()),
        };
        Ok(rows)
    }

    /// Adds an element.
    pub(crate) fn add(&mut self, read: Result<T, Problem>, raw: &[u8]) {
        match read {
            Ok(value) => self.good.push(value),
            Err(problem) => self.bad.push(InvalidRow::new(self.number(), undecodable(&problem, raw))),
        }
    }

    /// How many elements there are, valid or not.
    pub(crate) fn number(&self) -> usize {
        self.good.len() + self.bad.len()
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

/// Reads one JSON value; an error contains the path.
pub(crate) fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Undecodable> {
    json::from_slice(body).map_err(|problem| undecodable(&problem, body))
}

fn undecodable(problem: &Problem, body: &[u8]) -> Undecodable {
    Undecodable::new(problem.path(), problem, body)
}

/// Reads the body of a response as one JSON value.
pub(crate) fn decode_body<T: DeserializeOwned>(response: &Response) -> Result<T, Error> {
    decode_json(&response.body).map_err(|error| match &response.cut {
        Some(cut) => Undecodable::truncated(cut, &response.body).into(),
        None => error.into(),
    })
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
