//! A router below a path with tokens of a command, as Google Cloud Data Fusion is used.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::{Response, StatusCode};
use quiesce_server::backend::{Backend, RouterSettings};
use quiesce_server::config::Secret;
use quiesce_server::token_command::TokenCommand;
use std::path::Path;
use std::time::Duration;
use support::router::{FakeRouter, Seen};
use support::{Console, settings};

/// A router that accepts one token and answers with the body that it received.
async fn router_accepting(token: &'static str) -> FakeRouter {
    FakeRouter::responding(move |request: &Seen| {
        let accepted = request.header("authorization") == Some(&format!("Bearer {token}"));
        let builder = Response::builder().status(if accepted { 200 } else { 401 });
        builder.body(Body::from(request.body.clone())).expect("an answer")
    })
    .await
}

/// A command that prints `token-1`, `token-2` and so on.
fn counting(folder: &Path) -> String {
    let runs = folder.join("runs");
    format!("echo x >> '{0}'; echo token-$(wc -l < '{0}' | tr -d ' ')", runs.display())
}

fn runs(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("runs")).map_or(0, |text| text.lines().count())
}

async fn console(settings: RouterSettings) -> Console {
    Console::with_backend(Backend::connected_to(settings).expect("a router")).await
}

/// A console for `router` below the path `/api`.
async fn console_with(router: &FakeRouter, command: &str) -> Console {
    let token_command = Some(TokenCommand::new(Secret::new(command), Duration::from_secs(10)));
    console(RouterSettings { token_command, ..settings(&format!("{}/api", router.url)) }).await
}

const STOP: &str = "/v3/namespaces/default/stop";

#[tokio::test]
async fn the_servers_token_replaces_that_of_the_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let router = router_accepting("token-1").await;
    let console = console_with(&router, &counting(folder.path())).await;
    for _ in 0..3 {
        let answer = console.get("/v3/version?a=b", &[("authorization", "Bearer stolen")]).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    for seen in router.seen() {
        assert_eq!(seen.target, "/api/v3/version?a=b");
        assert_eq!(seen.headers.get_all("authorization").iter().collect::<Vec<_>>(), ["Bearer token-1"]);
    }
    assert_eq!(runs(folder.path()), 1);
    let info = console.get("/quiesce/info", &[]).await.json();
    let found = &info["routers"][0];
    assert_eq!((&found["credentials"], &found["password"]), (&"server".into(), &false.into()));
}

#[tokio::test]
async fn a_rejected_token_is_replaced_and_the_request_repeated_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let router = router_accepting("token-2").await;
    let console = console_with(&router, &counting(folder.path())).await;
    let answer = console.send("POST", STOP, &[("content-type", "application/json")], "[1]").await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "[1]"));
    let seen = router.seen();
    let tokens: Vec<_> = seen.iter().map(|it| it.header("authorization")).collect();
    assert_eq!(tokens, [Some("Bearer token-1"), Some("Bearer token-2")]);
    assert!(seen.iter().all(|it| it.body == "[1]" && it.header("content-type") == Some("application/json")));
    assert_eq!(console.get("/v3/version", &[]).await.status, StatusCode::OK);
    assert_eq!((router.seen().len(), runs(folder.path())), (1, 2), "the new token is kept");
}

#[tokio::test]
async fn a_request_is_repeated_only_once_and_only_after_a_401() {
    let folder = tempfile::tempdir().expect("a folder");
    let router = router_accepting("never").await;
    let refused = console_with(&router, &counting(folder.path())).await;
    assert_eq!(refused.send("POST", STOP, &[], "[]").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!((router.seen().len(), runs(folder.path())), (2, 2));

    for status in [400, 403, 500, 503] {
        let router = FakeRouter::answering(move || {
            Response::builder().status(status).body(Body::empty()).expect("an answer")
        })
        .await;
        let console = console_with(&router, "echo token").await;
        assert_eq!(console.send("POST", STOP, &[], "[]").await.status.as_u16(), status);
        assert_eq!(router.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_to_repeat_is_sent_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let router = router_accepting("token-2").await;
    let console = console_with(&router, &counting(folder.path())).await;
    let application = "/v3/namespaces/default/apps/orders";
    let body = "x".repeat(2_000_000);
    let first = console.send("PUT", application, &[], body.clone()).await;
    assert_eq!((first.status, router.seen().len()), (StatusCode::UNAUTHORIZED, 1));
    let second = console.send("PUT", application, &[], body.clone()).await;
    assert_eq!((second.status, second.text() == body), (StatusCode::OK, true));
}

#[tokio::test]
async fn a_command_that_fails_or_does_not_end_is_an_error_without_its_output_and_nothing_is_forwarded() {
    let router = router_accepting("token").await;
    let failing = console_with(&router, "echo hunter2; exit 7").await.get("/v3/version", &[]).await;
    assert_eq!(
        (failing.status, failing.header("x-quiesce-error")),
        (StatusCode::BAD_GATEWAY, Some("token_command_failed"))
    );
    assert_eq!(failing.json()["sent"], "no");
    assert!(failing.text().contains('7') && !failing.text().contains("hunter2"), "{}", failing.text());

    let token_command = Some(TokenCommand::new(Secret::new("sleep 600"), Duration::from_millis(300)));
    let slow = console(RouterSettings { token_command, ..settings(&router.url) }).await;
    let answer = slow.get("/v3/version", &[]).await;
    assert_eq!(
        (answer.status, answer.header("x-quiesce-error")),
        (StatusCode::GATEWAY_TIMEOUT, Some("token_command_timeout"))
    );
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn there_is_nothing_to_sign_in_to_with_a_token_command() {
    let router = router_accepting("token").await;
    let console = console_with(&router, "echo token").await;
    let body = r#"{"username": "alice", "password": "secret"}"#;
    let answer = console.send("POST", "/auth/token", &[("content-type", "application/json")], body).await;
    assert_eq!(answer.header("x-quiesce-error"), Some("no_auth_server"));
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn headers_of_the_operator_replace_those_of_the_browser() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let headers = ["X-Gateway-Key: k1", "X-Tenant: a"].map(|it| it.parse().expect("a header"));
    let console = console(RouterSettings { headers: headers.into(), ..settings(&router.url) }).await;
    let sent = [("x-gateway-key", "forged"), ("cookie", "a=b"), ("authorization", "Bearer own")];
    assert_eq!(console.get("/v3/version", &sent).await.status, StatusCode::OK);
    let seen = router.seen().remove(0);
    assert_eq!(seen.headers.get_all("x-gateway-key").iter().collect::<Vec<_>>(), ["k1"]);
    assert_eq!((seen.header("x-tenant"), seen.header("cookie")), (Some("a"), None));
    assert_eq!(seen.header("authorization"), Some("Bearer own"));
}

#[tokio::test]
async fn an_authorization_header_of_the_operator_is_the_servers_credentials() {
    let router = FakeRouter::answering(|| Response::new(Body::from("[]"))).await;
    let headers = vec!["Authorization: Basic Z2F0ZXdheQ==".parse().expect("a header")];
    let console = console(RouterSettings { headers, ..settings(&router.url) }).await;
    assert_eq!(console.get("/v3/version", &[("authorization", "Bearer own")]).await.status, StatusCode::OK);
    assert_eq!(router.seen()[0].header("authorization"), Some("Basic Z2F0ZXdheQ=="));
    let info = console.get("/quiesce/info", &[]).await.json();
    assert_eq!(info["routers"][0]["credentials"], "server");
}
