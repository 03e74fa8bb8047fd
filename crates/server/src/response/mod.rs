//! The bodies of responses to the browser: small chunks are coalesced, and compressed where that helps. A body that is
//! interrupted at its source is interrupted at the browser too.

mod coalesce;
mod compress;

use crate::content_encoding::ContentEncoding;
use axum::body::Body;
use coalesce::{Coalesced, FLUSH_DELAY};
use compress::Compressed;
use futures_util::stream;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use std::time::Duration;

/// Smaller bodies, in bytes, are not compressed: they fit into one packet anyway.
const MIN_COMPRESSED: usize = 1024;

/// The properties of a request that determine the form of its response.
#[derive(Clone, Copy, Debug)]
pub struct ResponsePreferences {
    encoding: Option<ContentEncoding>,
    head: bool,
}

impl ResponsePreferences {
    pub fn of<B>(request: &Request<B>) -> Self {
        Self {
            encoding: ContentEncoding::negotiate(request.headers()),
            head: request.method() == Method::HEAD,
        }
    }
}

/// Coalesces and compresses a response. Its body is interrupted if nothing arrives for `idle`.
pub async fn encode(
    preferences: ResponsePreferences,
    response: Response<Body>,
    idle: Option<Duration>,
) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let without_body =
        preferences.head || matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if without_body {
        return Response::from_parts(parts, body);
    }
    if let Some(length) = http_body::Body::size_hint(&body).exact() {
        parts.headers.entry(CONTENT_LENGTH).or_insert_with(|| length.into());
    }
    let mut coalesced = Coalesced::new(body, idle);
    let Some(encoding) = preferences.encoding.filter(|_| is_compressible(&parts.headers)) else {
        return Response::from_parts(parts, coalesced.into_body());
    };
    // A streamed body does not announce its size. If it ends at once, the size is known and may be too small.
    let first = tokio::time::timeout(FLUSH_DELAY, coalesced.next()).await.ok().flatten();
    if let Some(whole) = coalesced.whole(first.as_ref())
        && whole.len() < MIN_COMPRESSED
    {
        return Response::from_parts(parts, Body::from(whole));
    }
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    parts.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    let compressed = Compressed::new(coalesced, first, encoding);
    let stream = stream::unfold(compressed, |mut compressed| async move {
        compressed.next().await.map(|bytes| (bytes, compressed))
    });
    Response::from_parts(parts, Body::from_stream(stream))
}

/// Whether a response with these headers shrinks, and may be transformed. The router labels JSON lists
/// `application/octet-stream` and errors not at all, so everything is compressed unless it is known to be compressed
/// already.
fn is_compressible(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let length = text(CONTENT_LENGTH).parse::<usize>().ok();
    if headers.contains_key(CONTENT_ENCODING) || headers.contains_key(CONTENT_RANGE) {
        return false;
    }
    // A digest covers the bytes as sent, and a download is saved as received.
    if headers.contains_key("digest") || text(CONTENT_DISPOSITION).starts_with("attachment") {
        return false;
    }
    if text(CACHE_CONTROL).contains("no-transform") || length.is_some_and(|length| length < MIN_COMPRESSED) {
        return false;
    }
    let media_type = text(CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let compressed = ["zip", "gzip", "compressed", "java-archive", "x-tar", "x-bzip2", "x-xz"];
    let media = ["image/", "audio/", "video/", "font/"];
    !compressed.iter().any(|suffix| media_type.ends_with(suffix))
        && (media_type == "image/svg+xml" || !media.iter().any(|prefix| media_type.starts_with(prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn compresses(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_compressible(&headers)
    }

    #[test]
    fn compresses_json_under_any_content_type() {
        assert!(compresses(&[("content-type", "application/json")]));
        assert!(compresses(&[("content-type", "application/octet-stream")]));
        assert!(compresses(&[("content-type", "text/plain; charset=utf-8"), ("content-length", "4096")]));
        assert!(compresses(&[]));
    }

    #[test]
    fn does_not_transform_archives_small_bodies_downloads_or_bodies_with_a_digest() {
        assert!(!compresses(&[("content-type", "application/zip")]));
        assert!(!compresses(&[("content-type", "application/java-archive")]));
        assert!(!compresses(&[("content-type", "image/png")]));
        assert!(!compresses(&[("content-type", "application/json"), ("content-encoding", "gzip")]));
        assert!(!compresses(&[("content-type", "application/json"), ("content-length", "1023")]));
        assert!(!compresses(&[("content-type", "application/octet-stream"), ("digest", "sha-256=AA==")]));
        assert!(!compresses(&[("content-disposition", "attachment; filename=a.json")]));
        assert!(!compresses(&[("cache-control", "no-transform")]));
        assert!(!compresses(&[("content-range", "bytes 0-9/100")]));
    }
}
