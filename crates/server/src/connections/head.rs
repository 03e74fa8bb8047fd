//! Checks the head of a request as it was sent: request line and headers, before a parser interprets them. A parser
//! hides some of what must be refused: it drops `Content-Length` next to `Transfer-Encoding`, joins equal lengths, and
//! accepts line ends that other servers understand differently.

use crate::error_response::ErrorResponse;
use http::StatusCode;

/// The largest head, in bytes.
pub const MAX_HEAD: usize = 32 * 1_024;
/// The largest number of headers.
const MAX_HEADERS: usize = 100;
/// Headers that have one meaning only if there is one of them.
const SINGLE: [&str; 9] = [
    "authorization",
    "content-length",
    "content-type",
    "host",
    "origin",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "transfer-encoding",
];

/// Where the body of a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// After this number of bytes.
    Length(u64),
    /// After the last chunk.
    Chunked,
}

/// The length of the head at the start of `bytes`, with its empty line, if it is complete. It does not end within the
/// first `searched` bytes.
pub fn end(bytes: &[u8], searched: usize) -> Option<usize> {
    let start = searched.saturating_sub(3);
    let rest = bytes.get(start..)?;
    rest.windows(4).position(|four| four == b"\r\n\r\n").map(|at| start + at + 4)
}

/// Checks a complete head and returns where its body ends.
pub fn check(head: &[u8]) -> Result<Framing, ErrorResponse> {
    let text = head.strip_suffix(b"\r\n\r\n").unwrap_or(head);
    let mut lines = lines(text)?.into_iter();
    let version_1_0 = request_line(lines.next().unwrap_or_default())?;
    let headers = lines.map(header).collect::<Result<Vec<_>, _>>()?;
    if headers.len() > MAX_HEADERS {
        return Err(too_large(format!("The request has more than {MAX_HEADERS} headers.")));
    }
    let all = |name: &str| headers.iter().filter(|it| it.0.eq_ignore_ascii_case(name)).collect::<Vec<_>>();
    for name in SINGLE {
        if all(name).len() > 1 {
            return Err(bad(format!("The request has more than one {name} header.")));
        }
    }
    match (all("content-length").first(), all("transfer-encoding").first()) {
        (Some(_), Some(_)) => Err(bad(
            "The request has both Content-Length and Transfer-Encoding: its body has two possible ends.",
        )),
        (Some((_, length)), None) => {
            let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
            let length = length.parse().ok().filter(|_| digits);
            length.map(Framing::Length).ok_or_else(|| bad("Content-Length must be a number of bytes."))
        }
        (None, Some((_, coding))) if coding.eq_ignore_ascii_case("chunked") && !version_1_0 => {
            Ok(Framing::Chunked)
        }
        (None, Some(_)) => Err(bad("The only Transfer-Encoding of a request is chunked, with HTTP/1.1.")),
        (None, None) => Ok(Framing::Length(0)),
    }
}

/// The lines of a head. Each ends with CR and LF; one of them alone, or NUL, is an error.
fn lines(text: &[u8]) -> Result<Vec<&[u8]>, ErrorResponse> {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n' | b'\0')).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        lines.push(line);
        if after.is_empty() {
            return Ok(lines);
        }
        rest = after.strip_prefix(b"\r\n").ok_or_else(|| {
            bad("The lines of a request end with CR and LF, and contain neither of them nor NUL.")
        })?;
    }
}

/// Checks the request line; returns whether it is of HTTP/1.0.
fn request_line(line: &[u8]) -> Result<bool, ErrorResponse> {
    let form =
        || bad("The request line must have a method, a target and HTTP/1.1, each separated by one space.");
    let mut parts = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(form());
    };
    if method.is_empty() || !method.iter().all(u8::is_ascii_uppercase) {
        return Err(form());
    }
    let version_1_0 = match version {
        b"HTTP/1.1" => false,
        b"HTTP/1.0" => true,
        _ => return Err(form()),
    };
    if !target.iter().all(|byte| matches!(byte, 0x21..=0x7e) && *byte != b'#') {
        return Err(bad(
            "The target of a request must not have control characters, letters beyond ASCII or a fragment.",
        ));
    }
    let absolute = target.starts_with(b"http://") || target.starts_with(b"https://");
    if !target.starts_with(b"/") && !absolute {
        return Err(bad("The target of a request must be a path."));
    }
    Ok(version_1_0)
}

/// Name and value of a header.
fn header(line: &[u8]) -> Result<(&str, &str), ErrorResponse> {
    let form = || bad("A header must have the form Name: value, in one line.");
    let colon = line.iter().position(|byte| *byte == b':').ok_or_else(form)?;
    let (name, value) = line.split_at(colon);
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    if name.is_empty() || !name.iter().all(is_token) {
        return Err(form());
    }
    if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err(bad("The value of a header must not have control characters."));
    }
    let name = std::str::from_utf8(name).map_err(|_| form())?;
    // Only headers whose values are ASCII are read here.
    let value = std::str::from_utf8(value.get(1..).unwrap_or_default()).unwrap_or("\u{fffd}");
    Ok((name, value.trim_matches([' ', '\t'])))
}

