//! The demo: the sandbox's routes replace a router's, behind the same origin checks.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::Router;
use axum::routing::{get, post};
use http::StatusCode;
use quiesce_sandbox::{Options, Sandbox};
use quiesce_server::backend::Backend;
use serde_json::json;
use support::{Console, page};

async fn demo() -> Console {
    let routes = Router::new()
        .route("/v3/version", get(|| async { "{\"version\":\"6.11.0\"}" }))
        .route("/v3/long", get(|| async { "{\"name\":\"orders\"},".repeat(500) }))
        .route("/status", get(|| async { "OK.\n" }))
        .route("/sandbox/clock", post(|| async { "advanced" }));
    Console::with_backend(Backend::Sandbox { routes, profile: "6.11.0".to_owned() }).await
}

#[tokio::test]
async fn the_sandbox_answers_the_api_and_its_own_routes_and_the_page_all_others() {
    let console = demo().await;
    assert_eq!(console.get("/v3/version", &[]).await.text(), "{\"version\":\"6.11.0\"}");
    assert_eq!(console.get("/status", &[]).await.text(), "OK.\n");
    assert_eq!(console.send("POST", "/sandbox/clock", &[], "").await.text(), "advanced");
    assert_eq!(console.get("/", &[]).await.text(), page::INDEX);
    assert_eq!(console.get("/v3Internal/x", &[("accept", "text/html")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_sandbox_response_has_no_date_and_is_compressed_like_a_routers() {
    let console = demo().await;
    let answer = console.get("/v3/long", &[("accept-encoding", "br"), ("sec-fetch-dest", "empty")]).await;
    assert_eq!(answer.header("content-encoding"), Some("br"));
    assert_eq!(answer.header("date"), None);
    assert!(answer.header("quiesce-time").is_some());
    let plain = console.get("/v3/version", &[]).await;
    assert_eq!((plain.header("date"), plain.header("content-length")), (None, Some("20")));
}

#[tokio::test]
async fn another_site_cannot_stop_programs_in_the_sandbox_or_set_its_clock() {
    let console = demo().await;
    for target in ["/v3/version", "/sandbox/clock"] {
        let answer = console.send("POST", target, &[("sec-fetch-site", "cross-site")], "").await;
        assert_eq!(
            (answer.status, answer.header("x-quiesce-error")),
            (StatusCode::FORBIDDEN, Some("cross_site"))
        );
    }
}

/// A demo with the real sandbox.
async fn with_real_sandbox() -> Console {
    let sandbox = Sandbox::new(Options::default());
    Console::with_backend(Backend::Sandbox { routes: sandbox.router(), profile: "6.11.0".to_owned() }).await
}

async fn armed_faults(console: &Console) -> serde_json::Value {
    console.get("/sandbox/faults", &[]).await.json()
}

#[tokio::test]
async fn a_fault_in_the_address_opens_the_page_and_affects_the_next_matching_requests() {
    let console = with_real_sandbox().await;
    let page = console.get("/?fault=503&path=/apps&times=2", &[("sec-fetch-site", "none")]).await;
    assert_eq!((page.status, page.text()), (StatusCode::OK, page::INDEX));
    assert_eq!(console.get("/v3/version", &[]).await.status, StatusCode::OK);
    for status in [503, 503, 200] {
        assert_eq!(console.get("/v3/namespaces/default/apps", &[]).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn reopening_an_address_arms_its_fault_once_and_none_removes_it() {
    let console = with_real_sandbox().await;
    for _ in 0..3 {
        console.get("/programs?fault=drop-after&path=/stop", &[("accept", "text/html")]).await;
    }
    assert_eq!(armed_faults(&console).await.as_array().map(Vec::len), Some(1));
    console.get("/?fault=none", &[]).await;
    assert_eq!(armed_faults(&console).await, json!([]));
}

#[tokio::test]
async fn every_fault_can_be_named_in_the_address() {
    let console = with_real_sandbox().await;
    for name in [
        "delay",
        "drop-before",
        "drop-after",
        "500",
        "503",
        "401",
        "403",
        "429",
        "cut",
        "undecodable",
        "unknown-status",
        "slow-namespace",
        "clock",
        "never-ends",
        "restarted",
        "upgraded",
    ] {
        let page = console.get(&format!("/?fault={name}"), &[]).await;
        assert_eq!(page.text(), page::INDEX, "{name}");
        let armed = armed_faults(&console).await;
        let waits = name != "clock";
        assert_eq!(armed.as_array().map(Vec::len), Some(usize::from(waits)), "{name}");
        assert!(!waits || armed[0]["name"] == name, "{armed}");
    }
}

#[tokio::test]
async fn an_unknown_fault_is_rejected_with_a_list_of_the_known_ones() {
    let answer = with_real_sandbox().await.get("/?fault=flood", &[]).await;
    assert_eq!(
        (answer.status, answer.header("x-quiesce-error")),
        (StatusCode::BAD_REQUEST, Some("no_such_fault"))
    );
    assert!(answer.text().contains("drop-after"), "{}", answer.text());
}

#[tokio::test]
async fn a_page_of_another_site_arms_no_fault() {
    let console = with_real_sandbox().await;
    for site in ["cross-site", "same-site"] {
        let page = console.get("/?fault=500", &[("sec-fetch-site", site)]).await;
        assert_eq!(page.text(), page::INDEX);
    }
    assert_eq!(armed_faults(&console).await, json!([]));
}

#[tokio::test]
async fn a_console_connected_to_a_router_has_no_faults() {
    let console = Console::without_router().await;
    assert_eq!(console.get("/?fault=500", &[]).await.text(), page::INDEX);
    let control = console.send("POST", "/sandbox/faults", &[], "{\"name\":\"500\"}").await;
    assert_eq!(
        (control.status, control.header("x-quiesce-error")),
        (StatusCode::NOT_FOUND, Some("not_forwarded"))
    );
}

#[tokio::test]
async fn the_demo_keeps_its_state_until_it_is_reset() {
    let console = with_real_sandbox().await;
    let stock = "/v3/namespaces/default/apps/Warehouse/services/Stock";
    let status = async || console.get(&format!("{stock}/status"), &[]).await.json();
    console.send("POST", &format!("{stock}/stop"), &[], "").await;
    console.send("POST", "/sandbox/clock", &[], "{\"advance_seconds\":60}").await;
    assert_eq!(status().await, json!({"status": "STOPPED"}));
    assert_eq!(status().await, json!({"status": "STOPPED"}));
    assert_eq!(console.send("POST", "/sandbox/reset", &[], "").await.status, StatusCode::OK);
    assert_eq!(status().await, json!({"status": "RUNNING"}));
}

#[tokio::test]
async fn the_info_endpoint_reports_the_demo_and_its_profile() {
    let expected = json!({
        "mode": "demo",
        "server": "sandbox",
        "profile": "6.11.0",
        "version": env!("CARGO_PKG_VERSION"),
        "read_only": false,
        "shared_reads": false,
        "user": null,
        "routers": [{
            "name": "",
            "path": "",
            "server": "sandbox",
            "profile": "6.11.0",
            "password": false,
            "credentials": "browser",
        }],
    });
    assert_eq!(demo().await.get("/quiesce/info", &[]).await.json(), expected);
}
