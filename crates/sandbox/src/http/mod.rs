//! The API over HTTP: routes, handlers, and the faults that affect a request or its response.

#![allow(clippy::unnecessary_wraps, reason = "every handler has the type that the table of routes has")]

mod applications;
mod artifacts;
mod auth;
mod batch;
mod control;
mod corrupt;
mod details;
mod export;
mod logs;
pub(crate) mod media;
mod metrics;
mod preferences;
mod programs;
mod records;
pub(crate) mod request;
pub(crate) mod response;
mod routes;
mod runs;
mod schedules;
mod stops;
mod system;
mod triggers;
mod unused;
mod upgrades;

use crate::model::server_state::ServerState;
use crate::model::version::SNAPSHOT;
use crate::request_log::LoggedRequest;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response as HttpResponse;
use request::Request;
use response::dropped;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Handles a request and applies the faults that match it.
pub(crate) async fn respond(
    server: &Mutex<ServerState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> HttpResponse {
    let request = Request::new(&method, &uri, &headers, body);
    let control = request.segments.first().is_some_and(|it| it == "sandbox");
    let effects = {
        let mut server = lock(server);
        if control {
            let response = routes::dispatch(&mut server, &request);
            return response.into_response(false);
        }
        let now = server.now();
        if server.faults.is_down(now) {
            server.request_log.add(logged(&request, None, now));
            return dropped();
        }
        server.faults.take_effects(&request)
    };
    if effects.delay_seconds > 0 {
        tokio::time::sleep(Duration::from_secs(effects.delay_seconds.unsigned_abs())).await;
    }
    let mut server = lock(server);
    let now = server.now();
    if effects.drop_before {
        server.request_log.add(logged(&request, None, now));
        return dropped();
    }
    let mut response = match effects.instead {
        Some(refusal) => refusal.into(),
        None => routes::dispatch(&mut server, &request),
    };
    if let Some(application) = effects.upgrades {
        let namespaces: Vec<_> = server.namespaces.keys().cloned().collect();
        for namespace in namespaces {
            // Somebody's upgrade that is refused leaves everything as it was, as it does on a real server.
            let _ = server.upgrade(&namespace, &application, SNAPSHOT, (&[], false));
        }
    }
    if effects.altered {
        corrupt::flip_byte(&mut response);
    }
    if effects.undecodable {
        corrupt::replace_first_element(&mut response);
    }
    if effects.unknown_status {
        corrupt::replace_first_status(&mut response);
    }
    if effects.drop_after {
        server.request_log.add(logged(&request, None, now));
        return dropped();
    }
    server.request_log.add(logged(&request, Some(response.status), now));
    response.into_response(effects.truncated)
}

/// A panic of another request does not make the state unusable for a sandbox.
pub(crate) fn lock(server: &Mutex<ServerState>) -> MutexGuard<'_, ServerState> {
    server.lock().unwrap_or_else(PoisonError::into_inner)
}

fn logged(request: &Request, status: Option<u16>, at: i64) -> LoggedRequest {
    LoggedRequest {
        method: request.method.clone(),
        target: request.target.clone(),
        body: request.body_text().into_owned(),
        status,
        at,
    }
}
