//! A request as a value.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write};

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads a resource.
    Get,
    /// Performs an action, or reads with a list in the body.
    Post,
    /// Creates or replaces a resource.
    Put,
    /// Deletes a resource.
    Delete,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A request to the server. Only [`Request::get`] and its siblings create one, so its path is always
/// percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path and query, percent-encoded, starting with `/`.
    pub target: String,
    /// A JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl Request {
    /// A GET request for the path of these segments; each is percent-encoded.
    pub fn get<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Get, segments)
    }

    /// A POST request, without a body unless [`Request::json`] adds one.
    pub fn post<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Post, segments)
    }

    /// A PUT request, without a body unless [`Request::json`] adds one.
    pub fn put<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Put, segments)
    }

    /// A DELETE request for the path of these segments.
    pub fn delete<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Delete, segments)
    }

    fn new<'a>(method: Method, segments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut target = String::new();
        for segment in segments {
            target.push('/');
            target.extend(utf8_percent_encode(segment, SEGMENT));
        }
        Self { method, target, body: None }
    }

    /// Adds `name=value` to the query, percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.push_query(name);
        self.target.push('=');
        self.target.extend(utf8_percent_encode(&value.to_string(), QUERY_VALUE));
        self
    }

    /// Adds `name` without a value to the query, such as `?graceful`.
    #[must_use]
    pub fn flag(mut self, name: &str) -> Self {
        self.push_query(name);
        self
    }

    fn push_query(&mut self, name: &str) {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        self.target.extend(utf8_percent_encode(name, SEGMENT));
    }

    /// Adds a JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        // Only maps with keys that are not strings and failing Serialize impls can fail here; the bodies of this
        // crate have neither. The server rejects `null` with a 400 that mentions the body.
        self.body = Some(serde_json::to_string(body).unwrap_or_else(|_| "null".into()));
        self
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The request as a curl command for a POSIX shell. `base` is scheme, host and port. The token is never
    /// written: `with_token` adds a header that reads it from `$CDAP_TOKEN`.
    pub fn curl(&self, base: &str, with_token: bool) -> String {
        let mut line = String::from("curl --fail-with-body");
        if self.method != Method::Get {
            let _ = write!(line, " -X {}", self.method);
        }
        if with_token {
            line.push_str(" -H \"Authorization: Bearer $CDAP_TOKEN\"");
        }
        if let Some(body) = &self.body {
            line.push_str(" -H 'Content-Type: application/json' -d ");
            quote(body, &mut line);
        }
        line.push(' ');
        quote(&format!("{}{}", base.trim_end_matches('/'), self.target), &mut line);
        line
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)
    }
}

/// Encoded in a path segment: everything except unreserved characters and those that are safe there. The comma is kept:
/// the server separates names with it, and the recordings contain it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b',')
    .remove(b':')
    .remove(b'*');

/// Encoded in a query value: the colon too, as in the recordings of metrics.
const QUERY_VALUE: &AsciiSet = &SEGMENT.add(b':');

/// Quotes for a POSIX shell.
fn quote(text: &str, into: &mut String) {
    into.push('\'');
    into.push_str(&text.replace('\'', r"'\''"));
    into.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_special_characters_stays_one_segment() {
        let request = Request::get(["v3", "a b/c", "ü?#%"]);
        assert_eq!(request.target, "/v3/a%20b%2Fc/%C3%BC%3F%23%25");
    }

    #[test]
    fn a_flag_has_no_equals_sign_and_follows_existing_parameters() {
        let request = Request::post(["v3", "stop"]).query("limit", 5).flag("graceful");
        assert_eq!(request.target, "/v3/stop?limit=5&graceful");
        assert_eq!(request.path(), "/v3/stop");
    }

    #[test]
    fn curl_quotes_its_arguments_and_never_contains_the_token() {
        let request = Request::post(["v3", "o'clock"]).json(&["it's"]);
        assert_eq!(
            request.curl("http://127.0.0.1:11015/", true),
            r#"curl --fail-with-body -X POST -H "Authorization: Bearer $CDAP_TOKEN" -H 'Content-Type: application/json' -d '["it'\''s"]' 'http://127.0.0.1:11015/v3/o%27clock'"#
        );
    }
}
