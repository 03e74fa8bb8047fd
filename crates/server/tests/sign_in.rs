//! Sign-in with name and password: which authentication server is asked, and what its answers become.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::{Response, StatusCode};
use quiesce_sandbox::{Options, Profile, Sandbox};
use quiesce_server::backend::{Backend, RouterSettings};
use quiesce_server::policy::Policy;
use quiesce_server::proxy::Timeouts;
use quiesce_server::routers::Routers;
use quiesce_server::sign_in::{Attempts, AuthServerSettings};
use serde_json::json;
use std::time::Duration;
use support::process::Process;
use support::router::{FakeRouter, raw, unused_address};
use support::{Answer, Console, settings};

const ALICE: &str = r#"{"username": "alice", "password": "secret"}"#;
const MALLORY: &str = r#"{"username": "mallory", "password": "guess"}"#;
/// printf 'alice:secret' | base64
const BASIC: &str = "Basic YWxpY2U6c2VjcmV0";

/// An authentication server that knows alice only.
async fn auth_server() -> FakeRouter {
    FakeRouter::responding(|request| {
        if request.header("authorization") != Some(BASIC) {
            let refusal = Response::builder().status(401).header("www-authenticate", "basic realm=\"null\"");
            return refusal.body(Body::from("<html>Unauthorized</html>")).expect("an answer");
        }
        let token = json!({"access_token": "AghyZXk=", "token_type": "Bearer", "expires_in": 15});
        Response::new(Body::from(token.to_string()))
    })
    .await
}

/// A secured router that names these authentication servers.
async fn router_naming(auth_uri: &[&str]) -> FakeRouter {
    let body = json!({ "auth_uri": auth_uri }).to_string();
    FakeRouter::answering(move || {
        let refusal = Response::builder().status(401).header("content-type", "application/json");
        refusal.body(Body::from(body.clone())).expect("an answer")
    })
    .await
}

async fn console(router: &str, settings: AuthServerSettings) -> Console {
    Console::with_settings(router, Timeouts::default(), settings).await
}

fn configured(url: &str) -> AuthServerSettings {
    AuthServerSettings { url: Some(url.parse().expect("an address")), ..AuthServerSettings::default() }
}

async fn sign_in(console: &Console, body: &'static str) -> Answer {
    console.send("POST", "/auth/token", &[("content-type", "application/json")], body).await
}

fn assert_error(answer: &Answer, status: u16, code: &str) {
    let found = (answer.status.as_u16(), answer.header("x-quiesce-error"));
    assert_eq!(found, (status, Some(code)), "{}", answer.text());
    assert_eq!(answer.json()["error"], code);
    assert_eq!(answer.header("www-authenticate"), None, "a browser would open its password prompt");
    assert!(!answer.text().contains("secret"), "the password in an error: {}", answer.text());
}

#[tokio::test]
async fn a_name_and_a_password_are_exchanged_for_a_token_at_the_configured_server() {
    let (auth, router) = (auth_server().await, router_naming(&["http://evil.example/token"]).await);
    let console = console(&router.url, configured(&auth.url)).await;
    let answer = sign_in(&console, ALICE).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, Some("no-store")));
    let expected = json!({"access_token": "AghyZXk=", "token_type": "Bearer", "expires_in": 15});
    assert_eq!(answer.json(), expected);
    let seen = auth.seen().remove(0);
    assert_eq!((seen.method.as_str(), seen.target.as_str(), seen.body.as_str()), ("GET", "/token", ""));
    assert!(router.seen().is_empty(), "the router never sees a password");

    assert_error(&sign_in(&console, MALLORY).await, 401, "wrong_credentials");
}

/// The settings of a server that accepts this number of failed sign-ins.
fn accepting(failures: usize) -> Policy {
    Policy { sign_ins: Attempts::new(failures), ..Policy::default() }
}

fn secured_by(auth: &FakeRouter) -> Routers {
    let settings = RouterSettings { auth_server: configured(&auth.url), ..settings("http://127.0.0.1:1") };
    Routers::single(Backend::connected_to(settings).expect("a router"))
}

#[tokio::test]
async fn after_too_many_failed_sign_ins_of_an_address_no_password_is_tried_for_a_while() {
    let auth = auth_server().await;
    let console = Console::with_policy(secured_by(&auth), accepting(2)).await;
    assert_error(&sign_in(&console, MALLORY).await, 401, "wrong_credentials");
    for _ in 0..5 {
        assert_eq!(sign_in(&console, ALICE).await.status, StatusCode::OK, "only failures count");
        assert_error(&sign_in(&console, "{}").await, 400, "bad_request");
    }
    assert_error(&sign_in(&console, MALLORY).await, 401, "wrong_credentials");
    let asked = auth.seen().len();
    for credentials in [MALLORY, ALICE] {
        let answer = sign_in(&console, credentials).await;
        assert_error(&answer, 429, "too_many_sign_ins");
        let seconds: u64 = answer.header("retry-after").expect("a time").parse().expect("seconds");
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert!(answer.text().contains(&format!("Try again in {seconds} s.")), "{}", answer.text());
    }
    assert_eq!((asked, auth.seen().len()), (7, 0));
}

