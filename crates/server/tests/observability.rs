//! Identifiers of requests, probes, metrics, and the user that a proxy reports.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use http::{HeaderName, Response, StatusCode};
use quiesce_server::backend::Backend;
use quiesce_server::policy::Policy;
use quiesce_server::routers::{Routers, ServedRouter};
use quiesce_server::user_header::UserHeader;
use std::collections::BTreeSet;
use support::router::{FakeRouter, raw, unused_address};
use support::{Answer, Console, settings};

async fn router() -> FakeRouter {
    FakeRouter::answering(|| Response::new(Body::from("[]"))).await
}

fn id(answer: &Answer) -> String {
    let ids: Vec<_> = answer.headers.get_all("x-request-id").iter().collect();
    let [id] = ids.as_slice() else { panic!("one identifier, not {ids:?}") };
    id.to_str().expect("text").to_owned()
}

/// The value of a metric, named with its labels as in the text.
async fn metric(console: &Console, name: &str) -> Option<f64> {
    let text = console.get("/-/metrics", &[]).await.text().to_owned();
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test]
async fn every_response_has_an_identifier_of_its_own_which_the_router_receives() {
    let forging = FakeRouter::answering(|| {
        Response::builder().header("x-request-id", "forged").body(Body::from("[]")).expect("an answer")
    })
    .await;
    let console = Console::connected_to(&forging.url).await;
    let mut ids = BTreeSet::new();
    let targets = ["/v3/version", "/", "/quiesce/info", "/-/healthy", "/-/metrics", "/v3/none", "/none.js"];
    for target in targets {
        let answer = console.get(target, &[("x-request-id", "of-the-browser")]).await;
        assert!(ids.insert(id(&answer)), "{target}");
    }
    let foreign = console.get("/", &[("host", "evil.example")]).await;
    assert!(ids.insert(id(&foreign)));
    assert!(ids.iter().all(|id| id.len() == 36), "{ids:?}");
    let seen = forging.seen();
    let sent: Vec<_> = seen[0].headers.get_all("x-request-id").iter().collect();
    assert!(ids.contains(sent[0].to_str().expect("text")) && sent.len() == 1, "{sent:?}");
}

