//! How long the router may take.

use http::Method;
use std::time::Duration;

/// Timeouts of a forwarded request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the router has accepted a connection.
    pub connect: Duration,
    /// Until the header of the response has arrived.
    pub response_header: Duration,
    /// The same for requests that take the router long: see [`Timeouts::response_header_for`].
    pub slow_response_header: Duration,
    /// Between two chunks of a body.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            response_header: Duration::from_mins(1),
            slow_response_header: Duration::from_mins(10),
            idle: Duration::from_mins(1),
        }
    }
}

impl Timeouts {
    /// The timeout for the response header of this request. Exports, upgrades and deployments (`PUT`) are slow.
    pub fn response_header_for(&self, method: &Method, path: &str) -> Duration {
        let has_segment = |name: &str| path.split('/').any(|segment| segment == name);
        let slow = has_segment("export") || has_segment("upgrade") || *method == Method::PUT;
        if slow { self.slow_response_header } else { self.response_header }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exports_upgrades_and_deployments_get_the_slow_timeout() {
        let timeouts = Timeouts::default();
        for (method, path, slow) in [
            (Method::GET, "/v3/export/apps", true),
            (Method::POST, "/v3/namespaces/default/upgrade", true),
            (Method::POST, "/v3/namespaces/default/apps/orders/upgrade", true),
            (Method::PUT, "/v3/namespaces/default/apps/orders", true),
            (Method::POST, "/v3/namespaces/default/stop", false),
            (Method::GET, "/v3/namespaces/default/apps/upgrades", false),
        ] {
            let timeout = timeouts.response_header_for(&method, path);
            assert_eq!(timeout == timeouts.slow_response_header, slow, "{method} {path}");
        }
    }
}
