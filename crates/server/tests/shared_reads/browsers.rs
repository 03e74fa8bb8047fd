//! Which reads of several browsers are identical, and for how long a response is kept.

use crate::setup::{Gated, LIST, RUNS, connect, console_of_two, counting, metric, settle, sharing};
use crate::support::router::FakeRouter;
use crate::support::{Answer, Console};
use axum::body::Body;
use futures_util::future::join_all;
use http::{Response, StatusCode};
use quiesce_server::backend::{Backend, RouterSettings};
use quiesce_server::config::Secret;
use quiesce_server::limits::Limits;
use quiesce_server::policy::Policy;
use quiesce_server::routers::Routers;
use quiesce_server::token_command::TokenCommand;
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn two_hundred_browsers_that_follow_a_list_cost_the_router_at_most_five_requests() {
    let list = format!("[{}]", vec![r#"{"type":"App","name":"orders"}"#; 3000].join(","));
    let body = list.clone();
    let router = FakeRouter::answering(move || Response::new(Body::from(body.clone()))).await;
    let limits = Limits { connections_per_address: 512, ..Limits::default() };
    let routers = Routers::single(Backend::connected_to(sharing(&router.url)).expect("a router"));
    let console = Console::limited(routers, Policy::default(), limits, &[]).await;
    let headers = [("authorization", "Bearer a"), ("accept-encoding", "identity")];
    let started = std::time::Instant::now();
    let answers = join_all((0..200).map(|_| console.get(LIST, &headers))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK && answer.text() == list));
    let (sent, seconds) = (router.seen().len(), started.elapsed().as_secs());
    // One for each second that the machine needs for 200 responses.
    assert!(sent <= 1 + usize::try_from(seconds).expect("short"), "{sent} requests in {seconds} s");
    assert!(sent <= 5, "{sent} requests");
    let shared = metric(&console, "quiesce_shared_reads_total").await;
    assert_eq!(shared, 200 - sent as u64);

    let following = (0..200).map(|_| async {
        for _ in 0..10 {
            assert_eq!(console.get(LIST, &headers).await.text(), list);
        }
    });
    join_all(following).await;
    let (followed, took) = (router.seen().len(), started.elapsed());
    assert!(
        followed <= 1 + usize::try_from(took.as_secs()).expect("short"),
        "{followed} requests in {took:?}"
    );
    println!(
        "200 browsers: {sent} requests to the router, then {followed} for 10 reads of each, in {took:?}"
    );
}

#[tokio::test]
async fn reads_with_different_tokens_are_not_shared() {
    let router = Gated::new().await;
    let console = connect(&router.url).await;
    let tokens: Vec<_> = (0..20).map(|number| format!("Bearer {}", number % 2)).collect();
    let reads = join_all(tokens.iter().map(|token| {
        let (console, headers) = (&console, [("authorization", token.as_str())]);
        async move { console.get(LIST, &headers).await }
    }));
    let answer = async {
        router.wait_for(2).await;
        settle().await;
        assert_eq!(router.received(), 2);
        router.allow(2);
    };
    let (answers, ()) = tokio::join!(reads, answer);
    let of = |first: usize| answers.iter().skip(first).step_by(2).map(Answer::text).collect::<BTreeSet<_>>();
    assert_eq!((of(0).len(), of(1).len()), (1, 1));
    assert_ne!(of(0), of(1));
}

#[tokio::test]
async fn with_a_token_command_all_browsers_share() {
    let router = counting().await;
    let token_command = Some(TokenCommand::new(Secret::new("echo token"), Duration::from_secs(10)));
    let settings = RouterSettings { token_command, ..sharing(&router.url) };
    let console = Console::with_backend(Backend::connected_to(settings).expect("a router")).await;
    for token in ["Bearer a", "Bearer b"] {
        assert_eq!(console.get(LIST, &[("authorization", token)]).await.text(), "1");
    }
    assert_eq!(router.seen().len(), 1);
}

#[tokio::test]
async fn identical_bodies_are_shared_and_other_queries_bodies_and_routers_are_not() {
    let router = counting().await;
    let console = console_of_two(&router.url).await;
    let list = |query: &str| format!("/r/a{LIST}{query}");
    for (target, expected) in [
        (list(""), "1"),
        (list("?"), "2"),
        (list("?pageSize=25"), "3"),
        (format!("/r/b{LIST}"), "4"),
        (list(""), "1"),
    ] {
        assert_eq!(console.get(&target, &[]).await.text(), expected, "{target}");
    }
    for (body, expected) in [("[]", "5"), ("[1]", "6"), ("[]", "5")] {
        assert_eq!(console.send("POST", &format!("/r/a{RUNS}"), &[], body).await.text(), expected, "{body}");
    }
    assert_eq!(router.seen().last().map(|seen| seen.body.clone()).as_deref(), Some("[1]"));
}

#[tokio::test]
async fn whole_logs_exports_versions_and_probes_are_forwarded_each_time() {
    let router = counting().await;
    let console = connect(&router.url).await;
    let program = "/v3/namespaces/default/apps/a/workflows/w";
    let version = "/v3/namespaces/default/apps/a/versions/1";
    for target in ["/ping", "/v3/export/apps", &format!("{program}/runs/r/logs"), version] {
        console.get(target, &[]).await;
        console.get(target, &[]).await;
        assert_eq!(router.seen().len(), 2, "{target}");
    }
}

#[tokio::test]
async fn two_hundred_pages_of_a_program_cost_the_router_one_request_for_each_read() {
    let router = counting().await;
    let limits = Limits { connections_per_address: 512, ..Limits::default() };
    let routers = Routers::single(Backend::connected_to(sharing(&router.url)).expect("a router"));
    let console = Console::limited(routers, Policy::default(), limits, &[]).await;
    let (application, program) =
        ("/v3/namespaces/default/apps/a", "/v3/namespaces/default/apps/a/workflows/w");
    let reads = [
        ("GET", application.to_owned(), ""),
        ("GET", format!("{application}/schedules"), ""),
        ("GET", "/v3/namespaces/default/artifacts".to_owned(), ""),
        ("GET", format!("{program}/runs?limit=100"), ""),
        ("GET", format!("{program}/nextruntime"), ""),
        ("GET", format!("{program}/preferences?resolved=true"), ""),
        ("GET", format!("{program}/runtimeargs"), ""),
        ("GET", format!("{program}/runs/r/logs/next?max=50&format=json"), ""),
        ("POST", "/v3/metrics/query".to_owned(), r#"{"tags":{}}"#),
        ("GET", "/v3/system/services".to_owned(), ""),
    ];
    for (method, target, body) in &reads {
        let (before, started) = (router.seen().len(), std::time::Instant::now());
        let pages = (0..200).map(|_| console.send(method, target, &[], *body));
        assert!(join_all(pages).await.iter().all(|answer| answer.status == StatusCode::OK), "{target}");
        let seconds = usize::try_from(started.elapsed().as_secs()).expect("short");
        // One for each second that the machine needs for 200 responses.
        assert!(router.seen().len() - before <= 1 + seconds, "{target}");
    }
}

#[tokio::test]
async fn a_response_is_kept_for_a_second() {
    let router = counting().await;
    let console = connect(&router.url).await;
    let before = std::time::Instant::now();
    let first = console.get(LIST, &[]).await;
    assert_eq!(first.text(), "1");
    let second = console.get(LIST, &[]).await;
    if before.elapsed() < Duration::from_secs(1) {
        assert_eq!(second.text(), "1");
    }
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(console.get(LIST, &[]).await.text(), "2");
}

#[tokio::test]
async fn a_kept_response_has_the_time_of_its_request_and_no_date_of_the_past() {
    let time =
        |answer: &Answer| answer.header("quiesce-time").map(|it| it.parse::<u128>().expect("a number"));
    let now = || std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
    let router = counting().await;
    let console = connect(&router.url).await;
    console.get(LIST, &[]).await;
    settle().await;
    let asked = now();
    let kept = console.get(LIST, &[]).await;
    assert_eq!((kept.text(), router.seen().len()), ("1", 1));
    assert!(time(&kept).is_some_and(|time| (asked..=now()).contains(&time)), "{kept:?}");

    let dated = FakeRouter::answering(|| {
        let builder = Response::builder().header("date", "Mon, 23 Nov 2026 07:23:00 GMT");
        builder.body(Body::from("[]")).expect("an answer")
    })
    .await;
    let console = connect(&dated.url).await;
    assert!(console.get(LIST, &[]).await.header("date").is_some());
    let kept = console.get(LIST, &[]).await;
    assert_eq!((kept.header("date"), time(&kept), dated.seen().len()), (None, None, 1));
}

#[tokio::test]
async fn a_page_learns_that_reads_are_shared() {
    let router = counting().await;
    for (console, expected) in
        [(connect(&router.url).await, true), (Console::connected_to(&router.url).await, false)]
    {
        assert_eq!(console.get("/quiesce/info", &[]).await.json()["shared_reads"], expected);
    }
}

#[tokio::test]
async fn by_default_each_read_is_forwarded() {
    let router = counting().await;
    let console = Console::connected_to(&router.url).await;
    for expected in ["1", "2"] {
        assert_eq!(console.get(LIST, &[]).await.text(), expected);
    }
}
