//! One request to the router for identical reads of several browsers (docs/adr/0020-shared-reads.md).
//!
//! * [`SharedReads`]: the reads of a server; [`RouterReads`]: those of one of its routers.
//! * `key`: which reads are shared, and when two are identical.
//! * `flight`: a read in progress; `answer`: its response; `store`: all of them; `budget`: their memory.
//! * `write`: requests that may change what reads return.
//!
//! A response is given to a request only if the router wrote it after every write of this server whose result the
//! browser can know.

mod answer;
mod budget;
mod flight;
mod key;
mod store;
mod write;

use crate::error_response::ErrorResponse;
use crate::proxy::Proxy;
use crate::proxy::replay::Replayable;
use answer::Answer;
use axum::body::Body;
use flight::Outcome;
use http::{Request, Response};
use key::Key;
use quiesce_api::routes::{Route, RouteKind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::{Store, Turn};
use tokio::time::Instant;
use write::Write;

/// The shared reads of a server.
#[derive(Clone, Debug, Default)]
pub struct SharedReads {
    store: Arc<Store>,
}

/// The shared reads of a router.
#[derive(Clone, Debug)]
pub struct RouterReads {
    store: Arc<Store>,
    router: usize,
}

/// How a response was shared, as an extension of it for the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedRead {
    /// Its read was already in progress.
    Joined,
    /// Its read was over.
    Kept,
}

impl SharedRead {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Kept => "kept",
        }
    }
}

impl SharedReads {
    /// The reads of one more router.
    pub fn router(&self) -> RouterReads {
        let router = self.store.routers.fetch_add(1, Ordering::Relaxed);
        RouterReads { store: Arc::clone(&self.store), router }
    }
}

impl RouterReads {
    /// Answers a request of this route with the response to an identical one, or forwards it.
    pub async fn forward(
        &self,
        proxy: &Proxy,
        route: &Route,
        request: Request<Body>,
    ) -> Result<Response<Body>, ErrorResponse> {
        if route.kind != RouteKind::Read {
            let write = Write::begin(&self.store, self.router);
            return write.respond(proxy.forward(request).await);
        }
        if !key::is_shared(route) {
            return proxy.forward(request).await;
        }
        let asked = Instant::now();
        let (parts, body) = request.into_parts();
        let body = match Replayable::read(body).await? {
            Replayable::Whole(body) => body,
            Replayable::Streaming(body) => return proxy.forward(Request::from_parts(parts, body)).await,
        };
        let key = Key::new(self.router, &parts, &body, !proxy.adds_credentials());
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let outcome = match self.store.turn(key, proxy, request) {
            Turn::First(flight, leader) => return leader.response(flight).await,
            Turn::Kept(answer) => return Ok(shared(&answer, asked, SharedRead::Kept)),
            Turn::Joined(flight) => flight.outcome().await,
            Turn::Alone => Outcome::NotShared,
        };
        match outcome {
            Outcome::Answer(answer) => Ok(shared(&answer, asked, SharedRead::Joined)),
            Outcome::Failed(error) => Err(error),
            Outcome::NotShared => proxy.forward(Request::from_parts(parts, Body::from(body))).await,
        }
    }
}

fn shared(answer: &Answer, asked: Instant, read: SharedRead) -> Response<Body> {
    let mut response = answer.response(asked);
    response.extensions_mut().insert(read);
    response
}
