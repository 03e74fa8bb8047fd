//! The two kinds of servers behind the console.

use crate::proxy::headers::add_time;
use crate::proxy::{Proxy, target};
use crate::response::{ResponsePreferences, encode};
use axum::body::Body;
use http::{Request, Response};
use quiesce_sandbox::Dropped;
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

impl Backend {
    /// Whether a path, without that of the router, belongs to it.
    pub fn answers(&self, path: &str) -> bool {
        match self {
            Self::Router(_) => target::is_api(path),
            Self::Sandbox { .. } => {
                target::is_api(path)
                    || matches!(path, "/status" | "/token" | "/extendedtoken" | "/sandbox")
                    || path.starts_with("/sandbox/")
            }
        }
    }

    /// Responds to a request whose path is one of those that it [answers](Backend::answers).
    pub async fn respond(&self, request: Request<Body>) -> Response<Body> {
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
}
