//! Everything below a path: page, documents, API, and what is outside.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::{Response, StatusCode};
use quiesce_server::backend::Backend;
use quiesce_server::policy::Policy;
use quiesce_server::routers::Routers;
use support::router::FakeRouter;
use support::{Console, page, settings};

const BROWSER: (&str, &str) = ("accept", "text/html");

async fn below(base: &str) -> (FakeRouter, Console) {
    let router = FakeRouter::answering(|| Response::new(Body::from("OK.\n"))).await;
    let backend = Backend::connected_to(settings(&router.url)).expect("a proxy");
    let policy = Policy { base: base.parse().expect("a base"), ..Policy::default() };
    let console = Console::with_policy(Routers::single(backend), policy).await;
    (router, console)
}

#[tokio::test]
async fn page_documents_and_api_are_below_the_base() {
    let (router, console) = below("/console/").await;
    let expected = page::INDEX.replace("<style>", "<meta name=\"quiesce-base\" content=\"/console\"><style>");
    for path in ["/console/", "/console/ns/default/programs", "/console/index.html"] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, expected.as_str()), "{path}");
        // The inline script is unchanged, so its hash is that of a page at the root.
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.contains("'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='"), "{policy}");
    }
    for path in ["/console/favicon.svg", "/console/docs/", "/console/docs/loss", "/console/quiesce/info"] {
        assert_eq!(console.get(path, &[]).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(console.get("/console/v3/namespaces?a=%2F", &[]).await.text(), "OK.\n");
    assert_eq!(router.seen().remove(0).target, "/v3/namespaces?a=%2F");
    for path in ["/console/v3Internal/x", "/console/status", "/console//v3/version"] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!(answer.header("x-quiesce-error"), Some("not_forwarded"), "{path}");
    }
}

#[tokio::test]
async fn the_base_without_a_slash_leads_to_the_base_and_all_else_outside_is_not_found() {
    let (router, console) = below("/console/").await;
    for (path, location) in [("/console", "/console/"), ("/console?fault=none", "/console/?fault=none")] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::PERMANENT_REDIRECT, Some(location)),
            "{path}"
        );
        assert!(answer.header("content-security-policy").is_some(), "{path}");
    }
    for path in ["/", "/v3/version", "/consolex/", "/Console/", "//console/", "/docs/loss", "/console%2f"] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!(
            (answer.status, answer.header("x-quiesce-error")),
            (StatusCode::NOT_FOUND, Some("not_found")),
            "{path}"
        );
        let message = answer.json()["message"].as_str().expect("a message").to_owned();
        assert!(message.contains("below /console/"), "{message}");
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn no_address_of_the_embedded_page_or_its_documents_is_outside_the_base() {
    let base = "/console/".parse().expect("a base");
    let page = quiesce_server::page::Page::embedded(&base).expect("the embedded page can be served");
    for path in ["/", "/docs/", "/docs/deployment", "/docs/adr/0001-endpoints-are-values", "/docs/not-found"]
    {
        let response = page.respond(&http::Method::GET, path, &http::HeaderMap::new());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let html = String::from_utf8(body.to_vec()).expect("text");
        for start in ["href=/", "href=\"/", "src=/", "src=\"/", "from\"/", "from '/", "path:`/"] {
            for (at, _) in html.match_indices(start) {
                let address = &html[at + start.len() - 1..];
                assert!(address.starts_with("/console/"), "{path}: {}", &address[..address.len().min(60)]);
            }
        }
    }
}
