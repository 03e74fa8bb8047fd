//! Which headers are forwarded.

use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_DISPOSITION,
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG,
    LAST_MODIFIED, LOCATION, PROXY_AUTHENTICATE, RETRY_AFTER, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
    USER_AGENT, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::{SystemTime, UNIX_EPOCH};

/// This server's clock when the header of a response arrived, in milliseconds since 1970.
pub const TIME: HeaderName = HeaderName::from_static("quiesce-time");

/// Hop-by-hop headers (RFC 9110, section 7.6.1), in addition to those that `Connection` names.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The headers of a browser's request that are forwarded: those that the page and the script of an upgrade send. Others
/// could be trusted by a server behind this one, such as the name of a user that CDAP reads in its proxy mode.
const FORWARDED: [HeaderName; 6] =
    [ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT];

/// The first header that must not be repeated and is: two servers could read different ones.
pub fn repeated(headers: &HeaderMap) -> Option<HeaderName> {
    [AUTHORIZATION, CONTENT_TYPE].into_iter().find(|name| headers.get_all(name).iter().nth(1).is_some())
}

/// The headers of a router's response that are forwarded. Others could set cookies, open the API to other sites, or
/// change how the browser treats this origin.
const RETURNED: [HeaderName; 15] = [
    CACHE_CONTROL,
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_TYPE,
    DATE,
    HeaderName::from_static("digest"),
    ETAG,
    LAST_MODIFIED,
    LOCATION,
    RETRY_AFTER,
    VARY,
    WWW_AUTHENTICATE,
];

/// Turns the headers of a browser's request into those of the request to the router. The only header added asks for an
/// uncompressed response.
pub fn to_router(headers: &mut HeaderMap) {
    remove_hop_by_hop(headers);
    retain(headers, &FORWARDED);
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
}

/// Turns the headers of the router's response into those of the response to the browser.
pub fn to_browser(headers: &mut HeaderMap) {
    remove_hop_by_hop(headers);
    retain(headers, &RETURNED);
    let challenges: Vec<_> = headers.get_all(WWW_AUTHENTICATE).iter().cloned().collect();
    headers.remove(WWW_AUTHENTICATE);
    for challenge in challenges.iter().filter_map(without_password_prompts) {
        headers.append(WWW_AUTHENTICATE, challenge);
    }
}

/// Adds this server's time if the router did not send its own. A value from the router is removed: only this server
/// writes the header.
pub fn add_time(headers: &mut HeaderMap, now: SystemTime) {
    headers.remove(TIME);
    if !headers.contains_key(DATE)
        && let Ok(since) = now.duration_since(UNIX_EPOCH)
        && let Ok(time) = HeaderValue::from_str(&since.as_millis().to_string())
    {
        headers.insert(TIME, time);
    }
}

fn retain(headers: &mut HeaderMap, names: &[HeaderName]) {
    let others: Vec<_> = headers.keys().filter(|name| !names.contains(name)).cloned().collect();
    for name in others {
        headers.remove(name);
    }
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in HOP_BY_HOP.iter().chain(&named) {
        headers.remove(name);
    }
}

/// The value without the challenges for which browsers open a password prompt of their own; `None` if nothing is left.
/// A value without such a challenge is kept verbatim: CDAP separates its parts with spaces, not commas.
fn without_password_prompts(value: &HeaderValue) -> Option<HeaderValue> {
    let Ok(text) = value.to_str() else { return Some(value.clone()) };
    let mut kept: Vec<&str> = Vec::new();
    let mut prompts = false;
    let mut removed = false;
    for part in split_outside_quotes(text) {
        // `Basic realm="x"` starts a challenge, `charset="UTF-8"` continues the previous one.
        let word = part.trim().split([' ', '=']).next().unwrap_or_default();
        if !part.trim().get(word.len()..).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            prompts = ["basic", "digest", "ntlm", "negotiate"]
                .iter()
                .any(|scheme| word.eq_ignore_ascii_case(scheme));
        }
        removed |= prompts;
        if !prompts {
            kept.push(part);
        }
    }
    if !removed {
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

    fn kept(value: &'static str) -> Option<String> {
        without_password_prompts(&HeaderValue::from_static(value))
            .map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn removes_a_challenge_that_opens_the_browsers_password_prompt() {
        assert_eq!(kept("Basic realm=\"null\""), None);
        assert_eq!(kept("basic realm=\"a, b\", charset=\"UTF-8\""), None);
        assert_eq!(kept("Negotiate"), None);
        assert_eq!(
            kept("Bearer realm=\"cdap\", Basic realm=\"x\""),
            Some("Bearer realm=\"cdap\"".to_owned())
        );
        assert_eq!(
            kept("Basic realm=\"x\", Bearer realm=\"cdap\""),
            Some("Bearer realm=\"cdap\"".to_owned())
        );
    }

    #[test]
    fn keeps_a_bearer_challenge_verbatim() {
        for value in [
            "Bearer realm=\"cdap\"",
            "Bearer realm=\"cdap\" error=\"invalid_token\" error_description=\"Expired token.\"",
            "Bearer realm=\"basic, digest\", scope = \"a\"",
        ] {
            assert_eq!(kept(value).as_deref(), Some(value));
        }
    }

    #[test]
    fn adds_the_time_only_if_the_router_sent_none() {
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
    fn removes_hop_by_hop_headers_and_those_that_concern_this_origin() {
        let mut headers: HeaderMap = [
            (CONNECTION, HeaderValue::from_static("close, X-Hop")),
            (HeaderName::from_static("x-hop"), HeaderValue::from_static("1")),
            (HeaderName::from_static("keep-alive"), HeaderValue::from_static("timeout=5")),
            (TRANSFER_ENCODING, HeaderValue::from_static("chunked")),
            (HeaderName::from_static("x-quiesce-error"), HeaderValue::from_static("router_timeout")),
            (HeaderName::from_static("access-control-allow-origin"), HeaderValue::from_static("*")),
            (HeaderName::from_static("digest"), HeaderValue::from_static("sha-256=AA==")),
        ]
        .into_iter()
        .collect();
        to_browser(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["digest"]);
    }
}
