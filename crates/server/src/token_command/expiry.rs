//! When a token expires: a JSON Web Token (RFC 7519) says so, an opaque token does not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::time::{Duration, SystemTime};

#[derive(Deserialize)]
struct Claims {
    exp: f64,
}

/// The time in the `exp` claim of a JSON Web Token. The signature is not checked: the router does that.
pub(super) fn expiry(token: &str) -> Option<SystemTime> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(claims.exp).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_web_token_tells_when_it_expires_and_any_other_does_not() {
        let token = |claims: &str| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_418_581);
        assert_eq!(expiry(&token(r#"{"exp":1795418581,"sub":"a"}"#)), Some(at));
        for opaque in [
            "ya29.a0AfH6SMB",
            "AghyZXk=",
            "a.b.c",
            &token("{}"),
            &token(r#"{"exp":-1}"#),
            &token(r#"{"exp":1e300}"#),
        ] {
            assert_eq!(expiry(opaque), None, "{opaque}");
        }
    }
}
