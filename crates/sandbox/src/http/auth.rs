//! Authentication: the check of a request's token, and the authentication server's routes.

use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::model::server_state::ServerState;
use crate::tokens::{DEFAULT_HOST, user_of};
use serde_json::json;

/// The lifetime of an extended token, in seconds.
const EXTENDED_SECONDS: i64 = 604_800;

/// The authentication server's page for a wrong password.
const WRONG_PASSWORD: &str = r#"<html>
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

/// The response to a request whose token is rejected; `None` if it is valid.
pub(super) fn reject(server: &ServerState, request: &Request) -> Option<Response> {
    let error = server.tokens.verify(request.header("authorization"), server.now()).err()?;
    let response = Response::from(error.refusal(request.header("host").unwrap_or(DEFAULT_HOST)));
    Some(match error.challenge() {
        Some(challenge) => response.header("www-authenticate", &challenge),
        None => response,
    })
}

/// `GET /token` and `GET /extendedtoken`.
pub(super) fn token(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let Some(user) = request.header("authorization").and_then(user_of) else {
        return Ok(Response::typed(401, "text/html;charset=iso-8859-1", WRONG_PASSWORD)
            .header("www-authenticate", "basic realm=\"null\""));
    };
    let extended = request.path == "/extendedtoken";
    let seconds = if extended { EXTENDED_SECONDS } else { server.settings.token };
    let expires = server.now().saturating_add(seconds.saturating_mul(1_000));
    let token = server.tokens.issue(user, expires);
    let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": seconds});
    Ok(Response::typed(200, "application/json;charset=utf-8", body.to_string())
        .header("cache-control", "no-store")
        .header("pragma", "no-cache"))
}

/// Other methods of these routes.
pub(super) fn method_not_allowed(_: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::bare(405, "").header("allow", "HEAD, GET, OPTIONS"))
}
