//! Which part of this server answers which path.

use crate::answer::{Wishes, shape};
use crate::demo;
use crate::forward::headers::add_time;
use crate::forward::{Forwarder, target};
use crate::guard::Guard;
use crate::page::{Page, add_to_document};
use crate::refusal::{Refusal, json_response};
use axum::body::Body;
use http::{Request, Response, StatusCode};
use quiesce_sandbox::Dropped;
use serde_json::json;
use std::sync::Arc;
use std::time::SystemTime;
use tower::ServiceExt;

/// What answers the API.
#[derive(Clone, Debug)]
pub enum Backend {
    /// A real router.
    Router(Box<Forwarder>),
    /// The sandbox in this process.
    Sandbox {
        /// Its routes: `/v3`, `/ping`, `/status`, `/token` and its own below `/sandbox`.
        routes: axum::Router,
        /// The name of the server that it imitates.
        profile: String,
    },
}

/// The whole server, without its connections.
#[derive(Clone, Debug)]
pub struct Console {
    parts: Arc<(Page, Guard, Backend)>,
}

impl Console {
    /// Puts the parts together.
    pub fn new(page: Page, guard: Guard, backend: Backend) -> Self {
        Self { parts: Arc::new((page, guard, backend)) }
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let (page, guard, backend) = &*self.parts;
        if let Err(refusal) = guard.check(request.method(), request.uri(), request.headers()) {
            return page.secure(refusal.into_response());
        }
        let path = request.uri().path();
        if backend.answers(path) {
            let headers = request.headers().clone();
            let mut response = backend.answer(request).await;
            add_to_document(&headers, response.headers_mut());
            return response;
        }
        if path == "/quiesce/info" {
            return page.secure(json_response(StatusCode::OK, &backend.info()));
        }
        if reserved(path) {
            let message = format!("{path} is not passed on: only /v3 and /ping are.");
            return page
                .secure(Refusal::new(StatusCode::NOT_FOUND, "not_forwarded", message).into_response());
        }
        if let Backend::Sandbox { routes, .. } = backend
            && let Err(refusal) = demo::arm(routes, request.method(), request.uri(), request.headers()).await
        {
            return page.secure(refusal.into_response());
        }
        page.answer(request.method(), path, request.headers())
    }
}

/// Paths that look like those of a router or of this server, and are never routes of the page.
fn reserved(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default().to_ascii_lowercase();
    first.starts_with("v3") || matches!(first.as_str(), "ping" | "status" | "sandbox" | "quiesce")
}

impl Backend {
    fn answers(&self, path: &str) -> bool {
        match self {
            Self::Router(_) => target::is_api(path),
            Self::Sandbox { .. } => {
                target::is_api(path)
                    || matches!(path, "/status" | "/token" | "/extendedtoken" | "/sandbox")
                    || path.starts_with("/sandbox/")
            }
        }
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let wishes = Wishes::of(&request);
        match self {
            Self::Router(forwarder) => match forwarder.pass(request).await {
                Ok(response) => shape(wishes, response, Some(forwarder.idle())).await,
                Err(refusal) => refusal.into_response(),
            },
            Self::Sandbox { routes, .. } => match routes.clone().oneshot(request).await {
                // A connection that the sandbox drops must not be held back until its head is out.
                Ok(response) if response.extensions().get::<Dropped>().is_some() => response,
                Ok(mut response) => {
                    add_time(response.headers_mut(), SystemTime::now());
                    shape(wishes, response, None).await
                }
                Err(never) => match never {},
            },
        }
    }

    /// What the page says about where it is: `mode`, `server` (its name for people), `router` (its address, not in
    /// the demo), `profile` (in the demo only), `version` (of this binary).
    fn info(&self) -> serde_json::Value {
        let version = env!("CARGO_PKG_VERSION");
        match self {
            Self::Router(forwarder) => {
                let router = forwarder.router();
                json!({ "mode": "serve", "server": router.name(), "router": router.to_string(), "version": version })
            }
            Self::Sandbox { profile, .. } => {
                json!({ "mode": "demo", "server": "sandbox", "profile": profile, "version": version })
            }
        }
    }
}
