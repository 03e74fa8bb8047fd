//! Rejects requests that a foreign page could send. The console can stop production, listens on the operator's own
//! machine and has no password of its own, so two attacks from a foreign page are blocked:
//!
//! * **DNS rebinding**: a foreign page whose name suddenly resolves to 127.0.0.1 reaches this server with its own name
//!   in `Host`. Only names of this server are accepted.
//! * **Cross-site requests**: a foreign page can send a `POST` without reading the response. The browser reports it in
//!   `Sec-Fetch-Site`, or at least names the page in `Origin`; such requests are rejected if they could change
//!   something.

use crate::error_response::ErrorResponse;
use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

/// The names that this server accepts in `Host`.
#[derive(Clone, Debug)]
pub struct OriginGuard {
    listens_on: IpAddr,
    allowed: BTreeSet<String>,
}

impl OriginGuard {
    /// A guard for a server that listens on `address` and is also known by the names `allowed` (without a port).
    pub fn new(address: SocketAddr, allowed: impl IntoIterator<Item = String>) -> Self {
        let allowed = allowed.into_iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        Self { listens_on: address.ip(), allowed }
    }

    /// Accepts a request or returns the reason why not.
    pub fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), ErrorResponse> {
        let host = self.host(uri, headers)?;
        if matches!(*method, Method::GET | Method::HEAD) { Ok(()) } else { self.same_site(&host, headers) }
    }

    fn host(&self, uri: &Uri, headers: &HeaderMap) -> Result<Authority, ErrorResponse> {
        let mut values = headers.get_all(HOST).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(host_refused("The request must have exactly one Host header."));
        };
        let host = Authority::try_from(value.as_bytes()).ok().filter(has_only_name_and_port);
        let host = host.ok_or_else(|| {
            host_refused("The Host header must be a name with an optional port, and no user.")
        })?;
        // A request line may name the host as well; it must be the same.
        if uri.authority().is_some_and(|named| *named != host) {
            return Err(host_refused("The request line and the Host header name different hosts."));
        }
        let name = host.host();
        if !self.is_own(name) {
            return Err(host_refused(&format!(
                "This server does not accept the host name {name}. To allow it, start the server with \
                 --allow-host {name}.",
            )));
        }
        Ok(host)
    }

    /// Whether a name (without its port) is one of this server's.
    fn is_own(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        if name == "localhost" || self.allowed.contains(&name) {
            return true;
        }
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>().is_ok_and(|ip| {
            // A rebound request carries a name, so any address is safe where the server listens on all of them.
            ip.is_loopback() || ip == self.listens_on || self.listens_on.is_unspecified()
        })
    }

    /// Checks a request that could change something.
    fn same_site(&self, host: &Authority, headers: &HeaderMap) -> Result<(), ErrorResponse> {
        // No page can forge this header, and it survives proxies that rewrite Host; if present, it decides.
        let mut sites = headers.get_all("sec-fetch-site").iter();
        match (sites.next().map(HeaderValue::as_bytes), sites.next()) {
            (Some(b"same-origin" | b"none"), None) => return Ok(()),
            (Some(_), _) => return Err(cross_site()),
            (None, _) => {}
        }
        // Browsers that do not send it name the page's origin; a client that sends neither is not a browser.
        let mut origins = headers.get_all(ORIGIN).iter();
        let Some(origin) = origins.next() else { return Ok(()) };
        if origins.next().is_some() {
            return Err(cross_site());
        }
        let origin = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.parse::<Uri>().ok())
            .and_then(|origin| origin.into_parts().authority);
        match origin {
            Some(origin) if origin == *host => Ok(()),
            Some(origin) if self.allowed.contains(&origin.host().to_ascii_lowercase()) => Ok(()),
            _ => Err(cross_site()),
        }
    }
}

/// Whether there is no user, and the port, if there is one, is a number.
fn has_only_name_and_port(host: &Authority) -> bool {
    let text = host.as_str();
    let port = text.strip_prefix(host.host());
    port.is_some_and(|port| {
        port.is_empty() || port.strip_prefix(':').is_some_and(|it| it.parse::<u16>().is_ok())
    }) && !text.contains('@')
}

fn host_refused(message: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::FORBIDDEN, "host_refused", message)
}

