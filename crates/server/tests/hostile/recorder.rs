//! A router that records what it receives, complete or not.

use crate::support::router::FakeRouter;
use axum::body::Body;
use http::{HeaderMap, Response};
use http_body_util::BodyExt;
use std::sync::{Arc, Mutex};

/// A request whose header arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub target: String,
    pub headers: HeaderMap,
    /// `None` if the body was interrupted, so that a router cannot execute the request.
    pub body: Option<String>,
}

impl Received {
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

/// What several servers forward.
#[derive(Clone, Default)]
pub struct Recorder {
    received: Arc<Mutex<Vec<Received>>>,
}

impl Recorder {
    /// Starts a router and returns its address.
    pub async fn router(&self) -> String {
        let received = Arc::clone(&self.received);
        FakeRouter::streaming(move |request| {
            let received = Arc::clone(&received);
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.ok();
                received.lock().expect("the record").push(Received {
                    method: parts.method.to_string(),
                    target: parts.uri.to_string(),
                    headers: parts.headers,
                    body: body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned()),
                });
                Response::new(Body::from("[]"))
            }
        })
        .await
    }

    /// What arrived since the last call.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().expect("the record"))
    }
}
