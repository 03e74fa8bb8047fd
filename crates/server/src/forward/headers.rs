//! Which headers pass.

use crate::refusal::MARK;
use http::header::{
    ACCEPT_ENCODING, CONNECTION, COOKIE, DATE, EXPECT, HOST, ORIGIN, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION,
    REFERER, SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::{SystemTime, UNIX_EPOCH};

/// This server's clock when the head of an answer came, in milliseconds since 1970.
pub const TIME: HeaderName = HeaderName::from_static("quiesce-time");

/// Headers that belong to one connection (RFC 9110, section 7.6.1), besides those that `Connection` names.
const HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Makes the headers of a browser's request those of the request to the router. What is about this connection or
/// this origin stays here; `Authorization` passes; the only header that is added asks for an unpacked answer.
pub fn to_router(headers: &mut HeaderMap) {
    drop_hops(headers);
    for name in [HOST, COOKIE, EXPECT, ORIGIN, REFERER, PROXY_AUTHORIZATION] {
        headers.remove(name);
    }
    let about_the_page: Vec<_> =
        headers.keys().filter(|name| name.as_str().starts_with("sec-")).cloned().collect();
    for name in about_the_page {
        headers.remove(name);
    }
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
}

/// Makes the headers of the router's answer those of the answer to the browser.
pub fn to_browser(headers: &mut HeaderMap) {
    drop_hops(headers);
    headers.remove(SET_COOKIE);
    // Only this server's own answers carry the mark.
    headers.remove(MARK);
    let challenges: Vec<_> = headers.get_all(WWW_AUTHENTICATE).iter().cloned().collect();
    headers.remove(WWW_AUTHENTICATE);
    for challenge in challenges.iter().filter_map(quiet) {
        headers.append(WWW_AUTHENTICATE, challenge);
    }
}

/// Adds this server's time where the router did not send its own. A value from the router is dropped: only this
/// server writes the header.
pub fn add_time(headers: &mut HeaderMap, now: SystemTime) {
    headers.remove(TIME);
    if !headers.contains_key(DATE)
        && let Ok(since) = now.duration_since(UNIX_EPOCH)
        && let Ok(time) = HeaderValue::from_str(&since.as_millis().to_string())
    {
        headers.insert(TIME, time);
    }
}

fn drop_hops(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in HOP.iter().chain(&named) {
        headers.remove(name);
    }
}

/// The value without the challenges for which browsers open a password box of their own; `None` if nothing is left.
/// A value without such a challenge stays to the letter: CDAP writes its parts with blanks in between, not commas.
fn quiet(value: &HeaderValue) -> Option<HeaderValue> {
    let Ok(text) = value.to_str() else { return Some(value.clone()) };
    let mut kept: Vec<&str> = Vec::new();
    let mut loud = false;
    let mut dropped = false;
    for part in split_outside_quotes(text) {
        // `Basic realm="x"` begins a challenge, `charset="UTF-8"` goes on with the one before.
        let word = part.trim().split([' ', '=']).next().unwrap_or_default();
        if !part.trim().get(word.len()..).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            loud = ["basic", "digest", "ntlm", "negotiate"].iter().any(|it| word.eq_ignore_ascii_case(it));
        }
        dropped |= loud;
        if !loud {
            kept.push(part);
        }
    }
    if !dropped {
        return Some(value.clone());
    }
    let left = kept.join(",");
    if left.trim().is_empty() { None } else { HeaderValue::from_str(left.trim()).ok() }
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|letter| {
        let separates = letter == ',' && !quoted;
        if letter == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = letter == '\\' && !escaped;
        separates
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_of(value: &'static str) -> Option<String> {
        quiet(&HeaderValue::from_static(value)).map(|it| it.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_challenge_that_opens_the_browsers_password_box_is_dropped() {
        assert_eq!(left_of("Basic realm=\"null\""), None);
        assert_eq!(left_of("basic realm=\"a, b\", charset=\"UTF-8\""), None);
        assert_eq!(left_of("Negotiate"), None);
        assert_eq!(
            left_of("Bearer realm=\"cdap\", Basic realm=\"x\""),
            Some("Bearer realm=\"cdap\"".to_owned())
        );
        assert_eq!(
            left_of("Basic realm=\"x\", Bearer realm=\"cdap\""),
            Some("Bearer realm=\"cdap\"".to_owned())
        );
    }

    #[test]
    fn a_bearer_challenge_stays_to_the_letter() {
        for value in [
            "Bearer realm=\"cdap\"",
            "Bearer realm=\"cdap\" error=\"invalid_token\" error_description=\"Expired token.\"",
            "Bearer realm=\"basic, digest\", scope = \"a\"",
        ] {
            assert_eq!(left_of(value).as_deref(), Some(value));
        }
    }

    #[test]
    fn the_time_is_added_where_the_router_sent_none() {
        let now = UNIX_EPOCH + std::time::Duration::from_millis(1_795_418_580_120);
        let mut headers = HeaderMap::new();
        headers.insert(TIME, HeaderValue::from_static("1"));
        add_time(&mut headers, now);
        assert_eq!(headers.get_all(TIME).iter().collect::<Vec<_>>(), ["1795418580120"]);
        headers.insert(DATE, HeaderValue::from_static("Mon, 23 Nov 2026 07:23:00 GMT"));
        add_time(&mut headers, now);
        assert_eq!(headers.keys().collect::<Vec<_>>(), [DATE]);
    }

    #[test]
    fn headers_of_one_connection_and_a_forged_mark_do_not_pass() {
        let mut headers: HeaderMap = [
            (CONNECTION, HeaderValue::from_static("close, X-Hop")),
            (HeaderName::from_static("x-hop"), HeaderValue::from_static("1")),
            (HeaderName::from_static("keep-alive"), HeaderValue::from_static("timeout=5")),
            (TRANSFER_ENCODING, HeaderValue::from_static("chunked")),
            (MARK, HeaderValue::from_static("router_timeout")),
            (HeaderName::from_static("digest"), HeaderValue::from_static("sha-256=AA==")),
        ]
        .into_iter()
        .collect();
        to_browser(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["digest"]);
    }
}
