//! Forwarding to a router: what is forwarded, what is not, and the errors for an unavailable router.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::{Response, StatusCode};
use quiesce_server::proxy::Timeouts;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use support::Console;
use support::router::{FakeRouter, raw, unused_address};

async fn plain() -> (FakeRouter, Console) {
    let router = FakeRouter::answering(|| Response::new(Body::from("OK.\n"))).await;
    let console = Console::connected_to(&router.url).await;
    (router, console)
}

#[tokio::test]
async fn forwards_path_and_query_byte_for_byte() {
    let (router, console) = plain().await;
    for target in [
        "/ping",
        "/v3/version",
        "/v3/namespaces/default/apps?pageSize=25&pageToken=a%2Fb&orderBy=ASC",
        "/v3/namespaces/default/apps/a%20b/workflows/%c3%a9%C3%89~x",
        "/v3/namespaces/default/apps/a/versions/6.11.0",
        "/v3/versions?graceful",
        "/v3/version?graceful=&a=b=c&&x=%7B%22a%22%3A1%7D+%2B",
        "/v3/version?{a:[1|2]}'\\^`",
        "/v3/version?",
    ] {
        console.get(target, &[]).await;
        let seen = router.seen();
        assert_eq!(seen.iter().map(|it| it.target.as_str()).collect::<Vec<_>>(), [target]);
    }
}

#[tokio::test]
async fn adds_the_path_of_a_gateway_before_the_target() {
    let router = FakeRouter::answering(|| Response::new(Body::empty())).await;
    let console = Console::connected_to(&format!("{}/api/cdap/", router.url)).await;
    console.get("/v3/version?y=%20", &[]).await;
    assert_eq!(
        router.seen().first().map(|it| it.target.clone()).as_deref(),
        Some("/api/cdap/v3/version?y=%20")
    );
}

#[tokio::test]
async fn forwards_only_the_api() {
    let (router, console) = plain().await;
    for target in
        ["/v3Internal/x", "/status", "/V3/version", "/pingx", "/sandbox/clock", "/", "/x/v3/version"]
    {
        console.get(target, &[]).await;
    }
    for target in ["/v3/../v3Internal/x", "/v3/%2e%2e/v3Internal/x", "/v3/a%2F..%2F../x"] {
        let answer = console.get(target, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{target}");
        assert_eq!(answer.header("x-quiesce-error"), Some("path_refused"));
    }
    for method in ["OPTIONS", "TRACE", "LOCK"] {
        let answer = console.send(method, "/v3/version", &[], "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn a_request_keeps_its_method_body_and_token_and_loses_headers_that_the_console_does_not_send() {
    let (router, console) = plain().await;
    let body = r#"[{"appId":"a","programType":"Spark","programId":"p"}]"#;
    let own = console.address.to_string();
    console
        .send(
            "POST",
            "/v3/namespaces/default/stop",
            &[
                ("authorization", "Bearer AghyZXk="),
                ("content-type", "application/json"),
                ("cookie", "a=b"),
                ("origin", &format!("http://{own}")),
                ("referer", &format!("http://{own}/")),
                ("sec-fetch-site", "same-origin"),
                ("accept-encoding", "gzip, br"),
                ("connection", "x-hop"),
                ("x-hop", "1"),
                ("cdap-userid", "root"),
                ("x-forwarded-for", "127.0.0.1"),
                ("x-forwarded-user", "root"),
                ("range", "bytes=0-1"),
                ("expect", "100-continue"),
                ("user-agent", "curl/8"),
                ("accept", "*/*"),
                ("accept-language", "en"),
            ],
            body,
        )
        .await;
    let seen = router.seen().remove(0);
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("POST", body));
    let mut names: Vec<_> = seen.headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "accept-encoding",
            "accept-language",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "x-request-id"
        ]
    );
    assert_eq!(seen.header("authorization"), Some("Bearer AghyZXk="));
    assert_eq!(seen.header("accept-encoding"), Some("identity"));
    assert_eq!(Some(seen.header("host").expect("a host")), router.url.strip_prefix("http://"));
}

