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
    /// Bytes of a body that have to arrive in each second on average, after the first pause.
    pub body_rate: u64,
    /// How long a browser may read nothing of a response.
    pub response_idle: Duration,
    /// Open connections in all.
    pub connections: usize,
    /// Open connections of one address. Trusted proxies are exempt.
    pub connections_per_address: usize,
    /// Failed sign-ins of one address in a minute.
    pub failed_sign_ins: usize,
    /// Bytes of the body of a request.
    pub body: u64,
    /// The same for uploads of artifacts, which only the sandbox accepts.
    pub upload: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            header: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            body_idle: Duration::from_secs(30),
            body_rate: 1 << 10,
            response_idle: Duration::from_mins(1),
            connections: 512,
            connections_per_address: 128,
            failed_sign_ins: 10,
            body: 10 << 20,
            upload: 1 << 30,
        }
    }
}
