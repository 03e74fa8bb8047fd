//! A sandbox, and what is asked of it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use quiesce_sandbox::{Clock, Options, Profile, Sandbox};
use serde_json::{Value, json};
use tower::ServiceExt;

pub const NS: &str = "/v3/namespaces/default";
pub const POLLER: &str = "/v3/namespaces/default/apps/Warehouse/workers/StockPoller";

/// A sandbox whose time stands still.
pub struct Server(pub Router);

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    /// None if it was cut.
    pub body: Option<String>,
}

impl Answer {
    pub fn text(&self) -> &str {
        self.body.as_deref().expect("a whole body")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(self.text()).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok())
    }
}

impl Server {
    pub fn new(profile: Profile) -> Self {
        Self::with(Options { profile, ..Options::default() })
    }

    /// Its time stands still, so that nothing depends on the machine's.
    pub fn with(options: Options) -> Self {
        let clock = Clock::Fixed("2026-11-23T12:00:00Z".parse().expect("a time"));
        Self(Sandbox::new(Options { clock, ..options }).router())
    }

    pub async fn send(&self, method: &str, target: &str, body: &str, token: Option<&str>) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, token);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let (head, body) = self.0.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.ok();
        let body = body.map(|it| String::from_utf8_lossy(&it).into_owned());
        Answer { status: head.status, headers: head.headers, body }
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, "", None).await
    }

    pub async fn post(&self, target: &str, body: &str) -> Answer {
        self.send("POST", target, body, None).await
    }

    pub async fn advance(&self, seconds: i64) {
        let answer = self.post("/sandbox/clock", &json!({ "advance_seconds": seconds }).to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub async fn fault(&self, fault: Value) {
        let answer = self.post("/sandbox/faults", &fault.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// The newest run of a program that is alive, or else the newest.
    pub async fn run(&self, program: &str) -> Value {
        self.get(&format!("{program}/runs?limit=1")).await.json()[0].clone()
    }

    pub async fn stop_run(&self, program: &str, query: &str) -> (String, Answer) {
        let id = self.run(program).await["runid"].as_str().expect("an id").to_owned();
        let answer = self.post(&format!("{program}/runs/{id}/stop{query}"), "").await;
        (format!("{program}/runs/{id}"), answer)
    }
}

/// The grace that the record of a run tells, in seconds.
pub fn grace(run: &Value) -> i64 {
    run["terminate"].as_i64().expect("terminate") - run["stopping"].as_i64().expect("stopping")
}
