//! The tokens of a secured server (recordings of the secured 6.11.0).

use crate::model::refusal::Refusal;
use crate::random::SeededRng;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;

/// The users, each with the password: those of the stand-alone CDAP of the tests.
const USERS: [(&str, &str); 2] = [("alice", "secret"), ("bob", "hunter2")];
/// The host of a request without a `Host` header.
pub(crate) const DEFAULT_HOST: &str = "localhost:10009";

/// Why a token is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenError {
    Missing,
    NotBase64,
    InvalidSignature,
    Expired,
}

impl TokenError {
    fn description(self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::NotBase64 => None,
            Self::InvalidSignature => {
                Some("Failed to validate access token with reason: Invalid token signature.")
            }
            Self::Expired => Some("Failed to validate access token with reason: Expired token."),
        }
    }

    /// The refusal of a request to a host. Unlike on a real server, tokens are issued by the same origin.
    pub(crate) fn refusal(self, host: &str) -> Refusal {
        let auth_uri = json!([format!("http://{host}/token")]);
        let body = match (self, self.description()) {
            (Self::NotBase64, _) => {
                return Refusal::bare(500, "Last unit does not have enough valid bits");
            }
            (_, None) => json!({"auth_uri": auth_uri}),
            (_, Some(text)) => {
                json!({"error": "invalid_token", "error_description": text, "auth_uri": auth_uri})
            }
        };
        Refusal {
            status: 401,
            text: body.to_string(),
            content_type: Some("application/json;charset=UTF-8"),
            closes: true,
        }
    }

    /// The `WWW-Authenticate` header of the refusal.
    pub(crate) fn challenge(self) -> Option<String> {
        match (self, self.description()) {
            (Self::NotBase64, _) => None,
            (_, None) => Some("Bearer realm=\"cdap\"".to_owned()),
            (_, Some(text)) => {
                Some(format!("Bearer realm=\"cdap\" error=\"invalid_token\" error_description=\"{text}\""))
            }
        }
    }
}

/// The issued tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    rng: SeededRng,
    /// Each token with its expiry, in milliseconds.
    issued: Vec<(String, i64)>,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: SeededRng::new(seed, &["tokens"]), issued: Vec::new() }
    }

    /// Issues a token for a user that expires at a time, in milliseconds.
    pub(crate) fn issue(&mut self, user: &str, expires: i64) -> String {
        // Avro's numbers are doubled.
        let mut bytes = vec![4, user.bytes().fold(0, |length, _| length + 2)];
        bytes.extend(user.bytes());
        bytes.extend((0..6).flat_map(|_| self.rng.next().to_be_bytes()));
        let token = BASE64.encode(bytes);
        self.issued.push((token.clone(), expires));
        token
    }

    /// Checks the `Authorization` header of a request.
    pub(crate) fn verify(&self, authorization: Option<&str>, now: i64) -> Result<(), TokenError> {
        let (_, token) = authorization.and_then(|it| it.split_once(' ')).ok_or(TokenError::Missing)?;
        let token = token.trim();
        BASE64.decode(token).map_err(|_| TokenError::NotBase64)?;
        match self.issued.iter().find(|(issued, _)| issued == token) {
            None => Err(TokenError::InvalidSignature),
            Some((_, expires)) if *expires <= now => Err(TokenError::Expired),
            Some(_) => Ok(()),
        }
    }
}

/// The user whose name and password an `Authorization` header contains.
pub(crate) fn user_of(authorization: &str) -> Option<&'static str> {
    let (_, basic) = authorization.split_once(' ')?;
    let basic = BASE64.decode(basic.trim()).ok()?;
    let matches = |(user, password): &(&str, &str)| basic == format!("{user}:{password}").into_bytes();
    USERS.into_iter().find(matches).map(|(user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(credentials: &str) -> String {
        format!("Basic {}", BASE64.encode(credentials))
    }

    #[test]
    fn each_user_has_a_password_of_their_own() {
        assert_eq!(user_of(&basic("alice:secret")), Some("alice"));
        assert_eq!(user_of(&basic("bob:hunter2")), Some("bob"));
        for wrong in ["alice:hunter2", "bob:secret", "carol:secret", "alice:", ""] {
            assert_eq!(user_of(&basic(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_begins_with_its_user() {
        let mut tokens = Tokens::new(1);
        for (user, length) in [("alice", 10), ("bob", 6)] {
            let token = BASE64.decode(tokens.issue(user, 0)).unwrap();
            assert_eq!(token[..2], [4, length]);
            assert_eq!(&token[2..2 + user.len()], user.as_bytes());
        }
    }
}
