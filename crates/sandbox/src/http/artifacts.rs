//! Artifacts.

use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::model::application::{Artifact, Scope};
use crate::model::plugins::plugins_in;
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn describe(artifact: &Artifact) -> Value {
    json!({"name": *artifact.name, "version": *artifact.version, "scope": artifact.scope.word()})
}

fn scope(request: &Request) -> Result<Option<Scope>, Refusal> {
    match request.query("scope").filter(|it| !it.is_empty()) {
        None => Ok(None),
        Some(word) => {
            Scope::from_word(word).map(Some).ok_or_else(|| Refusal::bad(format!("Invalid scope {word}")))
        }
    }
}

/// The artifacts that a namespace sees: the system's and its own, or those of one scope.
fn seen<'a>(
    server: &'a ServerState,
    namespace: &str,
    scope: Option<Scope>,
) -> Result<Vec<&'a Artifact>, Refusal> {
    let own = &server.namespace(namespace)?.artifacts;
    let all = server.system_artifacts.iter().chain(own);
    Ok(all.filter(|it| scope.is_none_or(|scope| it.scope == scope)).collect())
}

pub(super) fn list(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let artifacts = seen(server, namespace, scope(request)?)?;
    Ok(Response::json(&artifacts.into_iter().map(describe).collect::<Value>()))
}

/// Without a scope it is the namespace's own.
pub(super) fn versions(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    request.number("limit")?;
    let order = request.query("order");
    if let Some(order) = order.filter(|it| !["DESC", "ASC", "UNORDERED"].contains(it)) {
        let text = format!("No enum constant io.cdap.cdap.proto.artifact.ArtifactSortOrder.{order}");
        return Err(Refusal::new(500, text));
    }
    let scope = scope(request)?.unwrap_or(Scope::User);
    let mut found = seen(server, namespace, Some(scope))?;
    found.retain(|it| &*it.name == name);
    if found.is_empty() {
        let home = if scope == Scope::System { "system" } else { namespace };
        return Err(Refusal::missing(format_args!("{home}:{name}")));
    }
    if order == Some("DESC") {
        found.sort_by_key(|it| std::cmp::Reverse(it.rank()));
    }
    Ok(Response::json(&found.into_iter().map(describe).collect::<Value>()))
}

/// An artifact is a name and a version here: what is in the jar is not looked at.
pub(super) fn upload(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    server.namespace(namespace)?;
    let artifact = Artifact::new(name, request.header("artifact-version").unwrap_or("1.0.0"), Scope::User);
    server.add_artifact(namespace, artifact);
    Ok(Response::text("Artifact added successfully"))
}

pub(super) fn delete(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, version] = *parts else { return Err(request.cannot_execute()) };
    server.namespace(namespace)?;
    let own = server.namespaces.get_mut(namespace).map(|it| &mut it.artifacts);
    let at =
        own.as_ref().and_then(|own| own.iter().position(|it| &*it.name == name && &*it.version == version));
    match own.zip(at) {
        Some((own, at)) => {
            own.remove(at);
            Ok(Response::empty())
        }
        None => Err(Refusal::missing(format_args!("artifact:{namespace}.{name}.{version}"))),
    }
}

/// The artifacts that have a plugin for an artifact of applications, which the scope is of.
pub(super) fn plugin(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, version, kind, plugin] = *parts else { return Err(request.cannot_execute()) };
    let scope = scope(request)?.unwrap_or(Scope::User);
    let home = if scope == Scope::System { "system" } else { namespace };
    let parents = seen(server, namespace, Some(scope))?;
    if !parents.iter().any(|it| &*it.name == name && &*it.version == version) {
        return Err(Refusal::missing(format_args!("{home}:{name}")));
    }
    let found = server.with_plugin(namespace, kind, plugin);
    if found.is_empty() {
        return Err(Refusal::missing(format_args!("{home}:{kind}:{plugin}")));
    }
    let describe = |it| json!({"name": plugin, "type": kind, "properties": {}, "artifact": describe(it)});
    Ok(Response::json(&found.into_iter().map(describe).collect::<Value>()))
}

