//! Applications: the list, deploying and deleting.

use super::media::JSON;
use super::request::{Request, json_type};
use super::response::{HandlerResult, Response};
use crate::json;
use crate::model::application::{Application, Artifact, Scope, Version};
use crate::model::deploy::ChangeSummary;
use crate::model::refusal::{Refusal, version as version_name};
use crate::model::server_state::ServerState;
use crate::seed;
use serde_json::{Map, Value};

/// What a name may be made of.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
}

/// A name that is none.
pub(super) fn check_name(name: &str) -> Result<(), Refusal> {
    if is_name(name) { Ok(()) } else { Err(Refusal::bad(format!("Invalid app name '{name}'"))) }
}

/// What the list is filtered by.
struct Filter<'a> {
    artifacts: Vec<&'a str>,
    artifact_version: Option<&'a str>,
    name: Option<&'a str>,
    equals: Option<&'a str>,
    latest_only: bool,
}

impl Filter<'_> {
    fn keeps(&self, application: &Application, version: &Version) -> bool {
        let name = &application.name;
        let named = self.name.is_none_or(|it| match self.equals {
            Some("EQUALS") => &**name == it,
            Some("EQUALS_IGNORE_CASE") => name.eq_ignore_ascii_case(it),
            _ => name.to_lowercase().contains(&it.to_lowercase()),
        });
        named
            && (self.artifacts.is_empty() || self.artifacts.contains(&&*version.artifact.name))
            && self.artifact_version.is_none_or(|it| &*version.artifact.version == it)
    }

    fn versions<'a>(&self, application: &'a Application) -> Vec<&'a Version> {
        if self.latest_only {
            return application.latest().into_iter().collect();
        }
        // All versions come in the order of their ids (record `apps-latest-only-false-upgraded`).
        let mut versions: Vec<_> = application.versions.iter().collect();
        versions.sort_by(|a, b| a.id.cmp(&b.id));
        versions
    }
}

/// The position of a page token: the name and the version after which a page begins. Neither has to exist any more.
fn position(token: &str) -> Result<(&str, &str), Refusal> {
    let mut fields = token.split('.');
    let (Some(name), Some(version)) = (fields.next(), fields.next()) else {
        return Err(Refusal::new(500, "Missing field: version"));
    };
    match fields.next() {
        None => Ok((name, version)),
        Some(rest) => Err(Refusal::new(500, format!("Expected end after field 'version' but got: {rest}"))),
    }
}

/// The order of the list: the store compares lengths first.
fn key<'a>(name: &'a str, version: &'a str) -> (usize, &'a str, usize, &'a str) {
    (name.len(), name, version.len(), version)
}

pub(super) fn list(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let name = parts.first().copied().unwrap_or_default();
    let order = request.choice("orderBy", &["ASC", "DESC"])?;
    let size = request.number("pageSize")?.filter(|it| *it > 0);
    let filter = Filter {
        artifacts: request
            .query("artifactName")
            .into_iter()
            .flat_map(|it| it.split(','))
            .filter(|it| !it.is_empty())
            .collect(),
        artifact_version: request.query("artifactVersion"),
        name: request.query("nameFilter").filter(|it| !it.is_empty()),
        equals: request.choice("nameFilterType", &["EQUALS", "CONTAINS", "EQUALS_IGNORE_CASE"])?,
        latest_only: request.flag("latestOnly", true),
    };
    let namespace = server.namespace(name)?;
    let after = request.query("pageToken").filter(|it| !it.is_empty()).map(position).transpose()?;
    let mut rows: Vec<(&Application, &Version)> = namespace
        .all()
        .flat_map(|it| filter.versions(it).into_iter().map(move |version| (it, version)))
        .filter(|(application, version)| filter.keeps(application, version))
        .collect();
    if order == Some("DESC") {
        rows.reverse();
    }
    let Some(size) = size.and_then(|it| usize::try_from(it).ok()) else {
        let rows = rows.iter().map(|(application, version)| server.listed(application, version, true));
        return Ok(Response::stream("[", rows, "]"));
    };
    let token =
        |(application, version): &(&Application, &Version)| format!("{}.{}", application.name, version.id);
    let from = match after {
        None => 0,
        Some((name, id)) => {
            let last = key(name, id);
            let beyond = |(application, version): &(&Application, &Version)| {
                let key = key(&application.name, &version.id);
                if order == Some("DESC") { key < last } else { key > last }
            };
            rows.iter().position(beyond).unwrap_or(rows.len())
        }
    };
    let page: Vec<_> = rows.iter().skip(from).take(size).collect();
    // A full page has a token, even if nothing follows.
    let next = page.last().filter(|_| page.len() == size).map(|row| token(row));
    let after =
        next.map_or_else(|| "]}".to_owned(), |it| format!("],\"nextPageToken\":{}}}", json::text(&it)));
    let rows = page.iter().map(|(application, version)| server.listed(application, version, true));
    Ok(Response::stream("{\"applications\":[", rows, &after))
}

