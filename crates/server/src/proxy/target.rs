//! Which paths belong to the API. A path is forwarded byte for byte.

use crate::error_response::ErrorResponse;
use http::StatusCode;
use percent_encoding::percent_decode_str;

/// Whether a path belongs to the API: `/v3`, everything below it, and `/ping`.
pub fn is_api(path: &str) -> bool {
    path == "/v3" || path.starts_with("/v3/") || path == "/ping"
}

/// Rejects a path of the API that a server behind this one could resolve to a path outside of it.
pub fn check(path: &str) -> Result<(), ErrorResponse> {
    if path.split('/').any(is_traversal) {
        return Err(ErrorResponse::new(
            StatusCode::BAD_REQUEST,
            "path_refused",
            "A segment of the path leads out of the API. The request was not forwarded.",
        ));
    }
    Ok(())
}

/// Whether a segment is, or decodes to, `.` or `..`, or hides a separator next to one. Some servers decode twice or cut
/// a segment at `;`, so both are considered.
fn is_traversal(segment: &str) -> bool {
    let mut decoded = segment.to_owned();
    for _ in 0..3 {
        let dots = decoded
            .split(['/', '\\'])
            .map(|part| part.split(';').next().unwrap_or_default())
            .any(|part| matches!(part, "." | ".."));
        if dots {
            return true;
        }
        decoded = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
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
    fn rejects_a_path_traversal_in_every_encoding() {
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
        ] {
            assert_eq!(check(path).unwrap_err().code, "path_refused", "{path}");
        }
    }

    #[test]
    fn accepts_names_with_dots_and_encoded_characters() {
        for path in [
            "/v3/namespaces/default/apps/a/versions/6.11.0",
            "/v3/namespaces/default/apps/a/versions/-SNAPSHOT",
            "/v3/a%20b/%C3%A9/%2F/..x/x../...",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }
}
