//! Identifiers of requests.

use http::{HeaderName, HeaderValue};
use std::sync::Arc;

/// On every response, and on the request to a router. One of a browser is never used.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A random identifier (UUID, version 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn to_header(&self) -> HeaderValue {
        // Letters, digits and hyphens only.
        HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static(""))
    }
}
