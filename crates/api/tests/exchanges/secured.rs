//! A secured server and its authentication server.

use crate::harness::{Case, Record, SECURED, case, refusal};
use quiesce_api::application::ListApplications;
use quiesce_api::stop::{Graceful, StopBatch};
use quiesce_api::system::{GetRouterStatus, GetVersion, Ping};
use quiesce_api::token::Token;
use quiesce_api::{Endpoint, Error, RefusalKind};
use std::fmt::Debug;

const INVALID: &str = "Failed to validate access token with reason: Invalid token signature.";

pub fn cases() -> Vec<Case> {
    vec![
        case(SECURED, "router-status-without-token", |r| assert_eq!(r.good(&GetRouterStatus), "OK")),
        case(SECURED, "ping-without-token", |r| challenged(r, &Ping, "")),
        case(SECURED, "version-without-token", |r| challenged(r, &GetVersion, "")),
        case(SECURED, "version-one-word", |r| challenged(r, &GetVersion, "")),
        case(SECURED, "version-wrong-token-base64", |r| challenged(r, &GetVersion, INVALID)),
        // The router treats HTTP Basic credentials as an invalid token.
        case(SECURED, "version-basic", |r| challenged(r, &GetVersion, INVALID)),
        case(SECURED, "version-expired-token", |r| challenged(r, &GetVersion, &expired(r))),
        case(SECURED, "stop-expired-token", |r| challenged(r, &stop_nothing(r), &expired(r))),
        // A token that is not base64 is answered with 500, and the outcome is unknown.
        case(SECURED, "version-wrong-token", |r| {
            let error = r.read(&GetVersion).unwrap_err();
            refusal(&error, 500, RefusalKind::ServerError, "Last unit does not have enough valid bits");
            assert!(error.leaves_doubt());
        }),
        case(SECURED, "version-with-token", |r| assert_eq!(r.good(&GetVersion).version, "6.11.0")),
        case(SECURED, "version-with-token-other-word", |r| {
            assert_eq!(r.good(&GetVersion).version, "6.11.0");
        }),
        case(SECURED, "ping-with-token", |r| assert_eq!(r.good(&Ping), "OK.")),
        case(SECURED, "apps-with-token", |r| {
            let list = r.good(&ListApplications::all(r.namespace()));
            assert!(list.rows.is_whole() && list.rows.good.is_empty());
        }),
        case(SECURED, "stop-with-token", |r| assert_eq!(r.rows(&stop_nothing(r)), [])),
        // The authentication server is not part of this API: the console's server calls it.
        case(SECURED, "token", |r| token(r, "/token", 10)),
        case(SECURED, "extendedtoken", |r| token(r, "/extendedtoken", 604_800)),
        case(SECURED, "auth-status", |r| {
            assert_eq!((r.method.as_str(), r.target.as_str()), ("GET", "/status"));
            refusal(&Error::refused(&r.response), 302, RefusalKind::Unexpected, "");
        }),
        case(SECURED, "token-without-password", no_password),
        case(SECURED, "token-wrong-password", no_password),
        case(SECURED, "token-post", |r| {
            assert_eq!((r.method.as_str(), r.target.as_str()), ("POST", "/token"));
            refusal(&Error::refused(&r.response), 405, RefusalKind::MethodNotAllowed, "");
        }),
    ]
}

/// A 401 that names the address of the authentication server.
#[track_caller]
fn challenged<E: Endpoint<Output: Debug>>(r: &Record, endpoint: &E, words: &str) {
    let error = r.read(endpoint).unwrap_err();
    refusal(&error, 401, RefusalKind::Unauthenticated, words);
    assert_eq!(error.refusal().unwrap().auth_uris, ["http://localhost:10009/token"]);
    assert!(!error.leaves_doubt());
}

/// The message for an expired token.
fn expired(r: &Record) -> String {
    let text = r.response.text();
    let (_, rest) = text.split_once("\"error_description\":\"").unwrap();
    let (words, _) = rest.split_once('"').unwrap();
    assert!(words.contains("xpired"), "{words}");
    words.to_owned()
}

fn stop_nothing(r: &Record) -> StopBatch {
    StopBatch { namespace: r.namespace(), programs: Vec::new(), graceful: Graceful::Absent }
}

fn token(r: &Record, path: &str, seconds: u64) {
    assert_eq!((r.method.as_str(), r.target.as_str()), ("GET", path));
    let token: Token = serde_json::from_slice(&r.response.body).unwrap();
    assert_eq!((token.token_type.as_str(), token.expires_in), ("Bearer", seconds));
    assert!(!format!("{token:?}").contains(&token.access_token), "no log ever has the token");
}

/// The authentication server's 401 is an HTML page, not the challenge of the API: it has a message, but no address.
fn no_password(r: &Record) {
    assert_eq!((r.method.as_str(), r.target.as_str()), ("GET", "/token"));
    let error = Error::refused(&r.response);
    let refusal = error.refusal().unwrap();
    assert_eq!((refusal.status, refusal.kind), (401, RefusalKind::Unauthenticated));
    assert!(refusal.auth_uris.is_empty() && refusal.message.starts_with("<html>"));
}
