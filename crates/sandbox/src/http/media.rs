//! The content types that several responses have.

/// The content type of a sentence.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
/// The content type of an object or a list.
pub(crate) const JSON: &str = "application/json";
