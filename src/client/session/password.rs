//! The request for a token with a name and a password, and what its answer means.

use super::credential::{Credential, Expiry, Token};
use quiesce_api::{Error, Request, Response, Timestamp, json};
use quiesce_lifecycle::user::UserName;
use serde::{Deserialize, Serialize};

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// The authentication server rejects the name or the password.
    WrongCredentials,
    /// Too many sign-ins from this address failed; no password was checked.
    TooManySignIns,
    /// The console knows no authentication server for this router.
    NoAuthServer,
    /// The router names an authentication server on a host that the console does not use; the server's message.
    AuthServerRefused(String),
    /// The authentication server does not answer; the server's message.
    AuthServerUnreachable(String),
    /// The authentication server did not answer in time; the server's message.
    AuthServerTimeout(String),
    /// The answer of the authentication server can't be read; the server's message.
    AuthServerResponse(String),
    /// The router rejects the token, or the console does not answer.
    Failed(Error),
}

/// The request for a token.
pub fn request(name: &str, password: &str) -> Request {
    #[derive(Serialize)]
    struct Body<'a> {
        username: &'a str,
        password: &'a str,
    }
    Request::post(["auth", "token"]).json(&Body { username: name, password })
}

/// Reads the answer to a request that was sent at a time for this user.
pub fn read(answer: &Response, user: &str, sent: Timestamp) -> Result<Credential, SignInError> {
    #[derive(Deserialize)]
    struct Issued {
        access_token: String,
        #[serde(default)]
        expires_in: Option<u32>,
    }
    if answer.status != 200 {
        return Err(refused(answer));
    }
    let unread = |message: String| SignInError::AuthServerResponse(message);
    let issued: Issued = json::from_slice(&answer.body).map_err(|error| unread(error.to_string()))?;
    let token = Token::read(&issued.access_token).map_err(|_| unread("access_token".to_owned()))?;
    let expiry = issued.expires_in.map(|seconds| Expiry::new(sent, seconds));
    Ok(Credential { token, user: Some(UserName::from(user)), expiry })
}

fn refused(answer: &Response) -> SignInError {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
        #[serde(default)]
        message: String,
    }
    let failed = || SignInError::Failed(Error::refused(answer));
    let Ok(Refusal { error, message }) = json::from_slice(&answer.body) else { return failed() };
    match error.as_str() {
        "wrong_credentials" => SignInError::WrongCredentials,
        "too_many_sign_ins" => SignInError::TooManySignIns,
        "no_auth_server" => SignInError::NoAuthServer,
        "auth_server_refused" => SignInError::AuthServerRefused(message),
        "auth_server_unreachable" => SignInError::AuthServerUnreachable(message),
        "auth_server_timeout" => SignInError::AuthServerTimeout(message),
        "auth_server_response" => SignInError::AuthServerResponse(message),
        _ => failed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn refusal(status: u16, error: &str) -> SignInError {
        let body = format!(r#"{{"error": "{error}", "message": "the message", "sent": "no"}}"#);
        read(&Response::new(status, body), "alice", at(0)).unwrap_err()
    }

    #[test]
    fn the_password_is_in_the_body_and_nowhere_else() {
        let request = request("alice", "se\"cret");
        assert_eq!(request.to_string(), "POST /auth/token");
        assert_eq!(request.body.as_deref(), Some(r#"{"username":"alice","password":"se\"cret"}"#));
    }

    #[test]
    fn an_issued_token_expires_after_its_seconds_from_the_request_on() {
        let body = r#"{"access_token": "AghhbGljZQ==", "token_type": "Bearer", "expires_in": 15}"#;
        let credential = read(&Response::new(200, body), "alice", at(100)).unwrap();
        assert_eq!(credential.token.secret(), "AghhbGljZQ==");
        assert_eq!(credential.user, Some("alice".into()));
        assert_eq!(credential.expiry.map(|it| it.at), Some(at(115)));
    }

    #[test]
    fn an_answer_without_a_usable_token_is_not_a_sign_in() {
        for body in ["", "<html>", "{}", r#"{"access_token": ""}"#, r#"{"access_token": "a b"}"#] {
            let error = read(&Response::new(200, body), "alice", at(0)).unwrap_err();
            assert!(matches!(error, SignInError::AuthServerResponse(_)), "{body}: {error:?}");
        }
    }

    #[test]
    fn each_code_of_the_server_has_its_own_meaning() {
        let message = || "the message".to_owned();
        for (status, code, error) in [
            (401, "wrong_credentials", SignInError::WrongCredentials),
            (429, "too_many_sign_ins", SignInError::TooManySignIns),
            (404, "no_auth_server", SignInError::NoAuthServer),
            (403, "auth_server_refused", SignInError::AuthServerRefused(message())),
            (502, "auth_server_unreachable", SignInError::AuthServerUnreachable(message())),
            (504, "auth_server_timeout", SignInError::AuthServerTimeout(message())),
            (502, "auth_server_response", SignInError::AuthServerResponse(message())),
        ] {
            assert_eq!(refusal(status, code), error, "{code}");
        }
        for (status, code) in [(400, "bad_request"), (415, "unsupported_media_type"), (403, "read_only")] {
            let SignInError::Failed(error) = refusal(status, code) else { panic!("{code}") };
            assert_eq!(error.refusal().unwrap().status, status);
        }
    }

    #[test]
    fn a_refusal_of_something_else_in_between_is_shown_as_it_is() {
        let error = read(&Response::new(413, "too large"), "alice", at(0)).unwrap_err();
        let SignInError::Failed(error) = error else { panic!("{error:?}") };
        assert_eq!(error.server_message(), Some("too large"));
    }
}
