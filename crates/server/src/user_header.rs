//! The name of a user, reported by a proxy that authenticates people in front of this server.

use crate::config::Network;
use crate::peer::PeerAddress;
use axum::body::Body;
use http::{HeaderMap, HeaderName, Request};

/// The longest name, in bytes.
const LIMIT: usize = 256;

/// The header with the name, and the proxies that are believed.
#[derive(Clone, Debug)]
pub struct UserHeader {
    pub name: HeaderName,
    pub trusted: Vec<Network>,
}

impl UserHeader {
    /// Removes the header from a request, and returns the name if a trusted proxy sent exactly one.
    pub fn take(&self, request: &mut Request<Body>) -> Option<String> {
        let peer = request.extensions().get::<PeerAddress>().map(|peer| peer.0.ip());
        let trusted = peer.is_some_and(|ip| self.trusted.iter().any(|network| network.contains(ip)));
        let name = self.read(request.headers()).filter(|_| trusted);
        request.headers_mut().remove(&self.name);
        name
    }

    fn read(&self, headers: &HeaderMap) -> Option<String> {
        let mut values = headers.get_all(&self.name).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return None };
        let name = std::str::from_utf8(value.as_bytes()).ok()?.trim();
        let usable = !name.is_empty() && name.len() <= LIMIT && !name.chars().any(char::is_control);
        usable.then(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn take(peer: Option<&str>, values: &[&[u8]]) -> Option<String> {
        let header = UserHeader {
            name: HeaderName::from_static("x-forwarded-user"),
            trusted: vec!["10.0.0.0/8".parse().unwrap(), "127.0.0.1".parse().unwrap()],
        };
        let mut request = Request::new(Body::empty());
        if let Some(peer) = peer {
            request.extensions_mut().insert(PeerAddress(peer.parse().unwrap()));
        }
        for value in values {
            request.headers_mut().append("x-forwarded-user", HeaderValue::from_bytes(value).unwrap());
        }
        let user = header.take(&mut request);
        assert!(request.headers().is_empty(), "the header stays");
        user
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        for (peer, expected) in [
            (Some("127.0.0.1:4711"), Some("alice")),
            (Some("10.1.2.3:4711"), Some("alice")),
            (Some("[::ffff:10.1.2.3]:4711"), Some("alice")),
            (Some("127.0.0.2:4711"), None),
            (Some("11.0.0.1:4711"), None),
            (Some("[::1]:4711"), None),
            (None, None),
        ] {
            assert_eq!(take(peer, &[b"alice"]).as_deref(), expected, "{peer:?}");
        }
    }

    #[test]
    fn a_name_that_is_ambiguous_or_unreadable_is_none() {
        let trusted = Some("127.0.0.1:1");
        assert_eq!(take(trusted, &["  Zoë <zoe@example>".as_bytes()]).as_deref(), Some("Zoë <zoe@example>"));
        let long = [b'a'; LIMIT + 1];
        let unusable: [&[&[u8]]; 6] =
            [&[], &[b"alice", b"mallory"], &[b""], &[b"\xff"], &[b"a\tb"], &[&long]];
        for values in unusable {
            assert_eq!(take(trusted, values), None, "{values:?}");
        }
    }
}