#[tokio::test]
async fn the_server_is_healthy_without_a_router_and_ready_with_one() {
    let console = Console::connected_to(&unused_address().await).await;
    assert_eq!(console.get("/-/healthy", &[]).await.text(), "healthy\n");
    let answer = console.get("/-/ready", &[]).await;
    assert_eq!((answer.status, &answer.json()["ready"]), (StatusCode::SERVICE_UNAVAILABLE, &false.into()));

    for status in [200, 401, 403] {
        let router = FakeRouter::answering(move || {
            Response::builder().status(status).body(Body::empty()).expect("an answer")
        })
        .await;
        let console = Console::connected_to(&router.url).await;
        let answer = console.get("/-/ready", &[("authorization", "Bearer own")]).await;
        assert_eq!((answer.status, &answer.json()["ready"]), (StatusCode::OK, &true.into()), "{status}");
        let seen = router.seen().remove(0);
        assert_eq!((seen.target.as_str(), seen.header("authorization")), ("/ping", None));
    }
    let gateway =
        FakeRouter::answering(|| Response::builder().status(502).body(Body::empty()).expect("an answer"))
            .await;
    let answer = Console::connected_to(&gateway.url).await.get("/-/ready", &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn many_probes_ask_the_router_once() {
    let router = router().await;
    let console = Console::connected_to(&router.url).await;
    let probes = (0..20).map(|_| console.get("/-/ready", &[]));
    let answers = futures_util::future::join_all(probes).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    // Twenty answers within a second; on a machine that is slower the state is read once more.
    assert!((1..=3).contains(&router.seen().len()));
}

#[tokio::test]
async fn a_server_is_ready_while_one_of_its_routers_can_be_reached() {
    let router = router().await;
    let console = Console::with_routers(&[("prod", &router.url), ("test", &unused_address().await)]).await;
    let answer = console.get("/-/ready", &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let expected = serde_json::json!([
        { "name": "prod", "reachable": true },
        { "name": "test", "reachable": false },
    ]);
    assert_eq!(answer.json()["routers"], expected);
}

#[tokio::test]
async fn the_paths_of_operators_are_only_read_and_there_are_no_others() {
    let console = Console::without_router().await;
    for path in ["/-/healthy", "/-/ready", "/-/metrics"] {
        let answer = console.send("POST", path, &[], "").await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (StatusCode::METHOD_NOT_ALLOWED, Some("GET, HEAD"))
        );
    }
    for path in ["/-/", "/-", "/-/none", "/-/metrics/", "/r/prod/-/metrics"] {
        let answer = console.get(path, &[("accept", "text/html")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let foreign = console.get("/-/metrics", &[("host", "evil.example")]).await;
    assert_eq!(foreign.header("x-quiesce-error"), Some("host_refused"));
}

#[tokio::test]
async fn requests_are_counted_by_pattern_and_class_of_status() {
    let router = router().await;
    let console = Console::with_routers(&[("prod", &router.url), ("test", &unused_address().await)]).await;
    for application in ["a", "b", "secret-name"] {
        console.get(&format!("/r/prod/v3/namespaces/default/apps/{application}"), &[]).await;
    }
    console.send("POST", "/r/test/v3/namespaces/default/stop", &[], "[]").await;
    console.send("BREW", "/r/prod/v3/none", &[], "").await;
    console.get("/", &[]).await;

    let text = console.get("/-/metrics", &[]).await;
    let media_type = text.header("content-type").expect("a media type");
    assert!(media_type.starts_with("application/openmetrics-text"), "{media_type}");
    assert!(!text.text().contains("secret-name") && text.text().ends_with("# EOF\n"), "{}", text.text());

    let application = "path=\"/v3/namespaces/{namespace}/apps/{application}\"";
    for (name, expected) in [
        (
            format!("quiesce_requests_total{{router=\"prod\",method=\"GET\",{application},status=\"2xx\"}}"),
            3.0,
        ),
        (
            "quiesce_requests_total{router=\"test\",method=\"POST\",path=\"/v3/namespaces/{namespace}/stop\",\
             status=\"5xx\"}"
                .to_owned(),
            1.0,
        ),
        (
            "quiesce_requests_total{router=\"prod\",method=\"other\",path=\"other\",status=\"4xx\"}".to_owned(),
            1.0,
        ),
        (
            "quiesce_requests_total{router=\"\",method=\"GET\",path=\"page\",status=\"2xx\"}".to_owned(),
            1.0,
        ),
        (
            format!(
                "quiesce_request_duration_seconds_count{{router=\"prod\",method=\"GET\",{application}}}"
            ),
            3.0,
        ),
        ("quiesce_upstream_errors_total{router=\"test\",error=\"router_unreachable\"}".to_owned(), 1.0),
    ] {
        assert_eq!(metric(&console, &name).await, Some(expected), "{name} in\n{}", text.text());
    }
    let open = metric(&console, "quiesce_connections").await.expect("the gauge");
    assert!(open >= 1.0, "{open}");
}

#[tokio::test]
async fn an_interrupted_response_is_counted_as_an_error_of_the_router() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n[{\"a\":1";
    let url = raw(cut, |stream| async move { drop(stream) }).await;
    let console = Console::connected_to(&url).await;
    let answer = console.open("GET", "/v3/version", &[], Body::empty()).await;
    assert!(http_body_util::BodyExt::collect(answer.into_body()).await.is_err());
    let name = "quiesce_upstream_errors_total{router=\"\",error=\"body_interrupted\"}";
    assert_eq!(metric(&console, name).await, Some(1.0));
}

#[tokio::test]
async fn the_user_of_a_trusted_proxy_is_in_the_info_and_never_sent_to_the_router() {
    let router = router().await;
    for (proxy, user) in [("127.0.0.1", "alice".into()), ("10.0.0.0/8", serde_json::Value::Null)] {
        let backend = Backend::connected_to(settings(&router.url)).expect("a router");
        let user_header = Some(UserHeader {
            name: HeaderName::from_static("x-forwarded-user"),
            trusted: vec![proxy.parse().expect("a network")],
        });
        let routers = Routers::new(vec![ServedRouter::unnamed(backend)]).expect("one router");
        let console = Console::with_policy(routers, Policy { user_header, ..Policy::default() }).await;
        let sent = [("x-forwarded-user", "alice")];
        assert_eq!(console.get("/quiesce/info", &sent).await.json()["user"], user, "{proxy}");
        console.get("/v3/version", &sent).await;
        assert_eq!(router.seen()[0].header("x-forwarded-user"), None);
    }
}
