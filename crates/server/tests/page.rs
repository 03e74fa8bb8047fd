//! The page: caching, encodings, routes and security headers.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use http::StatusCode;
use quiesce_server::base_path::BasePath;
use support::{Answer, Console, page};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

async fn get(path: &str, headers: &[(&str, &str)]) -> Answer {
    Console::without_router().await.get(path, headers).await
}

#[tokio::test]
async fn caches_a_file_with_a_hash_in_its_name_and_revalidates_all_others() {
    let console = Console::without_router().await;
    let script = console.get("/console-0123456789abcdef.js", &[]).await;
    assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
    for path in ["/", "/index.html", "/favicon.svg"] {
        assert_eq!(console.get(path, &[]).await.header("cache-control"), Some("no-cache"), "{path}");
    }
}

#[tokio::test]
async fn a_known_tag_is_answered_with_304_and_no_body() {
    let console = Console::without_router().await;
    let first = console.get("/", &[]).await;
    let tag = first.header("etag").expect("a tag").to_owned();
    let second = console.get("/", &[("if-none-match", &tag)]).await;
    assert_eq!((second.status, second.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(second.header("etag"), Some(tag.as_str()));
    let packed = console.get("/", &[("if-none-match", &tag), ("accept-encoding", "br")]).await;
    assert_eq!(packed.status, StatusCode::OK, "the tag of one encoding is not the tag of another");
}

#[tokio::test]
async fn each_browser_gets_the_smallest_encoding_that_it_accepts() {
    let console = Console::without_router().await;
    for (asked, encoding, body) in [
        ("gzip, deflate, br", Some("br"), "br bytes"),
        ("gzip", Some("gzip"), "gzip bytes"),
        ("identity", None, page::INDEX),
    ] {
        let answer = console.get("/", &[("accept-encoding", asked)]).await;
        assert_eq!(answer.header("content-encoding"), encoding, "{asked}");
        assert_eq!(answer.text(), body, "{asked}");
        assert_eq!(answer.header("content-length"), Some(body.len().to_string().as_str()));
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
}

#[tokio::test]
async fn serves_the_index_for_every_route_of_the_page() {
    let console = Console::without_router().await;
    for path in [
        "/ns/default/programs",
        "/ns/default/apps/orders/workflows/DataPipelineWorkflow",
        "/ns/default/apps/orders/versions/6.11.0",
        "/server",
        "/stop/0190f3a1?step=confirm",
        "/history",
        "/upgrade/x",
    ] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, page::INDEX), "{path}");
    }
}

#[tokio::test]
async fn answers_404_and_not_the_index_for_missing_files_and_reserved_paths() {
    let console = Console::without_router().await;
    for (path, headers) in [
        ("/missing-0123456789abcdef.js", &[BROWSER][..]),
        ("/missing.wasm", &[]),
        ("/ns/default/programs", &[("accept", "*/*")]),
        ("/v3Internal/location", &[BROWSER]),
        ("/V3/version", &[BROWSER]),
        ("/status", &[BROWSER]),
        ("/sandbox/faults", &[BROWSER]),
        ("/quiesce/other", &[BROWSER]),
    ] {
        let answer = console.get(path, headers).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("x-quiesce-error").is_some(), "{path}");
    }
}

#[tokio::test]
async fn each_file_has_its_media_type() {
    let console = Console::without_router().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/console-0123456789abcdef.js", "text/javascript; charset=utf-8"),
        ("/console-0123456789abcdef_bg.wasm", "application/wasm"),
        ("/favicon.svg", "image/svg+xml"),
    ] {
        assert_eq!(console.get(path, &[]).await.header("content-type"), Some(kind), "{path}");
    }
}

