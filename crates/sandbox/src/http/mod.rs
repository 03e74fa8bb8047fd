//! The API over HTTP: which handler a request has, and what is wrong with its answer.

#![allow(clippy::unnecessary_wraps, reason = "every handler has the type that the table of routes has")]

pub(crate) mod answer;
mod applications;
mod artifacts;
pub(crate) mod ask;
mod batch;
mod control;
mod damage;
mod details;
mod export;
mod logs;
mod metrics;
mod preferences;
mod programs;
mod records;
mod routes;
pub(crate) mod runs;
mod schedules;
mod stops;
mod system;
mod triggers;
mod unused;
mod upgrades;

use crate::model::World;
use crate::model::application::SNAPSHOT;
use crate::received::Received;
use answer::dropped;
use ask::Ask;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Response, Uri};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Answers a request.
pub(crate) async fn answer(
    world: &Mutex<World>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let ask = Ask::new(&method, &uri, &headers, body);
    let control = ask.segments.first().is_some_and(|it| it == "sandbox");
    let effects = {
        let mut world = lock(world);
        if control {
            let answer = routes::dispatch(&mut world, &ask);
            return answer.into_response(false);
        }
        let now = world.now();
        if world.faults.is_down(now) {
            world.note(received(&ask, None, now));
            return dropped();
        }
        world.faults.strike(&ask)
    };
    if effects.delay_seconds > 0 {
        tokio::time::sleep(Duration::from_secs(effects.delay_seconds.unsigned_abs())).await;
    }
    let mut world = lock(world);
    let now = world.now();
    if effects.drop_before {
        world.note(received(&ask, None, now));
        return dropped();
    }
    let mut answer = match effects.instead {
        Some(refusal) => refusal.into(),
        None => routes::dispatch(&mut world, &ask),
    };
    if let Some(application) = effects.upgrades {
        let namespaces: Vec<_> = world.namespaces.keys().cloned().collect();
        for namespace in namespaces {
            // Somebody's upgrade that is refused leaves everything as it was, as it does on a real server.
            let _ = world.upgrade(&namespace, &application, SNAPSHOT, (&[], false));
        }
    }
    if effects.altered {
        damage::one_byte(&mut answer);
    }
    if effects.undecodable {
        damage::one_element(&mut answer);
    }
    if effects.unknown_status {
        damage::one_status(&mut answer);
    }
    if effects.drop_after {
        world.note(received(&ask, None, now));
        return dropped();
    }
    world.note(received(&ask, Some(answer.status), now));
    answer.into_response(effects.cut)
}

/// A panic while it was held cannot have left the world half changed in a way that matters to a sandbox.
pub(crate) fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

fn received(ask: &Ask, status: Option<u16>, at: i64) -> Received {
    Received {
        method: ask.method.clone(),
        target: ask.target.clone(),
        body: ask.body_text().into_owned(),
        status,
        at,
    }
}
