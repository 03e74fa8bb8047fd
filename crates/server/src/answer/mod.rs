//! What goes to the browser: bodies whose tiny chunks are joined, compressed where that is worth it, and that break
//! when their source breaks.

mod compress;
mod join;

use crate::encoding::Encoding;
use axum::body::Body;
use compress::Compressed;
use futures_util::stream;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use join::{FLUSH, Joined};
use std::time::Duration;

/// Bodies below this size, in bytes, are not compressed: they fit one packet anyway.
const WORTH_COMPRESSING: usize = 1024;

/// What a request says about the form of its answer.
#[derive(Clone, Copy, Debug)]
pub struct Wishes {
    encoding: Option<Encoding>,
    head: bool,
}

impl Wishes {
    /// Reads them from a request.
    pub fn of<B>(request: &Request<B>) -> Self {
        Self { encoding: Encoding::asked_for(request.headers()), head: request.method() == Method::HEAD }
    }
}

/// Joins and compresses an answer. Nothing may come for at most `idle` while its body streams; then it breaks.
pub async fn shape(wishes: Wishes, response: Response<Body>, idle: Option<Duration>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let bodiless = wishes.head || matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if bodiless {
        return Response::from_parts(parts, body);
    }
    if let Some(length) = http_body::Body::size_hint(&body).exact() {
        parts.headers.entry(CONTENT_LENGTH).or_insert_with(|| length.into());
    }
    let mut joined = Joined::new(body, idle);
    let Some(encoding) = wishes.encoding.filter(|_| compressible(&parts.headers)) else {
        return Response::from_parts(parts, joined.into_body());
    };
    // The size of a streamed body is not told. Where it ends at once, it is known and may be too small to compress.
    let first = tokio::time::timeout(FLUSH, joined.next()).await.ok().flatten();
    if let Some(whole) = joined.whole(first.as_ref())
        && whole.len() < WORTH_COMPRESSING
    {
        return Response::from_parts(parts, Body::from(whole));
    }
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    parts.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    let compressed = Compressed::new(joined, first, encoding);
    let stream = stream::unfold(compressed, |mut it| async move { it.next().await.map(|part| (part, it)) });
    Response::from_parts(parts, Body::from_stream(stream))
}

/// Whether an answer with these headers gets smaller, and may be changed on its way. The router labels lists of JSON
/// `application/octet-stream`, and errors not at all; so everything is compressed that is not known to be packed
/// already.
fn compressible(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let length = text(CONTENT_LENGTH).parse::<usize>().ok();
    if headers.contains_key(CONTENT_ENCODING) || headers.contains_key(CONTENT_RANGE) {
        return false;
    }
    // A digest is of the bytes as they were sent, and a download is kept as it came.
    if headers.contains_key("digest") || text(CONTENT_DISPOSITION).starts_with("attachment") {
        return false;
    }
    if text(CACHE_CONTROL).contains("no-transform") || length.is_some_and(|it| it < WORTH_COMPRESSING) {
        return false;
    }
    let kind = text(CONTENT_TYPE).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let packed = ["zip", "gzip", "compressed", "java-archive", "x-tar", "x-bzip2", "x-xz"];
    let media = ["image/", "audio/", "video/", "font/"];
    !packed.iter().any(|word| kind.ends_with(word))
        && (kind == "image/svg+xml" || !media.iter().any(|word| kind.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn with(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        compressible(&headers)
    }

    #[test]
    fn json_is_compressed_whatever_it_is_called() {
        assert!(with(&[("content-type", "application/json")]));
        assert!(with(&[("content-type", "application/octet-stream")]));
        assert!(with(&[("content-type", "text/plain; charset=utf-8"), ("content-length", "4096")]));
        assert!(with(&[]));
    }

    #[test]
    fn what_is_packed_or_small_or_has_a_digest_stays_as_it_is() {
        assert!(!with(&[("content-type", "application/zip")]));
        assert!(!with(&[("content-type", "application/java-archive")]));
        assert!(!with(&[("content-type", "image/png")]));
        assert!(!with(&[("content-type", "application/json"), ("content-encoding", "gzip")]));
        assert!(!with(&[("content-type", "application/json"), ("content-length", "1023")]));
        assert!(!with(&[("content-type", "application/octet-stream"), ("digest", "sha-256=AA==")]));
        assert!(!with(&[("content-disposition", "attachment; filename=a.json")]));
        assert!(!with(&[("cache-control", "no-transform")]));
        assert!(!with(&[("content-range", "bytes 0-9/100")]));
    }
}
