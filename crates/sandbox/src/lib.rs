//! A simulated CDAP in memory, for demos and tests. It responds to the lifecycle API as recorded servers did. Nothing
//! runs in the background: the state is computed from the clock for each request.

#![allow(clippy::similar_names, reason = "a list and its element have similar names")]

mod clock;
mod cron;
mod faults;
mod http;
mod ids;
mod json;
mod model;
mod options;
mod profile;
mod random;
mod request_log;
mod run_log;
mod seed;
mod tokens;

pub use clock::Clock;
pub use http::response::Dropped;
pub use options::Options;
pub use profile::{Profile, UnknownProfile};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use model::server_state::ServerState;
use std::sync::{Arc, Mutex};

/// A simulated server. Clones share its state.
#[derive(Debug, Clone)]
pub struct Sandbox {
    server: Arc<Mutex<ServerState>>,
}

impl Sandbox {
    /// A sandbox with its seeded applications.
    pub fn new(options: Options) -> Self {
        Self { server: Arc::new(Mutex::new(seed::seeded(options))) }
    }

    /// The options with which it was created.
    pub fn options(&self) -> Options {
        http::lock(&self.server).options
    }

    /// All routes: `/v3/…`, `/ping`, `/status`, `/token`, and the control routes under `/sandbox/…`.
    pub fn router(&self) -> Router {
        let server = Arc::clone(&self.server);
        Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let server = Arc::clone(&server);
            async move { http::respond(&server, method, uri, headers, body).await }
        })
    }
}
