//! Certificates and keys of TLS.

mod files;
mod server;

pub use files::{FileError, read_authorities, read_certified_key};
pub use server::TlsServer;
