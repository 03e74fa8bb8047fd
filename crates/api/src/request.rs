//! A request as a value: what would be sent, before anything sends it.

use serde::{Deserialize, Serialize};
use std::fmt::{self, Write};

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Acts, or reads with a list in the body.
    Post,
    /// Creates or replaces.
    Put,
    /// Removes.
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

/// What is sent. Only [`Request::get`] and its sisters make one, so its path is always encoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, percent-encoded, from `/` on.
    pub target: String,
    /// A JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl Request {
    /// A GET of the path made of these segments; each is encoded.
    pub fn get<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Get, segments)
    }

    /// A POST, without a body unless [`Request::json`] gives one.
    pub fn post<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Post, segments)
    }

    /// A PUT, without a body unless [`Request::json`] gives one.
    pub fn put<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Put, segments)
    }

    /// A DELETE.
    pub fn delete<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::Delete, segments)
    }

    fn new<'a>(method: Method, segments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut target = String::new();
        for segment in segments {
            target.push('/');
            encode(segment, &mut target);
        }
        Self { method, target, body: None }
    }

    /// Adds `name=value` to the query, encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.push_query(name);
        self.target.push('=');
        encode_query(&value.to_string(), &mut self.target);
        self
    }

    /// Adds `name` without `=`: what `?graceful` without a value is.
    #[must_use]
    pub fn flag(mut self, name: &str) -> Self {
        self.push_query(name);
        self
    }

    fn push_query(&mut self, name: &str) {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        encode(name, &mut self.target);
    }

    /// Gives the request a JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        // Only maps with keys that are no strings and failing Serialize impls can fail here; the bodies of this
        // crate have neither. `null` would be refused by the server with a 400 that names the body.
        self.body = Some(serde_json::to_string(body).unwrap_or_else(|_| "null".into()));
        self
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The same request as a curl command, to be pasted into a POSIX shell. `base` is scheme, host and port. The
    /// token is never written out: `with_token` adds a header that reads it from `$CDAP_TOKEN`.
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

/// Percent-encodes everything that is not unreserved or harmless in a path segment and in a query value. The comma
/// stays: the server reads lists of names with it, and the recordings have it so.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' | b':' | b'*' => {
                into.push(char::from(byte));
            }
            _ => {
                let _ = write!(into, "%{byte:02X}");
            }
        }
    }
}

/// Encodes a value of a query: the colon too, as the recordings of metrics have it.
fn encode_query(text: &str, into: &mut String) {
    for (at, part) in text.split(':').enumerate() {
        if at > 0 {
            into.push_str("%3A");
        }
        encode(part, into);
    }
}

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
    fn odd_names_stay_one_segment() {
        let request = Request::get(["v3", "a b/c", "ü?#%"]);
        assert_eq!(request.target, "/v3/a%20b%2Fc/%C3%BC%3F%23%25");
    }

    #[test]
    fn a_flag_has_no_equals_sign_and_comes_after_what_is_there() {
        let request = Request::post(["v3", "stop"]).query("limit", 5).flag("graceful");
        assert_eq!(request.target, "/v3/stop?limit=5&graceful");
        assert_eq!(request.path(), "/v3/stop");
    }

    #[test]
    fn curl_survives_quotes_and_never_holds_the_token() {
        let request = Request::post(["v3", "o'clock"]).json(&["it's"]);
        assert_eq!(
            request.curl("http://127.0.0.1:11015/", true),
            r#"curl --fail-with-body -X POST -H "Authorization: Bearer $CDAP_TOKEN" -H 'Content-Type: application/json' -d '["it'\''s"]' 'http://127.0.0.1:11015/v3/o%27clock'"#
        );
    }
}
