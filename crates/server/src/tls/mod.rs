//! Certificates and keys of TLS.

mod files;

pub use files::{FileError, read_authorities, read_certified_key};