/// An artifact that must be there; its scope is the namespace's own unless the query names another.
fn artifact<'a>(server: &'a ServerState, request: &Request, parts: &[&str]) -> Result<&'a Artifact, Refusal> {
    let [namespace, name, version, ..] = *parts else { return Err(request.cannot_execute()) };
    let scope = scope(request)?.unwrap_or(Scope::User);
    let artifacts = seen(server, namespace, Some(scope))?;
    if !version.starts_with(|it: char| it.is_ascii_digit()) {
        return Err(Refusal::bad(format!("Invalid artifact version {version}")));
    }
    let home = if scope == Scope::System { "system" } else { namespace };
    let found = artifacts.into_iter().find(|it| &*it.name == name && &*it.version == version);
    found.ok_or_else(|| Refusal::missing(format_args!("artifact:{home}.{name}.{version}")))
}

/// The pipeline artifacts, which plugins extend.
const PIPELINES: [&str; 2] = ["cdap-data-pipeline", "cdap-data-streams"];

/// An artifact in detail. Of its classes the types and names are known here.
pub(super) fn detail(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let artifact = artifact(server, request, parts)?;
    let requirements = json!({"datasetTypes": [], "capabilities": []});
    let plugins: Vec<Value> = plugins_in(artifact)
        .map(|(kind, name)| {
            json!({"type": kind, "name": name, "properties": {}, "requirements": requirements})
        })
        .collect();
    let class = match &*artifact.name {
        "cdap-data-pipeline" => Some("io.cdap.cdap.datapipeline.DataPipelineApp"),
        "cdap-data-streams" => Some("io.cdap.cdap.datastreams.DataStreamsApp"),
        "sample-app" => Some("fixtures.Warehouse"),
        _ => None,
    };
    let applications: Vec<Value> = class
        .into_iter()
        .map(|class| json!({"className": class, "description": "", "requirements": requirements}))
        .collect();
    let bound = |major: u32| json!({"version": format!("{major}.0.0"), "major": major, "minor": 0, "fix": 0});
    let parents: Vec<Value> = PIPELINES
        .into_iter()
        .filter(|_| !plugins.is_empty())
        .map(|name| {
            json!({
                "namespace": "system", "name": name, "lower": bound(6), "upper": bound(7),
                "isLowerInclusive": true, "isUpperInclusive": false,
            })
        })
        .collect();
    Ok(Response::json(&json!({
        "classes": {"apps": applications, "plugins": plugins},
        "properties": {},
        "parents": parents,
        "name": *artifact.name,
        "version": *artifact.version,
        "scope": artifact.scope.word(),
    })))
}

/// The artifacts whose plugins an artifact can use: a pipeline's those of all, another its own.
fn extending<'a>(
    server: &'a ServerState,
    request: &Request,
    parts: &[&str],
) -> Result<Vec<&'a Artifact>, Refusal> {
    let artifact = artifact(server, request, parts)?;
    if PIPELINES.contains(&&*artifact.name) {
        seen(server, parts.first().copied().unwrap_or_default(), None)
    } else {
        Ok(vec![artifact])
    }
}

/// The types of the plugins that an artifact can use.
pub(super) fn plugin_types(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let artifacts = extending(server, request, parts)?;
    let types: BTreeSet<_> = artifacts.into_iter().flat_map(plugins_in).map(|(kind, _)| kind).collect();
    Ok(Response::json(&types))
}

/// The plugins of a type that an artifact can use.
pub(super) fn plugins_of_type(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let wanted = parts.last().copied().unwrap_or_default();
    let plugins = extending(server, request, parts)?.into_iter().flat_map(|artifact| {
        let of_type = plugins_in(artifact).filter(|(kind, _)| *kind == wanted);
        of_type.map(|(kind, name)| json!({"name": name, "type": kind, "artifact": describe(artifact)}))
    });
    Ok(Response::json(&plugins.collect::<Value>()))
}
