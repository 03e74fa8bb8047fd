//! The requests of the console as a table of methods and path patterns. A server in front of a router forwards these
//! and no others, and names requests by their pattern in logs and metrics, where names of applications do not belong.
//!
//! Endpoints that only tests use and that change something are not in the table; `tests/routes.rs` lists them.
//!
//! ```
//! use quiesce_api::routes::{RouteKind, find};
//!
//! let route = find("POST", "/v3/namespaces/default/apps/orders/upgrade").unwrap();
//! assert_eq!(route.pattern, "/v3/namespaces/{namespace}/apps/{application}/upgrade");
//! assert_eq!(route.kind, RouteKind::Write);
//! ```

use crate::program::ProgramType;
use crate::request::Method;
use RouteKind::{Read, Write, WriteUnless};
use std::fmt;

/// Requests of one method whose paths differ only in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// HTTP method.
    pub method: Method,
    /// The path. `{type}` stands for the path word of a known [`ProgramType`], any other `{name}` for one segment that
    /// is not empty. Everything else is compared verbatim, with the percent-encoding of the request.
    pub pattern: &'static str,
    /// Whether the requests change something.
    pub kind: RouteKind,
}

/// Whether a request changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteKind {
    /// It changes nothing, whatever its method.
    Read,
    /// It changes something.
    Write,
    /// It changes something unless its query and body are these.
    WriteUnless(Harmless),
}

/// The query and the body of a request that changes nothing, although others of its route do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Harmless {
    /// The whole query, verbatim.
    pub query: &'static str,
    /// The whole body, verbatim.
    pub body: &'static str,
}

/// A batch stop of nothing ([`ProbeGraceful`](crate::stop::ProbeGraceful)).
const PROBE: Harmless = Harmless { query: "graceful=-1", body: "[]" };

macro_rules! routes {
    ($($method:ident $kind:tt: $($pattern:expr),+ ;)+) => {
        &[$($(Route { method: Method::$method, pattern: $pattern, kind: $kind },)+)+]
    };
}

macro_rules! in_namespace {
    ($rest:literal) => {
        concat!("/v3/namespaces/{namespace}", $rest)
    };
}

macro_rules! in_application {
    ($rest:literal) => {
        concat!("/v3/namespaces/{namespace}/apps/{application}", $rest)
    };
}

/// All requests of the console.
pub const ROUTES: &[Route] = routes! {
    Get Read:
        "/ping",
        "/v3/version",
        "/v3/versions",
        "/v3/config/cdap",
        "/v3/system/services",
        "/v3/system/services/status",
        "/v3/export/apps",
        "/v3/preferences",
        "/v3/namespaces",
        in_namespace!(""),
        in_namespace!("/preferences"),
        in_namespace!("/apps"),
        in_namespace!("/{type}"),
        in_namespace!("/artifacts"),
        in_namespace!("/artifacts/{artifact}"),
        in_namespace!("/artifacts/{artifact}/versions/{version}/extensions/{kind}/plugins/{plugin}"),
        in_namespace!("/schedules/trigger-type/program-status"),
        in_application!(""),
        in_application!("/preferences"),
        in_application!("/versions"),
        in_application!("/versions/{version}"),
        in_application!("/versions/{version}/{type}/{program}"),
        in_application!("/versions/{version}/{type}/{program}/runs"),
        in_application!("/versions/{version}/{type}/{program}/status"),
        in_application!("/schedules"),
        in_application!("/schedules/{schedule}"),
        in_application!("/schedules/{schedule}/status"),
        in_application!("/{type}/{program}"),
        in_application!("/{type}/{program}/instances"),
        in_application!("/{type}/{program}/live-info"),
        in_application!("/{type}/{program}/nextruntime"),
        in_application!("/{type}/{program}/preferences"),
        in_application!("/{type}/{program}/runtimeargs"),
        in_application!("/{type}/{program}/status"),
        in_application!("/{type}/{program}/runs"),
        in_application!("/{type}/{program}/runs/{run}"),
        in_application!("/{type}/{program}/runs/{run}/logs"),
        in_application!("/{type}/{program}/runs/{run}/logs/next"),
        in_application!("/{type}/{program}/runs/{run}/logs/prev");
    Post Read:
        "/v3/metrics/query",
        in_namespace!("/appdetail"),
        in_namespace!("/nextruntime"),
        in_namespace!("/runcount"),
        in_namespace!("/runs"),
        in_namespace!("/status");
    Post (WriteUnless(PROBE)):
        in_namespace!("/stop");
    Post Write:
        in_namespace!("/start"),
        in_namespace!("/upgrade"),
        in_application!("/upgrade"),
        in_application!("/schedules/{schedule}/enable"),
        in_application!("/schedules/{schedule}/disable"),
        in_application!("/versions/{version}/{type}/{program}/start"),
        in_application!("/versions/{version}/{type}/{program}/stop"),
        in_application!("/{type}/{program}/start"),
        in_application!("/{type}/{program}/stop"),
        in_application!("/{type}/{program}/runs/{run}/stop");
    Put Write:
        in_application!("");
};

/// Why a request has no route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRoute {
    /// No request of the console has this path.
    Path,
    /// The console uses this path with these methods only.
    Method(Vec<Method>),
}

impl Route {
    /// Whether the path of a request, without its query, is one of this route.
    pub fn matches(&self, path: &str) -> bool {
        let mut segments = path.split('/');
        let matching = self.pattern.split('/').all(|expected| {
            segments.next().is_some_and(|segment| match expected {
                "{type}" => !matches!(ProgramType::from_path(segment), ProgramType::Other(_)),
                name if name.starts_with('{') => !segment.is_empty(),
                literal => literal == segment,
            })
        });
        matching && segments.next().is_none()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.pattern)
    }
}

/// The route of a request: its method as on the wire, and its path without the query.
pub fn find(method: &str, path: &str) -> Result<&'static Route, NoRoute> {
    let mut others = Vec::new();
    for route in ROUTES.iter().filter(|route| route.matches(path)) {
        if route.method.as_str() == method {
            return Ok(route);
        }
        others.push(route.method);
    }
    Err(if others.is_empty() { NoRoute::Path } else { NoRoute::Method(others) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_another_depth_case_or_program_type_has_no_route() {
        for path in [
            "",
            "/",
            "/v3",
            "/v3/",
            "/ping/",
            "/V3/version",
            "/v3/Version",
            "/v3//version",
            "/v3/version/",
            "/v3/namespaces//apps",
            "/v3/namespaces/default/apps/",
            "/v3/namespaces/default/apps/a/workers/w/runs/r/stop/x",
            "/v3/namespaces/default/apps/a/Workers/w",
            "/v3/namespaces/default/apps/a/worker/w",
            "/v3/namespaces/default/datasets",
            "/v3/namespaces/default/securekeys/key",
            "/v3/%76ersion",
            "v3/version",
        ] {
            assert_eq!(find("GET", path), Err(NoRoute::Path), "{path}");
        }
    }

    #[test]
    fn another_method_names_those_that_the_console_uses() {
        let application = "/v3/namespaces/default/apps/orders";
        assert_eq!(find("DELETE", application), Err(NoRoute::Method(vec![Method::Get, Method::Put])));
        assert_eq!(find("get", "/v3/version"), Err(NoRoute::Method(vec![Method::Get])));
        assert!(find("PUT", application).is_ok());
    }
}