#[tokio::test]
async fn does_not_forward_a_write_from_another_site() {
    let (router, console) = plain().await;
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[("origin", "https://evil.example")]] {
        for method in ["POST", "PUT", "DELETE"] {
            let answer = console.send(method, "/v3/namespaces/default/stop", headers, "[]").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert_eq!(answer.json()["error"], "cross_site");
        }
    }
    assert!(router.seen().is_empty());
}

#[tokio::test]
async fn a_response_that_the_page_fetches_is_unchanged() {
    let router = FakeRouter::answering(|| {
        Response::builder()
            .status(StatusCode::CONFLICT)
            .header("content-type", "application/json")
            .header("digest", "sha-256=AA==")
            .header("content-disposition", "attachment; filename=\"apps.zip\"")
            .header("location", "http://elsewhere.example/")
            .header("www-authenticate", "Bearer realm=\"cdap\" error=\"invalid_token\"")
            .header("set-cookie", "a=b")
            .header("keep-alive", "timeout=5")
            .body(Body::from("Program is running"))
            .expect("an answer")
    })
    .await;
    let console = Console::connected_to(&router.url).await;
    let fetched = [("sec-fetch-dest", "empty"), ("sec-fetch-site", "same-origin")];
    let answer = console.send("POST", "/v3/namespaces/default/upgrade", &fetched, "").await;
    assert_eq!((answer.status, answer.text()), (StatusCode::CONFLICT, "Program is running"));
    let mut names: Vec<_> = answer.headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    let kept = [
        "content-disposition",
        "content-length",
        "content-type",
        "digest",
        "location",
        "quiesce-time",
        "www-authenticate",
        "x-request-id",
    ];
    assert_eq!(names, kept);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"cdap\" error=\"invalid_token\""));
}

#[tokio::test]
async fn a_response_opened_as_a_document_cannot_run_scripts() {
    let (_router, console) = plain().await;
    let answer = console.get("/v3/%3Cscript%3E", &[("sec-fetch-dest", "document")]).await;
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
}

#[tokio::test]
async fn a_basic_challenge_does_not_open_the_browsers_password_prompt() {
    let router = FakeRouter::answering(|| {
        let builder = Response::builder().status(401).header("www-authenticate", "basic realm=\"null\"");
        builder.body(Body::empty()).expect("an answer")
    })
    .await;
    let answer = Console::connected_to(&router.url).await.get("/v3/version", &[]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("www-authenticate"), None);
}

#[tokio::test]
async fn does_not_follow_a_redirect() {
    let router = FakeRouter::answering(|| {
        Response::builder()
            .status(302)
            .header("location", "/v3/other")
            .body(Body::empty())
            .expect("an answer")
    })
    .await;
    let answer = Console::connected_to(&router.url).await.get("/v3/version", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, Some("/v3/other")));
    assert_eq!(router.seen().len(), 1);
}

#[tokio::test]
async fn distinguishes_an_unreachable_router_from_one_that_answers_502() {
    let console = Console::connected_to(&unused_address().await).await;
    let answer = console.send("POST", "/v3/namespaces/default/stop", &[], "[]").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer.header("x-quiesce-error"), Some("router_unreachable"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        (answer.json()["error"].as_str(), answer.json()["sent"].as_str()),
        (Some("router_unreachable"), Some("no"))
    );
    let message = answer.json()["message"].as_str().expect("a message").to_owned();
    assert!(
        message.starts_with("Cannot connect to the router at http://127.0.0.1:")
            && message.contains("refused"),
        "{message}"
    );

    let builder = || Response::builder().status(502).body(Body::from("Bad gateway")).expect("an answer");
    let router = FakeRouter::answering(builder).await;
    let answer = Console::connected_to(&router.url).await.get("/v3/version", &[]).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::BAD_GATEWAY, "Bad gateway"));
    assert_eq!(answer.header("x-quiesce-error"), None);
}

