//! Several routers: which of them receives a request, and what is answered for a path of none.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use axum::routing::get;
use http::{Response, StatusCode};
use quiesce_server::backend::Backend;
use quiesce_server::routers::{InvalidRouters, Routers, ServedRouter};
use support::router::FakeRouter;
use support::{Console, page};

const BROWSER: (&str, &str) = ("accept", "text/html");

async fn two() -> (FakeRouter, FakeRouter, Console) {
    let test = FakeRouter::answering(|| Response::new(Body::from("test"))).await;
    let prod = FakeRouter::answering(|| Response::new(Body::from("prod"))).await;
    let console = Console::with_routers(&[("test", &test.url), ("prod", &prod.url)]).await;
    (test, prod, console)
}

fn targets(router: &FakeRouter) -> Vec<String> {
    router.seen().into_iter().map(|it| it.target).collect()
}

#[tokio::test]
async fn the_path_alone_chooses_the_router_and_the_rest_is_forwarded_byte_for_byte() {
    let (test, prod, console) = two().await;
    let referer = format!("http://{}/r/test/ns/default/programs", console.address);
    let headers = [("referer", referer.as_str()), ("x-router", "test"), ("cookie", "router=test")];
    for (target, forwarded) in [
        ("/r/prod/v3/version", "/v3/version"),
        ("/r/prod/ping", "/ping"),
        ("/r/prod/v3/versions?to=/r/test/v3&a=%2F", "/v3/versions?to=/r/test/v3&a=%2F"),
        ("/r/prod/v3/namespaces/a%20b/apps/%c3%a9", "/v3/namespaces/a%20b/apps/%c3%a9"),
        ("/r/prod/v3/version?", "/v3/version?"),
    ] {
        assert_eq!(console.get(target, &headers).await.text(), "prod", "{target}");
        assert_eq!(targets(&prod), [forwarded]);
    }
    assert!(test.seen().is_empty());
    console.send("POST", "/r/test/v3/namespaces/default/stop", &headers[..1], "[]").await;
    assert_eq!(targets(&test), ["/v3/namespaces/default/stop"]);
    assert!(prod.seen().is_empty());
}

