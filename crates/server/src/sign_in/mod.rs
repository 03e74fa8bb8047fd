//! Sign-in with name and password: `POST /auth/token` asks CDAP's authentication server for a token
//! (docs/cdap-api.md#tokens). The password is kept for one request, and neither it nor the token is logged.
//!
//! * [`Credentials`]: the name and the password of a request.
//! * [`AuthServerUrl`]: the address of an authentication server.
//! * [`SignIn`]: which authentication server a router has, and the request to it.
//! * [`Token`]: its answer.

mod address;
mod credentials;
mod discovery;
mod sandbox;
mod server;
mod token;

pub use address::AuthServerUrl;
pub use credentials::Credentials;
pub use sandbox::issue as issue_by_sandbox;
pub use server::{AuthServerSettings, SignIn};
pub use token::Token;

use crate::error_response::ErrorResponse;
use axum::body::Body;
use http::header::ALLOW;
use http::{HeaderValue, Method, Request, Response, StatusCode};

/// The path of the sign-in, below the path of its router.
pub const PATH: &str = "/auth/token";

/// Responds to a request for [`PATH`] with a token from `issue`.
pub async fn respond(
    request: Request<Body>,
    issue: impl AsyncFnOnce(&Credentials) -> Result<Token, ErrorResponse>,
) -> Response<Body> {
    if *request.method() != Method::POST {
        let message = "A sign-in is a POST with name and password.";
        return ErrorResponse::new(StatusCode::METHOD_NOT_ALLOWED, "method_refused", message)
            .with_header(ALLOW, HeaderValue::from_static("POST"))
            .into_response();
    }
    let credentials = match Credentials::read(request).await {
        Ok(credentials) => credentials,
        Err(error) => return error.into_response(),
    };
    match issue(&credentials).await {
        Ok(token) => token.into_response(),
        Err(error) => error.into_response(),
    }
}
