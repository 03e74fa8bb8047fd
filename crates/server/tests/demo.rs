//! The demo: the sandbox's routes stand where a router's would, with the same care for who asks.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::Router;
use axum::routing::{get, post};
use http::StatusCode;
use quiesce_server::console::Backend;
use serde_json::json;
use support::{Console, page};

async fn demo() -> Console {
    let routes = Router::new()
        .route("/v3/version", get(|| async { "{\"version\":\"6.11.0\"}" }))
        .route("/v3/long", get(|| async { "{\"name\":\"orders\"},".repeat(500) }))
        .route("/status", get(|| async { "OK.\n" }))
        .route("/sandbox/clock", post(|| async { "advanced" }));
    Console::over(Backend::Sandbox { routes, profile: "6.11.0".to_owned() }).await
}

#[tokio::test]
async fn the_sandbox_answers_the_api_and_its_own_routes_and_the_page_the_rest() {
    let console = demo().await;
    assert_eq!(console.get("/v3/version", &[]).await.text(), "{\"version\":\"6.11.0\"}");
    assert_eq!(console.get("/status", &[]).await.text(), "OK.\n");
    assert_eq!(console.send("POST", "/sandbox/clock", &[], "").await.text(), "advanced");
    assert_eq!(console.get("/", &[]).await.text(), page::INDEX);
    assert_eq!(console.get("/v3Internal/x", &[("accept", "text/html")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_answer_of_the_sandbox_has_no_date_and_is_compressed_like_a_routers() {
    let console = demo().await;
    let answer = console.get("/v3/long", &[("accept-encoding", "br"), ("sec-fetch-dest", "empty")]).await;
    assert_eq!(answer.header("content-encoding"), Some("br"));
    assert_eq!(answer.header("date"), None);
    let plain = console.get("/v3/version", &[]).await;
    assert_eq!((plain.header("date"), plain.header("content-length")), (None, Some("20")));
}

#[tokio::test]
async fn another_site_can_stop_nothing_in_the_sandbox_and_not_set_its_clock() {
    let console = demo().await;
    for target in ["/v3/version", "/sandbox/clock"] {
        let answer = console.send("POST", target, &[("sec-fetch-site", "cross-site")], "").await;
        assert_eq!(
            (answer.status, answer.header("x-quiesce-error")),
            (StatusCode::FORBIDDEN, Some("cross_site"))
        );
    }
}

#[tokio::test]
async fn the_page_can_read_that_it_is_the_demo() {
    let expected = json!({
        "mode": "demo",
        "server": "sandbox",
        "profile": "6.11.0",
        "version": env!("CARGO_PKG_VERSION"),
    });
    assert_eq!(demo().await.get("/quiesce/info", &[]).await.json(), expected);
}
