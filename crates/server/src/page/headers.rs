//! The security headers of the page.

use super::csp_hashes;
use anyhow::Context;
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The security headers of every response that is not forwarded.
#[derive(Clone, Debug)]
pub struct SecurityHeaders {
    policy: HeaderValue,
}

impl SecurityHeaders {
    /// Headers for a page with this `index.html`: its inline scripts and styles are allowed by their hashes.
    pub fn for_index(index: &str) -> anyhow::Result<Self> {
        let sources = |element| {
            csp_hashes::hashes(index, element).iter().fold(String::new(), |all, hash| all + " " + hash)
        };
        let policy = [
            "default-src 'none'",
            // Allows WebAssembly, which is less than `unsafe-eval` allows.
            &format!("script-src 'self' 'wasm-unsafe-eval'{}", sources("script")),
            &format!("style-src 'self'{}", sources("style")),
            "img-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
        .join("; ");
        Ok(Self {
            policy: HeaderValue::from_str(&policy)
                .context("the Content-Security-Policy is not a valid header")?,
        })
    }

    pub fn add_to(&self, headers: &mut HeaderMap) {
        headers.insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            (
                "permissions-policy",
                "clipboard-write=(self), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            ),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
}

/// Protects this origin from a response of the API that a browser opens as a document: the router repeats the path in
/// errors without a content type, which a browser could interpret as HTML. A response that the page itself fetches
/// (`Sec-Fetch-Dest: empty`) is never shown as a document and stays unchanged.
pub fn add_document_headers(request: &HeaderMap, response: &mut HeaderMap) {
    if request.get("sec-fetch-dest").is_some_and(|destination| destination == "empty") {
        return;
    }
    response.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
}
