//! Limits of connections: slow, idle and many clients over real sockets, with short limits.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::Response;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use quiesce_server::limits::Limits;
use std::convert::Infallible;
use std::time::{Duration, Instant};
use support::router::FakeRouter;
use support::{Console, wire};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Shorter than any limit that a test does not set.
const SHORT: Duration = Duration::from_millis(150);
/// The length of a part of a long response.
const PART: usize = 64 * 1_024;
/// The bound of every wait.
const BOUND: Duration = Duration::from_secs(8);

async fn limited(limits: Limits) -> (FakeRouter, Console) {
    let router = FakeRouter::answering(|| Response::new(Body::from("OK.\n"))).await;
    let console = Console::with_limits(&router.url, limits).await;
    (router, console)
}

async fn connect(console: &Console) -> TcpStream {
    TcpStream::connect(console.address).await.expect("it listens")
}

/// Sends bytes and reads until the server closes the connection.
async fn exchange(console: &Console, bytes: &str) -> String {
    wire::exchange(console.address, bytes.as_bytes()).await.text()
}

async fn rest(stream: &mut TcpStream) -> String {
    wire::rest(stream).await.text()
}

/// Reads one response with the body `OK.\n`.
async fn response(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"OK.\n") {
        let byte = tokio::time::timeout(BOUND, stream.read_u8()).await.expect("an answer").expect("a byte");
        answer.push(byte);
    }
    String::from_utf8(answer).expect("text")
}

/// Allows this process as many open files. It has both ends of each connection.
fn allow_open_files(count: u64) {
    let (allowed, most) = getrlimit(Resource::RLIMIT_NOFILE).expect("the limit of open files");
    if allowed < count {
        setrlimit(Resource::RLIMIT_NOFILE, count, most).expect("a higher limit of open files");
    }
}

