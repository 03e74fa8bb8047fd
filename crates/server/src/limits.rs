//! What one browser, or all of them together, may take of this server.

use std::time::Duration;

/// Limits of connections and of the requests on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection with TLS is established.
    pub handshake: Duration,
    /// From the first byte of a request until its header is complete, and from the start of a connection.
    pub header: Duration,
    /// How long a connection may be idle between two requests.
    pub keep_alive: Duration,
    /// How long a browser may pause within the body of a request.
    pub body_idle: Duration,
    /// Open connections in all.
    pub connections: usize,
    /// Open connections of one address. Trusted proxies are exempt.
    pub connections_per_address: usize,
    /// Bytes of the body of a request.
    pub body: u64,
    /// The same for uploads of artifacts.
    pub upload: u64,
}
