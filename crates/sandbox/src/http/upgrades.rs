//! Upgrades of one application and of a list.

use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::json;
use crate::model::application::Scope;
use crate::model::refusal::{Refusal, version as version_name};
use crate::model::server_state::ServerState;
use crate::model::version::SNAPSHOT;
use serde_json::{Value, json};

/// What is said of everything that has no words of its own.
const INNER: &str = "Upgrade failed due to internal error.";

/// The scopes to look in, and whether snapshots count: the parameter is repeated, a list in one is none.
fn candidates(request: &Request) -> Result<(Vec<Scope>, bool), Refusal> {
    let word = |it| Scope::from_word(it).ok_or_else(|| Refusal::bad(format!("Invalid scope {it}")));
    let scopes = request.queries("artifactScope").map(word).collect::<Result<_, _>>()?;
    Ok((scopes, request.flag("allowSnapshot", false)))
}

fn entity(namespace: &str, application: &str, version: &str) -> Value {
    json!({"application": application, "version": version, "namespace": namespace, "entity": "APPLICATION"})
}

pub(super) fn one(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    server.namespace(namespace)?;
    let (scopes, snapshots) = candidates(request)?;
    let version = server.upgrade(namespace, name, SNAPSHOT, (&scopes, snapshots))?;
    Ok(Response::json(&json!({"statusCode": 200, "appId": entity(namespace, name, &version)})))
}

/// Always 200: each element has its own status, one after another.
pub(super) fn list(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    server.namespace(namespace)?;
    let (scopes, snapshots) = candidates(request)?;
    let body = request.list()?;
    let mut targets = Vec::with_capacity(body.len());
    for element in &body {
        let word = |key: &str| element.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
        let name = word("name").ok_or_else(|| Refusal::bad("Path parameter app-id cannot be empty"))?;
        targets.push((name, word("version").unwrap_or(SNAPSHOT)));
    }
    let mut responses = Vec::with_capacity(targets.len());
    for (name, version) in targets {
        // Who may not is told so only by an inner error.
        let may = server.faults.forbids(request, name).map_or(Ok(()), |_| Err(Refusal::new(500, INNER)));
        let response = match may.and_then(|()| server.upgrade(namespace, name, version, (&scopes, snapshots)))
        {
            Ok(new) => json!({"statusCode": 200, "appId": entity(namespace, name, &new)}),
            Err(refusal) => {
                let error = if refusal.status == 501 {
                    format!(
                        "Application {} does not support upgrade.",
                        version_name(namespace, name, version)
                    )
                } else if refusal.status == 500 {
                    INNER.to_owned()
                } else {
                    refusal.text
                };
                json!({"statusCode": refusal.status, "error": error, "appId": entity(namespace, name, version)})
            }
        };
        responses.push(json::write(&response));
    }
    Ok(Response::stream("[", responses, "]"))
}
