//! The other end of a connection, as an extension of each of its requests.

use std::net::SocketAddr;

/// The address from which a request came: the browser's, or that of a proxy in front of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);
