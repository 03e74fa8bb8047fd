//! Which requests for the API are answered: those of the console, and on a read-only server those that change nothing.

use crate::error_response::ErrorResponse;
use axum::body::{Body, to_bytes};
use http::header::ALLOW;
use http::{HeaderValue, Method, Request, StatusCode};
use quiesce_api::routes::{Harmless, NoRoute, Route, RouteKind, find};
use std::time::Duration;

/// The longest body, in bytes, that is compared with that of a harmless request.
const HARMLESS_LIMIT: usize = 64;
/// How long such a body may take.
const HARMLESS_TIMEOUT: Duration = Duration::from_secs(10);

/// Finds the route of a request.
pub fn route(method: &Method, path: &str) -> Result<&'static Route, ErrorResponse> {
    find(method.as_str(), path).map_err(|error| match error {
        NoRoute::Path => {
            let message = format!("The console does not use {path}, so this server does not forward it.");
            ErrorResponse::new(StatusCode::NOT_FOUND, "not_forwarded", message)
        }
        NoRoute::Method(methods) => {
            let methods: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
            let methods = methods.join(", ");
            let message = format!("The console uses {path} with {methods} only; {method} is not forwarded.");
            let error = ErrorResponse::new(StatusCode::METHOD_NOT_ALLOWED, "method_refused", message);
            match HeaderValue::from_str(&methods) {
                Ok(methods) => error.with_header(ALLOW, methods),
                Err(_) => error,
            }
        }
    })
}

/// Accepts a request that changes nothing; `kind` is that of its route.
pub async fn read_only(kind: RouteKind, request: Request<Body>) -> Result<Request<Body>, ErrorResponse> {
    match kind {
        RouteKind::Read => Ok(request),
        RouteKind::Write => Err(refused(&request)),
        RouteKind::WriteUnless(harmless) => harmless_only(harmless, request).await,
    }
}

async fn harmless_only(harmless: Harmless, request: Request<Body>) -> Result<Request<Body>, ErrorResponse> {
    let refused = refused(&request);
    if request.uri().query() != Some(harmless.query) {
        return Err(refused);
    }
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(HARMLESS_TIMEOUT, to_bytes(body, HARMLESS_LIMIT)).await;
    match body {
        Ok(Ok(body)) if body == harmless.body.as_bytes() => Ok(Request::from_parts(parts, Body::from(body))),
        _ => Err(refused),
    }
}

fn refused(request: &Request<Body>) -> ErrorResponse {
    let message = format!(
        "This server is read-only: {} {} would change something.",
        request.method(),
        request.uri().path()
    );
    ErrorResponse::new(StatusCode::FORBIDDEN, "read_only", message)
}
