//! Parts of a server that nothing here uses: compute profiles, secure keys, operations, service providers.

use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;
use serde_json::{Value, json};

/// When the native profile was made, in seconds: an hour before a server of the development CDAP is looked at.
const MADE: i64 = 3_600;

fn native(server: &ServerState) -> Value {
    json!({
        "name": "native",
        "label": "native",
        "description": "Runs programs locally on the cluster",
        "scope": "SYSTEM",
        "status": "ENABLED",
        "provisioner": {"name": "native", "properties": [], "totalProcessingCpusLabel": "Custom"},
        "created": server.now().div_euclid(1_000) - MADE,
    })
}

pub(super) fn system_profiles(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::json(&[native(server)]))
}

pub(super) fn system_profile(server: &mut ServerState, _: &Request, parts: &[&str]) -> HandlerResult {
    one_profile(server, "system", parts.first().copied().unwrap_or_default())
}

/// A namespace that does not exist has none either.
pub(super) fn profiles(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let system = request.flag("includeSystem", false).then(|| native(server));
    Ok(Response::json(&system.into_iter().collect::<Vec<_>>()))
}

pub(super) fn profile(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    one_profile(server, namespace, name)
}

fn one_profile(server: &ServerState, namespace: &str, name: &str) -> HandlerResult {
    if !name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-')) {
        let text = "Should only contain alphanumeric characters and _ or -.";
        return Err(Refusal::bad(format!("Invalid profile ID: {name}. {text}")));
    }
    if (namespace, name) == ("system", "native") {
        return Ok(Response::json(&native(server)));
    }
    Err(Refusal::missing(format_args!("profile:{namespace}.{name}")))
}

pub(super) fn secure_keys(_: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Err(Refusal::new(
        501,
        "Secure store is not configured. To use secure store please set \"security.store.provider\" property in \
         cdap-site.xml.",
    ))
}

pub(super) fn operations(_: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::stream("{\"operations\":[", [], "]}"))
}

pub(super) fn operation(_: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, id] = *parts else { return Err(request.cannot_execute()) };
    Err(Refusal::new(404, format!("Operation run {id} does not exist in namespace {namespace}")))
}

pub(super) fn service_providers(_: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::json(&json!({})))
}
