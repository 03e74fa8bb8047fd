//! What the page learns about this server and its routers: `GET /quiesce/info`.

use crate::backend::Backend;
use crate::policy::Policy;
use crate::routers::{Routers, ServedRouter};
use quiesce_sandbox::Profile;
use serde::Serialize;

/// The response of `/quiesce/info`. `server`, `router` and `profile` are those of the first router.
#[derive(Debug, Serialize)]
pub struct Info<'a> {
    mode: Mode,
    version: &'static str,
    /// Whether this server rejects every request that changes something.
    read_only: bool,
    /// Whether identical reads of several browsers are one request: then pages read at the same moments.
    shared_reads: bool,
    /// The name that a trusted proxy reported for this request.
    user: Option<&'a str>,
    server: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    router: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    routers: Vec<RouterInfo<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Serve,
    Demo,
}

#[derive(Debug, Serialize)]
struct RouterInfo<'a> {
    name: &'a str,
    /// The path before those of the router, without the base of the server.
    path: &'a str,
    /// The name of the server for people.
    server: &'a str,
    /// Its address; not in the demo.
    #[serde(skip_serializing_if = "Option::is_none")]
    router: Option<String>,
    /// The server that the sandbox imitates; in the demo only.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    /// Whether a sign-in with name and password can be tried.
    password: bool,
    credentials: Credentials,
}

/// Who adds the credentials of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Credentials {
    Browser,
    Server,
}

impl<'a> Info<'a> {
    pub fn new(routers: &'a Routers, policy: &Policy, user: Option<&'a str>) -> Self {
        let shared_reads = routers.all().iter().any(|router| router.backend.shares_reads());
        let routers: Vec<_> = routers.all().iter().map(RouterInfo::new).collect();
        let (server, router, profile) = routers
            .first()
            .map_or(("", None, None), |first| (first.server, first.router.clone(), first.profile));
        let mode = if router.is_some() { Mode::Serve } else { Mode::Demo };
        let version = env!("CARGO_PKG_VERSION");
        let read_only = policy.read_only;
        Self { mode, version, read_only, shared_reads, user, server, router, profile, routers }
    }
}

impl<'a> RouterInfo<'a> {
    fn new(router: &'a ServedRouter) -> Self {
        let (server, address, profile) = match &router.backend {
            Backend::Router { proxy, .. } => {
                let address = proxy.router();
                (address.name(), Some(address.to_string()), None)
            }
            Backend::Sandbox { profile, .. } => ("sandbox", None, Some(profile.as_str())),
        };
        Self {
            name: router.name(),
            path: router.path(),
            server,
            router: address,
            profile,
            password: accepts_passwords(&router.backend),
            credentials: credentials(&router.backend),
        }
    }
}

/// A sign-in can be tried with any router: whether it needs one is known only from its responses.
fn accepts_passwords(backend: &Backend) -> bool {
    match backend {
        Backend::Router { proxy, .. } => !proxy.adds_credentials(),
        Backend::Sandbox { profile, .. } => *profile == Profile::Secured.to_string(),
    }
}

fn credentials(backend: &Backend) -> Credentials {
    match backend {
        Backend::Router { proxy, .. } if proxy.adds_credentials() => Credentials::Server,
        _ => Credentials::Browser,
    }
}