#[tokio::test]
async fn a_path_of_no_router_is_answered_with_the_reason_and_never_forwarded_or_mistaken_for_a_page() {
    let (test, prod, console) = two().await;
    for (path, code) in [
        ("/r/staging/v3/version", "unknown_router"),
        ("/r/staging/ping", "unknown_router"),
        ("/r/staging/V3/version", "unknown_router"),
        ("/r/staging//v3/version", "unknown_router"),
        ("/r/staging/auth/token", "unknown_router"),
        ("/r/staging/quiesce/info", "unknown_router"),
        ("/r/staging/console-0123456789abcdef.js", "unknown_router"),
        ("/r/", "unknown_router"),
        ("/r", "unknown_router"),
        ("/R/prod/v3/version", "unknown_router"),
        ("/r/Prod/v3/version", "unknown_router"),
        ("/r/%70rod/v3/version", "unknown_router"),
        ("//r/prod/v3/version", "unknown_router"),
        ("/r//v3/version", "unknown_router"),
        ("/r/../r/prod/v3", "unknown_router"),
        ("/v3/version", "not_forwarded"),
        ("/ping", "not_forwarded"),
        ("/r/prod/v3Internal/x", "not_forwarded"),
        ("/r/prod/V3/version", "not_forwarded"),
        ("/r/prod//v3/version", "not_forwarded"),
        ("/r/prod/status", "not_forwarded"),
        ("/r/prod/auth/other", "not_forwarded"),
        ("/r/prod/quiesce/info", "not_forwarded"),
        ("/r/prod/sandbox/faults", "not_forwarded"),
    ] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!(
            (answer.status, answer.header("x-quiesce-error")),
            (StatusCode::NOT_FOUND, Some(code)),
            "{path}"
        );
        assert!(answer.header("content-security-policy").is_some(), "{path}");
    }
    for path in ["/r/prod/v3/../v3Internal/x", "/r/prod/v3/%2e%2e/%2e%2e/test/v3/x"] {
        let answer = console.get(path, &[]).await;
        assert_eq!(answer.header("x-quiesce-error"), Some("path_refused"), "{path}");
    }
    assert!(test.seen().is_empty() && prod.seen().is_empty());
    let answer = console.get("/r/staging/v3/version", &[]).await;
    let message = answer.json()["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("staging") && message.contains("/r/test, /r/prod"), "{message}");
    let answer = console.get("/v3/version", &[]).await;
    let message = answer.json()["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("/r/test, /r/prod"), "{message}");
}

#[tokio::test]
async fn a_browser_gets_the_page_for_an_unknown_router_and_other_clients_get_the_error() {
    let (test, prod, several) = two().await;
    let single = Console::without_router().await;
    for console in [&several, &single] {
        for path in ["/r/staging", "/r/staging/", "/r/staging/ns/default/programs", "/r/Prod/history"] {
            let answer = console.get(path, &[BROWSER]).await;
            assert_eq!((answer.status, answer.text()), (StatusCode::OK, page::INDEX), "{path}");
            assert!(answer.header("content-security-policy").is_some(), "{path}");
            for (method, headers) in [("GET", &[("accept", "application/json")][..]), ("POST", &[BROWSER])] {
                let answer = console.send(method, path, headers, "").await;
                let code = answer.header("x-quiesce-error");
                assert_eq!((answer.status, code), (StatusCode::NOT_FOUND, Some("unknown_router")), "{path}");
            }
        }
    }
    assert!(test.seen().is_empty() && prod.seen().is_empty());
}

#[tokio::test]
async fn a_router_without_a_name_has_no_path_of_its_own() {
    let router = FakeRouter::answering(|| Response::new(Body::from("OK.\n"))).await;
    let console = Console::connected_to(&router.url).await;
    for path in ["/r/prod/v3/version", "/r//v3/version", "/r/"] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!(
            (answer.status, answer.header("x-quiesce-error")),
            (StatusCode::NOT_FOUND, Some("unknown_router")),
            "{path}"
        );
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn the_routes_of_the_page_exist_for_each_router_and_its_files_once() {
    let (_test, _prod, console) = two().await;
    for path in ["/", "/r/test", "/r/test/", "/r/prod/ns/default/programs", "/r/prod/history", "/history"] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, page::INDEX), "{path}");
    }
    assert_eq!(console.get("/favicon.svg", &[]).await.status, StatusCode::OK);
    assert_eq!(console.get("/r/prod/favicon.svg", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_info_endpoint_lists_all_routers_in_their_order() {
    let (test, prod, console) = two().await;
    let info = console.get("/quiesce/info", &[]).await.json();
    let routers = info["routers"].as_array().expect("a list");
    let listed: Vec<_> = routers
        .iter()
        .map(|it| [&it["name"], &it["path"], &it["router"]].map(|value| value.as_str().expect("text")))
        .collect();
    assert_eq!(listed, [["test", "/r/test", &test.url], ["prod", "/r/prod", &prod.url]]);
    assert_eq!(info["router"], test.url, "the first");
}

#[test]
fn routers_that_share_a_server_need_different_names() {
    let backend = || Backend::Sandbox {
        routes: axum::Router::new().route("/v3/version", get(|| async {})),
        profile: String::new(),
    };
    let named = |name: &str| ServedRouter::named(name.parse().expect("a name"), backend());
    assert!(Routers::new(vec![named("a"), named("b")]).is_ok());
    assert!(Routers::new(vec![ServedRouter::unnamed(backend())]).is_ok());
    for (routers, reason) in [
        (vec![], InvalidRouters::None),
        (vec![named("a"), ServedRouter::unnamed(backend())], InvalidRouters::Unnamed),
        (vec![named("a"), named("b"), named("a")], InvalidRouters::Duplicate("a".parse().expect("a name"))),
    ] {
        assert_eq!(Routers::new(routers).expect_err("refused"), reason);
    }
}
