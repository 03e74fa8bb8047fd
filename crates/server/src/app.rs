//! Routes each request to the API, to the page or to an error.

use crate::demo;
use crate::error_response::{ErrorResponse, json_response};
use crate::origin_guard::OriginGuard;
use crate::page::{Page, add_document_headers};
use crate::proxy::headers::add_time;
use crate::proxy::{Proxy, target};
use crate::response::{ResponsePreferences, encode};
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
    Router(Box<Proxy>),
    /// The sandbox in this process.
    Sandbox {
        /// Its routes: `/v3`, `/ping`, `/status`, `/token` and its own below `/sandbox`.
        routes: axum::Router,
        /// The name of the server that it imitates.
        profile: String,
    },
}

/// The server without its connections.
#[derive(Clone, Debug)]
pub struct App {
    parts: Arc<(Page, OriginGuard, Backend)>,
}

impl App {
    pub fn new(page: Page, guard: OriginGuard, backend: Backend) -> Self {
        Self { parts: Arc::new((page, guard, backend)) }
    }

    /// Responds to a request.
    pub async fn respond(&self, request: Request<Body>) -> Response<Body> {
        let (page, guard, backend) = &*self.parts;
        if let Err(error) = guard.check(request.method(), request.uri(), request.headers()) {
            tracing::warn!(method = %request.method(), path = request.uri().path(), error = error.code, "rejected");
            return page.secure(error.into_response());
        }
        let path = request.uri().path();
        if backend.answers(path) {
            let headers = request.headers().clone();
            let mut response = backend.respond(request).await;
            add_document_headers(&headers, response.headers_mut());
            return response;
        }
        if path == "/quiesce/info" {
            return page.secure(json_response(StatusCode::OK, &backend.info()));
        }
        if is_reserved(path) {
            let message = format!("This server does not forward {path}, only /v3 and /ping.");
            let error = ErrorResponse::new(StatusCode::NOT_FOUND, "not_forwarded", message);
            return page.secure(error.into_response());
        }
        if let Backend::Sandbox { routes, .. } = backend
            && let Err(error) =
                demo::arm_fault(routes, request.method(), request.uri(), request.headers()).await
        {
            return page.secure(error.into_response());
        }
        page.respond(request.method(), path, request.headers())
    }
}

/// Paths that look like those of a router or of this server, and are never routes of the page.
fn is_reserved(path: &str) -> bool {
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

    async fn respond(&self, request: Request<Body>) -> Response<Body> {
        let preferences = ResponsePreferences::of(&request);
        match self {
            Self::Router(proxy) => match proxy.forward(request).await {
                Ok(response) => encode(preferences, response, Some(proxy.idle_timeout())).await,
                Err(error) => error.into_response(),
            },
            Self::Sandbox { routes, .. } => match routes.clone().oneshot(request).await {
                // A connection that the sandbox drops must not be delayed until its header is out.
                Ok(response) if response.extensions().get::<Dropped>().is_some() => response,
                Ok(mut response) => {
                    add_time(response.headers_mut(), SystemTime::now());
                    encode(preferences, response, None).await
                }
                Err(never) => match never {},
            },
        }
    }

    /// What the page shows about its server: `mode`, `server` (the name for people), `router` (its address, not in the
    /// demo), `profile` (in the demo only), `version` (of this binary).
    fn info(&self) -> serde_json::Value {
        let version = env!("CARGO_PKG_VERSION");
        match self {
            Self::Router(proxy) => {
                let router = proxy.router();
                json!({ "mode": "serve", "server": router.name(), "router": router.to_string(), "version": version })
            }
            Self::Sandbox { profile, .. } => {
                json!({ "mode": "demo", "server": "sandbox", "profile": profile, "version": version })
            }
        }
    }
}
