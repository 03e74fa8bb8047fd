//! What an operator's tools ask: `/-/healthy`, `/-/ready` and `/-/metrics`.

use crate::backend::Backend;
use crate::error_response::{ErrorResponse, json_response};
use crate::observation::{MEDIA_TYPE, Metrics};
use crate::routers::Routers;
use axum::body::Body;
use futures_util::future::join_all;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The first segment of these paths.
const PREFIX: &str = "/-/";
/// How long the state of the routers is kept: many probes cause one request.
const CACHED: Duration = Duration::from_secs(1);

/// The state of the routers as last read.
#[derive(Debug, Default)]
pub struct Health {
    last: Mutex<Option<(Instant, Vec<bool>)>>,
}

impl Health {
    /// Responds to a request for a path of this module; `None` if it is none.
    pub async fn respond(
        &self,
        method: &Method,
        path: &str,
        routers: &Routers,
        metrics: &Metrics,
    ) -> Option<Result<Response<Body>, ErrorResponse>> {
        let name = path.strip_prefix(PREFIX)?;
        if !matches!(name, "healthy" | "ready" | "metrics") {
            return None;
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Some(Err(ErrorResponse::only_reads(format!("{path} can only be read."))));
        }
        Some(match name {
            "healthy" => Ok(text("text/plain; charset=utf-8", "healthy\n".to_owned())),
            "ready" => Ok(self.ready(routers).await),
            _ => metrics.to_text().map(|metrics| text(MEDIA_TYPE, metrics)).map_err(|_| {
                let message = "The metrics cannot be written.";
                ErrorResponse::new(StatusCode::INTERNAL_SERVER_ERROR, "metrics_failed", message)
            }),
        })
    }

    /// 200 if at least one router can be reached: with several, the others can still be used.
    async fn ready(&self, routers: &Routers) -> Response<Body> {
        let reachable = self.reachable(routers).await;
        let list: Vec<Value> = routers
            .all()
            .iter()
            .zip(&reachable)
            .map(|(router, reachable)| json!({ "name": router.name(), "reachable": reachable }))
            .collect();
        let ready = reachable.contains(&true);
        let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        json_response(status, &json!({ "ready": ready, "routers": list }))
    }

    async fn reachable(&self, routers: &Routers) -> Vec<bool> {
        // Held while the routers are asked, so that they are asked once.
        let mut last = self.last.lock().await;
        if let Some((read, states)) = &*last
            && read.elapsed() < CACHED
        {
            return states.clone();
        }
        let states = join_all(routers.all().iter().map(|router| async {
            match &router.backend {
                Backend::Router { proxy, .. } => proxy.is_reachable().await,
                Backend::Sandbox { .. } => true,
            }
        }))
        .await;
        *last = Some((Instant::now(), states.clone()));
        states
    }
}

fn text(media_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
