//! The log of the process: one line per forwarded request, and never a token or a query.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::Response;
use std::process::Stdio;
use support::router::{FakeRouter, unused_address};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

/// Starts a server connected to `router`, sends `requests` to it one after another, and returns its log.
async fn log_of(router: &str, options: &[&str], level: &str, requests: &[&str]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_quiesce"))
        .args(["serve", "--router", router, "--listen", "127.0.0.1:0"])
        .args(options)
        .env("RUST_LOG", level)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("started");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
    stdout.read_line(&mut line).await.expect("a line");
    let address = line.trim_end().strip_prefix("listening on http://").expect("the address").to_owned();
    for request in requests {
        let mut stream = TcpStream::connect(&address).await.expect("it listens");
        let request = format!(
            "{request} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer c2VjcmV0\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        stream.read_to_end(&mut Vec::new()).await.expect("a response");
    }
    let id = child.id().expect("running").to_string();
    assert!(Command::new("kill").arg(id).status().await.expect("sent").success());
    let mut log = String::new();
    child.stderr.take().expect("its log").read_to_string(&mut log).await.expect("text");
    assert!(!log.contains("c2VjcmV0") && !log.contains("Bearer"), "a token in the log:\n{log}");
    log
}

const READ: &str = "GET /v3/namespaces/default/apps?pageToken=hidden";
const WRITE: &str = "POST /v3/namespaces/default/stop?graceful=hidden";

#[tokio::test]
async fn logs_writes_at_info_and_reads_at_debug_without_query_and_token() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let info = log_of(&router.url, &[], "info", &[READ, WRITE]).await;
    let lines: Vec<_> = info.lines().collect();
    let [line] = lines.as_slice() else { panic!("not one line:\n{info}") };
    assert!(
        line.contains(" INFO forwarded method=POST path=\"/v3/namespaces/default/stop\" status=200 ms="),
        "{line}"
    );
    let debug = log_of(&router.url, &[], "quiesce_server=debug", &[READ, WRITE]).await;
    assert_eq!(debug.lines().count(), 2, "{debug}");
    assert!(debug.contains("DEBUG forwarded method=GET path=\"/v3/namespaces/default/apps\""), "{debug}");
    assert!(!debug.contains("hidden"), "a query in the log:\n{debug}");
}

#[tokio::test]
async fn logs_one_json_object_per_line_on_request() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let log = log_of(&router.url, &["--log-format", "json"], "info", &[WRITE]).await;
    let event: serde_json::Value = serde_json::from_str(&log).expect("one JSON object");
    assert_eq!(event["level"], "INFO");
    assert_eq!(event["message"], "forwarded");
    assert_eq!((&event["method"], &event["status"]), (&"POST".into(), &200.into()));
    assert_eq!(event["path"], "/v3/namespaces/default/stop");
    assert!(event["ms"].is_u64(), "{event}");
}

#[tokio::test]
async fn warns_about_a_request_that_the_router_did_not_answer() {
    let log = log_of(&unused_address().await, &[], "warn", &[READ]).await;
    assert!(log.contains(" WARN Cannot connect to the router at "), "{log}");
    assert!(log.contains("error=\"router_unreachable\" sent=\"no\""), "{log}");
}
