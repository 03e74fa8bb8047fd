//! Routers that answer with garbage, never, or with headers of this server.

use crate::support::router::{FakeRouter, raw};
use crate::support::{Answer, Console};
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use std::convert::Infallible;

/// The answer to a write whose router sends these bytes and closes the connection.
async fn answer_to(bytes: &'static str) -> Answer {
    let router = raw(bytes, |stream| async move { drop(stream) }).await;
    Console::connected_to(&router).await.send("POST", "/v3/namespaces/default/stop", &[], "[]").await
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_an_error_after_which_the_router_may_have_acted() {
    for bytes in [
        "",
        "nonsense\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nx\0y: z\r\n\r\n",
    ] {
        let answer = answer_to(bytes).await;
        let found = (answer.status, answer.header("x-quiesce-error"), answer.json()["sent"].clone());
        assert_eq!(found, (StatusCode::BAD_GATEWAY, Some("router_hung_up"), "maybe".into()), "{bytes:?}");
        assert!(answer.header("x-request-id").is_some(), "{bytes:?}");
    }
}

#[tokio::test]
async fn an_answer_that_changes_the_protocol_is_not_passed_on() {
    let answer =
        answer_to("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n")
            .await;
    assert_eq!(
        (answer.status, answer.header("x-quiesce-error")),
        (StatusCode::BAD_GATEWAY, Some("router_response"))
    );
}

#[tokio::test]
async fn a_header_without_an_end_is_an_error() {
    let router = FakeRouter::answering(|| {
        let mut answer = Response::builder();
        for index in 0..90 {
            answer = answer.header(format!("x-{index}"), "a".repeat(10_000));
        }
        answer.body(Body::from("[]")).expect("an answer")
    })
    .await;
    let answer = Console::connected_to(&router.url).await.get("/v3/version", &[]).await;
    assert_eq!(answer.header("x-quiesce-error"), Some("router_hung_up"));
}

#[tokio::test]
async fn headers_that_concern_this_origin_are_not_passed_on() {
    const FORGED: [(&str, &str); 16] = [
        ("x-quiesce-error", "read_only"),
        ("x-request-id", "forged"),
        ("set-cookie", "session=abc"),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("strict-transport-security", "max-age=0"),
        ("content-security-policy", "script-src *"),
        ("clear-site-data", "\"*\""),
        ("refresh", "0; url=http://evil.example/"),
        ("service-worker-allowed", "/"),
        ("alt-svc", "h2=\"evil.example:443\""),
        ("link", "<http://evil.example/>; rel=preload"),
        ("report-to", "{}"),
        ("sourcemap", "http://evil.example/"),
        ("server", "Jetty"),
        ("x-powered-by", "x"),
    ];
    let router = FakeRouter::answering(|| {
        let forged =
            FORGED.iter().fold(Response::builder(), |answer, (name, value)| answer.header(*name, *value));
        forged.header("content-type", "text/html").body(Body::from("<script>x</script>")).expect("an answer")
    })
    .await;
    let console = Console::connected_to(&router.url).await;
    for headers in [&[("sec-fetch-dest", "empty")][..], &[("sec-fetch-dest", "document")], &[]] {
        let answer = console.get("/v3/version", headers).await;
        for (name, value) in FORGED {
            assert_ne!(answer.header(name), Some(value), "{name}");
        }
        assert_eq!(answer.header("x-quiesce-error"), None);
        let fetched = !headers.is_empty() && headers[0].1 == "empty";
        let policy = (!fetched).then_some("default-src 'none'; sandbox");
        assert_eq!(answer.header("content-security-policy"), policy, "{headers:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_passed_on_and_ends_with_the_browser() {
    let router = FakeRouter::streaming(|_| async {
        let endless = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![b'x'; 65_536])));
        Response::new(Body::from_stream(endless))
    })
    .await;
    let console = Console::connected_to(&router).await;
    let mut body = console.open("GET", "/v3/version", &[], Body::empty()).await.into_body();
    let mut read = 0;
    while read < 20_000_000 {
        let frame = body.frame().await.expect("no end").expect("unbroken");
        read += frame.into_data().map_or(0, |data| data.len());
    }
    drop(body);
    assert_eq!(console.get("/-/healthy", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_redirect_is_never_followed_also_not_by_a_probe_or_a_sign_in() {
    let elsewhere = FakeRouter::answering(|| Response::new(Body::from("{\"auth_uri\":[]}"))).await;
    let location = format!("{}/token", elsewhere.url);
    let router = FakeRouter::answering(move || {
        let moved = Response::builder().status(307).header("location", &location);
        moved.body(Body::empty()).expect("an answer")
    })
    .await;
    let console = Console::connected_to(&router.url).await;
    assert_eq!(console.get("/v3/version", &[]).await.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(console.get("/-/ready", &[]).await.status, StatusCode::OK);
    let pair = r#"{"username":"alice","password":"secret"}"#;
    let answer = console.send("POST", "/auth/token", &[("content-type", "application/json")], pair).await;
    assert_eq!(answer.header("x-quiesce-error"), Some("auth_server_response"));
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_challenge_that_is_endless_or_names_thousands_of_servers_is_not_a_sign_in() {
    let uris = vec!["http://evil.example/token"; 2_000];
    let many = serde_json::json!({ "auth_uri": uris }).to_string();
    for (body, code) in [(many, "auth_server_refused"), (" ".repeat(100_000), "auth_server_response")] {
        let router = FakeRouter::answering(move || {
            Response::builder().status(401).body(Body::from(body.clone())).expect("an answer")
        })
        .await;
        let console = Console::connected_to(&router.url).await;
        let pair = r#"{"username":"alice","password":"secret"}"#;
        let answer = console.send("POST", "/auth/token", &[("content-type", "application/json")], pair).await;
        assert_eq!(answer.header("x-quiesce-error"), Some(code), "{}", answer.text());
        assert!(answer.body.len() < 1_000);
    }
}