#[tokio::test]
async fn the_policy_allows_only_files_of_the_page_and_its_own_inline_script() {
    let answer = get("/", &[]).await;
    let policy = answer.header("content-security-policy").expect("a policy");
    // printf 'start()' | openssl dgst -sha256 -binary | base64
    let script = "script-src 'self' 'wasm-unsafe-eval' 'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='";
    for part in [
        "default-src 'none'",
        script,
        "style-src 'self' 'sha256-",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
}

#[tokio::test]
async fn every_response_of_the_page_has_the_security_headers() {
    let console = Console::without_router().await;
    for path in ["/", "/console-0123456789abcdef.js", "/missing.js", "/quiesce/info", "/v3Internal/x"] {
        let answer = console.get(path, &[]).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {path}");
        }
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        assert!(answer.header("permissions-policy").is_some_and(|it| it.contains("clipboard-write=(self)")));
        assert_eq!(answer.header("date"), None, "{path}");
    }
}

#[tokio::test]
async fn a_file_accepts_only_get_and_head() {
    let console = Console::without_router().await;
    let answer = console.send("POST", "/", &[], "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    let head = console.send("HEAD", "/", &[], "").await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), Some(page::INDEX.len().to_string().as_str()));
}

#[tokio::test]
async fn rejects_a_request_with_a_foreign_host_name() {
    let console = Console::without_router().await;
    for path in ["/", "/v3/version", "/quiesce/info"] {
        let answer = console.get(path, &[("host", "rebound.example")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.header("x-quiesce-error"), Some("host_refused"), "{path}");
    }
}

#[tokio::test]
async fn serves_the_documents_by_name_with_the_headers_of_the_page() {
    let console = Console::without_router().await;
    let policy = console.get("/", &[]).await.header("content-security-policy").map(str::to_owned);
    for (path, text) in [
        ("/docs", "Documents"),
        ("/docs/", "Documents"),
        ("/docs/loss", "What a stop may lose"),
        ("/docs/loss/", "What a stop may lose"),
        ("/docs/loss?from=console", "What a stop may lose"),
        ("/docs/adr/0001-values", "1. Values"),
    ] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains(text), "{path}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(answer.header("content-security-policy"), policy.as_deref(), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
    }
    let style = console.get("/docs/style.css", &[]).await;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
}

#[tokio::test]
async fn an_unknown_document_is_answered_with_404_and_not_with_the_page() {
    let console = Console::without_router().await;
    for path in ["/docs/nowhere", "/docs/loss.md", "/docs/adr", "/docs/not-found", "/docs/../docs/x"] {
        let answer = console.get(path, &[BROWSER]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text().contains("This document does not exist"), "{path}: {}", answer.text());
        assert_eq!(answer.header("x-quiesce-error"), Some("not_found"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        assert_eq!(answer.header("etag"), None, "{path}");
    }
    let similar = console.get("/docsx", &[BROWSER]).await;
    assert_eq!((similar.status, similar.text()), (StatusCode::OK, page::INDEX));
}

#[tokio::test]
async fn the_binary_contains_the_rendered_documents() {
    let page =
        quiesce_server::page::Page::embedded(&BasePath::default()).expect("the embedded page can be served");
    for path in ["/docs/", "/docs/loss", "/docs/cdap-api", "/docs/adr/0001-endpoints-are-values"] {
        let response = page.respond(&http::Method::GET, path, &http::HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK, "{path}");
    }
}

#[test]
fn a_binary_always_has_a_page_if_only_one_that_explains_how_to_build_it() {
    quiesce_server::page::Page::embedded(&BasePath::default()).expect("the embedded page can be served");
}

#[tokio::test]
async fn the_index_names_routers_that_have_names_and_no_other() {
    for (names, element) in [
        (&["prod", "test-2"][..], "<meta name=\"quiesce-routers\" content=\"prod test-2\">"),
        (&[""][..], ""),
    ] {
        let named = page::page(&BasePath::default()).with_routers(names).expect("a page");
        let response = named.respond(&http::Method::GET, "/", &http::HeaderMap::new());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let expected = page::INDEX.replace("<style>", &format!("{element}<style>"));
        assert_eq!(String::from_utf8(body.to_vec()).expect("text"), expected);
    }
}