#[tokio::test]
async fn with_1500_half_requests_open_others_are_answered_and_all_end_with_408_after_the_header_limit() {
    const OPEN: usize = 1_500;
    allow_open_files(4_096);
    let header = Duration::from_secs(3);
    let limits = Limits { header, connections: 2_000, connections_per_address: 2_000, ..Limits::default() };
    let (router, console) = limited(limits).await;
    let mut streams = Vec::new();
    for half in ["GET /v3/ver", "POST /auth/token HTTP/1.1\r\nhost: a\r\nx-"].into_iter().cycle().take(OPEN) {
        let mut stream = connect(&console).await;
        stream.write_all(half.as_bytes()).await.expect("sent");
        streams.push(stream);
    }
    let metrics = console.get("/-/metrics", &[]).await;
    assert!(metrics.text().contains(&format!("\nquiesce_connections {}\n", OPEN + 1)), "{}", metrics.text());
    assert_eq!(console.get("/v3/version", &[]).await.text(), "OK.\n");
    assert_eq!(router.seen().len(), 1);
    for stream in &mut streams {
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("request_timeout"), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn a_header_that_arrives_byte_by_byte_has_the_same_time() {
    let (router, console) = limited(Limits { header: SHORT, ..Limits::default() }).await;
    for start in ["GET /v3/", "GET /v3/version HTTP/1.1\r\nX-A: "] {
        let (mut reader, mut writer) = connect(&console).await.into_split();
        let drip = tokio::spawn(async move {
            let mut sent = 0;
            writer.write_all(start.as_bytes()).await.expect("sent");
            while writer.write_all(b"a").await.is_ok() && sent < 1_000 {
                sent += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            sent
        });
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(BOUND, reader.read_to_end(&mut answer)).await.expect("it closes");
        assert!(answer.starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer));
        drop(reader);
        assert!(drip.await.expect("no panic") < 1_000, "the server ended it");
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn a_connection_without_a_byte_is_closed_without_a_response() {
    let (_router, console) = limited(Limits { header: SHORT, ..Limits::default() }).await;
    assert_eq!(rest(&mut connect(&console).await).await, "");
}

#[tokio::test]
async fn an_idle_connection_outlives_the_header_limit_and_ends_with_the_keep_alive_limit() {
    let limits = Limits { header: SHORT, keep_alive: SHORT * 4, ..Limits::default() };
    let (_router, console) = limited(limits).await;
    let mut stream = connect(&console).await;
    let request = format!("GET /v3/version HTTP/1.1\r\nhost: {}\r\n\r\n", console.address);
    stream.write_all(request.as_bytes()).await.expect("sent");
    response(&mut stream).await;
    let idle = tokio::time::timeout(SHORT * 2, stream.read_u8()).await;
    assert!(idle.is_err(), "still open after twice the header limit");
    stream.write_all(request.as_bytes()).await.expect("sent");
    response(&mut stream).await;
    assert_eq!(rest(&mut stream).await, "", "closed in the end, without a response");
}

#[tokio::test]
async fn the_second_request_of_a_connection_has_the_header_limit_too() {
    let (_router, console) = limited(Limits { header: SHORT, ..Limits::default() }).await;
    let mut stream = connect(&console).await;
    let request = format!("GET /v3/version HTTP/1.1\r\nhost: {}\r\n\r\nGET /v3/ver", console.address);
    stream.write_all(request.as_bytes()).await.expect("sent");
    response(&mut stream).await;
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 408 "));
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_their_order() {
    let (router, console) = limited(Limits::default()).await;
    let mut stream = connect(&console).await;
    let host = console.address;
    let requests = format!(
        "POST /v3/namespaces/default/stop HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\n\r\n[]\
         GET /v3/version HTTP/1.1\r\nhost: {host}\r\n\r\n\
         GET /ping HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(requests.as_bytes()).await.expect("sent");
    assert_eq!(rest(&mut stream).await.matches("HTTP/1.1 200 OK").count(), 3);
    let seen: Vec<_> = router.seen().into_iter().map(|it| (it.target, it.body)).collect();
    let expected = [("/v3/namespaces/default/stop", "[]"), ("/v3/version", ""), ("/ping", "")];
    assert_eq!(seen, expected.map(|(target, body)| (target.to_owned(), body.to_owned())));
}

#[tokio::test]
async fn a_refused_request_after_a_good_one_is_answered_in_its_order_and_is_the_last() {
    let (router, console) = limited(Limits::default()).await;
    let host = console.address;
    for framing in
        ["content-length: 4\r\ntransfer-encoding: chunked", "content-length: 4\r\ncontent-length: 4"]
    {
        let answer = exchange(
            &console,
            &format!(
                "GET /ping HTTP/1.1\r\nhost: {host}\r\n\r\n\
                 POST /v3/namespaces/default/stop HTTP/1.1\r\nhost: {host}\r\n{framing}\r\n\r\n0\r\n\r\n\
                 GET /v3/version HTTP/1.1\r\nhost: {host}\r\n\r\n"
            ),
        )
        .await;
        let statuses: Vec<_> =
            answer.match_indices("HTTP/1.1 ").map(|(at, _)| &answer[at + 9..at + 12]).collect();
        assert_eq!(statuses, ["200", "400"], "{answer}");
        let targets: Vec<_> = router.seen().into_iter().map(|it| it.target).collect();
        assert_eq!(targets, ["/ping"]);
    }
}

#[tokio::test]
async fn nothing_is_read_after_a_chunked_request() {
    let (router, console) = limited(Limits::default()).await;
    let host = console.address;
    let answer = exchange(
        &console,
        &format!(
            "POST /v3/namespaces/default/stop HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: chunked\r\n\r\n\
             2\r\n[]\r\n0\r\n\r\nGET /v3/version HTTP/1.1\r\nhost: {host}\r\n\r\n"
        ),
    )
    .await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 1, "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(router.seen().len(), 1);
}

#[tokio::test]
async fn a_body_that_pauses_too_long_is_answered_with_408_and_reaches_no_program() {
    let (router, console) = limited(Limits { body_idle: SHORT, ..Limits::default() }).await;
    let start = |path: &str| {
        let host = console.address;
        format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n["
        )
    };
    let answer = exchange(&console, &start("/v3/namespaces/default/stop")).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("paused"), "{answer}");
    assert!(answer.contains("\"sent\":\"maybe\""), "{answer}");
    let answer = exchange(&console, &start("/auth/token")).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("bad_request"), "{answer}");
    assert!(router.seen().is_empty());
}

/// Sends the head of a request and then its body in parts of this length, one every 50 ms, until the server answers.
async fn drip(console: &Console, length: usize, part: &'static [u8]) -> String {
    let (mut reader, mut writer) = connect(console).await.into_split();
    let head = format!(
        "POST /v3/namespaces/default/stop HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n",
        console.address
    );
    let sending = tokio::spawn(async move {
        writer.write_all(head.as_bytes()).await.expect("sent");
        let mut sent = 0;
        while sent < length && writer.write_all(part).await.is_ok() {
            sent += part.len();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Dropped, it would tell the server that the body is interrupted.
        writer
    });
    let answer = wire::rest(&mut reader).await.text();
    sending.abort();
    answer
}

#[tokio::test]
async fn a_body_that_arrives_byte_by_byte_is_answered_with_408_although_it_never_pauses() {
    let limits = Limits { body_idle: SHORT * 4, body_rate: 100, ..Limits::default() };
    let (router, console) = limited(limits).await;
    let answer = drip(&console, 1_000, b"[").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("less than 100 bytes per second"), "{answer}");
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn a_body_may_take_longer_than_a_pause_if_it_arrives_fast_enough() {
    let limits = Limits { body_idle: SHORT * 4, body_rate: 100, ..Limits::default() };
    let (router, console) = limited(limits).await;
    let started = Instant::now();
    let answer = drip(&console, 3_200, &[b'x'; 200]).await;
    assert!(started.elapsed() > SHORT * 4, "the body was longer than a pause");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(router.seen().remove(0).body.len(), 3_200);
}

/// A console with this limit for readers that pause, before a router whose response has as many parts of 64 kB.
async fn streaming(response_idle: Duration, parts: usize) -> Console {
    let router = FakeRouter::streaming(move |_| async move {
        let part = Ok::<_, Infallible>(Bytes::from(vec![b'x'; PART]));
        Response::new(Body::from_stream(stream::iter(std::iter::repeat_n(part, parts))))
    })
    .await;
    Console::with_limits(&router, Limits { response_idle, ..Limits::default() }).await
}

/// Opens a connection and asks for a response that is not compressed.
async fn ask(console: &Console) -> TcpStream {
    let mut stream = connect(console).await;
    let request =
        format!("GET /v3/version HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", console.address);
    stream.write_all(request.as_bytes()).await.expect("sent");
    stream
}

#[tokio::test]
async fn a_response_that_nobody_reads_ends_its_connection() {
    // More than the buffers of two sockets hold.
    let console = streaming(SHORT, 10_000).await;
    let mut silent = ask(&console).await;
    // In the end, the connection of the metrics is the only one.
    let closed = async {
        while !console.get("/-/metrics", &[]).await.text().contains("\nquiesce_connections 1\n") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    silent.read_exact(&mut vec![0; PART]).await.expect("the response began");
    tokio::time::timeout(BOUND, closed).await.expect("it closes");
    let mut received = Vec::new();
    let _ = silent.read_to_end(&mut received).await;
    assert!(received.len() < 10_000 * PART, "the response was interrupted");
}

#[tokio::test]
async fn a_response_that_is_read_slowly_arrives_whole() {
    let limit = SHORT * 8;
    let console = streaming(limit, 256).await;
    let mut slow = ask(&console).await;
    let started = Instant::now();
    let mut received = 0;
    let mut part = vec![0; 2 * PART];
    loop {
        let length =
            tokio::time::timeout(BOUND, slow.read(&mut part)).await.expect("more").expect("no reset");
        if length == 0 {
            break;
        }
        received += length;
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    assert!(started.elapsed() > limit, "the response was slower than the limit");
    assert!(received > 256 * PART, "{received} bytes");
}

#[tokio::test]
async fn a_body_above_its_limit_is_answered_with_413_also_without_a_declared_length() {
    let (router, console) = limited(Limits { body: 10, upload: 1_000, ..Limits::default() }).await;
    let host = console.address;
    let post = |path: &str, framing: &str, body: &str| {
        format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{framing}\r\n\r\n{body}")
    };
    let stop = "/v3/namespaces/default/stop";
    let long = "x".repeat(11);
    let answer = exchange(&console, &post(stop, "content-length: 11", &long)).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"sent\":\"no\""), "{answer}");
    let answer =
        exchange(&console, &post(stop, "transfer-encoding: chunked", &format!("b\r\n{long}\r\n0\r\n\r\n")))
            .await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("--max-body"), "{answer}");
    assert!(router.seen().is_empty());
    let answer = exchange(&console, &post(stop, "content-length: 10", &long[..10])).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn a_header_that_is_too_large_is_answered_with_431() {
    let (router, console) = limited(Limits::default()).await;
    let start = format!("GET /v3/version HTTP/1.1\r\nhost: {}\r\n", console.address);
    for headers in [format!("x: {}\r\n", "a".repeat(64 * 1_024)), "x: a\r\n".repeat(200)] {
        let answer = exchange(&console, &format!("{start}{headers}\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 431 ") && answer.contains("header_too_large"), "{answer}");
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn connections_above_the_limit_are_answered_with_503_until_one_closes() {
    for limits in [
        Limits { connections: 2, ..Limits::default() },
        Limits { connections_per_address: 2, ..Limits::default() },
    ] {
        let (router, console) = limited(limits).await;
        let request = format!("GET /ping HTTP/1.1\r\nhost: {}\r\n\r\n", console.address);
        let mut open = [connect(&console).await, connect(&console).await];
        for stream in &mut open {
            stream.write_all(request.as_bytes()).await.expect("sent");
            response(stream).await;
        }
        let answer = exchange(&console, &request).await;
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5"), "{answer}");
        assert!(answer.contains("\r\nx-request-id: "), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!((&body["error"], &body["sent"]), (&"too_many_connections".into(), &"no".into()));
        assert_eq!(router.seen().len(), 2);

        let [first, _second] = open;
        drop(first);
        let admitted = async {
            loop {
                let mut stream = connect(&console).await;
                stream.write_all(request.as_bytes()).await.expect("sent");
                let mut start = [0; 12];
                stream.read_exact(&mut start).await.expect("an answer");
                if &start == b"HTTP/1.1 200" {
                    break;
                }
            }
        };
        tokio::time::timeout(BOUND, admitted).await.expect("one more is admitted");
    }
}
