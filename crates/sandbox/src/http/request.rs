//! Parses a request for the handlers.

use crate::model::refusal::Refusal;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use serde_json::Value;
use std::borrow::Cow;

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    pub method: String,
    /// Path and query, verbatim.
    pub target: String,
    /// The path, verbatim.
    pub path: String,
    /// The decoded segments of the path.
    pub segments: Vec<String>,
    query: Vec<(String, String)>,
    pub body: Bytes,
    headers: HeaderMap,
}

impl Request {
    pub(crate) fn new(method: &Method, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Self {
        let target = uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string);
        let path = uri.path().to_owned();
        let segments = path.split('/').filter(|it| !it.is_empty()).map(|it| decode(it, false)).collect();
        let pairs = uri.query().unwrap_or_default().split('&').filter(|it| !it.is_empty());
        let query = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, true), decode(value, true))
        });
        Self {
            method: method.to_string(),
            target,
            path,
            segments,
            query: query.collect(),
            body,
            headers: headers.clone(),
        }
    }

    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|it| it.to_str().ok())
    }

    /// A parameter; of several the first, and without a value the empty one.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter.
    pub(crate) fn queries<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether there are parameters at all.
    pub(crate) fn has_query(&self) -> bool {
        !self.query.is_empty()
    }

    /// A numeric parameter. The framework responds 500 if it is not a number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.query(name) {
            None => Ok(None),
            Some(text) => {
                text.parse::<i32>().map(|it| Some(i64::from(it))).map_err(|_| self.cannot_execute())
            }
        }
    }

    /// A parameter whose value is one of a list.
    pub(crate) fn choice<'a>(&'a self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Refusal> {
        match self.query(name) {
            Some(word) if !words.contains(&word) => Err(self.cannot_execute()),
            word => Ok(word),
        }
    }

    /// A Boolean parameter: every value but `true` is false.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.query(name).map_or(default, |it| it.eq_ignore_ascii_case("true"))
    }

    /// The error of the framework for a parameter that it cannot convert.
    pub(crate) fn cannot_execute(&self) -> Refusal {
        Refusal::bare(500, format!("Error in executing request: {} {}", self.method, self.target))
    }

    pub(crate) fn body_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON, `None` without a body. The error is worded as by Gson.
    pub(crate) fn json(&self) -> Result<Option<Value>, String> {
        let text = self.body_text();
        if text.trim().is_empty() {
            return Ok(None);
        }
        match serde_json::from_str(&text) {
            Ok(Value::Null) => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_eof() => {
                let column = text.lines().last().map_or(0, |line| line.chars().count()) + 1;
                let line = text.lines().count();
                Err(format!("java.io.EOFException: End of input at line {line} column {column}"))
            }
            Err(error) => Err(format!(
                "com.google.gson.stream.MalformedJsonException: Use JsonReader.setLenient(true) to accept malformed \
                 JSON at line {} column {} path $",
                error.line(),
                error.column()
            )),
        }
    }

    /// The body as a list, as every batch call has one.
    pub(crate) fn list(&self) -> Result<Vec<Value>, Refusal> {
        match self.json() {
            Err(error) => Err(Refusal::bad(format!("Request body is invalid json: {error}"))),
            Ok(None) => {
                Err(Refusal::bad("Request body is invalid json, please check that it is a json array."))
            }
            Ok(Some(Value::Array(list))) => Ok(list),
            Ok(Some(other)) => Err(Refusal::bad(format!(
                "Request body is invalid json: java.lang.IllegalStateException: Expected BEGIN_ARRAY but was {} at \
                 line 1 column 2 path $",
                json_type(&other)
            ))),
        }
    }
}

/// The name of a JSON type in messages of Gson.
pub(crate) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Bool(_) => "BOOLEAN",
        Value::Number(_) => "NUMBER",
        Value::String(_) => "STRING",
        Value::Array(_) => "BEGIN_ARRAY",
        Value::Object(_) => "BEGIN_OBJECT",
    }
}

fn decode(text: &str, plus_is_blank: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|it| std::str::from_utf8(it).ok());
        match (byte, hex.and_then(|it| u8::from_str_radix(it, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) if plus_is_blank => out.push(b' '),
            (byte, _) => out.push(*byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str, body: &'static str) -> Request {
        let uri = target.parse().expect("a target");
        Request::new(&Method::GET, &uri, &HeaderMap::new(), Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn of_a_repeated_parameter_the_first_wins_and_without_a_value_it_is_empty() {
        let request = request("/v3/a%20b?graceful&n=1&n=2&t=a%3Ab+c", "");
        assert_eq!(request.segments, ["v3", "a b"]);
        assert_eq!(
            (request.query("graceful"), request.query("n"), request.query("t")),
            (Some(""), Some("1"), Some("a:b c"))
        );
    }

    #[test]
    fn locates_the_end_of_a_truncated_body() {
        // 6.11.0, stop-batch-malformed and deploy-malformed.
        let error = |body| request("/", body).json().unwrap_err();
        assert_eq!(error("[{"), "java.io.EOFException: End of input at line 1 column 3");
        assert_eq!(error("{\"artifact\":"), "java.io.EOFException: End of input at line 1 column 13");
    }

    #[test]
    fn a_number_that_cannot_be_parsed_is_500_and_only_true_is_true() {
        let request = request("/v3?limit=&latestOnly=1&on=TRUE", "");
        assert_eq!(request.number("limit").unwrap_err().status, 500);
        assert!(
            !request.flag("latestOnly", true) && request.flag("on", false) && request.flag("absent", true)
        );
    }
}
