//! Which reads are shared, and when two of them are the same.

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use quiesce_api::Method;
use quiesce_api::routes::Route;
use sha2::{Digest, Sha256};

/// The routes that an open page reads again and again. Whole logs, exports and versions are not shared: they are long, or
/// read once.
const SHARED: [(Method, &str); 19] = [
    (Method::Get, "/v3/version"),
    (Method::Get, "/v3/system/services"),
    (Method::Get, "/v3/namespaces"),
    (Method::Get, "/v3/namespaces/{namespace}/apps"),
    (Method::Get, "/v3/namespaces/{namespace}/{type}"),
    (Method::Get, "/v3/namespaces/{namespace}/artifacts"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/schedules"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/{type}/{program}/nextruntime"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/{type}/{program}/preferences"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/{type}/{program}/runtimeargs"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/{type}/{program}/status"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/{type}/{program}/runs"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/{type}/{program}/runs/{run}"),
    (Method::Get, "/v3/namespaces/{namespace}/apps/{application}/{type}/{program}/runs/{run}/logs/next"),
    (Method::Post, "/v3/metrics/query"),
    (Method::Post, "/v3/namespaces/{namespace}/runs"),
    (Method::Post, "/v3/namespaces/{namespace}/runcount"),
    (Method::Post, "/v3/namespaces/{namespace}/status"),
];

/// Whether the requests of a route are shared.
pub(super) fn is_shared(route: &Route) -> bool {
    SHARED.contains(&(route.method, route.pattern))
}

/// Identifies a read of one router: two reads with the same key have the same response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub router: usize,
    /// SHA-256 of everything that is forwarded and that a response may depend on. The token is not recovered from it.
    digest: [u8; 32],
}

impl Key {
    /// The key of a request of the browser. `credentials` tells whether its own are forwarded.
    pub fn new(router: usize, parts: &Parts, body: &Bytes, credentials: bool) -> Self {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        };
        add(parts.method.as_str().as_bytes());
        add(parts.uri.to_string().as_bytes());
        for name in [AUTHORIZATION, ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE] {
            if name == AUTHORIZATION && !credentials {
                continue;
            }
            let values = parts.headers.get_all(&name);
            add(&values.iter().count().to_be_bytes());
            values.iter().for_each(|value| add(value.as_bytes()));
        }
        add(body);
        Self { router, digest: digest.finalize().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use quiesce_api::routes::{ROUTES, RouteKind};

    #[test]
    fn every_shared_route_exists_and_changes_nothing() {
        let shared: Vec<_> = ROUTES.iter().filter(|route| is_shared(route)).collect();
        assert_eq!(shared.len(), SHARED.len());
        assert!(shared.iter().all(|route| route.kind == RouteKind::Read));
    }

    fn key(target: &str, headers: &[(&str, &str)], body: &'static str, credentials: bool) -> Key {
        let mut request = Request::get(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Key::new(0, &parts, &Bytes::from_static(body.as_bytes()), credentials)
    }

    #[test]
    fn reads_differ_by_target_headers_and_body_and_not_by_headers_of_no_effect() {
        let a = [("authorization", "Bearer a")];
        let keys = [
            key("/v3/version", &[], "", true),
            key("/v3/version?", &[], "", true),
            key("/v3/version?a", &[], "", true),
            key("/v3/Version", &[], "", true),
            key("/v3/version", &a, "", true),
            key("/v3/version", &[("authorization", "Bearer b")], "", true),
            key("/v3/version", &[("accept", "text/plain")], "", true),
            key("/v3/version", &[], "[]", true),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{index}");
        }
        assert_eq!(keys[0], key("/v3/version", &[("user-agent", "x"), ("cookie", "a=b")], "", true));
        let own = |token| key("/v3/version", &[("authorization", token)], "", false);
        assert_eq!(own("Bearer a"), own("Bearer b"), "the server adds its own credentials");
    }
}
