//! Sign-in in the demo: the sandbox issues tokens in this process.

use super::credentials::Credentials;
use super::token::{Token, not_understood};
use crate::error_response::ErrorResponse;
use axum::body::{Body, to_bytes};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Uri};
use tower::ServiceExt;

/// The sandbox's route that issues tokens.
const ISSUER: &str = "/token";
/// The longest answer, in bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Asks the sandbox for a token.
pub async fn issue(routes: &axum::Router, credentials: &Credentials) -> Result<Token, ErrorResponse> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static(ISSUER);
    request.headers_mut().insert(AUTHORIZATION, credentials.to_basic()?);
    request.headers_mut().insert("host", HeaderValue::from_static("localhost"));
    let response = match routes.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let status = response.status();
    let body = to_bytes(response.into_body(), ANSWER_LIMIT)
        .await
        .map_err(|_| not_understood("The sandbox's answer is interrupted."))?;
    Token::read(status, &body)
}
