//! Which requests are forwarded: those of the console, and by a read-only server those that change nothing.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::{Response, StatusCode};
use quiesce_api::routes::{ROUTES, RouteKind};
use quiesce_sandbox::{Options, Sandbox};
use quiesce_server::backend::Backend;
use quiesce_server::policy::Policy;
use quiesce_server::routers::Routers;
use support::router::FakeRouter;
use support::{Answer, Console, settings};

async fn router() -> FakeRouter {
    FakeRouter::answering(|| Response::new(Body::from("[]"))).await
}

async fn read_only(router: &FakeRouter) -> Console {
    let backend = Backend::connected_to(settings(&router.url)).expect("a router");
    Console::with_policy(Routers::single(backend), Policy { read_only: true, ..Policy::default() }).await
}

/// A path of this pattern.
fn path(pattern: &str) -> String {
    let segments = pattern.split('/').map(|segment| match segment {
        "{type}" => "workflows",
        name if name.starts_with('{') => "a%20b",
        literal => literal,
    });
    segments.collect::<Vec<_>>().join("/")
}

fn assert_error(answer: &Answer, status: StatusCode, code: &str, request: &str) {
    assert_eq!((answer.status, answer.header("x-quiesce-error")), (status, Some(code)), "{request}");
    assert_eq!(answer.json()["sent"], "no", "{request}");
}

#[tokio::test]
async fn each_request_of_the_console_is_forwarded() {
    let router = router().await;
    let console = Console::connected_to(&router.url).await;
    for route in ROUTES {
        let path = path(route.pattern);
        let answer = console.send(route.method.as_str(), &path, &[], "").await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, "[]"), "{route}");
        let seen = router.seen();
        let seen: Vec<_> = seen.iter().map(|it| (it.method.as_str(), it.target.as_str())).collect();
        assert_eq!(seen, [(route.method.as_str(), path.as_str())]);
    }
}

#[tokio::test]
async fn a_path_that_the_console_does_not_use_is_not_forwarded() {
    let router = router().await;
    let console = Console::connected_to(&router.url).await;
    for path in [
        "/v3",
        "/v3/",
        "/v3//version",
        "/v3/version/",
        "/v3/unrecoverable/reset",
        "/v3/namespaces/default/securekeys/password",
        "/v3/namespaces/default/apps/orders/state",
        "/v3/namespaces/default/apps/orders/services/Stock/methods/stock",
        "/v3/namespaces/default/apps/orders/spark/p/versions/1",
        "/v3/namespaces/system/apps/pipeline/services/studio/methods/v1/contexts",
        "/v3/Namespaces",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = console.send(method, path, &[], "").await;
            assert_error(&answer, StatusCode::NOT_FOUND, "not_forwarded", path);
            assert!(answer.json()["message"].as_str().is_some_and(|it| it.contains(path)), "{path}");
        }
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn another_method_is_refused_with_those_that_the_console_uses() {
    let router = router().await;
    let console = Console::connected_to(&router.url).await;
    for (method, path, allowed) in [
        ("DELETE", "/v3/namespaces/default", "GET"),
        ("PUT", "/v3/namespaces/default", "GET"),
        ("DELETE", "/v3/namespaces/default/apps", "GET"),
        ("DELETE", "/v3/namespaces/default/apps/orders", "GET, PUT"),
        ("PUT", "/v3/namespaces/default/preferences", "GET"),
        ("PUT", "/v3/preferences", "GET"),
        ("POST", "/v3/namespaces/default/artifacts/core", "GET"),
        ("GET", "/v3/namespaces/default/stop", "POST"),
        ("HEAD", "/v3/version", "GET"),
        ("PATCH", "/v3/version", "GET"),
        ("OPTIONS", "/v3/version", "GET"),
        ("LOCK", "/ping", "GET"),
    ] {
        let answer = console.send(method, path, &[], "").await;
        assert_eq!(
            (answer.status, answer.header("x-quiesce-error"), answer.header("allow")),
            (StatusCode::METHOD_NOT_ALLOWED, Some("method_refused"), Some(allowed)),
            "{method} {path}"
        );
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn a_read_only_server_forwards_only_what_changes_nothing() {
    let router = router().await;
    let console = read_only(&router).await;
    assert_eq!(console.get("/quiesce/info", &[]).await.json()["read_only"], true);
    for route in ROUTES {
        let answer = console.send(route.method.as_str(), &path(route.pattern), &[], "[]").await;
        let name = route.to_string();
        if route.kind == RouteKind::Read {
            assert_eq!((answer.status, router.seen().len()), (StatusCode::OK, 1), "{name}");
        } else {
            assert_error(&answer, StatusCode::FORBIDDEN, "read_only", &name);
            assert!(router.seen().is_empty(), "{name}");
        }
    }
}

#[tokio::test]
async fn a_read_only_server_forwards_the_probe_and_no_other_stop() {
    let router = router().await;
    let console = read_only(&router).await;
    let stop = "/v3/namespaces/default/stop";
    let probe = console.send("POST", &format!("{stop}?graceful=-1"), &[], "[]").await;
    assert_eq!(probe.status, StatusCode::OK);
    let seen = router.seen();
    assert_eq!((seen[0].body.as_str(), seen[0].header("content-length")), ("[]", Some("2")));
    let program = r#"[{"appId":"a","programType":"Workflow","programId":"w"}]"#;
    for (query, body) in [
        ("", "[]"),
        ("?graceful=60", "[]"),
        ("?graceful=-1&graceful=60", "[]"),
        ("?graceful=-1", program),
        ("?graceful=-1", ""),
        ("?graceful=-1", "[] "),
        ("?graceful=-1", &"[".repeat(100_000)),
    ] {
        let answer = console.send("POST", &format!("{stop}{query}"), &[], body.to_owned()).await;
        assert_error(&answer, StatusCode::FORBIDDEN, "read_only", query);
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn a_read_only_demo_changes_only_the_sandbox_itself() {
    let sandbox = Sandbox::new(Options::default());
    let backend = Backend::Sandbox { routes: sandbox.router(), profile: "6.11.0".to_owned() };
    let console =
        Console::with_policy(Routers::single(backend), Policy { read_only: true, ..Policy::default() }).await;
    let application = "/v3/namespaces/default/apps/orders_daily";
    for (method, path) in [
        ("POST", "/v3/namespaces/default/stop"),
        ("DELETE", application),
        ("POST", "/v3/namespaces/default/artifacts/a"),
        ("PUT", "/v3/namespaces/new"),
    ] {
        let answer = console.send(method, path, &[], "[]").await;
        assert_error(&answer, StatusCode::FORBIDDEN, "read_only", path);
    }
    assert_eq!(console.get(application, &[]).await.status, StatusCode::OK);
    assert_eq!(console.send("POST", "/v3/namespaces/default/status", &[], "[]").await.text(), "[]");
    let forward = console.send("POST", "/sandbox/clock", &[], "{\"advance_seconds\":60}").await;
    assert_eq!(forward.status, StatusCode::OK);
}
