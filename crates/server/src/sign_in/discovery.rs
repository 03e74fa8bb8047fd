//! The authentication server that a router names in its 401 (docs/cdap-api.md#authentication).

use super::address::AuthServerUrl;
use super::token::not_understood;
use crate::config::AuthHost;
use crate::error_response::ErrorResponse;
use http::StatusCode;
use serde::Deserialize;

/// Hosts to which a password may be sent because a router names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TrustedHosts {
    /// The router's own host, in lower case.
    pub router: String,
    /// Whether the router is reached over TLS: then the password must be encrypted, too.
    pub encrypted: bool,
    /// Other hosts.
    pub allowed: Vec<AuthHost>,
}

#[derive(Deserialize)]
struct Challenge {
    #[serde(default)]
    auth_uri: Vec<String>,
}

/// The first trusted address in the response of a router to a request without a token.
pub(super) fn auth_server(
    status: StatusCode,
    body: &[u8],
    trusted: &TrustedHosts,
) -> Result<AuthServerUrl, ErrorResponse> {
    if status.is_success() {
        return Err(no_auth_server("The router requires no token: its security is off."));
    }
    if status != StatusCode::UNAUTHORIZED {
        return Err(not_understood(&format!("The router answered {status} to a request without a token.")));
    }
    let challenge = serde_json::from_slice::<Challenge>(body).unwrap_or(Challenge { auth_uri: Vec::new() });
    let mut refusal = None;
    for text in &challenge.auth_uri {
        match check(text, trusted) {
            Ok(url) => return Ok(url),
            Err(error) => {
                refusal.get_or_insert(error);
            }
        }
    }
    Err(refusal.unwrap_or_else(|| {
        no_auth_server("The router names no authentication server. Start Quiesce with --auth-server URL.")
    }))
}

fn check(text: &str, trusted: &TrustedHosts) -> Result<AuthServerUrl, ErrorResponse> {
    let url = AuthServerUrl::named_by_router(text).map_err(|error| {
        not_understood(&format!("The router names an authentication server that is not valid: {error}."))
    })?;
    let host = url.host();
    let is_allowed = |it: &AuthHost| it.host == host && it.port.is_none_or(|port| port == url.port());
    if host != trusted.router && !trusted.allowed.iter().any(is_allowed) {
        return Err(refused(&format!(
            "The router names the authentication server {url}, whose host is not the router's. To send passwords \
             there, start Quiesce with --allow-auth-host {host}.",
        )));
    }
    if trusted.encrypted && !url.is_encrypted() {
        return Err(refused(&format!(
            "The router names the authentication server {url}, which would receive the password without TLS. To \
             allow that, start Quiesce with --auth-server {url}.",
        )));
    }
    Ok(url)
}

fn refused(message: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::FORBIDDEN, "auth_server_refused", message)
}

fn no_auth_server(message: &str) -> ErrorResponse {
    ErrorResponse::new(StatusCode::NOT_FOUND, "no_auth_server", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(status: u16, body: &str, encrypted: bool) -> Result<String, &'static str> {
        let trusted = TrustedHosts {
            router: "cdap.example".to_owned(),
            encrypted,
            allowed: ["auth.example", "other.example:10009"].map(|it| it.parse().unwrap()).into(),
        };
        auth_server(StatusCode::from_u16(status).unwrap(), body.as_bytes(), &trusted)
            .map(|url| url.to_string())
            .map_err(|error| error.code)
    }

    #[test]
    fn the_routers_own_host_and_an_allowed_host_are_trusted() {
        for url in [
            "http://cdap.example:10009/token",
            "http://CDAP.example:10009/token",
            "https://auth.example/token",
        ] {
            let body = format!(r#"{{"auth_uri":["{url}"],"error":"invalid_token"}}"#);
            assert!(found(401, &body, false).is_ok(), "{url}");
        }
        let body = r#"{"auth_uri":["http://evil.example/token","http://cdap.example:10009/token"]}"#;
        assert_eq!(found(401, body, false).as_deref(), Ok("http://cdap.example:10009/token"));
    }

    #[test]
    fn a_host_that_only_resembles_a_trusted_one_is_refused() {
        for host in [
            "evil.example",
            "other.example",
            "other.example:10010",
            "cdap.example.evil.example",
            "xcdap.example",
            "cdap.example.",
            "169.254.169.254",
            "localhost",
            "[::1]",
        ] {
            let body = format!(r#"{{"auth_uri":["http://{host}/token"]}}"#);
            assert_eq!(found(401, &body, false), Err("auth_server_refused"), "{host}");
        }
        let body = r#"{"auth_uri":["http://cdap.example@evil.example/token"]}"#;
        assert_eq!(found(401, body, false), Err("auth_server_response"));
    }

    #[test]
    fn a_router_with_tls_cannot_have_the_password_sent_without_it() {
        let body = r#"{"auth_uri":["http://cdap.example:10009/token"]}"#;
        assert_eq!(found(401, body, true), Err("auth_server_refused"));
        let body = r#"{"auth_uri":["https://cdap.example:10010/token"]}"#;
        assert!(found(401, body, true).is_ok());
    }

    #[test]
    fn a_router_without_security_or_without_an_address_has_no_authentication_server() {
        for (status, body) in
            [(200, "OK.\n"), (401, ""), (401, "<html>"), (401, "{}"), (401, r#"{"auth_uri":[]}"#)]
        {
            assert_eq!(found(status, body, false), Err("no_auth_server"), "{status} {body}");
        }
        assert_eq!(found(503, "", false), Err("auth_server_response"));
    }

    #[test]
    fn a_refusal_names_the_host_and_the_flag_that_allows_it() {
        let trusted =
            TrustedHosts { router: "cdap.example".to_owned(), encrypted: false, allowed: Vec::new() };
        let body = br#"{"auth_uri":["http://auth.example:10009/token"]}"#;
        let error = auth_server(StatusCode::UNAUTHORIZED, body, &trusted).unwrap_err();
        assert!(error.message.contains("http://auth.example:10009/token"), "{}", error.message);
        assert!(error.message.contains("--allow-auth-host auth.example"), "{}", error.message);
    }
}
