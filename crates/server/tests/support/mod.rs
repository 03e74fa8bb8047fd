//! A console on a free port, fake routers, and a client that sends requests verbatim.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

pub mod certificate;
pub mod page;
pub mod process;
pub mod router;
pub mod wire;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use quiesce_server::app::App;
use quiesce_server::backend::{Backend, RouterSettings};
use quiesce_server::config::Network;
use quiesce_server::connections::Server;
use quiesce_server::limits::Limits;
use quiesce_server::origin_guard::OriginGuard;
use quiesce_server::policy::Policy;
use quiesce_server::proxy::Timeouts;
use quiesce_server::routers::{Routers, ServedRouter};
use quiesce_server::sign_in::AuthServerSettings;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Default settings for the router at this address.
pub fn settings(url: &str) -> RouterSettings {
    RouterSettings::new(url.parse().expect("a router"))
}

/// A running server.
pub struct Console {
    pub address: SocketAddr,
    client: Client<HttpConnector, Body>,
    end: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

impl Console {
    /// Connected to the router at this address.
    pub async fn connected_to(router: &str) -> Self {
        Self::with_timeouts(router, Timeouts::default()).await
    }

    pub async fn with_timeouts(router: &str, timeouts: Timeouts) -> Self {
        Self::with_settings(router, timeouts, AuthServerSettings::default()).await
    }

    pub async fn with_settings(router: &str, timeouts: Timeouts, auth_server: AuthServerSettings) -> Self {
        let settings = RouterSettings { timeouts, auth_server, ..settings(router) };
        Self::with_backend(Backend::connected_to(settings).expect("a router")).await
    }

    /// Connected to a router that no test calls.
    pub async fn without_router() -> Self {
        Self::connected_to("http://127.0.0.1:1").await
    }

    /// Connected to several routers: name and address of each.
    pub async fn with_routers(routers: &[(&str, &str)]) -> Self {
        let routers = routers.iter().map(|(name, url)| {
            let backend = Backend::connected_to(settings(url)).expect("a router");
            ServedRouter::named(name.parse().expect("a name"), backend)
        });
        Self::serving(Routers::new(routers.collect()).expect("different names")).await
    }

    pub async fn with_backend(backend: Backend) -> Self {
        Self::serving(Routers::single(backend)).await
    }

    pub async fn with_limits(router: &str, limits: Limits) -> Self {
        let backend = Backend::connected_to(settings(router)).expect("a proxy");
        Self::limited(Routers::single(backend), Policy::default(), limits, &[]).await
    }

    pub async fn serving(routers: Routers) -> Self {
        Self::with_policy(routers, Policy::default()).await
    }

    pub async fn with_policy(routers: Routers, policy: Policy) -> Self {
        Self::limited(routers, policy, Limits::default(), &[]).await
    }

    /// Behind a proxy on this machine.
    pub async fn behind_proxy(routers: Routers, policy: Policy) -> Self {
        let proxy = "127.0.0.1".parse().expect("an address");
        Self::limited(routers, policy, Limits::default(), &[proxy]).await
    }

    pub async fn limited(routers: Routers, policy: Policy, limits: Limits, trusted: &[Network]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let guard = OriginGuard::new(address, ["console.example".to_owned()]);
        let app = App::new(page::page(&policy.base), guard, routers, policy);
        let (end, ended) = oneshot::channel::<()>();
        let shutdown = async move {
            let _ = ended.await;
        };
        let serving = Server::new(app, limits, trusted).serve(listener, shutdown, Duration::from_secs(2));
        let served = tokio::spawn(serving);
        Self { address, client: Client::builder(TokioExecutor::new()).build_http(), end: Some(end), served }
    }

    /// Shuts the server down and waits for it.
    pub async fn shut_down(mut self) {
        self.end.take().expect("ended once").send(()).expect("the server is there");
        self.served.await.expect("the server did not panic");
    }

    pub async fn get(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", target, headers, "").await
    }

    pub async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let (parts, body) = self.open(method, target, headers, body.into()).await.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends a request and waits only for the header of its response.
    pub async fn open(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Response<Incoming> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{target}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.client.request(request.body(body).expect("a request")).await.expect("an answer")
    }
}

/// A complete response.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().expect("text"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}
