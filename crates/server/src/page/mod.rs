//! The files of the page and the documents: routing, caching and security headers.

mod csp_hashes;
mod embedded;
mod headers;
mod media_type;
mod rebase;

pub use headers::add_document_headers;

use crate::base_path::BasePath;
use crate::content_encoding::ContentEncoding;
use crate::error_response::{ERROR_HEADER, ErrorResponse};
use anyhow::Context;
use axum::body::Body;
use bytes::Bytes;
use headers::SecurityHeaders;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

const INDEX: &str = "index.html";
/// The elements that tell the page its base, and the names of its routers.
const BASE: &str = "quiesce-base";
const ROUTERS: &str = "quiesce-routers";
/// The folder of the documents.
const DOCS: &str = "docs";
/// The document for an unknown address.
const NOT_FOUND: &str = "docs/not-found.html";
/// A file with a hash in its name never changes: cached for a year without revalidation.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Any other file is revalidated each time and sent again only if it changed.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of the page.
#[derive(Clone, Debug)]
pub struct File {
    /// Path below the page's root, without a leading slash.
    pub path: String,
    pub identity: Bytes,
    /// Compressed with Brotli, if that is smaller.
    pub brotli: Option<Bytes>,
    /// Compressed with gzip, if that is smaller.
    pub gzip: Option<Bytes>,
}

/// All files of the page, each with its hash.
#[derive(Debug)]
pub struct Page {
    files: HashMap<String, (File, String)>,
    security: SecurityHeaders,
}

impl Page {
    /// The page embedded in this binary, or a document that explains how to build it.
    pub fn embedded(base: &BasePath) -> anyhow::Result<Self> {
        let mut files: Vec<File> = embedded::FILES
            .iter()
            .map(|file| File {
                path: file.path.to_owned(),
                identity: Bytes::from_static(file.identity),
                brotli: file.brotli.map(Bytes::from_static),
                gzip: file.gzip.map(Bytes::from_static),
            })
            .collect();
        if !files.iter().any(|file| file.path == INDEX) {
            let identity = Bytes::from_static(embedded::PLACEHOLDER.as_bytes());
            files.push(File { path: INDEX.to_owned(), identity, brotli: None, gzip: None });
        }
        Self::new(files, base)
    }

    /// A page of these files, one of which is `index.html`, below a path.
    pub fn new(files: Vec<File>, base: &BasePath) -> anyhow::Result<Self> {
        let files = below(base.as_str(), files)?;
        let index = files.iter().find(|file| file.path == INDEX).context("the page has no index.html")?;
        let index = std::str::from_utf8(&index.identity).context("index.html is not UTF-8")?;
        let security = SecurityHeaders::for_index(index)?;
        let files = files.into_iter().map(|file| (file.path.clone(), with_hash(file))).collect();
        Ok(Self { files, security })
    }

    /// Tells the page the names of the routers, so that its first requests go only to routers that exist. A router
    /// without a name is the only one, which the page assumes.
    pub fn with_routers(mut self, names: &[&str]) -> anyhow::Result<Self> {
        if names.iter().any(|name| !name.is_empty()) {
            let (index, _) = self.files.remove(INDEX).context("the page has no index.html")?;
            let html = std::str::from_utf8(&index.identity).context("index.html is not UTF-8")?;
            let html = rebase::with_meta(ROUTERS, &names.join(" "), html);
            self.files.insert(INDEX.to_owned(), with_hash(rewritten(index, html)));
        }
        Ok(self)
    }

    /// Responds to a request for `path`, which is still percent-encoded.
    pub fn respond(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        let response = self.file_or_error(method, path, headers);
        self.secure(response)
    }

    /// Whether a browser opens a route of the page with this request.
    pub fn is_route(&self, method: &Method, path: &str, headers: &HeaderMap) -> bool {
        let name = path.trim_start_matches('/');
        let accepts_html = || {
            headers
                .get_all(ACCEPT)
                .iter()
                .any(|value| value.to_str().is_ok_and(|value| value.contains("text/html")))
        };
        matches!(*method, Method::GET | Method::HEAD)
            && !self.files.contains_key(name)
            && !media_type::names_a_file(name)
            && accepts_html()
    }

    /// Adds the page's security headers to another response of this server.
    pub fn secure(&self, mut response: Response<Body>) -> Response<Body> {
        self.security.add_to(response.headers_mut());
        response
    }

