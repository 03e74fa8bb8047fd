//! After a write nobody gets a read of the time before it.

use crate::setup::{Gated, LIST, STOP, connect, console_of_two, counting, settle, texts, until, waiting};
use crate::support::router::FakeRouter;
use axum::body::Body;
use futures_util::{StreamExt, stream};
use http::Response;
use http_body_util::BodyExt;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, mpsc};

#[tokio::test]
async fn a_write_drops_what_was_kept() {
    let router = counting().await;
    let console = connect(&router.url).await;
    assert_eq!(console.get(LIST, &[]).await.text(), "1");
    assert_eq!(console.send("POST", STOP, &[], "[]").await.text(), "2");
    assert_eq!(console.get(LIST, &[]).await.text(), "3");
}

#[tokio::test]
async fn a_read_that_started_before_a_write_is_neither_joined_nor_kept() {
    let router = Gated::new().await;
    let console = connect(&router.url).await;
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
    let console = connect(&slow_to_write(&gate).await).await;
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
    let console = connect(&url).await;
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
    let console = connect(&url).await;
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
    let console = connect(&url).await;
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
    let console = console_of_two(&router.url).await;
    assert_eq!(console.get(&format!("/r/a{LIST}"), &[]).await.text(), "1");
    console.send("POST", &format!("/r/b{STOP}"), &[], "[]").await;
    assert_eq!(console.get(&format!("/r/a{LIST}"), &[]).await.text(), "1");
}
