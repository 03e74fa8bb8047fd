//! Bodies: streaming in both directions, coalescing, compression and interruptions.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::Response;
use http_body_util::BodyExt;
use quiesce_server::proxy::Timeouts;
use std::convert::Infallible;
use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::Console;
use support::router::{FakeRouter, raw};
use tokio::sync::mpsc;

/// A body that the test sends part by part.
fn fed() -> (mpsc::UnboundedSender<&'static str>, Body) {
    let (feed, mut pieces) = mpsc::unbounded_channel();
    let stream = stream::poll_fn(move |context| pieces.poll_recv(context)).map(Ok::<_, Infallible>);
    (feed, Body::from_stream(stream))
}

fn unpacked(encoding: Option<&str>, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match encoding {
        Some("br") => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain).map(drop),
        Some("gzip") => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).map(drop),
        _ => std::io::copy(&mut &*bytes, &mut plain).map(drop),
    }
    .expect("readable");
    plain
}

/// The readable start of an incomplete compressed body.
fn readable(encoding: &str, bytes: &[u8]) -> String {
    let mut reader: Box<dyn Read> = match encoding {
        "br" => Box::new(brotli::Decompressor::new(bytes, 4096)),
        _ => Box::new(flate2::read::GzDecoder::new(bytes)),
    };
    let mut plain = Vec::new();
    let mut byte = [0];
    while let Ok(1) = reader.read(&mut byte) {
        plain.push(byte[0]);
    }
    String::from_utf8(plain).expect("text")
}

#[tokio::test]
async fn the_first_part_of_a_response_arrives_before_its_end_in_every_encoding() {
    for asked in ["identity", "gzip", "br"] {
        let (feed, body) = fed();
        let body = Arc::new(Mutex::new(Some(body)));
        let url = FakeRouter::streaming(move |_| {
            let body = body.lock().expect("the body").take().expect("asked once");
            async move { Response::new(body) }
        })
        .await;
        let console = Console::connected_to(&url).await;
        feed.send("[{\"first\":true},").expect("fed");
        let answer = console.open("GET", "/v3/version", &[("accept-encoding", asked)], Body::empty()).await;
        let mut body = answer.into_body();
        let first = body.frame().await.expect("a frame").expect("unbroken").into_data().expect("data");
        let text = if asked == "identity" {
            String::from_utf8(first.to_vec()).expect("text")
        } else {
            readable(asked, &first)
        };
        assert_eq!(text, "[{\"first\":true},", "{asked}");
        feed.send("{\"last\":true}]").expect("fed");
        drop(feed);
        let all = [first, body.collect().await.expect("whole").to_bytes()].concat();
        let whole = unpacked(Some(asked).filter(|it| *it != "identity"), &all);
        assert_eq!(whole, b"[{\"first\":true},{\"last\":true}]", "{asked}");
    }
}

