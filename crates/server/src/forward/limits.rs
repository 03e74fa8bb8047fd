//! How long the router may take.

use http::Method;
use std::time::Duration;

/// Time limits of forwarding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until the router has accepted a connection.
    pub connect: Duration,
    /// Until the head of an answer is there.
    pub head: Duration,
    /// The same for requests that make the router work for long: see [`Limits::of`].
    pub long_head: Duration,
    /// Between two pieces of a body.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            head: Duration::from_mins(1),
            long_head: Duration::from_mins(10),
            idle: Duration::from_mins(1),
        }
    }
}

impl Limits {
    /// Until the head of the answer to this request has to be there. Exports, upgrades and deployments (`PUT`, and
    /// `POST` of an artifact) are long.
    pub fn of(&self, method: &Method, path: &str) -> Duration {
        let named = |word: &str| path.split('/').any(|segment| segment == word);
        let long = named("export")
            || named("upgrade")
            || *method == Method::PUT
            || (*method == Method::POST && named("artifacts"));
        if long { self.long_head } else { self.head }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_makes_the_router_work_for_long_gets_the_long_limit() {
        let limits = Limits::default();
        for (method, path, long) in [
            (Method::GET, "/v3/export/apps", true),
            (Method::POST, "/v3/namespaces/default/upgrade", true),
            (Method::POST, "/v3/namespaces/default/apps/orders/upgrade", true),
            (Method::PUT, "/v3/namespaces/default/apps/orders", true),
            (Method::POST, "/v3/namespaces/default/artifacts/core", true),
            (Method::GET, "/v3/namespaces/default/artifacts", false),
            (Method::POST, "/v3/namespaces/default/stop", false),
            (Method::GET, "/v3/namespaces/default/apps/upgrades", false),
        ] {
            assert_eq!(limits.of(&method, path) == limits.long_head, long, "{method} {path}");
        }
    }
}
