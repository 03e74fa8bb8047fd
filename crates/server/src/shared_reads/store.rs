//! The reads in progress and the responses that are kept.

use super::answer::Answer;
use super::budget::Budget;
use super::flight::{Flight, Leader, Outcome};
use super::key::Key;
use crate::proxy::Proxy;
use axum::body::Body;
use http::{Request, StatusCode};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How long after its header a response is given to other browsers.
pub(super) const FRESH: Duration = Duration::from_secs(1);
/// How long nothing is shared after a write without a complete response: the router may still execute it, and whoever sent
/// it reads whether it did.
const DOUBT: Duration = Duration::from_mins(1);
/// Reads in progress and kept responses.
const MAX_ENTRIES: usize = 1_000;
/// Bytes of all their bodies.
const MAX_BYTES: usize = 64 << 20;

/// The shared reads of all routers of a server.
#[derive(Debug)]
pub(super) struct Store {
    entries: Mutex<HashMap<Key, Entry>>,
    /// Until when a router may still execute a write.
    doubts: Mutex<HashMap<usize, Instant>>,
    max_entries: usize,
    budget: Budget,
    entry_ids: AtomicU64,
    pub routers: AtomicUsize,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    InProgress(Weak<Flight>),
    Kept(Arc<Answer>),
}

/// How a request gets its response.
pub(super) enum Turn {
    Kept(Arc<Answer>),
    Joined(Arc<Flight>),
    First(Arc<Flight>, Leader),
    /// There are too many others, or a write is in doubt.
    Alone,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            doubts: Mutex::default(),
            max_entries: MAX_ENTRIES,
            budget: Budget::new(MAX_BYTES),
            entry_ids: AtomicU64::new(0),
            routers: AtomicUsize::new(0),
        }
    }
}

impl Store {
    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        lock(&self.entries)
    }

    /// Finds the response or the read in progress for a request, or starts its own.
    pub fn turn(self: &Arc<Self>, key: Key, proxy: &Proxy, request: Request<Body>) -> Turn {
        if lock(&self.doubts).get(&key.router).is_some_and(|until| *until > Instant::now()) {
            return Turn::Alone;
        }
        let mut entries = self.entries();
        match entries.get(&key).map(|entry| &entry.state) {
            Some(State::Kept(answer)) if is_fresh(answer.head.arrived) => {
                return Turn::Kept(Arc::clone(answer));
            }
            Some(State::InProgress(flight)) => {
                if let Some(flight) = flight.upgrade().filter(|it| it.arrived().is_none_or(is_fresh)) {
                    return Turn::Joined(flight);
                }
            }
            _ => {}
        }
        if entries.len() >= self.max_entries {
            entries.retain(|_, entry| entry.state.is_of_use());
            if entries.len() >= self.max_entries {
                return Turn::Alone;
            }
        }
        let id = self.entry_ids.fetch_add(1, Ordering::Relaxed);
        let store = Arc::clone(self);
        let end = move |outcome: &Outcome| store.end(key, id, outcome);
        let (flight, leader) = Flight::start(proxy.clone(), request, self.budget.reserve(), end);
        entries.insert(key, Entry { id, state: State::InProgress(Arc::downgrade(&flight)) });
        Turn::First(flight, leader)
    }

    /// Forgets everything about a router. A read that is in progress still answers those who joined it, and its
    /// response is not kept.
    pub fn forget(&self, router: usize) {
        self.entries().retain(|key, _| key.router != router);
    }

    /// Shares nothing for some time after a write that the router may still execute.
    pub fn doubt(&self, router: usize) {
        lock(&self.doubts).insert(router, Instant::now() + DOUBT);
        self.forget(router);
    }

    /// Keeps a response for a moment, unless its read was forgotten.
    fn end(self: &Arc<Self>, key: Key, id: u64, outcome: &Outcome) {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&key).filter(|entry| entry.id == id) else { return };
        let kept = match outcome {
            Outcome::Answer(answer) if answer.head.status == StatusCode::OK && !answer.interrupted => answer,
            _ => {
                entries.remove(&key);
                return;
            }
        };
        entry.state = State::Kept(Arc::clone(kept));
        drop(entries);
        let (store, until) = (Arc::downgrade(self), kept.head.arrived + FRESH);
        tokio::spawn(async move {
            sleep_until(until).await;
            if let Some(store) = store.upgrade() {
                let mut entries = store.entries();
                if entries.get(&key).is_some_and(|entry| entry.id == id) {
                    entries.remove(&key);
                }
            }
        });
    }
}

impl State {
    fn is_of_use(&self) -> bool {
        match self {
            Self::InProgress(flight) => flight.strong_count() > 0,
            Self::Kept(answer) => is_fresh(answer.head.arrived),
        }
    }
}

/// Each change of a map is one call, so a panic leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_fresh(arrived: Instant) -> bool {
    arrived.elapsed() < FRESH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::Timeouts;
    use bytes::Bytes;

    #[tokio::test]
    async fn a_read_above_the_limit_is_alone_until_another_is_canceled() {
        let store = Arc::new(Store { max_entries: 1, ..Store::default() });
        let proxy = Proxy::new("http://127.0.0.1:1".parse().unwrap(), Timeouts::default(), &[]).unwrap();
        let turn = |target: &str| {
            let request = Request::get(target).body(Body::empty()).unwrap();
            let (parts, body) = request.into_parts();
            let key = Key::new(0, &parts, &Bytes::new(), true);
            store.turn(key, &proxy, Request::from_parts(parts, body))
        };
        let first = turn("/v3/version");
        assert!(matches!(first, Turn::First(..)));
        assert!(matches!(turn("/v3/version"), Turn::Joined(_)));
        assert!(matches!(turn("/v3/namespaces"), Turn::Alone));
        drop(first);
        assert!(matches!(turn("/v3/namespaces"), Turn::First(..)));
    }
}
