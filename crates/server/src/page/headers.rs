//! The headers that keep the page to itself.

use super::inline;
use anyhow::Context;
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers of every answer that is the page's own.
#[derive(Clone, Debug)]
pub struct SecurityHeaders {
    policy: HeaderValue,
}

impl SecurityHeaders {
    /// For a page whose first HTML file is `index`: its inline scripts and styles are named by their hashes.
    pub fn of(index: &str) -> anyhow::Result<Self> {
        let sources =
            |element| inline::hashes(index, element).iter().fold(String::new(), |all, it| all + " " + it);
        let policy = [
            "default-src 'none'",
            // WebAssembly is compiled, which is less than `unsafe-eval` allows.
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
        Ok(Self { policy: HeaderValue::from_str(&policy).context("the page's security policy")? })
    }

    /// Adds them to an answer.
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

/// Defends this origin against an answer of the API that a browser opens as a document: the router sends errors that
/// repeat the path without a content type, which a browser could take for HTML. What the page fetches itself
/// (`Sec-Fetch-Dest: empty`) is never shown as a document and stays as it came.
pub fn add_to_document(request: &HeaderMap, answer: &mut HeaderMap) {
    if request.get("sec-fetch-dest").is_some_and(|it| it == "empty") {
        return;
    }
    answer.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
}
