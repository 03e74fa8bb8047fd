//! Which paths belong to the API. A path is forwarded byte for byte.

use crate::error_response::ErrorResponse;
use http::StatusCode;
use percent_encoding::percent_decode_str;

/// Whether a path belongs to the API: `/v3`, everything below it, and `/ping`.
pub fn is_api(path: &str) -> bool {
    path == "/v3" || path.starts_with("/v3/") || path == "/ping"
}

/// How often a path may be decoded between this server and the one that answers.
const DECODINGS: usize = 3;

/// Rejects a path that a server behind this one could resolve to another path.
pub fn check(path: &str) -> Result<(), ErrorResponse> {
    if path.split('/').any(is_ambiguous) {
        return Err(ErrorResponse::new(
            StatusCode::BAD_REQUEST,
            "path_refused",
            "A segment of the path is, or decodes to, a part of another path. The request was not forwarded.",
        ));
    }
    Ok(())
}

/// Whether a segment is, or decodes to, `.` or `..`, or contains a separator, a control character or bytes that are not UTF-8. Some servers
/// decode twice or cut a segment at `;`, so both are considered. CDAP's names contain none of these.
fn is_ambiguous(segment: &str) -> bool {
    let mut decoded = segment.to_owned();
    for _ in 0..=DECODINGS {
        let cut = decoded.split(';').next().unwrap_or_default();
        let separates = |letter: char| matches!(letter, '/' | '\\' | '?' | '#') || letter.is_control();
        if matches!(cut, "." | "..") || decoded.contains(separates) {
            return true;
        }
        // Bytes that are not UTF-8 may be an overlong `.` or `/`.
        let Ok(next) = percent_decode_str(&decoded).decode_utf8() else { return true };
        decoded = next.into_owned();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_v3_and_ping_and_no_path_that_only_starts_like_them() {
        for path in ["/v3", "/v3/", "/v3/namespaces/default/apps", "/ping"] {
            assert!(is_api(path), "{path}");
        }
        for path in
            ["/", "/v3Internal/x", "/V3/version", "/ping/", "/pingx", "/status", "/x/v3/version", "//v3/x"]
        {
            assert!(!is_api(path), "{path}");
        }
    }

    #[test]
    fn rejects_a_part_of_another_path_in_every_encoding() {
        for path in [
            "/v3/../v3Internal/x",
            "/v3/%2e%2e/v3Internal/x",
            "/v3/.%2E/x",
            "/v3/%252e%252e/x",
            "/v3/a%2f..%2f../x",
            "/v3/..%5cx",
            "/v3/..;a=b/x",
            "/v3/./x",
            "/v3/x/..",
            "/v3/a%2Fb",
            "/v3/a%252fb",
            "/v3/a%25252fb",
            "/v3/a%5Cb",
            "/v3/a%3Fb",
            "/v3/a%23b",
            "/v3/a%00",
            "/v3/a%0d%0ab",
            "/v3/a%7f",
            "/v3/%c0%ae%c0%ae",
            "/v3/a%ff",
        ] {
            assert_eq!(check(path).unwrap_err().code, "path_refused", "{path}");
        }
    }

    #[test]
    fn accepts_names_with_dots_and_encoded_characters() {
        for path in [
            "/v3/namespaces/default/apps/a/versions/6.11.0",
            "/v3/namespaces/default/apps/a/versions/-SNAPSHOT",
            "/v3/a%20b/%C3%A9/..x/x../...",
            "/v3/100%25/a;b/a,b:c",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }
}
