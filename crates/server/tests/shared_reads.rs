//! One request to the router for identical reads of several browsers: what is shared, for how long, and what is not.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use quiesce_server::backend::{Backend, RouterSettings};
use quiesce_server::config::Secret;
use quiesce_server::limits::Limits;
use quiesce_server::token_command::TokenCommand;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::router::{FakeRouter, raw};
use support::{Answer, Console, settings};
use tokio::sync::{Semaphore, mpsc, watch};

const LIST: &str = "/v3/namespaces/default/apps";
const RUNS: &str = "/v3/namespaces/default/runs";
const STOP: &str = "/v3/namespaces/default/stop";

/// A router that answers each request with its number as soon as the test allows it.
struct Gated {
    url: String,
    received: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
}

impl Gated {
    async fn new() -> Self {
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

    fn received(&self) -> usize {
        self.received.load(Ordering::SeqCst)
    }

    fn allow(&self, answers: usize) {
        self.gate.add_permits(answers);
    }

    async fn wait_for(&self, requests: usize) {
        until(|| self.received() >= requests).await;
    }
}

async fn until(condition: impl Fn() -> bool) {
    let poll = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), poll).await.expect("in time");
}

/// Long enough for a request to be received by a server that would forward it.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(150)).await;
}

/// Waits until this number of browsers have sent a request to the console.
async fn waiting(console: &Console, browsers: u64) {
    // One connection is that of this request.
    while metric(console, "quiesce_connections").await <= browsers {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    settle().await;
}

async fn counting() -> FakeRouter {
    let count = Arc::new(AtomicUsize::new(0));
    FakeRouter::answering(move || {
        Response::new(Body::from((count.fetch_add(1, Ordering::SeqCst) + 1).to_string()))
    })
    .await
}

fn texts(answers: &[Answer]) -> BTreeSet<&str> {
    answers.iter().map(Answer::text).collect()
}

async fn metric(console: &Console, name: &str) -> u64 {
    let text = console.get("/-/metrics", &[]).await.text().to_owned();
    let lines = text.lines().filter(|line| line.starts_with(name));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

#[tokio::test]
async fn two_hundred_browsers_that_follow_a_list_cost_the_router_at_most_five_requests() {
    let list = format!("[{}]", vec![r#"{"type":"App","name":"orders"}"#; 3000].join(","));
    let body = list.clone();
    let router = FakeRouter::answering(move || Response::new(Body::from(body.clone()))).await;
    let limits = Limits { connections_per_address: 512, ..Limits::default() };
    let console = Console::with_limits(&router.url, limits).await;
    let headers = [("authorization", "Bearer a"), ("accept-encoding", "identity")];
    let started = std::time::Instant::now();
    let answers = join_all((0..200).map(|_| console.get(LIST, &headers))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK && answer.text() == list));
    let (sent, seconds) = (router.seen().len(), started.elapsed().as_secs());
    // One for each second that the machine needs for 200 responses.
    assert!(sent <= 1 + usize::try_from(seconds).expect("short"), "{sent} requests in {seconds} s");
    assert!(sent <= 5, "{sent} requests");
    let shared = metric(&console, "quiesce_shared_reads_total").await;
    assert_eq!(shared, 200 - sent as u64);

    let following = (0..200).map(|_| async {
        for _ in 0..10 {
            assert_eq!(console.get(LIST, &headers).await.text(), list);
        }
    });
    join_all(following).await;
    let (followed, took) = (router.seen().len(), started.elapsed());
    assert!(
        followed <= 1 + usize::try_from(took.as_secs()).expect("short"),
        "{followed} requests in {took:?}"
    );
    println!(
        "200 browsers: {sent} requests to the router, then {followed} for 10 reads of each, in {took:?}"
    );
}

#[tokio::test]
async fn reads_with_different_tokens_are_not_shared() {
    let router = Gated::new().await;
    let console = Console::connected_to(&router.url).await;
    let tokens: Vec<_> = (0..20).map(|number| format!("Bearer {}", number % 2)).collect();
    let reads = join_all(tokens.iter().map(|token| {
        let (console, headers) = (&console, [("authorization", token.as_str())]);
        async move { console.get(LIST, &headers).await }
    }));
    let answer = async {
        router.wait_for(2).await;
        settle().await;
        assert_eq!(router.received(), 2);
        router.allow(2);
    };
    let (answers, ()) = tokio::join!(reads, answer);
    let of = |first: usize| answers.iter().skip(first).step_by(2).map(Answer::text).collect::<BTreeSet<_>>();
    assert_eq!((of(0).len(), of(1).len()), (1, 1));
    assert_ne!(of(0), of(1));
}

#[tokio::test]
async fn with_a_token_command_all_browsers_share() {
    let router = counting().await;
    let token_command = Some(TokenCommand::new(Secret::new("echo token"), Duration::from_secs(10)));
    let settings = RouterSettings { token_command, ..settings(&router.url) };
    let console = Console::with_backend(Backend::connected_to(settings).expect("a router")).await;
    for token in ["Bearer a", "Bearer b"] {
        assert_eq!(console.get(LIST, &[("authorization", token)]).await.text(), "1");
    }
    assert_eq!(router.seen().len(), 1);
}

#[tokio::test]
async fn identical_bodies_are_shared_and_other_queries_bodies_and_routers_are_not() {
    let router = counting().await;
    let url = router.url.as_str();
    let console = Console::with_routers(&[("a", url), ("b", url)]).await;
    let list = |query: &str| format!("/r/a{LIST}{query}");
    for (target, expected) in [
        (list(""), "1"),
        (list("?"), "2"),
        (list("?pageSize=25"), "3"),
        (format!("/r/b{LIST}"), "4"),
        (list(""), "1"),
    ] {
        assert_eq!(console.get(&target, &[]).await.text(), expected, "{target}");
    }
    for (body, expected) in [("[]", "5"), ("[1]", "6"), ("[]", "5")] {
        assert_eq!(console.send("POST", &format!("/r/a{RUNS}"), &[], body).await.text(), expected, "{body}");
    }
    assert_eq!(router.seen().last().map(|seen| seen.body.clone()).as_deref(), Some("[1]"));
}

#[tokio::test]
async fn logs_exports_and_probes_are_forwarded_each_time() {
    let router = counting().await;
    let console = Console::connected_to(&router.url).await;
    let program = "/v3/namespaces/default/apps/a/workflows/w";
    for target in
        ["/ping", "/v3/export/apps", &format!("{program}/runs/r/logs/next"), "/v3/namespaces/default/apps/a"]
    {
        console.get(target, &[]).await;
        console.get(target, &[]).await;
        assert_eq!(router.seen().len(), 2, "{target}");
    }
}

#[tokio::test]
async fn a_response_is_kept_for_a_second() {
    let router = counting().await;
    let console = Console::connected_to(&router.url).await;
    let before = std::time::Instant::now();
    let first = console.get(LIST, &[]).await;
    assert_eq!(first.text(), "1");
    let second = console.get(LIST, &[]).await;
    if before.elapsed() < Duration::from_secs(1) {
        assert_eq!(second.text(), "1");
    }
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(console.get(LIST, &[]).await.text(), "2");
}

#[tokio::test]
async fn a_kept_response_has_the_time_of_its_request_and_no_date_of_the_past() {
    let time =
        |answer: &Answer| answer.header("quiesce-time").map(|it| it.parse::<u128>().expect("a number"));
    let now = || std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
    let router = counting().await;
    let console = Console::connected_to(&router.url).await;
    console.get(LIST, &[]).await;
    settle().await;
    let asked = now();
    let kept = console.get(LIST, &[]).await;
    assert_eq!((kept.text(), router.seen().len()), ("1", 1));
    assert!(time(&kept).is_some_and(|time| (asked..=now()).contains(&time)), "{kept:?}");

    let dated = FakeRouter::answering(|| {
        let builder = Response::builder().header("date", "Mon, 23 Nov 2026 07:23:00 GMT");
        builder.body(Body::from("[]")).expect("an answer")
    })
    .await;
    let console = Console::connected_to(&dated.url).await;
    assert!(console.get(LIST, &[]).await.header("date").is_some());
    let kept = console.get(LIST, &[]).await;
    assert_eq!((kept.header("date"), time(&kept), dated.seen().len()), (None, None, 1));
}

#[tokio::test]
async fn errors_are_shared_in_progress_and_not_kept_and_refusals_are_not_shared() {
    for (status, shared) in [(500, true), (404, true), (401, false), (403, false)] {
        let (count, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let (received, allowed) = (Arc::clone(&count), Arc::clone(&gate));
        let url = FakeRouter::streaming(move |_| {
            received.fetch_add(1, Ordering::SeqCst);
            let allowed = Arc::clone(&allowed);
            async move {
                allowed.acquire().await.expect("open").forget();
                Response::builder().status(status).body(Body::from("no")).expect("an answer")
            }
        })
        .await;
        let console = Console::connected_to(&url).await;
        let open = async {
            waiting(&console, 5).await;
            gate.add_permits(100);
        };
        let (answers, ()) = tokio::join!(join_all((0..5).map(|_| console.get(LIST, &[]))), open);
        assert!(answers.iter().all(|answer| answer.status == status && answer.text() == "no"));
        assert_eq!(count.load(Ordering::SeqCst), if shared { 1 } else { 5 }, "{status}");
        console.get(LIST, &[]).await;
        assert_eq!(count.load(Ordering::SeqCst), if shared { 2 } else { 6 }, "{status}");
    }
}

#[tokio::test]
async fn a_router_without_an_answer_is_one_error_for_all_that_wait() {
    let accepted = Arc::new(AtomicUsize::new(0));
    let (count, (open, gate)) = (Arc::clone(&accepted), watch::channel(false));
    let url = raw("", move |stream| {
        count.fetch_add(1, Ordering::SeqCst);
        let mut gate = gate.clone();
        async move {
            let _ = gate.wait_for(|open| *open).await;
            drop(stream);
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let reads = join_all((0..5).map(|_| console.get(LIST, &[])));
    let hang_up = async {
        waiting(&console, 5).await;
        open.send_replace(true);
    };
    let (answers, ()) = tokio::join!(reads, hang_up);
    assert!(answers.iter().all(|answer| answer.header("x-quiesce-error") == Some("router_hung_up")));
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_write_drops_what_was_kept() {
    let router = counting().await;
    let console = Console::connected_to(&router.url).await;
    assert_eq!(console.get(LIST, &[]).await.text(), "1");
    assert_eq!(console.send("POST", STOP, &[], "[]").await.text(), "2");
    assert_eq!(console.get(LIST, &[]).await.text(), "3");
}

#[tokio::test]
async fn a_read_that_started_before_a_write_is_neither_joined_nor_kept() {
    let router = Gated::new().await;
    let console = Console::connected_to(&router.url).await;
    let early = console.get(LIST, &[]);
    let write = async {
        router.wait_for(1).await;
        let write = console.send("POST", STOP, &[], "[]");
        let late = async {
            router.wait_for(2).await;
            let late = console.get(LIST, &[]);
            let open = async {
                router.wait_for(3).await;
                router.allow(3);
            };
            tokio::join!(late, open).0
        };
        tokio::join!(write, late)
    };
    let (early, (write, late)) = tokio::join!(early, write);
    let seen = [early.text(), write.text(), late.text()];
    assert_eq!(seen, ["1", "2", "3"], "the later read has a request of its own");
    router.allow(1);
    assert_eq!(console.get(LIST, &[]).await.text(), "4", "neither read is kept after the write");
}

/// A router that answers a write in two steps, header and body, each when the test allows it, and reads with their number.
async fn slow_to_write(gate: &Arc<Semaphore>) -> String {
    let (gate, reads) = (Arc::clone(gate), Arc::new(AtomicUsize::new(0)));
    FakeRouter::streaming(move |request| {
        let (gate, reads) = (Arc::clone(&gate), Arc::clone(&reads));
        async move {
            if request.method() == "POST" {
                gate.acquire().await.expect("open").forget();
                let body = stream::once(async move {
                    gate.acquire().await.expect("open").forget();
                    Ok::<_, Infallible>("stopped")
                });
                return Response::new(Body::from_stream(body));
            }
            Response::new(Body::from((reads.fetch_add(1, Ordering::SeqCst) + 1).to_string()))
        }
    })
    .await
}

#[tokio::test]
async fn a_read_during_a_write_is_not_kept_when_its_header_arrives_or_its_body_ends() {
    let gate = Arc::new(Semaphore::new(0));
    let console = Console::connected_to(&slow_to_write(&gate).await).await;
    let during = async {
        waiting(&console, 1).await;
        let answers = [console.get(LIST, &[]).await, console.get(LIST, &[]).await];
        gate.add_permits(1);
        answers
    };
    let (write, during) = tokio::join!(console.open("POST", STOP, &[], Body::from("[]")), during);
    assert_eq!(texts(&during), BTreeSet::from(["1"]));
    for _ in 0..2 {
        assert_eq!(console.get(LIST, &[]).await.text(), "2");
    }
    gate.add_permits(1);
    assert_eq!(write.into_body().collect().await.expect("whole").to_bytes(), "stopped");
    assert_eq!(console.get(LIST, &[]).await.text(), "3");
}

#[tokio::test]
async fn a_read_that_a_write_dropped_does_not_replace_a_later_one() {
    let (reads, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (received, allowed) = (Arc::clone(&reads), Arc::clone(&gate));
    let url = FakeRouter::streaming(move |request| {
        let (received, allowed) = (Arc::clone(&received), Arc::clone(&allowed));
        async move {
            if request.method() == "POST" {
                return Response::new(Body::from("stopped"));
            }
            let number = received.fetch_add(1, Ordering::SeqCst) + 1;
            allowed.acquire().await.expect("open").forget();
            Response::new(Body::from(number.to_string()))
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let early = async {
        let answer = console.get(LIST, &[]).await;
        let last = console.get(LIST, &[]);
        let open = async {
            settle().await;
            gate.add_permits(1);
        };
        (answer, tokio::join!(last, open).0)
    };
    let late = async {
        until(|| reads.load(Ordering::SeqCst) == 1).await;
        console.send("POST", STOP, &[], "[]").await;
        let open = async {
            until(|| reads.load(Ordering::SeqCst) == 2).await;
            // The earlier read is the first in the queue.
            gate.add_permits(1);
        };
        tokio::join!(console.get(LIST, &[]), open).0
    };
    let ((early, last), late) = tokio::join!(early, late);
    assert_eq!([early.text(), late.text(), last.text()], ["1", "2", "2"]);
}

#[tokio::test]
async fn each_part_of_the_response_to_a_write_drops_what_was_read_before_it() {
    let (feed, parts) = mpsc::unbounded_channel::<&'static str>();
    let parts = Arc::new(std::sync::Mutex::new(Some(parts)));
    let reads = Arc::new(AtomicUsize::new(0));
    let url = FakeRouter::streaming(move |request| {
        let (parts, reads) = (Arc::clone(&parts), Arc::clone(&reads));
        async move {
            if request.method() == "POST" {
                let mut parts = parts.lock().expect("the parts").take().expect("one write");
                let body = stream::poll_fn(move |context| parts.poll_recv(context)).map(Ok::<_, Infallible>);
                return Response::new(Body::from_stream(body));
            }
            Response::new(Body::from((reads.fetch_add(1, Ordering::SeqCst) + 1).to_string()))
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let mut write = console.open("POST", STOP, &[], Body::from("[]")).await.into_body();
    for (part, expected) in [("one", "1"), ("two", "2"), ("three", "3")] {
        feed.send(part).expect("fed");
        let frame = write.frame().await.expect("a frame").expect("whole").into_data().expect("data");
        assert_eq!(frame, part);
        assert_eq!(console.get(LIST, &[]).await.text(), expected);
    }
    drop(feed);
    assert!(write.frame().await.is_none());
    assert_eq!(console.get(LIST, &[]).await.text(), "4");
}

#[tokio::test]
async fn nothing_is_shared_while_a_router_may_still_execute_a_write() {
    let (reads, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let interrupted = Arc::clone(&gate);
    let url = FakeRouter::streaming(move |request| {
        let (reads, interrupted) = (Arc::clone(&reads), Arc::clone(&interrupted));
        async move {
            if request.method() == "POST" {
                let end = stream::once(async move {
                    interrupted.acquire().await.expect("open").forget();
                    Err(std::io::Error::other("interrupted"))
                });
                return Response::new(Body::from_stream(stream::iter([Ok("[{")]).chain(end)));
            }
            Response::new(Body::from((reads.fetch_add(1, Ordering::SeqCst) + 1).to_string()))
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    for expected in ["1", "1"] {
        assert_eq!(console.get(LIST, &[]).await.text(), expected);
    }
    let mut write = console.open("POST", STOP, &[], Body::from("[]")).await.into_body();
    write.frame().await.expect("a frame").expect("whole");
    gate.add_permits(1);
    assert!(write.collect().await.is_err());
    for expected in ["2", "3"] {
        assert_eq!(console.get(LIST, &[]).await.text(), expected);
    }
}

#[tokio::test]
async fn a_write_concerns_only_its_router() {
    let router = counting().await;
    let url = router.url.as_str();
    let console = Console::with_routers(&[("a", url), ("b", url)]).await;
    assert_eq!(console.get(&format!("/r/a{LIST}"), &[]).await.text(), "1");
    console.send("POST", &format!("/r/b{STOP}"), &[], "[]").await;
    assert_eq!(console.get(&format!("/r/a{LIST}"), &[]).await.text(), "1");
}

#[tokio::test]
async fn a_browser_that_disconnects_does_not_cancel_the_read_of_the_others() {
    let router = Gated::new().await;
    let console = Console::connected_to(&router.url).await;
    let first = async {
        let read = console.get(LIST, &[]);
        tokio::select! {
            _ = read => panic!("the router has not answered"),
            () = waiting(&console, 2) => {}
        }
    };
    let second = async {
        router.wait_for(1).await;
        console.get(LIST, &[]).await
    };
    let open = async {
        first.await;
        settle().await;
        router.allow(1);
    };
    let (second, ()) = tokio::join!(second, open);
    assert_eq!((second.text(), router.received()), ("1", 1));
}

#[tokio::test]
async fn a_read_without_a_browser_that_waits_is_canceled() {
    let (events, mut received) = mpsc::unbounded_channel::<&'static str>();
    let url = raw("", move |mut stream| {
        let events = events.clone();
        async move {
            let _ = events.send("received");
            // Nothing more is read until the connection is closed.
            let _ = tokio::io::AsyncReadExt::read_u8(&mut stream).await;
            let _ = events.send("closed");
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    tokio::select! {
        _ = console.get(LIST, &[]) => panic!("the router has not answered"),
        event = received.recv() => assert_eq!(event, Some("received")),
    }
    let closed = tokio::time::timeout(Duration::from_secs(10), received.recv()).await;
    assert_eq!(closed, Ok(Some("closed")));
}

#[tokio::test]
async fn an_interrupted_body_interrupts_all_that_share_it() {
    let accepted = Arc::new(AtomicUsize::new(0));
    let (count, (open, gate)) = (Arc::clone(&accepted), watch::channel(false));
    let url = raw("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n[{\"a\":1", move |stream| {
        count.fetch_add(1, Ordering::SeqCst);
        let mut gate = gate.clone();
        async move {
            let _ = gate.wait_for(|open| *open).await;
            drop(stream);
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let read = || async {
        let mut body = console.open("GET", LIST, &[], Body::empty()).await.into_body();
        let (mut received, mut broken) = (Vec::new(), false);
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => received.extend(frame.into_data().expect("data")),
                Err(_) => broken = true,
            }
        }
        (String::from_utf8(received).expect("text"), broken)
    };
    let cut = async {
        waiting(&console, 5).await;
        open.send_replace(true);
    };
    let (answers, ()) = tokio::join!(join_all((0..5).map(|_| read())), cut);
    assert!(answers.iter().all(|answer| *answer == ("[{\"a\":1".to_owned(), true)), "{answers:?}");
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_response_that_still_arrives_is_not_joined_a_second_after_its_header() {
    let (count, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (received, allowed) = (Arc::clone(&count), Arc::clone(&gate));
    let url = FakeRouter::streaming(move |_| {
        let number = received.fetch_add(1, Ordering::SeqCst) + 1;
        let allowed = Arc::clone(&allowed);
        async move {
            let end = stream::once(async move {
                allowed.acquire().await.expect("open").forget();
                Ok::<_, Infallible>(number.to_string())
            });
            Response::new(Body::from_stream(end))
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let first = console.open("GET", LIST, &[], Body::empty()).await;
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let open = async {
        until(|| count.load(Ordering::SeqCst) == 2).await;
        gate.add_permits(2);
    };
    let (second, ()) = tokio::join!(console.get(LIST, &[]), open);
    assert_eq!(second.text(), "2");
    assert_eq!(first.into_body().collect().await.expect("whole").to_bytes(), "1");
}

#[tokio::test]
async fn a_body_above_a_megabyte_is_not_shared() {
    let chunk = Bytes::from(vec![b'x'; 400_000]);
    let router = FakeRouter::answering(move || {
        let chunks = vec![Ok::<_, Infallible>(chunk.clone()); 3];
        Response::new(Body::from_stream(stream::iter(chunks)))
    })
    .await;
    let console = Console::connected_to(&router.url).await;
    let answers = join_all((0..4).map(|_| console.get(LIST, &[]))).await;
    assert!(answers.iter().all(|answer| answer.body.len() == 1_200_000));
    assert_eq!(router.seen().len(), 4);
}

#[tokio::test]
async fn reads_that_are_not_shared_are_forwarded_each() {
    let router = counting().await;
    let settings = RouterSettings { shared_reads: None, ..settings(&router.url) };
    let console = Console::with_backend(Backend::connected_to(settings).expect("a router")).await;
    for expected in ["1", "2"] {
        assert_eq!(console.get(LIST, &[]).await.text(), expected);
    }
}
