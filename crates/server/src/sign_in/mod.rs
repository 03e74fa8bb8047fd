//! Sign-in with name and password: `POST /auth/token` asks CDAP's authentication server for a token
//! (docs/cdap-api.md#tokens). The password is kept for one request, and neither it nor the token is logged.
//!
//! * [`Attempts`]: how many sign-ins of one address may fail.
//! * [`Credentials`]: the name and the password of a request.
//! * [`AuthServerUrl`]: the address of an authentication server.
//! * [`SignIn`]: which authentication server a router has, and the request to it.
//! * [`Token`]: its answer.

mod address;
mod attempts;
mod credentials;
mod discovery;
mod sandbox;
mod server;
mod token;

pub use address::AuthServerUrl;
pub use attempts::Attempts;
pub use credentials::Credentials;
pub use sandbox::issue as issue_by_sandbox;
pub use server::{AuthServerSettings, SignIn};
pub use token::Token;

use crate::error_response::ErrorResponse;
use crate::peer::ClientAddress;
use attempts::WINDOW;
use axum::body::Body;
use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use token::WRONG_CREDENTIALS;

/// The path of the sign-in, below the path of its router.
pub const PATH: &str = "/auth/token";

/// Responds to a request for [`PATH`] with a token from `issue`, if not too many failed.
pub async fn respond(
    request: Request<Body>,
    attempts: &Attempts,
    issue: impl AsyncFnOnce(&Credentials) -> Result<Token, ErrorResponse>,
) -> Response<Body> {
    if *request.method() != Method::POST {
        let message = "A sign-in is a POST with name and password.";
        return ErrorResponse::new(StatusCode::METHOD_NOT_ALLOWED, "method_refused", message)
            .with_header(ALLOW, HeaderValue::from_static("POST"))
            .into_response();
    }
    let address = request.extensions().get::<ClientAddress>();
    let address = address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |it| it.0);
    let credentials = match Credentials::read(request).await {
        Ok(credentials) => credentials,
        Err(error) => return error.into_response(),
    };
    let attempt = match attempts.begin(address, Instant::now()) {
        Ok(attempt) => attempt,
        Err(wait) => return too_many(attempts.limit(), wait).into_response(),
    };
    let issued = issue(&credentials).await;
    if !issued.as_ref().is_err_and(|error| error.code == WRONG_CREDENTIALS) {
        attempt.forget();
    }
    match issued {
        Ok(token) => token.into_response(),
        Err(error) => error.into_response(),
    }
}

fn too_many(limit: usize, wait: Duration) -> ErrorResponse {
    let seconds = wait.as_secs().saturating_add(1);
    let message = format!(
        "Of the sign-ins from this address, {limit} failed within {} s. Try again in {seconds} s.",
        WINDOW.as_secs()
    );
    ErrorResponse::new(StatusCode::TOO_MANY_REQUESTS, "too_many_sign_ins", message)
        .with_header(RETRY_AFTER, HeaderValue::from(seconds))
}
