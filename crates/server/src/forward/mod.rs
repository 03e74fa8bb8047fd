//! The way to a real router and back: nothing is changed that need not be, nothing is kept, no redirect is followed.

pub(crate) mod headers;
mod limits;
pub mod target;

pub use limits::Limits;

use crate::refusal::Refusal;
use anyhow::{Context, bail, ensure};
use axum::body::Body;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::io::ErrorKind;
use std::time::{Duration, SystemTime};

/// The router closes a connection that is idle for 15 s; ours is given up before, so that no request meets that.
const POOLED: Duration = Duration::from_secs(10);

/// Passes requests to one router.
#[derive(Clone, Debug)]
pub struct Forwarder {
    router: Router,
    limits: Limits,
    reads: Client<HttpsConnector<HttpConnector>, Body>,
    writes: Client<HttpsConnector<HttpConnector>, Body>,
}

/// The address of a router: `http` or `https`, an authority, and a path before `/v3` if it stands behind a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Router {
    scheme: Scheme,
    authority: Authority,
    prefix: String,
}

impl std::str::FromStr for Router {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts = text.parse::<Uri>().context("not a URL")?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            bail!("a router is given as http://HOST:PORT or https://HOST:PORT");
        };
        ensure!(scheme == Scheme::HTTP || scheme == Scheme::HTTPS, "only http and https are spoken");
        ensure!(
            !authority.as_str().contains('@'),
            "credentials do not belong into the address of the router"
        );
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        ensure!(path.query().is_none(), "the address of the router has no query");
        Ok(Self { scheme, authority, prefix: path.path().trim_end_matches('/').to_owned() })
    }
}

impl std::fmt::Display for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

impl Router {
    /// Host and port, as people call the server.
    pub fn name(&self) -> &str {
        self.authority.as_str()
    }

    fn uri(&self, target: &PathAndQuery) -> Result<Uri, http::Error> {
        let builder = Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone());
        if self.prefix.is_empty() {
            return builder.path_and_query(target.clone()).build();
        }
        builder.path_and_query(format!("{}{target}", self.prefix)).build()
    }
}

impl Forwarder {
    /// Makes ready; nothing is connected yet.
    pub fn new(router: Router, limits: Limits) -> anyhow::Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(limits.connect));
        let builder = HttpsConnectorBuilder::new();
        let builder = if router.scheme == Scheme::HTTPS {
            builder.with_native_roots().context("reading the system's certificates")?
        } else {
            // No TLS is spoken, so a machine without certificates will do.
            builder.with_tls_config(
                rustls::ClientConfig::builder()
                    .with_root_certificates(rustls::RootCertStore::empty())
                    .with_no_client_auth(),
            )
        };
        let connector = builder.https_or_http().enable_http1().wrap_connector(tcp);
        let client = |idle| {
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(POOLED)
                .pool_max_idle_per_host(idle)
                .build(connector.clone())
        };
        // A request that changes something gets a connection of its own: whether one that was used before is still
        // open is known only when it fails, and then it is in doubt whether the request arrived.
        Ok(Self { limits, reads: client(32), writes: client(0), router })
    }

    /// The router's address.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// How long a body may pause.
    pub fn idle(&self) -> Duration {
        self.limits.idle
    }

    /// Passes a request on and brings the answer back, its body still to be streamed.
    pub async fn pass(&self, request: Request<Body>) -> Result<Response<Body>, Refusal> {
        let (mut parts, body) = request.into_parts();
        let method = parts.method.clone();
        if !matches!(
            method,
            Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE | Method::PATCH
        ) {
            let message = format!("{method} is not passed on.");
            return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_refused", message));
        }
        target::check(parts.uri.path())?;
        let limit = self.limits.of(&method, parts.uri.path());
        let target = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        parts.uri = self
            .router
            .uri(&target)
            .map_err(|why| Refusal::new(StatusCode::BAD_REQUEST, "path_refused", why.to_string()))?;
        parts.version = http::Version::HTTP_11;
        parts.extensions.clear();
        headers::to_router(&mut parts.headers);

        let read = matches!(method, Method::GET | Method::HEAD);
        let client = if read { &self.reads } else { &self.writes };
        match tokio::time::timeout(limit, client.request(Request::from_parts(parts, body))).await {
            Ok(Ok(response)) => {
                let (mut parts, body) = response.into_parts();
                headers::to_browser(&mut parts.headers);
                headers::add_time(&mut parts.headers, SystemTime::now());
                parts.extensions.clear();
                Ok(Response::from_parts(parts, Body::new(body)))
            }
            Ok(Err(why)) => Err(self.failed(&why)),
            Err(_) => Err(Refusal::new(
                StatusCode::GATEWAY_TIMEOUT,
                "router_timeout",
                format!("The router at {} gave no answer within {} s.", self.router, limit.as_secs()),
            )
            .maybe_sent()),
        }
    }

    fn failed(&self, why: &hyper_util::client::legacy::Error) -> Refusal {
        let mut cause: &(dyn Error + 'static) = why;
        let mut timed_out = false;
        while let Some(below) = cause.source() {
            cause = below;
            timed_out |=
                cause.downcast_ref::<std::io::Error>().is_some_and(|it| it.kind() == ErrorKind::TimedOut);
        }
        let router = &self.router;
        if !why.is_connect() {
            let message = format!("The router at {router} ended the connection before it answered: {cause}.");
            return Refusal::new(StatusCode::BAD_GATEWAY, "router_hung_up", message).maybe_sent();
        }
        if timed_out {
            let limit = self.limits.connect.as_secs();
            let message = format!("The router at {router} accepted no connection within {limit} s.");
            return Refusal::new(StatusCode::GATEWAY_TIMEOUT, "router_unreachable", message);
        }
        let message = format!("The router at {router} cannot be reached: {cause}.");
        Refusal::new(StatusCode::BAD_GATEWAY, "router_unreachable", message)
    }
}
