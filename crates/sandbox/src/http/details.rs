//! Applications in detail.

use super::applications::check_name;
use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::model::pipeline::Pipeline;
use crate::model::refusal::{Refusal, version as version_name};
use crate::model::server_state::ServerState;
use crate::model::version::SNAPSHOT;
use serde_json::{Value, json};

pub(super) fn latest(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    check_name(name)?;
    server.namespace(namespace)?;
    let application = server.application(namespace, name)?;
    let version = application.latest().ok_or_else(|| Refusal::missing(name))?;
    Ok(Response::json(&server.detail(application, version, false)))
}

pub(super) fn version(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, id] = *parts else { return Err(request.cannot_execute()) };
    server.namespace(namespace)?;
    Ok(Response::json(&one(server, namespace, name, id)?))
}

fn one(server: &ServerState, namespace: &str, name: &str, id: &str) -> Result<Value, Refusal> {
    let found = server.find(namespace, name).and_then(|it| Some((it, it.version(id)?)));
    let (application, version) = found.ok_or_else(|| Refusal::missing(version_name(namespace, name, id)))?;
    Ok(server.detail(application, version, false))
}

pub(super) fn versions(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    server.namespace(namespace)?;
    let application = server
        .find(namespace, name)
        .ok_or_else(|| Refusal::missing(version_name(namespace, name, SNAPSHOT)))?;
    let ids = application.versions.iter().rev().map(|version| json!(*version.id));
    Ok(Response::json(&ids.collect::<Value>()))
}

pub(super) fn plugins(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    server.namespace(namespace)?;
    let application = server.application(namespace, name)?;
    let pipeline = application.latest().and_then(|it| it.definition.pipeline.as_ref());
    Ok(Response::json(&pipeline.map(Pipeline::plugin_specs).unwrap_or_default()))
}

/// Without a version, or with the word for the latest one, 6.11.0 finds nothing (`appdetail-batch-…`).
pub(super) fn batch(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    server.namespace(namespace)?;
    if let Some(other) = request.json().ok().flatten().filter(|it| !it.is_array()) {
        let class = if other.is_object() { "JsonObject" } else { "JsonPrimitive" };
        let text = format!("Cannot cast com.google.gson.{class} to com.google.gson.JsonArray");
        return Err(Refusal::new(500, text));
    }
    let elements = request.list()?;
    if elements.iter().any(|it| !it.is_object()) {
        return Err(Refusal::bad("Request element is expected to be a json object."));
    }
    let mut responses = Vec::with_capacity(elements.len());
    for element in &elements {
        let word = |key: &str| element.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
        let Some(name) = word("appId") else {
            return Err(Refusal::bad("Missing 'appId' in the request element."));
        };
        let version = word("version").unwrap_or(SNAPSHOT);
        let found = if version == SNAPSHOT && server.options.profile.keeps_versions() {
            Err(Refusal::missing(version_name(namespace, name, SNAPSHOT)))
        } else {
            one(server, namespace, name, version)
        };
        responses.push(match found {
            Ok(detail) => json!({"statusCode": 200, "detail": detail}),
            Err(refusal) => json!({"statusCode": refusal.status, "error": refusal.text}),
        });
    }
    Ok(Response::json(&responses))
}
