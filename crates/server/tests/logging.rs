//! The log of the process: one line per request, and never a token, a query or a name of an application.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::Response;
use support::process::Process;
use support::router::{FakeRouter, unused_address};

/// Starts a server connected to `router`, sends `requests` to it one after another, and returns its log.
async fn log_of(router: &str, options: &[&str], level: &str, requests: &[&str]) -> String {
    let arguments = [&["serve", "--router", router], options].concat();
    let server = Process::start(&arguments, &[("RUST_LOG", level)]).await;
    for request in requests {
        // A request may bring headers of its own.
        let version = if request.contains(" HTTP/1.1") { "" } else { " HTTP/1.1" };
        server.send(&format!("{request}{version}\r\nauthorization: Bearer c2VjcmV0"), "").await;
    }
    let log = server.end().await;
    assert!(!log.contains("c2VjcmV0") && !log.contains("Bearer"), "a token in the log:\n{log}");
    log
}

const READ: &str = "GET /v3/namespaces/hidden/apps?pageToken=hidden";
const WRITE: &str = "POST /v3/namespaces/hidden/stop?graceful=hidden";

/// The lines of requests, each as JSON.
async fn events(router: &str, options: &[&str], level: &str, requests: &[&str]) -> Vec<serde_json::Value> {
    let options = [&["--log-format", "json"], options].concat();
    let log = log_of(router, &options, level, requests).await;
    assert!(!log.contains("hidden"), "a name or a query in the log:\n{log}");
    log.lines().map(|line| serde_json::from_str(line).expect("one JSON object per line")).collect()
}

#[tokio::test]
async fn logs_each_request_with_its_pattern_and_without_names_queries_and_tokens() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[{}]"))).await;
    let log = log_of(&router.url, &[], "", &[READ, WRITE]).await;
    let seen = router.seen();
    let lines: Vec<_> = log.lines().collect();
    let [read, write] = lines.as_slice() else { panic!("not two lines:\n{log}") };
    assert!(
        read.contains(" INFO request method=GET path=\"/v3/namespaces/{namespace}/apps\" status=200 ms="),
        "{read}"
    );
    assert!(write.contains("method=POST path=\"/v3/namespaces/{namespace}/stop\" status=200"), "{write}");
    for (line, seen) in [(read, &seen[0]), (write, &seen[1])] {
        let id = seen.header("x-request-id").expect("an identifier");
        assert!(line.contains(" bytes=4 ") && line.contains(&format!("request_id=\"{id}\"")), "{line}");
        assert!(!line.contains("hidden") && !line.contains("interrupted"), "{line}");
    }
}

#[tokio::test]
async fn logs_one_json_object_per_line_on_request() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let name = format!("prod={}", router.url);
    let options = ["--router", &name];
    let write = format!("POST /r/prod{}", WRITE.trim_start_matches("POST "));
    let log = events("test=http://127.0.0.1:1", &options, "info", &[&write]).await;
    let [event] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!((&event["level"], &event["target"]), (&"INFO".into(), &"access".into()));
    assert_eq!(
        (&event["method"], &event["status"], &event["bytes"]),
        (&"POST".into(), &200.into(), &2.into())
    );
    assert_eq!(
        (&event["path"], &event["router"]),
        (&"/v3/namespaces/{namespace}/stop".into(), &"prod".into())
    );
    assert!(event["ms"].is_u64() && event["user"].is_null(), "{event}");
}

#[tokio::test]
async fn the_page_and_the_probes_are_logged_at_debug_only() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let requests = ["GET /", "GET /-/healthy", "GET /quiesce/info"];
    let paths = |log: &[serde_json::Value]| -> Vec<String> {
        log.iter().map(|event| event["path"].as_str().expect("a path").to_owned()).collect()
    };
    assert_eq!(paths(&events(&router.url, &[], "info", &requests).await), ["/quiesce/info"]);
    let all = events(&router.url, &[], "access=debug", &requests).await;
    assert_eq!(paths(&all), ["page", "/-/healthy", "/quiesce/info"]);
}

#[tokio::test]
async fn warns_about_a_request_that_the_router_did_not_answer() {
    let log = log_of(&unused_address().await, &[], "warn", &[READ]).await;
    assert!(log.contains(" WARN Cannot connect to the router at "), "{log}");
    assert!(log.contains("error=\"router_unreachable\" sent=\"no\""), "{log}");
}

#[tokio::test]
async fn warns_about_a_refused_request_without_repeating_its_path() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let requests = ["GET /v3/hidden", "DELETE /v3/namespaces/hidden", "GET /v3/%2e%2e/hidden"];
    let log = events(&router.url, &[], "info", &requests).await;
    let codes: Vec<_> = log.iter().map(|event| event["error"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["not_forwarded", "method_refused", "path_refused"]);
    assert!(log.iter().all(|event| event["level"] == "WARN"), "{log:?}");
}

#[tokio::test]
async fn the_name_of_a_user_is_logged_only_from_a_trusted_proxy() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let request = [format!("{READ} HTTP/1.1\r\nx-forwarded-user: alice\r\nx-ignored: a")];
    let request: Vec<&str> = request.iter().map(String::as_str).collect();
    for (proxy, user) in [("127.0.0.0/8", "alice".into()), ("10.0.0.0/8", serde_json::Value::Null)] {
        let options = ["--user-header", "X-Forwarded-User", "--trusted-proxy", proxy];
        let log = events(&router.url, &options, "info", &request).await;
        assert_eq!(log[0]["user"], user, "{proxy}");
    }
    assert!(router.seen().iter().all(|it| it.header("x-forwarded-user").is_none()));
}

#[tokio::test]
async fn the_output_of_a_token_command_is_never_logged() {
    let router =
        FakeRouter::answering(|| Response::builder().status(401).body(Body::empty()).expect("one")).await;
    for command in ["echo hidden-token", "echo hidden; echo hidden >&2; exit 1", "echo hidden hidden"] {
        let log = events(&router.url, &["--token-command", command], "trace", &[READ, WRITE]).await;
        assert!(log.iter().any(|event| event["target"] == "access"), "{command}");
    }
    let log = events(&router.url, &["--header", "X-Key: hidden"], "trace", &[READ]).await;
    assert!(log.iter().any(|event| event["target"] == "access"));
}
