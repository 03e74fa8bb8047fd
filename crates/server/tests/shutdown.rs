//! Start and shutdown of the process.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use axum::body::Body;
use futures_util::stream;
use http::Response;
use http_body_util::BodyExt;
use nix::sys::signal::Signal;
use std::convert::Infallible;
use std::time::Duration;
use support::Console;
use support::process::{Process, run};
use support::router::FakeRouter;
use tokio::sync::Notify;

#[tokio::test]
async fn prints_only_its_address_and_exits_cleanly_on_a_signal() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let process = Process::start(&["serve", "--router", "http://127.0.0.1:1"], &[]).await;
        tokio::net::TcpStream::connect(&process.address).await.expect("it listens");
        process.end_with(signal).await;
    }
}

#[tokio::test]
async fn names_the_address_that_is_already_in_use() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = run(&["serve", "--router", "http://127.0.0.1:1", "--listen", &address], &[]);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("cannot listen on {address}")));
}

#[test]
fn rejects_a_router_address_with_credentials_another_scheme_or_a_port_that_does_not_fit() {
    for router in [
        "http://user:secret@127.0.0.1:11015",
        "ftp://127.0.0.1",
        "127.0.0.1:11015",
        "http://x/?a=b",
        "http://127.0.0.1:110150",
    ] {
        let output = run(&["serve", "--router", router, "--listen", "127.0.0.1:0"], &[]);
        assert_eq!(output.status.code(), Some(2), "{router}");
    }
}

#[tokio::test]
async fn finishes_a_request_in_progress_before_it_exits() {
    let (asked, answer) = (std::sync::Arc::new(Notify::new()), std::sync::Arc::new(Notify::new()));
    let (heard, may) = (asked.clone(), answer.clone());
    let url = FakeRouter::streaming(move |_| {
        let (heard, may) = (heard.clone(), may.clone());
        async move {
            heard.notify_one();
            may.notified().await;
            Response::new(Body::from("stopped"))
        }
    })
    .await;
    let console = Console::connected_to(&url).await;
    let address = console.address;
    let request = {
        let client =
            hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
        let request = http::Request::post(format!("http://{address}/v3/namespaces/default/stop"))
            .body(Body::empty())
            .expect("a request");
        tokio::spawn(async move { client.request(request).await })
    };
    asked.notified().await;
    let mut ended = tokio::spawn(console.shut_down());
    assert!(
        tokio::time::timeout(Duration::from_millis(50), &mut ended).await.is_err(),
        "the server waits for the request"
    );
    answer.notify_one();
    let body =
        request.await.expect("no panic").expect("an answer").into_body().collect().await.expect("whole");
    assert_eq!(body.to_bytes(), "stopped");
    ended.await.expect("ended");
}

#[tokio::test]
async fn an_endless_response_does_not_prevent_the_exit() {
    let url = FakeRouter::streaming(|_| async {
        Response::new(Body::from_stream(stream::pending::<Result<&'static str, Infallible>>()))
    })
    .await;
    let console = Console::connected_to(&url).await;
    let answer = console.open("GET", "/v3/version", &[], Body::empty()).await;
    tokio::time::timeout(Duration::from_secs(10), console.shut_down())
        .await
        .expect("it ends within its bound");
    drop(answer);
}
