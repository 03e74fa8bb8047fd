//! The answer of an authentication server.

use crate::error_response::{ErrorResponse, json_response};
use axum::body::Body;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

/// The code of the error for a name and a password that the authentication server rejects.
pub(super) const WRONG_CREDENTIALS: &str = "wrong_credentials";

/// A token with its lifetime. It has no `Debug`, so that no log contains it.
#[derive(Deserialize)]
pub struct Token {
    #[serde(rename = "access_token")]
    value: String,
    #[serde(rename = "token_type", default = "bearer")]
    scheme: String,
    expires_in: u64,
}

fn bearer() -> String {
    "Bearer".to_owned()
}

impl Token {
    /// Reads the response of an authentication server.
    pub(super) fn read(status: StatusCode, body: &[u8]) -> Result<Self, ErrorResponse> {
        if status == StatusCode::UNAUTHORIZED {
            // The body is a page of HTML.
            return Err(ErrorResponse::new(
                StatusCode::UNAUTHORIZED,
                WRONG_CREDENTIALS,
                "The authentication server rejected this name and password.",
            ));
        }
        if status != StatusCode::OK {
            let message = format!("The authentication server answered {status}.");
            return Err(not_understood(&message));
        }
        let token: Self = serde_json::from_slice(body)
            .map_err(|_| not_understood("The authentication server's answer contains no token."))?;
        let usable = !token.value.is_empty()
            && token.value.bytes().all(|byte| byte.is_ascii_graphic())
            && token.scheme.eq_ignore_ascii_case("bearer");
        if usable {
            Ok(token)
        } else {
            Err(not_understood("The authentication server's token is not a bearer token."))
        }
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let body = json!({
            "access_token": self.value,
            "token_type": bearer(),
            "expires_in": self.expires_in,
        });
        json_response(StatusCode::OK, &body)
    }
}

/// The error for an answer that does not follow docs/cdap-api.md#tokens.
pub(super) fn not_understood(message: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::BAD_GATEWAY, "auth_server_response", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Result<Token, &'static str> {
        Token::read(StatusCode::from_u16(status).unwrap(), body.as_bytes()).map_err(|error| error.code)
    }

    #[test]
    fn a_token_is_read_with_its_lifetime() {
        let token = read(200, r#"{"access_token":"AghyZXk=","token_type":"Bearer","expires_in":15}"#);
        let token = token.ok().unwrap();
        assert_eq!((token.value.as_str(), token.expires_in), ("AghyZXk=", 15));
    }

    #[test]
    fn an_answer_that_is_not_a_bearer_token_is_not_understood() {
        for (status, body) in [
            (200, ""),
            (200, "<html>"),
            (200, r#"{"access_token":"","token_type":"Bearer","expires_in":15}"#),
            (200, r#"{"access_token":"a\r\nx: y","token_type":"Bearer","expires_in":15}"#),
            (200, r#"{"access_token":"a","token_type":"Mac","expires_in":15}"#),
            (200, r#"{"access_token":"a","token_type":"Bearer","expires_in":-1}"#),
            (200, r#"{"access_token":"a","token_type":"Bearer"}"#),
            (302, r#"{"access_token":"a","token_type":"Bearer","expires_in":15}"#),
            (405, ""),
            (500, "broken"),
        ] {
            assert_eq!(read(status, body).err(), Some("auth_server_response"), "{status} {body}");
        }
        assert_eq!(read(401, "<html>").err(), Some("wrong_credentials"));
    }
}
