//! The name and the password of a sign-in.

use crate::error_response::ErrorResponse;
use axum::body::{Body, to_bytes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use serde::Deserialize;
use std::time::Duration;

/// The longest body, in bytes.
const BODY_LIMIT: usize = 4_096;
/// How long the browser may take to send the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// A name with its password. It has no `Debug`, so that no log contains it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    username: String,
    password: String,
}

impl Credentials {
    /// Reads them from the JSON body of a request.
    pub(super) async fn read(request: Request<Body>) -> Result<Self, ErrorResponse> {
        if !is_json(request.headers()) {
            return Err(ErrorResponse::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The content type of a sign-in is application/json.",
            ));
        }
        let body = tokio::time::timeout(BODY_TIMEOUT, to_bytes(request.into_body(), BODY_LIMIT)).await;
        let Ok(body) = body else {
            let message = format!("The body did not arrive within {} s.", BODY_TIMEOUT.as_secs());
            return Err(ErrorResponse::new(StatusCode::REQUEST_TIMEOUT, "bad_request", message));
        };
        let body = body.map_err(|_| bad_request("The body is interrupted, or longer than 4,096 bytes."))?;
        // The error of the parser may quote the password.
        let credentials: Self = serde_json::from_slice(&body)
            .map_err(|_| bad_request("The body must be {\"username\": \"…\", \"password\": \"…\"}."))?;
        if credentials.username.is_empty() || credentials.username.contains(':') {
            return Err(bad_request("The name must not be empty or contain a colon."));
        }
        Ok(credentials)
    }

    /// The `Authorization` header with these credentials.
    pub(super) fn to_basic(&self) -> Result<HeaderValue, ErrorResponse> {
        let pair = STANDARD.encode(format!("{}:{}", self.username, self.password));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}"))
            .map_err(|_| bad_request("Name and password cannot be sent."))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else { return false };
    let media_type = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

fn bad_request(message: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::BAD_REQUEST, "bad_request", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(media_type: &'static str, body: &str) -> Result<Credentials, &'static str> {
        let request = Request::post("/auth/token").header("content-type", media_type);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        Credentials::read(request).await.map_err(|error| error.code)
    }

    #[tokio::test]
    async fn a_name_and_a_password_become_a_basic_header_in_utf_8() {
        let body = r#"{"username": "alice", "password": "sécret:1"}"#;
        let credentials = read("Application/JSON; charset=utf-8", body).await.ok().unwrap();
        let basic = credentials.to_basic().unwrap();
        assert!(basic.is_sensitive());
        // printf 'alice:sécret:1' | base64
        assert_eq!(basic, "Basic YWxpY2U6c8OpY3JldDox");
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_incomplete_or_of_another_shape_is_refused() {
        let long = format!(r#"{{"username": "alice", "password": "{}"}}"#, "x".repeat(BODY_LIMIT));
        for body in [
            "",
            "{}",
            "[]",
            r#"{"username": "alice"}"#,
            r#"{"username": "alice", "password": 7}"#,
            r#"{"username": "alice", "password": "x", "host": "evil.example"}"#,
            r#"{"username": "", "password": "x"}"#,
            r#"{"username": "a:b", "password": "x"}"#,
            r#"{"username": "alice", "password": "x"} {}"#,
            &long,
        ] {
            assert_eq!(read("application/json", body).await.err(), Some("bad_request"), "{body}");
        }
    }

    #[tokio::test]
    async fn a_form_of_another_page_is_refused() {
        let body = r#"{"username": "alice", "password": "x"}"#;
        for media_type in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
            assert_eq!(read(media_type, body).await.err(), Some("unsupported_media_type"), "{media_type}");
        }
    }

    #[tokio::test]
    async fn no_error_quotes_the_password() {
        let request = Request::post("/auth/token").header("content-type", "application/json");
        let body = r#"{"username": "alice", "password": ["hunter2"], "hunter2": "hunter2"}"#;
        let error = Credentials::read(request.body(Body::from(body)).unwrap()).await.err().unwrap();
        assert!(!error.message.contains("hunter2"), "{}", error.message);
    }
}
