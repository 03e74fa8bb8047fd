//! The page's files: which path gets which, how long a browser keeps it, and the headers that keep it to itself.

mod embedded;
mod headers;
mod inline;
mod kind;

pub use headers::add_to_document;

use crate::encoding::Encoding;
use crate::refusal::Refusal;
use anyhow::Context;
use axum::body::Body;
use bytes::Bytes;
use headers::SecurityHeaders;
use http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

const INDEX: &str = "index.html";
/// A file with a hash in its name never changes: it is kept for a year without asking again.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Any other file is asked for again each time; unchanged, it is not sent again.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of the page.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path below the page's root, without a slash before it.
    pub path: String,
    /// Its bytes.
    pub identity: Bytes,
    /// Its bytes, compressed with Brotli, if that is smaller.
    pub brotli: Option<Bytes>,
    /// Its bytes, compressed with gzip, if that is smaller.
    pub gzip: Option<Bytes>,
}

/// All files of the page.
#[derive(Debug)]
pub struct Page {
    files: HashMap<String, (File, String)>,
    security: SecurityHeaders,
}

impl Page {
    /// The page in this binary, or a text that says how to build it.
    pub fn embedded() -> anyhow::Result<Self> {
        let mut files: Vec<File> = embedded::FILES
            .iter()
            .map(|it| File {
                path: it.path.to_owned(),
                identity: Bytes::from_static(it.identity),
                brotli: it.brotli.map(Bytes::from_static),
                gzip: it.gzip.map(Bytes::from_static),
            })
            .collect();
        if files.is_empty() {
            let identity = Bytes::from_static(embedded::PLACEHOLDER.as_bytes());
            files.push(File { path: INDEX.to_owned(), identity, brotli: None, gzip: None });
        }
        Self::of(files)
    }

    /// A page of these files, one of which is `index.html`.
    pub fn of(files: Vec<File>) -> anyhow::Result<Self> {
        let index = files.iter().find(|it| it.path == INDEX).context("the page has no index.html")?;
        let security =
            SecurityHeaders::of(std::str::from_utf8(&index.identity).context("index.html is not UTF-8")?)?;
        let files = files.into_iter().map(|file| (file.path.clone(), with_tag(file))).collect();
        Ok(Self { files, security })
    }

    /// Answers a request for `path` (as it came, percent-encoded).
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        let mut response = self.file_or_refusal(method, path, headers);
        self.security.add_to(response.headers_mut());
        response
    }

    /// Adds the page's security headers to another answer of this server's own.
    pub fn secure(&self, mut response: Response<Body>) -> Response<Body> {
        self.security.add_to(response.headers_mut());
        response
    }

    fn file_or_refusal(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            let refusal = Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_refused",
                "Here is a file of the page, which can only be read. The API is below /v3.",
            );
            let mut response = refusal.into_response();
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let name = path.trim_start_matches('/');
        let wants_html =
            || headers.get_all(ACCEPT).iter().any(|it| it.to_str().is_ok_and(|it| it.contains("text/html")));
        let name = if name.is_empty()
            || (!self.files.contains_key(name) && !kind::names_a_file(name) && wants_html())
        {
            INDEX
        } else {
            name
        };
        match self.files.get(name) {
            Some((file, tag)) => send(file, tag, method, headers),
            None => Refusal::new(StatusCode::NOT_FOUND, "not_found", format!("There is nothing at {path}."))
                .into_response(),
        }
    }
}

fn with_tag(file: File) -> (File, String) {
    use std::fmt::Write as _;
    let hash = Sha256::digest(&file.identity).iter().take(12).fold(String::new(), |mut all, byte| {
        let _ = write!(all, "{byte:02x}");
        all
    });
    (file, hash)
}

fn send(file: &File, hash: &str, method: &Method, request: &HeaderMap) -> Response<Body> {
    let (bytes, encoding) = match Encoding::asked_for(request) {
        Some(Encoding::Brotli) if file.brotli.is_some() => (file.brotli.as_ref(), Some(Encoding::Brotli)),
        Some(_) if file.gzip.is_some() => (file.gzip.as_ref(), Some(Encoding::Gzip)),
        _ => (None, None),
    };
    let bytes = bytes.unwrap_or(&file.identity);
    let tag = format!("\"{hash}-{}\"", encoding.map_or("id", Encoding::name));
    let known = request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .any(|it| it.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));

    let mut response =
        Response::new(if known || *method == Method::HEAD { Body::empty() } else { bytes.clone().into() });
    let headers = response.headers_mut();
    let cache = if kind::is_hashed(&file.path) { FOR_EVER } else { ASK_AGAIN };
    headers.insert(CACHE_CONTROL, cache);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if file.brotli.is_some() || file.gzip.is_some() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind::media_type(&file.path)));
    headers.insert(CONTENT_LENGTH, bytes.len().into());
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    response
}
