//! Reads whose response is an error, interrupted, slow or large, and browsers that disconnect.

use crate::setup::{Gated, LIST, connect, settle, until, waiting};
use crate::support::router::{FakeRouter, raw};
use axum::body::Body;
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream;
use http::Response;
use http_body_util::BodyExt;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};

/// A router that sends this to each connection, and closes it as soon as the test allows it: the number of its
/// connections, the permission, its address.
async fn hanging_up(sent: &'static str) -> (Arc<AtomicUsize>, watch::Sender<bool>, String) {
    let accepted = Arc::new(AtomicUsize::new(0));
    let (count, (open, gate)) = (Arc::clone(&accepted), watch::channel(false));
    let url = raw(sent, move |stream| {
        count.fetch_add(1, Ordering::SeqCst);
        let mut gate = gate.clone();
        async move {
            let _ = gate.wait_for(|open| *open).await;
            drop(stream);
        }
    })
    .await;
    (accepted, open, url)
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
        let console = connect(&url).await;
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
    let (accepted, open, url) = hanging_up("").await;
    let console = connect(&url).await;
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
async fn a_browser_that_disconnects_does_not_cancel_the_read_of_the_others() {
    let router = Gated::new().await;
    let console = connect(&router.url).await;
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
    let console = connect(&url).await;
    tokio::select! {
        _ = console.get(LIST, &[]) => panic!("the router has not answered"),
        event = received.recv() => assert_eq!(event, Some("received")),
    }
    let closed = tokio::time::timeout(Duration::from_secs(10), received.recv()).await;
    assert_eq!(closed, Ok(Some("closed")));
}

#[tokio::test]
async fn an_interrupted_body_interrupts_all_that_share_it() {
    let (accepted, open, url) = hanging_up("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n[{\"a\":1").await;
    let console = connect(&url).await;
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
    let console = connect(&url).await;
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
async fn a_body_of_three_megabytes_is_shared_and_one_above_sixteen_is_not() {
    for (length, requests) in [(1_000_000, 1), (6_000_000, 4)] {
        let chunk = Bytes::from(vec![b'x'; length]);
        let router = FakeRouter::answering(move || {
            let chunks = vec![Ok::<_, Infallible>(chunk.clone()); 3];
            Response::new(Body::from_stream(stream::iter(chunks)))
        })
        .await;
        let console = connect(&router.url).await;
        let answers = join_all((0..4).map(|_| console.get(LIST, &[]))).await;
        assert!(answers.iter().all(|answer| answer.body.len() == 3 * length));
        assert_eq!(router.seen().len(), requests, "3 x {length}");
    }
}
