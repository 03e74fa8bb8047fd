//! Clients that hold connections and send nothing more, or very slowly.

use crate::recorder::{Received, Recorder};
use crate::row::Row;
use crate::support::Console;
use crate::wire;
use quiesce_server::limits::Limits;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Limits that a test can wait for.
fn short() -> Limits {
    let short = Duration::from_millis(400);
    Limits {
        header: short,
        keep_alive: short,
        body_idle: short,
        connections_per_address: 400,
        ..Limits::default()
    }
}

/// No slow client holds a connection longer.
const BOUND: Duration = Duration::from_secs(15);

async fn server() -> (Recorder, Console) {
    let recorder = Recorder::default();
    let console = Console::with_limits(&recorder.router().await, short()).await;
    (recorder, console)
}

/// Sends the start of a request and then one byte at a time, until the server closes the connection; returns what the
/// server sent.
async fn trickle(address: SocketAddr, start: &str, byte: u8) -> String {
    let (mut reader, mut writer) = TcpStream::connect(address).await.expect("it listens").into_split();
    writer.write_all(start.as_bytes()).await.expect("sent");
    let drip = tokio::spawn(async move {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        while writer.write_all(&[byte]).await.is_ok() {
            pause.tick().await;
        }
    });
    let mut answer = Vec::new();
    let read = tokio::time::timeout(BOUND, reader.read_to_end(&mut answer)).await;
    drip.abort();
    assert!(read.is_ok(), "the connection is still open");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn connections_with_half_a_request_do_not_keep_others_waiting_and_are_closed() {
    let (recorder, console) = server().await;
    let began = Instant::now();
    let mut held = Vec::new();
    for index in 0..300 {
        let mut stream = TcpStream::connect(console.address).await.expect("it listens");
        let half = if index % 2 == 0 { "GET /v3/ver" } else { "POST /auth/token HTTP/1.1\r\nhost: a\r\nx-" };
        stream.write_all(half.as_bytes()).await.expect("sent");
        held.push(stream);
    }
    let row = Row::get("harmless", "/v3/version");
    let answer = wire::exchange(console.address, row.bytes(console.address), false).await;
    assert_eq!(answer.status(), Some(200));
    assert_eq!(recorder.take().iter().map(Received::line).collect::<Vec<_>>(), ["GET /v3/version"]);
    for mut stream in held {
        let end = tokio::time::timeout(BOUND, stream.read_to_end(&mut Vec::new())).await;
        assert!(end.is_ok(), "a connection is still open after {:?}", began.elapsed());
    }
    assert!(began.elapsed() < BOUND);
    assert!(recorder.take().is_empty());
}

#[tokio::test]
async fn a_header_that_arrives_byte_by_byte_is_not_waited_for() {
    let (recorder, console) = server().await;
    for start in ["GET /v3/", "GET /v3/version HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: "] {
        let answer = trickle(console.address, start, b'a').await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    assert!(recorder.take().is_empty());
}

#[tokio::test]
async fn a_connection_that_sends_nothing_is_closed() {
    let (_recorder, console) = server().await;
    let mut silent = TcpStream::connect(console.address).await.expect("it listens");
    let end = tokio::time::timeout(BOUND, silent.read_to_end(&mut Vec::new())).await;
    assert!(end.is_ok(), "the connection is still open");
}

#[tokio::test]
async fn a_body_that_pauses_is_not_waited_for_and_no_router_gets_a_whole_request() {
    let (recorder, console) = server().await;
    for path in ["/v3/namespaces/default/stop", "/auth/token"] {
        let mut stream = TcpStream::connect(console.address).await.expect("it listens");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[",
            console.address
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        let end = tokio::time::timeout(BOUND, stream.read_to_end(&mut answer)).await;
        assert!(end.is_ok(), "{path}: the connection is still open");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
    }
    assert!(recorder.take().iter().all(|received| received.body.is_none()));
}
