//! A faithful in-memory CDAP: it answers the lifecycle API as recorded servers did, so that the console can be shown
//! and tested without one. Nothing runs in the background: what is true is computed from the clock when it is asked.

#![allow(clippy::similar_names, reason = "a list and one of it are named alike")]

mod clock;
mod cron;
mod faults;
mod http;
mod ids;
mod json;
mod lines;
mod model;
mod profile;
mod random;
mod received;
mod seed;
mod tokens;

pub use clock::Clock;
pub use http::response::Dropped;
pub use profile::{Profile, UnknownProfile};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use model::ServerState;
use std::sync::{Arc, Mutex};

/// How a sandbox is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Which server it plays.
    pub profile: Profile,
    /// How many applications are added to the seeded ones.
    pub fleet: usize,
    /// What the plans of the programs and the fleet are drawn from: the same seed gives the same sandbox.
    pub seed: u64,
    /// Its time.
    pub clock: Clock,
}

/// A server that exists in memory. Clones share it.
#[derive(Debug, Clone)]
pub struct Sandbox {
    server: Arc<Mutex<ServerState>>,
}

impl Sandbox {
    /// A sandbox with its seeded applications.
    pub fn new(options: Options) -> Self {
        Self { server: Arc::new(Mutex::new(seed::seeded(options))) }
    }

    /// What it was made with.
    pub fn options(&self) -> Options {
        http::lock(&self.server).options
    }

    /// Everything it answers: `/v3/…`, `/ping`, `/status`, `/token`, and the control routes under `/sandbox/…`.
    pub fn router(&self) -> Router {
        let server = Arc::clone(&self.server);
        Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let server = Arc::clone(&server);
            async move { http::respond(&server, method, uri, headers, body).await }
        })
    }
}