#[tokio::test]
async fn the_header_of_a_response_arrives_before_its_body() {
    let (feed, body) = fed();
    let body = Arc::new(Mutex::new(Some(body)));
    let url = FakeRouter::streaming(move |_| {
        let body = body.lock().expect("the body").take().expect("asked once");
        async move { Response::new(body) }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let answer = console.open("GET", "/v3/version", &[("accept-encoding", "br")], Body::empty()).await;
    assert_eq!(answer.status(), 200);
    drop(feed);
}

#[tokio::test]
async fn the_first_part_of_a_request_arrives_at_the_router_before_its_end() {
    let (heard, mut received) = mpsc::unbounded_channel();
    let url = FakeRouter::streaming(move |request| {
        let heard = heard.clone();
        async move {
            let mut body = request.into_body();
            while let Some(Ok(frame)) = body.frame().await {
                heard.send(frame.into_data().expect("data")).expect("heard");
            }
            Response::new(Body::from("stored"))
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let (feed, body) = fed();
    feed.send("first").expect("fed");
    let rest = async {
        assert_eq!(received.recv().await.as_deref(), Some(&b"first"[..]));
        feed.send("last").expect("fed");
        drop(feed);
    };
    let (answer, ()) = tokio::join!(console.send("PUT", "/v3/namespaces/default/apps/x", &[], body), rest);
    assert_eq!(answer.text(), "stored");
    assert_eq!(received.recv().await.as_deref(), Some(&b"last"[..]));
}

#[tokio::test]
async fn coalesces_and_compresses_a_list_in_tiny_chunks() {
    let record = "{\"type\":\"App\",\"name\":\"orders\"},";
    let router = FakeRouter::answering(move || {
        let chunks = (0..4000).flat_map(move |_| [record, ""]).map(Ok::<_, Infallible>);
        let builder = Response::builder().header("content-type", "application/octet-stream");
        builder.body(Body::from_stream(stream::iter(chunks))).expect("an answer")
    })
    .await;
    let console = Console::connected_to(&router.url).await;
    for encoding in ["br", "gzip"] {
        let answer = console.get("/v3/version", &[("accept-encoding", encoding)]).await;
        assert_eq!(answer.header("content-encoding"), Some(encoding));
        assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert_eq!(unpacked(Some(encoding), &answer.body), record.repeat(4000).into_bytes());
        assert!(answer.body.len() < 4000, "{} bytes with {encoding}", answer.body.len());
    }
    let mut body = console.open("GET", "/v3/version", &[], Body::empty()).await.into_body();
    let mut frames = Vec::new();
    while let Some(frame) = body.frame().await {
        frames.push(frame.expect("unbroken").into_data().expect("data").len());
    }
    assert_eq!(frames.iter().sum::<usize>(), record.len() * 4000);
    assert!(frames.len() < 100, "{} frames", frames.len());
}

#[tokio::test]
async fn a_small_or_compressed_response_keeps_its_bytes_and_its_length() {
    let zip = Bytes::from(vec![b'z'; 50_000]);
    let packed = FakeRouter::answering(move || {
        let builder =
            Response::builder().header("content-type", "application/zip").header("digest", "sha-256=AA==");
        builder.body(Body::from(zip.clone())).expect("an answer")
    })
    .await;
    let small = FakeRouter::answering(|| {
        Response::new(Body::from_stream(stream::iter(["{\"a\"", ":1}"].map(Ok::<_, Infallible>))))
    })
    .await;
    for (router, length) in [(packed, "50000"), (small, "7")] {
        let console = Console::connected_to(&router.url).await;
        let answer = console.get("/v3/version", &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(answer.header("content-encoding"), None);
        assert_eq!(answer.header("content-length"), Some(length));
        assert_eq!(answer.body.len().to_string(), length);
    }
}

#[tokio::test]
async fn an_interrupted_response_is_interrupted_at_the_browser_after_the_received_bytes() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n[{\"a\":1\r\n";
    let sized = "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n[{\"a\":1";
    for answer in [chunked, sized] {
        for asked in ["identity", "gzip", "br"] {
            let url = raw(answer, |stream| async move { drop(stream) }).await;
            let console = Console::connected_to(&url).await;
            let answer =
                console.open("GET", "/v3/version", &[("accept-encoding", asked)], Body::empty()).await;
            assert_eq!(answer.status(), 200);
            let mut body = answer.into_body();
            let mut came = Vec::new();
            let broke = loop {
                match body.frame().await {
                    Some(Ok(frame)) => came.extend(frame.into_data().expect("data")),
                    Some(Err(_)) => break true,
                    None => break false,
                }
            };
            assert!(broke, "{asked}: an interrupted response ended like a complete one");
            let text = if asked == "identity" {
                String::from_utf8(came).expect("text")
            } else {
                readable(asked, &came)
            };
            assert_eq!(text, "[{\"a\":1", "{asked}");
        }
    }
}

#[tokio::test]
async fn a_silent_response_is_interrupted_after_the_idle_timeout() {
    let url = raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n[\r\n", |stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let timeouts = Timeouts { idle: Duration::from_millis(60), ..Timeouts::default() };
    let console = Console::with_timeouts(&url, timeouts).await;
    let answer = console.open("GET", "/v3/version", &[], Body::empty()).await;
    assert!(answer.into_body().collect().await.is_err());
}

/// Reports when it is dropped.
struct DropSignal(mpsc::UnboundedSender<()>);

impl Drop for DropSignal {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn a_browser_that_disconnects_cancels_the_request_at_the_router() {
    let (dropped, mut drops) = mpsc::unbounded_channel::<()>();
    let url = FakeRouter::streaming(move |_| {
        let endless = stream::unfold(DropSignal(dropped.clone()), |held| async move {
            tokio::task::yield_now().await;
            Some((Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 1024])), held))
        });
        async move { Response::new(Body::from_stream(endless)) }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let mut body = console.open("GET", "/v3/version", &[], Body::empty()).await.into_body();
    body.frame().await.expect("a frame").expect("unbroken");
    drop(body);
    let ended = tokio::time::timeout(Duration::from_secs(10), drops.recv()).await;
    assert_eq!(ended, Ok(Some(())));
}