fn bad(message: impl Into<String>) -> ErrorResponse {
    ErrorResponse::new(StatusCode::BAD_REQUEST, "bad_request", message)
}

/// The error for a head that is too large.
pub fn too_large(message: impl Into<String>) -> ErrorResponse {
    ErrorResponse::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "header_too_large", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(head: &str) -> Result<Framing, (u16, String)> {
        check(head.as_bytes()).map_err(|error| (error.status.as_u16(), error.message))
    }

    #[test]
    fn a_head_ends_with_its_first_empty_line() {
        for searched in 0..18 {
            assert_eq!(end(b"GET / HTTP/1.1\r\n\r\nGET", searched), Some(18));
        }
        for bytes in [&b"GET / HTTP/1.1\r\n"[..], b"GET / HTTP/1.1\n\n", b"\r\n\r"] {
            assert_eq!(end(bytes, 0), None);
        }
    }

    #[test]
    fn the_body_ends_where_the_only_header_about_it_says() {
        for (headers, framing) in [
            ("", Framing::Length(0)),
            ("Content-Length: 12\r\n", Framing::Length(12)),
            ("content-length:0012 \r\n", Framing::Length(12)),
            ("Transfer-Encoding: Chunked\r\n", Framing::Chunked),
        ] {
            assert_eq!(checked(&format!("POST /v3 HTTP/1.1\r\n{headers}\r\n")), Ok(framing), "{headers}");
        }
    }

    #[test]
    fn refuses_a_request_whose_body_or_headers_can_be_read_in_two_ways() {
        for headers in [
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 1",
            "Content-Length: 1\r\nContent-Length: 1",
            "Content-Length: 1\r\nContent-Length: 2",
            "Content-Length: 1, 1",
            "Content-Length: +1",
            "Content-Length: -1",
            "Content-Length: 0x1",
            "Content-Length:",
            "Content-Length: 99999999999999999999999",
            "Content-Length: \u{661}",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: xchunked",
            "Host: a\r\nHost: a",
            "Origin: http://a\r\norigin: http://b",
            "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
            "Authorization: Bearer a\r\nAuthorization: Bearer b",
            "X: a\r\n b",
            "X : a",
            " X: a",
            "X",
            ": a",
            "X: a\nContent-Length: 1",
            "X: a\rContent-Length: 1",
            "X: a\0",
            "X: a\u{7f}",
            "X: a\u{1b}",
            "X\u{e9}: a",
            "X(: a",
        ] {
            let result = checked(&format!("POST /v3 HTTP/1.1\r\n{headers}\r\n\r\n"));
            assert!(matches!(result, Err((400, _))), "{headers:?}: {result:?}");
        }
    }

    #[test]
    fn refuses_a_request_line_that_servers_read_differently() {
        for line in [
            "GET  / HTTP/1.1",
            "GET / HTTP/1.1 ",
            " GET / HTTP/1.1",
            "GET /\tHTTP/1.1",
            "GET / HTTP/1.2",
            "GET / HTTP/2.0",
            "GET / http/1.1",
            "GET /",
            "get / HTTP/1.1",
            "G\u{e9}T / HTTP/1.1",
            "GET /\u{1} HTTP/1.1",
            "GET /\u{e9} HTTP/1.1",
            "GET /a#b HTTP/1.1",
            "GET * HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "CONNECT a:80 HTTP/1.1",
            "GET a/b HTTP/1.1",
            "GET ftp://a/ HTTP/1.1",
            "",
            "\r\nGET / HTTP/1.1",
        ] {
            let result = checked(&format!("{line}\r\nHost: a\r\n\r\n"));
            assert!(matches!(result, Err((400, _))), "{line:?}: {result:?}");
        }
        assert!(checked("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
        assert_eq!(checked("GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n"), Ok(Framing::Length(0)));
    }

    #[test]
    fn refuses_more_headers_than_anyone_needs() {
        let head = |count: usize| format!("GET / HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(count));
        assert_eq!(checked(&head(MAX_HEADERS)), Ok(Framing::Length(0)));
        assert!(matches!(checked(&head(MAX_HEADERS + 1)), Err((431, _))));
    }

    #[test]
    fn accepts_values_of_other_languages_and_tabs() {
        assert_eq!(checked("GET / HTTP/1.1\r\nX-Name: \u{fc}ber\tall\r\n\r\n"), Ok(Framing::Length(0)));
    }
}