#[tokio::test]
async fn reports_that_the_router_may_have_received_a_request_without_a_response() {
    let hangs_up = raw("", |stream| async move { drop(stream) }).await;
    let answer =
        Console::connected_to(&hangs_up).await.send("POST", "/v3/namespaces/default/stop", &[], "[]").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(
        (answer.json()["error"].as_str(), answer.json()["sent"].as_str()),
        (Some("router_hung_up"), Some("maybe"))
    );
}

#[tokio::test]
async fn answers_504_if_the_router_does_not_respond_in_time() {
    let silent = raw("", |stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let timeouts = Timeouts { response_header: Duration::from_millis(50), ..Timeouts::default() };
    let answer = Console::with_timeouts(&silent, timeouts).await.get("/v3/version", &[]).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(
        (answer.json()["error"].as_str(), answer.json()["sent"].as_str()),
        (Some("router_timeout"), Some("maybe"))
    );
}

fn milliseconds(now: SystemTime) -> u128 {
    now.duration_since(UNIX_EPOCH).expect("after 1970").as_millis()
}

#[tokio::test]
async fn a_forwarded_response_has_this_servers_time_and_never_a_forged_one() {
    let forged = || {
        let answer = Response::builder().status(404).header("quiesce-time", "1").header("Quiesce-Time", "2");
        answer.body(Body::from("not found")).expect("an answer")
    };
    for console in [plain().await.1, Console::connected_to(&FakeRouter::answering(forged).await.url).await] {
        let before = milliseconds(SystemTime::now());
        let answer = console.get("/v3/version", &[]).await;
        let times: Vec<_> = answer.headers.get_all("quiesce-time").iter().collect();
        let [time] = times.as_slice() else { panic!("one time, not {times:?}") };
        let time: u128 = time.to_str().expect("text").parse().expect("milliseconds");
        assert!((before..=milliseconds(SystemTime::now())).contains(&time));
    }
}

#[tokio::test]
async fn forwards_the_routers_date_and_then_adds_no_time() {
    let dated = || {
        let answer =
            Response::builder().header("date", "Mon, 23 Nov 2026 07:23:00 GMT").header("quiesce-time", "1");
        answer.body(Body::from("OK.\n")).expect("an answer")
    };
    let console = Console::connected_to(&FakeRouter::answering(dated).await.url).await;
    let answer = console.get("/v3/version", &[]).await;
    assert_eq!(answer.header("date"), Some("Mon, 23 Nov 2026 07:23:00 GMT"));
    assert_eq!(answer.header("quiesce-time"), None);
}

#[tokio::test]
async fn a_response_of_this_server_itself_has_no_time() {
    let console = Console::connected_to(&unused_address().await).await;
    for path in ["/v3/version", "/", "/quiesce/info"] {
        let answer = console.get(path, &[]).await;
        assert_eq!((answer.header("quiesce-time"), answer.header("date")), (None, None), "{path}");
    }
}

#[tokio::test]
async fn the_info_endpoint_reports_the_router() {
    let (router, console) = plain().await;
    let written = console.send("POST", "/quiesce/info", &[], "").await;
    assert_eq!(
        (written.status, written.header("allow")),
        (StatusCode::METHOD_NOT_ALLOWED, Some("GET, HEAD"))
    );
    let answer = console.get("/quiesce/info", &[]).await;
    let expected = serde_json::json!({
        "mode": "serve",
        "server": router.url.strip_prefix("http://"),
        "router": router.url,
        "version": env!("CARGO_PKG_VERSION"),
        "read_only": false,
        "shared_reads": false,
        "user": null,
        "routers": [{
            "name": "",
            "path": "",
            "server": router.url.strip_prefix("http://"),
            "router": router.url,
            "password": true,
            "credentials": "browser",
        }],
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}
