//! Routers that answer when the test allows it, and waits.

use crate::support::router::FakeRouter;
use crate::support::{Answer, Console, settings};
use axum::body::Body;
use http::Response;
use quiesce_server::backend::{Backend, RouterSettings};
use quiesce_server::routers::{Routers, ServedRouter};
use quiesce_server::shared_reads::SharedReads;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

pub const LIST: &str = "/v3/namespaces/default/apps";
pub const RUNS: &str = "/v3/namespaces/default/runs";
pub const STOP: &str = "/v3/namespaces/default/stop";

/// The settings for a router whose reads are shared.
pub fn sharing(url: &str) -> RouterSettings {
    RouterSettings { shared_reads: Some(SharedReads::default()), ..settings(url) }
}

/// A console that shares the reads of its router.
pub async fn connect(url: &str) -> Console {
    Console::with_backend(Backend::connected_to(sharing(url)).expect("a router")).await
}

/// A console that shares the reads of two routers, `a` and `b`, which are one.
pub async fn console_of_two(url: &str) -> Console {
    let reads = SharedReads::default();
    let routers = ["a", "b"].map(|name| {
        let settings = RouterSettings { shared_reads: Some(reads.clone()), ..settings(url) };
        let backend = Backend::connected_to(settings).expect("a router");
        ServedRouter::named(name.parse().expect("a name"), backend)
    });
    Console::serving(Routers::new(routers.into()).expect("different names")).await
}

/// A router that answers each request with its number as soon as the test allows it.
pub struct Gated {
    pub url: String,
    pub received: Arc<AtomicUsize>,
    pub gate: Arc<Semaphore>,
}

impl Gated {
    pub async fn new() -> Self {
        let (received, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let (count, allowed) = (Arc::clone(&received), Arc::clone(&gate));
        let url = FakeRouter::streaming(move |_| {
            let (number, allowed) = (count.fetch_add(1, Ordering::SeqCst) + 1, Arc::clone(&allowed));
            async move {
                allowed.acquire().await.expect("open").forget();
                Response::new(Body::from(number.to_string()))
            }
        })
        .await;
        Self { url, received, gate }
    }

    pub fn received(&self) -> usize {
        self.received.load(Ordering::SeqCst)
    }

    pub fn allow(&self, answers: usize) {
        self.gate.add_permits(answers);
    }

    pub async fn wait_for(&self, requests: usize) {
        until(|| self.received() >= requests).await;
    }
}

pub async fn until(condition: impl Fn() -> bool) {
    let poll = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), poll).await.expect("in time");
}

/// Long enough for a request to be received by a server that would forward it.
pub async fn settle() {
    tokio::time::sleep(Duration::from_millis(150)).await;
}

/// Waits until this number of browsers have sent a request to the console.
pub async fn waiting(console: &Console, browsers: u64) {
    // One connection is that of this request.
    while metric(console, "quiesce_connections").await <= browsers {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    settle().await;
}

pub async fn counting() -> FakeRouter {
    let count = Arc::new(AtomicUsize::new(0));
    FakeRouter::answering(move || {
        Response::new(Body::from((count.fetch_add(1, Ordering::SeqCst) + 1).to_string()))
    })
    .await
}

pub fn texts(answers: &[Answer]) -> BTreeSet<&str> {
    answers.iter().map(Answer::text).collect()
}

pub async fn metric(console: &Console, name: &str) -> u64 {
    let text = console.get("/-/metrics", &[]).await.text().to_owned();
    let lines = text.lines().filter(|line| line.starts_with(name));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}