#[tokio::test]
async fn an_authentication_server_that_does_not_answer_is_not_a_failed_sign_in() {
    let auth = unused_address().await;
    let settings = RouterSettings { auth_server: configured(&auth), ..settings("http://127.0.0.1:1") };
    let routers = Routers::single(Backend::connected_to(settings).expect("a router"));
    let console = Console::with_policy(routers, accepting(1)).await;
    for _ in 0..3 {
        assert_error(&sign_in(&console, ALICE).await, 502, "auth_server_unreachable");
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_browser_has_its_own_failed_sign_ins() {
    let auth = auth_server().await;
    let from = async |console: &Console, address: &str| {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
        console.send("POST", "/auth/token", &headers, MALLORY).await.status.as_u16()
    };
    let console = Console::behind_proxy(secured_by(&auth), accepting(1)).await;
    assert_eq!(from(&console, "192.0.2.1").await, 401);
    assert_eq!(from(&console, "192.0.2.2").await, 401);
    assert_eq!(from(&console, "192.0.2.9, 192.0.2.1").await, 429, "the browser's own entry is not believed");
    let direct = Console::with_policy(secured_by(&auth), accepting(1)).await;
    assert_eq!(from(&direct, "192.0.2.1").await, 401);
    assert_eq!(from(&direct, "192.0.2.2").await, 429, "no proxy is trusted");
}

#[tokio::test]
async fn the_server_that_the_router_names_is_asked_if_it_is_on_the_routers_host() {
    let auth = auth_server().await;
    let router = router_naming(&["http://evil.example/token", &format!("{}/token", auth.url)]).await;
    let console = console(&router.url, AuthServerSettings::default()).await;
    assert_eq!(sign_in(&console, ALICE).await.status, StatusCode::OK);
    let seen = router.seen().remove(0);
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("GET", "/ping"));
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(auth.seen().len(), 1);
}

#[tokio::test]
async fn a_server_on_another_host_gets_no_password_unless_its_host_is_allowed() {
    let auth = auth_server().await;
    let elsewhere = auth.url.replace("127.0.0.1", "localhost");
    let router = router_naming(&[&format!("{elsewhere}/token")]).await;
    let strict = console(&router.url, AuthServerSettings::default()).await;
    let answer = sign_in(&strict, ALICE).await;
    assert_error(&answer, 403, "auth_server_refused");
    assert!(answer.text().contains("--allow-auth-host localhost"), "{}", answer.text());
    assert!(auth.seen().is_empty());

    let allowed_hosts = vec!["LocalHost".parse().expect("a host")];
    let lenient = console(&router.url, AuthServerSettings { allowed_hosts, ..AuthServerSettings::default() });
    assert_eq!(sign_in(&lenient.await, ALICE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_router_without_security_has_no_authentication_server() {
    let open = FakeRouter::answering(|| Response::new(Body::from("OK.\n"))).await;
    for router in [open, router_naming(&[]).await] {
        let console = console(&router.url, AuthServerSettings::default()).await;
        assert_error(&sign_in(&console, ALICE).await, 404, "no_auth_server");
    }
}

#[tokio::test]
async fn a_redirect_of_the_authentication_server_is_not_followed() {
    let elsewhere = auth_server().await;
    let location = format!("{}/token", elsewhere.url);
    let auth = FakeRouter::answering(move || {
        let moved = Response::builder().status(302).header("location", &location);
        moved.body(Body::empty()).expect("an answer")
    })
    .await;
    let console = console("http://127.0.0.1:1", configured(&auth.url)).await;
    assert_error(&sign_in(&console, ALICE).await, 502, "auth_server_response");
    assert!(elsewhere.seen().is_empty(), "the password went elsewhere");
}

#[tokio::test]
async fn an_unavailable_a_silent_and_a_broken_authentication_server_are_told_apart() {
    let unavailable = console("http://127.0.0.1:1", configured(&unused_address().await)).await;
    assert_error(&sign_in(&unavailable, ALICE).await, 502, "auth_server_unreachable");

    let silent = raw("", |stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let endless =
        raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n[\r\n", |stream| async move {
            std::future::pending::<()>().await;
            drop(stream);
        })
        .await;
    for url in [silent, endless] {
        let settings = AuthServerSettings { timeout: Duration::from_millis(200), ..configured(&url) };
        let answer = sign_in(&console("http://127.0.0.1:1", settings).await, ALICE).await;
        assert_error(&answer, 504, "auth_server_timeout");
    }

    let garbage = raw("nonsense\r\n\r\n", |stream| async move { drop(stream) }).await;
    let half =
        raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", |stream| async move { drop(stream) }).await;
    let huge = FakeRouter::answering(|| Response::new(Body::from(" ".repeat(70_000)))).await.url;
    for url in [garbage, half, huge] {
        let answer = sign_in(&console("http://127.0.0.1:1", configured(&url)).await, ALICE).await;
        assert_error(&answer, 502, "auth_server_response");
    }
}

#[tokio::test]
async fn an_unreachable_router_is_reported_as_such() {
    let console = console(&unused_address().await, AuthServerSettings::default()).await;
    assert_error(&sign_in(&console, ALICE).await, 502, "router_unreachable");
}

#[tokio::test]
async fn only_a_small_json_post_of_this_page_is_a_sign_in() {
    let auth = auth_server().await;
    let console = console("http://127.0.0.1:1", configured(&auth.url)).await;
    let json = ("content-type", "application/json");
    let post = async |headers: &[(&str, &str)], body: String| {
        console.send("POST", "/auth/token", headers, body).await
    };
    assert_error(
        &post(&[("content-type", "text/plain")], ALICE.to_owned()).await,
        415,
        "unsupported_media_type",
    );
    assert_error(&post(&[json], "x".repeat(5_000)).await, 400, "bad_request");
    assert_error(&post(&[json, ("sec-fetch-site", "cross-site")], ALICE.to_owned()).await, 403, "cross_site");
    for method in ["GET", "PUT", "DELETE"] {
        let answer = console.send(method, "/auth/token", &[json], ALICE).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("POST")), "{method}");
    }
    assert!(auth.seen().is_empty());
}

#[tokio::test]
async fn the_demo_of_a_secured_server_issues_tokens() {
    let sandbox = Sandbox::new(Options { profile: Profile::Secured, ..Options::default() });
    let backend = Backend::Sandbox { routes: sandbox.router(), profile: "secured".to_owned() };
    let console = Console::with_backend(backend).await;
    assert_eq!(console.get("/quiesce/info", &[]).await.json()["routers"][0]["password"], true);
    assert_error(&sign_in(&console, MALLORY).await, 401, "wrong_credentials");
    let answer = sign_in(&console, ALICE).await;
    assert_eq!(answer.status, StatusCode::OK);
    let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(console.get("/v3/version", &[]).await.status, StatusCode::UNAUTHORIZED);
    let authorized = console.get("/v3/version", &[("authorization", &format!("Bearer {token}"))]).await;
    assert_eq!(authorized.status, StatusCode::OK);
}

#[tokio::test]
async fn the_options_of_the_program_name_the_authentication_server_and_no_log_has_the_password() {
    let auth = auth_server().await;
    let elsewhere = auth.url.replace("127.0.0.1", "localhost");
    let router = router_naming(&[&format!("{elsewhere}/token")]).await;
    let port = auth.url.rsplit(':').next().expect("a port");
    for (options, expected) in [
        (vec![], "403 Forbidden"),
        (vec!["--auth-server", &auth.url], "200 OK"),
        (vec!["--allow-auth-host", "localhost"], "200 OK"),
        (vec!["--allow-auth-host", &format!("localhost:{port}")], "200 OK"),
        (vec!["--allow-auth-host", "localhost:1"], "403 Forbidden"),
        (vec!["--auth-server", &auth.url, "--read-only"], "200 OK"),
    ] {
        let arguments = [&["serve", "--router", &router.url][..], &options].concat();
        let server = Process::start(&arguments, &[("RUST_LOG", "trace")]).await;
        let head = format!(
            "POST /auth/token HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {}",
            ALICE.len()
        );
        let answer = server.send(&head, ALICE).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected}\r\n")), "{options:?}: {answer}");
        let log = server.end().await;
        assert!(log.contains("/auth/token"), "{log}");
        for secret in ["secret", "alice", "YWxpY2U6c2VjcmV0", "AghyZXk="] {
            assert!(!log.contains(secret), "{secret} in the log:\n{log}");
        }
    }
}

/// Signs in at a real CDAP with security: `cargo xtask cdap up --secured PORT` starts one.
#[tokio::test]
#[ignore = "needs CDAP_SECURED_URL, a real server"]
async fn alice_signs_in_at_a_real_secured_cdap() {
    let url = std::env::var("CDAP_SECURED_URL").expect("CDAP_SECURED_URL is set");
    // The server names its authentication server by the host name that it was started with.
    let allowed_hosts = ["localhost", "127.0.0.1"].map(|it| it.parse().expect("a host")).into();
    let console = console(&url, AuthServerSettings { allowed_hosts, ..AuthServerSettings::default() }).await;
    assert_error(&sign_in(&console, MALLORY).await, 401, "wrong_credentials");
    let answer = sign_in(&console, ALICE).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let (token, kind) = (answer.json()["access_token"].clone(), answer.json()["token_type"].clone());
    assert_eq!(kind, "Bearer");
    assert!(answer.json()["expires_in"].as_u64().is_some_and(|seconds| seconds > 0), "{}", answer.text());
    assert_eq!(console.get("/v3/version", &[]).await.status, StatusCode::UNAUTHORIZED);
    let bearer = format!("Bearer {}", token.as_str().expect("a token"));
    assert_eq!(console.get("/v3/version", &[("authorization", &bearer)]).await.status, StatusCode::OK);
}
