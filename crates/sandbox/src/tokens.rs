//! Tokens of a secured server, and what it says without a good one (records of the secured 6.11.0).

use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::ServerState;
use crate::model::refusal::Refusal;
use crate::random::SeededRng;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

/// The one user, and the password.
const BASIC: &str = "alice:secret";
/// How long an extended token lives, in seconds.
const EXTENDED: i64 = 604_800;
const BAD_SIGNATURE: &str = "Failed to validate access token with reason: Invalid token signature.";
const EXPIRED: &str = "Failed to validate access token with reason: Expired token.";

/// The page of a wrong password, as the authentication server writes it.
const REFUSED: &str = r#"<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>
<title>Error 401 Unauthorized</title>
</head>
<body><h2>HTTP ERROR 401 Unauthorized</h2>
<table>
<tr><th>URI:</th><td>/token</td></tr>
<tr><th>STATUS:</th><td>401</td></tr>
<tr><th>MESSAGE:</th><td>Unauthorized</td></tr>
<tr><th>SERVLET:</th><td>org.jboss.resteasy.plugins.server.servlet.HttpServletDispatcher-809fa00</td></tr>
</table>
<hr/><a href="https://eclipse.org/jetty">Powered by Jetty:// 9.4.51.v20230217</a><hr/>

</body>
</html>
"#;

/// The tokens that were given out.
#[derive(Debug)]
pub(crate) struct Tokens {
    rng: SeededRng,
    /// Token and when it expires, in milliseconds.
    given: Vec<(String, i64)>,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: SeededRng::new(seed, &["tokens"]), given: Vec::new() }
    }

    fn give(&mut self, expires: i64) -> String {
        let mut bytes = vec![4, 10];
        bytes.extend(b"alice");
        bytes.extend((0..6).flat_map(|_| self.rng.next().to_be_bytes()));
        let token = BASE64.encode(bytes);
        self.given.push((token.clone(), expires));
        token
    }
}

/// Where a token is got, as the answer of 401 says it. It is the same origin here, unlike on a real server.
fn auth_uri(request: Option<&Request>) -> Value {
    let host = request.and_then(|it| it.header("host")).unwrap_or("localhost:10009");
    json!([format!("http://{host}/token")])
}

fn unauthenticated(request: Option<&Request>, description: Option<&str>) -> Response {
    let (body, challenge) = match description {
        None => (json!({"auth_uri": auth_uri(request)}), "Bearer realm=\"cdap\"".to_owned()),
        Some(text) => (
            json!({"error": "invalid_token", "error_description": text, "auth_uri": auth_uri(request)}),
            format!("Bearer realm=\"cdap\" error=\"invalid_token\" error_description=\"{text}\""),
        ),
    };
    Response::typed(401, "application/json;charset=UTF-8", body.to_string())
        .header("www-authenticate", &challenge)
        .closing()
}

/// The refusal of a token that has expired, as a sentence of the fault injector.
pub(crate) fn expired() -> Refusal {
    let body = json!({"error": "invalid_token", "error_description": EXPIRED, "auth_uri": auth_uri(None)});
    Refusal {
        status: 401,
        text: body.to_string(),
        content_type: Some("application/json;charset=UTF-8"),
        closes: true,
    }
}

impl ServerState {
    /// What a request without a good token is answered; none if its token is good.
    pub(crate) fn refuses(&self, request: &Request) -> Option<Response> {
        let Some((_, token)) = request.header("authorization").and_then(|it| it.split_once(' ')) else {
            return Some(unauthenticated(Some(request), None));
        };
        if BASE64.decode(token.trim()).is_err() {
            let text = "Last unit does not have enough valid bits";
            return Some(Response::bare(500, text).closing());
        }
        match self.tokens.given.iter().find(|(given, _)| given == token.trim()) {
            None => Some(unauthenticated(Some(request), Some(BAD_SIGNATURE))),
            Some((_, expires)) if *expires <= self.now() => {
                Some(unauthenticated(Some(request), Some(EXPIRED)))
            }
            Some(_) => None,
        }
    }
}

#[allow(clippy::unnecessary_wraps, reason = "every handler has the type that the table of routes has")]
/// `GET /token` and `GET /extendedtoken`.
pub(crate) fn token(server: &mut ServerState, request: &Request, _: &[&str]) -> Result<Response, Refusal> {
    let known = request
        .header("authorization")
        .and_then(|it| it.split_once(' '))
        .and_then(|(_, basic)| BASE64.decode(basic.trim()).ok())
        .is_some_and(|it| it == BASIC.as_bytes());
    if !known {
        return Ok(Response::typed(401, "text/html;charset=iso-8859-1", REFUSED)
            .header("www-authenticate", "basic realm=\"null\""));
    }
    let seconds = if request.path == "/extendedtoken" { EXTENDED } else { server.settings.token };
    let expires = server.now().saturating_add(seconds.saturating_mul(1_000));
    let token = server.tokens.give(expires);
    let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": seconds});
    Ok(Response::typed(200, "application/json;charset=utf-8", body.to_string())
        .header("cache-control", "no-store")
        .header("pragma", "no-cache"))
}

#[allow(clippy::unnecessary_wraps, reason = "every handler has the type that the table of routes has")]
/// Any other method there.
pub(crate) fn no_method(_: &mut ServerState, _: &Request, _: &[&str]) -> Result<Response, Refusal> {
    Ok(Response::bare(405, "").header("allow", "HEAD, GET, OPTIONS"))
}