/// Jars hold code, and the sandbox runs none. It knows what the one of the development CDAP makes.
pub(super) fn upload(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    server.namespace(namespace)?;
    let jar = request.header("x-archive-name").filter(|it| !it.is_empty());
    let jar = jar.ok_or_else(|| Refusal::bad("X-Archive-Name header not present"))?;
    if !jar.starts_with("sample-app-") {
        return Err(Refusal::new(
            501,
            "The sandbox knows no jar but sample-app-1.0.0.jar: it cannot run code.",
        ));
    }
    seed::sample_app(server, namespace);
    if !server.options.profile.keeps_versions() {
        return Ok(Response::text("Successfully deployed app Warehouse"));
    }
    let application = server.application(namespace, "Warehouse")?;
    let version = application.latest().ok_or_else(|| Refusal::missing("Warehouse"))?;
    Ok(Response::typed(200, JSON, server.listed(application, version, false)))
}

/// The body of a deployment.
fn app_request(request: &Request) -> Result<Map<String, Value>, Refusal> {
    let text = request.body_text();
    let not_an_object = |found: &str, column: usize| {
        Refusal::bad(format!(
            "java.lang.IllegalStateException: Expected BEGIN_OBJECT but was {found} at line 1 column {column} path $"
        ))
    };
    match request.json() {
        Ok(Some(Value::Object(body))) => Ok(body),
        Ok(Some(value @ (Value::Bool(_) | Value::Number(_)))) => {
            Err(not_an_object(json_type(&value), text.trim().len() + 1))
        }
        Ok(Some(other)) => Err(not_an_object(json_type(&other), 2)),
        Ok(None) => Err(Refusal::bad(
            "Cannot invoke \"io.cdap.cdap.proto.artifact.AppRequest.getArtifact()\" because \"appRequest\" is null",
        )),
        // A word without quotes is a string to the servers' library.
        Err(_) if !text.trim_start().starts_with(['{', '[', '"']) => Err(not_an_object("STRING", 1)),
        Err(error) => Err(Refusal::bad(error)),
    }
}

pub(super) fn deploy(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    check_name(name)?;
    server.namespace(namespace)?;
    let body = app_request(request)?;
    let null =
        |call: &str, name: &str| Refusal::bad(format!("Cannot invoke \"{call}\" because \"{name}\" is null"));
    let Some(artifact) = body.get("artifact").filter(|it| it.is_object()) else {
        return Err(null("io.cdap.cdap.api.artifact.ArtifactSummary.getScope()", "summary"));
    };
    let of = |key: &str| artifact.get(key).and_then(Value::as_str).unwrap_or_default();
    let scope = Scope::from_word(of("scope")).unwrap_or(Scope::User);
    if of("version").is_empty() {
        return Err(null("String.startsWith(String)", "version"));
    }
    let artifact = Artifact::new(of("name"), of("version"), scope);
    let config = body.get("config").cloned().unwrap_or_default();
    // A configuration may come as an object, or as the string that an export has.
    let config = match &config {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        _ => config,
    };
    let said = |key: &str| body.get("change").and_then(|it| it.get(key)).and_then(Value::as_str);
    let change_summary = ChangeSummary { description: said("description"), parent: said("parentVersion") };
    let id = server.deploy(namespace, name, artifact, &config, &change_summary)?;
    // A deployment makes schedules anew, and so suspended, unless it is told to let them be.
    if body.get("app.deploy.update.schedules") != Some(&Value::Bool(false)) {
        let schedules = server.find_mut(namespace, name).map(|it| it.schedules.iter_mut());
        schedules.into_iter().flatten().for_each(|schedule| schedule.enabled = false);
    }
    if !server.options.profile.keeps_versions() {
        return Ok(Response::text("Deploy Complete"));
    }
    let application = server.application(namespace, name)?;
    let version =
        application.version(&id).ok_or_else(|| Refusal::missing(version_name(namespace, name, &id)))?;
    Ok(Response::typed(200, JSON, server.listed(application, version, false)))
}

pub(super) fn delete(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    server.delete(namespace, name)?;
    Ok(Response::empty())
}

pub(super) fn delete_all(server: &mut ServerState, _: &Request, parts: &[&str]) -> HandlerResult {
    server.delete_all(parts.first().copied().unwrap_or_default())?;
    Ok(Response::empty())
}

pub(super) fn delete_version(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, _] = *parts else { return Err(request.cannot_execute()) };
    if server.options.profile.keeps_versions() {
        return Err(Refusal::new(403, "Deletion of specific app version is not allowed."));
    }
    server.delete(namespace, name)?;
    Ok(Response::empty())
}

/// The offsets that sources keep are not kept here, so there is nothing to forget.
pub(super) fn delete_state(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    match server.find(namespace, name) {
        Some(_) => Ok(Response::empty()),
        None => Err(Refusal::missing(version_name(namespace, name, crate::model::version::SNAPSHOT))),
    }
}