    fn file_or_error(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            let message = "Files of the page can only be read. The API is below /v3.";
            return ErrorResponse::only_reads(message).into_response();
        }
        let name = path.trim_start_matches('/');
        if name.strip_prefix(DOCS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return self.document_or_error(method, name, headers);
        }
        let name = if name.is_empty() || self.is_route(method, path, headers) { INDEX } else { name };
        match self.files.get(name) {
            Some((file, hash)) => send(file, hash, method, headers),
            None => not_found(path),
        }
    }

    /// Responds to a request for a document: `docs/loss` is the file `docs/loss.html`.
    fn document_or_error(&self, method: &Method, name: &str, headers: &HeaderMap) -> Response<Body> {
        let name = name.trim_end_matches('/');
        let page = if name == DOCS { format!("{DOCS}/{INDEX}") } else { format!("{name}.html") };
        if let Some((file, hash)) = self.files.get(&page).or_else(|| self.files.get(name))
            && file.path != NOT_FOUND
        {
            return send(file, hash, method, headers);
        }
        let Some((file, hash)) = self.files.get(NOT_FOUND) else { return not_found(name) };
        // Without the condition of the request: 304 would confirm a page that does not exist.
        let mut request = headers.clone();
        request.remove(IF_NONE_MATCH);
        let mut response = send(file, hash, method, &request);
        *response.status_mut() = StatusCode::NOT_FOUND;
        response.headers_mut().insert(ERROR_HEADER, HeaderValue::from_static("not_found"));
        response.headers_mut().remove(ETAG);
        response
    }
}

/// The files with the addresses of all HTML documents below a path.
fn below(base: &str, files: Vec<File>) -> anyhow::Result<Vec<File>> {
    if base.is_empty() {
        return Ok(files);
    }
    let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let moved = |file: File| {
        if !media_type::media_type(&file.path).starts_with("text/html") {
            return Ok(file);
        }
        let html =
            std::str::from_utf8(&file.identity).with_context(|| format!("{} is not UTF-8", file.path))?;
        let html = rebase::below(base, html, &paths);
        let index = file.path == INDEX;
        Ok(rewritten(file, if index { rebase::with_meta(BASE, base, &html) } else { html }))
    };
    files.into_iter().map(moved).collect()
}

/// The file with another content, compressed again if it was.
fn rewritten(file: File, html: String) -> File {
    let (brotli, gzip) = (file.brotli.is_some(), file.gzip.is_some());
    File {
        brotli: brotli.then(|| rebase::brotli(html.as_bytes())).flatten(),
        gzip: gzip.then(|| rebase::gzip(html.as_bytes())).flatten(),
        identity: html.into(),
        path: file.path,
    }
}

fn not_found(path: &str) -> Response<Body> {
    let message = format!("Not found: {path}");
    ErrorResponse::new(StatusCode::NOT_FOUND, "not_found", message).into_response()
}

fn with_hash(file: File) -> (File, String) {
    use std::fmt::Write as _;
    let hash = Sha256::digest(&file.identity).iter().take(12).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    (file, hash)
}

fn send(file: &File, hash: &str, method: &Method, request: &HeaderMap) -> Response<Body> {
    let (bytes, encoding) = match ContentEncoding::negotiate(request) {
        Some(ContentEncoding::Brotli) if file.brotli.is_some() => {
            (file.brotli.as_ref(), Some(ContentEncoding::Brotli))
        }
        Some(_) if file.gzip.is_some() => (file.gzip.as_ref(), Some(ContentEncoding::Gzip)),
        _ => (None, None),
    };
    let bytes = bytes.unwrap_or(&file.identity);
    // Each encoding has its own tag (RFC 9110, section 8.8.3.3).
    let tag = format!("\"{hash}-{}\"", encoding.map_or("id", ContentEncoding::name));
    let unchanged = request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));

    let without_body = unchanged || *method == Method::HEAD;
    let mut response = Response::new(if without_body { Body::empty() } else { bytes.clone().into() });
    let headers = response.headers_mut();
    let cache = if media_type::is_hashed(&file.path) { IMMUTABLE } else { REVALIDATE };
    headers.insert(CACHE_CONTROL, cache);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if file.brotli.is_some() || file.gzip.is_some() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type::media_type(&file.path)));
    headers.insert(CONTENT_LENGTH, bytes.len().into());
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    response
}
