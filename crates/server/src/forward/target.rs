//! Which paths are the API. A path that is passed on is passed on byte for byte.

use crate::refusal::Refusal;
use http::StatusCode;
use percent_encoding::percent_decode_str;

/// Whether a path belongs to the API: `/v3`, all below it, and `/ping`.
pub fn is_api(path: &str) -> bool {
    path == "/v3" || path.starts_with("/v3/") || path == "/ping"
}

/// Refuses a path of the API that a server behind could read as one outside of it.
pub fn check(path: &str) -> Result<(), Refusal> {
    if path.split('/').any(leaves) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "path_refused",
            "The path has a segment that leads out of the API. It was not passed on.",
        ));
    }
    Ok(())
}

/// Whether a segment is, or decodes to, `.` or `..`, or hides a separator before or after one. Some servers decode
/// twice or cut a segment at `;`, so both are looked through.
fn leaves(segment: &str) -> bool {
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
    fn the_api_is_v3_and_ping_and_nothing_that_only_begins_like_it() {
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
    fn a_segment_that_leads_out_is_refused_however_it_is_written() {
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
            assert_eq!(check(path).unwrap_err().error, "path_refused", "{path}");
        }
    }

    #[test]
    fn names_with_dots_and_encoded_characters_pass() {
        for path in [
            "/v3/namespaces/default/apps/a/versions/6.11.0",
            "/v3/namespaces/default/apps/a/versions/-SNAPSHOT",
            "/v3/a%20b/%C3%A9/%2F/..x/x../...",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }
}