fn cross_site() -> ErrorResponse {
    ErrorResponse::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "A page of another site sent this request. It was not forwarded.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn error_code(
        listen: &str,
        method: &Method,
        headers: &[(&'static str, &'static str)],
    ) -> Option<&'static str> {
        let guard = OriginGuard::new(listen.parse().unwrap(), ["console.example".to_owned()]);
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        guard.check(method, &Uri::from_static("/v3/version"), &all).err().map(|error| error.code)
    }

    #[test]
    fn accepts_only_the_names_of_this_server() {
        let refused = Some("host_refused");
        for (listen, host, expected) in [
            ("127.0.0.1:11020", "127.0.0.1:11020", None),
            ("127.0.0.1:11020", "localhost:11020", None),
            ("127.0.0.1:11020", "LocalHost", None),
            ("127.0.0.1:11020", "[::1]:11020", None),
            ("127.0.0.1:11020", "console.example", None),
            ("127.0.0.1:11020", "Console.Example:443", None),
            ("127.0.0.1:11020", "evil.example:11020", refused),
            ("127.0.0.1:11020", "127.0.0.1.evil.example", refused),
            ("127.0.0.1:11020", "localhost.evil.example", refused),
            ("127.0.0.1:11020", "10.0.0.7:11020", refused),
            ("10.0.0.7:11020", "10.0.0.7:11020", None),
            ("0.0.0.0:11020", "10.0.0.7:11020", None),
            ("0.0.0.0:11020", "evil.example:11020", refused),
            ("127.0.0.1:11020", "not a name", refused),
            ("127.0.0.1:11020", "a@127.0.0.1:11020", refused),
            ("127.0.0.1:11020", "127.0.0.1@127.0.0.1", refused),
            ("127.0.0.1:11020", "127.0.0.1:http", refused),
            ("127.0.0.1:11020", "127.0.0.1:", refused),
            ("127.0.0.1:11020", "127.0.0.1:65536", refused),
            ("127.0.0.1:11020", "127.0.0.1:1:2", refused),
            ("127.0.0.1:11020", "[::1]x", refused),
            ("127.0.0.1:11020", "", refused),
        ] {
            assert_eq!(error_code(listen, &Method::GET, &[("host", host)]), expected, "{host} at {listen}");
        }
        assert_eq!(error_code("127.0.0.1:11020", &Method::GET, &[]), refused);
    }

    #[test]
    fn accepts_a_write_only_from_this_page_or_from_a_client_that_is_not_a_browser() {
        let refused = Some("cross_site");
        for (headers, expected) in [
            (&[][..], None),
            (&[("sec-fetch-site", "same-origin")][..], None),
            (&[("sec-fetch-site", "none")][..], None),
            (&[("sec-fetch-site", "cross-site")][..], refused),
            (&[("sec-fetch-site", "same-site")][..], refused),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:11020")][..], refused),
            (&[("origin", "http://localhost:11020")][..], None),
            (&[("origin", "https://console.example")][..], None),
            (&[("origin", "http://localhost:8080")][..], refused),
            (&[("origin", "https://evil.example")][..], refused),
            (&[("origin", "null")][..], refused),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")][..], refused),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")][..], refused),
            (&[("origin", "http://localhost:11020"), ("origin", "https://evil.example")][..], refused),
        ] {
            let headers = [&[("host", "localhost:11020")], headers].concat();
            assert_eq!(error_code("127.0.0.1:11020", &Method::POST, &headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn the_request_line_and_the_host_header_name_the_same_host() {
        let guard = OriginGuard::new("127.0.0.1:11020".parse().unwrap(), []);
        let headers = [(HOST, HeaderValue::from_static("localhost:11020"))].into_iter().collect();
        let code = |target: &str| {
            let target: Uri = target.parse().unwrap();
            guard.check(&Method::GET, &target, &headers).err().map(|error| error.code)
        };
        assert_eq!(code("http://LocalHost:11020/v3/version"), None);
        for target in [
            "http://127.0.0.1:11020/",
            "http://localhost/",
            "http://evil.example/",
            "http://a@localhost:11020/",
        ] {
            assert_eq!(code(target), Some("host_refused"), "{target}");
        }
    }

    #[test]
    fn accepts_a_read_from_another_site_because_the_browser_hides_the_response_from_it() {
        let headers = [("host", "localhost:11020"), ("sec-fetch-site", "cross-site")];
        assert_eq!(error_code("127.0.0.1:11020", &Method::GET, &headers), None);
    }
}
