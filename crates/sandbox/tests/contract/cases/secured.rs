//! A server that asks for a token: the same everywhere, and where one is had.

use super::{Case, answered, case};
use crate::target::Target;
use quiesce_api::token::Token;

const JSON: Option<&str> = Some("application/json;charset=UTF-8");
/// `alice:secret`, a user of the servers that tests start.
const RIGHT: &str = "Basic YWxpY2U6c2VjcmV0";
/// `not a token of this server`.
const FOREIGN: &str = "Bearer bm90IGEgdG9rZW4gb2YgdGhpcyBzZXJ2ZXI=";

/// Where a token is had, as a 401 says it.
async fn door(it: &Target) -> String {
    let answer = it.with_token("GET", "/v3/version", None).await;
    let body: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    body["auth_uri"][0].as_str().expect("an address").to_owned()
}

async fn token(it: &Target, path: &str) -> Token {
    let address = door(it).await.replace("/token", path);
    let answer = it.elsewhere("GET", &address, Some(RIGHT)).await;
    assert_eq!((answer.status, answer.get("content-type")), (200, Some("application/json;charset=utf-8")));
    assert_eq!((answer.get("cache-control"), answer.get("pragma")), (Some("no-store"), Some("no-cache")));
    serde_json::from_slice(&answer.body).expect("a token")
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("only the router's own status needs no token", "API 7.2, 8.1, trap 61", |it| {
            answered(
                &it.with_token("GET", "/status", None).await,
                200,
                Some("text/plain; charset=utf-8"),
                "OK",
            );
            for (method, target) in [
                ("GET", "/ping"),
                ("GET", "/v3/version"),
                ("GET", "/v3/nope"),
                ("GET", "/v3/namespaces/default/apps"),
                ("POST", "/v3/namespaces/default/stop"),
                ("OPTIONS", "/v3/namespaces/default/apps"),
            ] {
                let answer = it.with_token(method, target, None).await;
                answered(&answer, 401, JSON, "{\"auth_uri\":[\"");
                assert_eq!(answer.get("www-authenticate"), Some("Bearer realm=\"cdap\""));
            }
        }),
        case!("a wrong token is 401 and says why", "API 8.2", |it| {
            let words = "Failed to validate access token with reason: Invalid token signature.";
            for wrong in [FOREIGN, RIGHT] {
                let answer = it.with_token("GET", "/v3/version", Some(wrong)).await;
                answered(&answer, 401, JSON, words);
                let challenge =
                    format!("Bearer realm=\"cdap\" error=\"invalid_token\" error_description=\"{words}\"");
                assert_eq!(answer.get("www-authenticate"), Some(challenge.as_str()));
            }
        }),
        case!("a header of one word is none, and a token that is not base64 is 500", "API 8.2", |it| {
            answered(
                &it.with_token("GET", "/v3/version", Some("wrong")).await,
                401,
                JSON,
                "{\"auth_uri\":[\"",
            );
            let answer = it.with_token("GET", "/v3/version", Some("Bearer wrong")).await;
            answered(&answer, 500, None, "Last unit does not have enough valid bits");
        }),
        case!("a token is had for a name and a password only", "API 8.3", |it| {
            let door = door(it).await;
            for wrong in [None, Some("Basic YWxpY2U6d3Jvbmc=")] {
                let answer = it.elsewhere("GET", &door, wrong).await;
                answered(&answer, 401, Some("text/html;charset=iso-8859-1"), "401");
                assert_eq!(answer.get("www-authenticate"), Some("basic realm=\"null\""));
            }
            assert_eq!(it.elsewhere("POST", &door, Some(RIGHT)).await.status, 405);
        }),
        case!(
            "with a token all is as without security, whatever word stands before it",
            "API 8.2, 8.3",
            |it| {
                let token = token(it, "/token").await;
                assert_eq!(token.token_type, "Bearer");
                assert!(token.expires_in > 0);
                for word in ["Bearer", "Token"] {
                    let header = format!("{word} {}", token.access_token);
                    let answer = it.with_token("GET", "/v3/version", Some(&header)).await;
                    answered(&answer, 200, Some("application/json"), "6.11.0");
                    assert_eq!(it.with_token("GET", "/ping", Some(&header)).await.status, 200);
                }
            }
        ),
        case!("an extended token lives longer", "API 8.3, trap 59", |it| {
            assert!(token(it, "/extendedtoken").await.expires_in >= token(it, "/token").await.expires_in);
        }),
        case!("a token expires", "API 8.2, 8.3", |it| {
            let token = token(it, "/token").await;
            let header = format!("Bearer {}", token.access_token);
            assert_eq!(it.with_token("GET", "/v3/version", Some(&header)).await.status, 200);
            it.pass(token.expires_in + 1).await;
            let words = "Failed to validate access token with reason: Expired token.";
            answered(&it.with_token("GET", "/v3/version", Some(&header)).await, 401, JSON, words);
            answered(
                &it.with_token("POST", "/v3/namespaces/default/stop", Some(&header)).await,
                401,
                JSON,
                words,
            );
        }),
    ]
}
