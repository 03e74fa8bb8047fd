//! What the contract is asked of.

use axum::Router;
use axum::body::Body;
use quiesce_api::{Endpoint, Error, Request, Response};
use quiesce_sandbox::{Options, Sandbox};
use std::time::Duration;
use tower::ServiceExt;

/// A server that may keep the contract.
pub struct Target {
    way: Way,
    /// How long something that takes time may take, and how often it is looked at.
    pub patience: Duration,
    pub pause: Duration,
}

enum Way {
    InProcess(Box<(Sandbox, Router)>),
    Http { base: String, client: reqwest::Client },
}

impl Target {
    pub fn in_process() -> Self {
        let sandbox = Sandbox::new(Options::default());
        let router = sandbox.router();
        Self {
            way: Way::InProcess(Box::new((sandbox, router))),
            patience: Duration::from_secs(60),
            pause: Duration::from_millis(20),
        }
    }

    pub async fn over_http() -> Self {
        let sandbox = Sandbox::new(Options::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, sandbox.router()).await });
        Self {
            way: Way::Http { base, client: reqwest::Client::new() },
            patience: Duration::from_secs(60),
            pause: Duration::from_millis(50),
        }
    }

    pub fn real(url: &str) -> Self {
        Self {
            way: Way::Http { base: url.trim_end_matches('/').to_owned(), client: reqwest::Client::new() },
            patience: Duration::from_secs(180),
            pause: Duration::from_millis(250),
        }
    }

    /// Lets time pass: the sandbox's clock is put forward, a real server is waited for.
    pub async fn wait(&self) {
        if let Way::Http { base, client } = &self.way {
            let advanced = client
                .post(format!("{base}/sandbox/clock"))
                .header("content-type", "application/json")
                .body(r#"{"advance_seconds":1}"#)
                .send()
                .await;
            if advanced.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            tokio::time::sleep(self.pause).await;
        } else {
            self.send(
                &Request::post(["sandbox", "clock"]).json(&serde_json::json!({ "advance_seconds": 1 })),
            )
            .await;
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: &Request) -> Response {
        self.raw(request.method.as_str(), &request.target, request.body.as_deref()).await
    }

    /// Sends what no endpoint would write.
    pub async fn raw(&self, method: &str, target: &str, body: Option<&str>) -> Response {
        match &self.way {
            Way::InProcess(sandbox) => {
                let request = axum::http::Request::builder()
                    .method(method)
                    .uri(target)
                    .body(body.map_or_else(Body::empty, |body| Body::from(body.to_owned())))
                    .expect("a request");
                let answer = sandbox.1.clone().oneshot(request).await.expect("an answer");
                let (head, body) = answer.into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
                read(head.status.as_u16(), &head.headers, body.to_vec())
            }
            Way::Http { base, client } => {
                let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
                let mut request = client.request(method, format!("{base}{target}"));
                if let Some(body) = body {
                    request = request.body(body.to_owned());
                }
                let answer = request.send().await.expect("an answer");
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                read(status, &headers, answer.bytes().await.expect("a body").to_vec())
            }
        }
    }

    /// Calls an endpoint.
    pub async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Error> {
        endpoint.read(&self.send(&endpoint.request()).await)
    }

    /// Calls an endpoint that must succeed.
    pub async fn must<E: Endpoint>(&self, endpoint: &E) -> E::Output {
        match self.call(endpoint).await {
            Ok(output) => output,
            Err(error) => panic!("{}: {error:?}", endpoint.request()),
        }
    }
}

fn read(status: u16, headers: &reqwest::header::HeaderMap, body: Vec<u8>) -> Response {
    let mut response = Response::new(status, body);
    for (name, value) in headers {
        response = response.header(name.as_str(), String::from_utf8_lossy(value.as_bytes()));
    }
    response
}
