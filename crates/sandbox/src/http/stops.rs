//! Stops, and the other actions on a program.

use super::batch::{elements, strings};
use super::programs::kind;
use super::request::{Request, json_type};
use super::response::{HandlerResult, Response};
use crate::ids::is_uuid;
use crate::model::program::Kind;
use crate::model::program::ProgramRef;
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;
use crate::model::stop::RequestedGrace;
use crate::model::text::Arguments;
use crate::model::version::SNAPSHOT;
use serde_json::{Value, json};

/// `graceful`, where a server looks at it: without a value it is without limit, and what is no whole number of
/// seconds is refused before the body is read.
fn asked(server: &ServerState, request: &Request) -> Result<RequestedGrace, Refusal> {
    if !server.options.profile.honours_graceful() {
        return Ok(RequestedGrace::Default);
    }
    match request.query("graceful") {
        None => Ok(RequestedGrace::Default),
        Some("") => Ok(RequestedGrace::Seconds(i64::from(i32::MAX))),
        Some(text) => match text.parse::<i32>() {
            Ok(seconds) if seconds >= 0 => Ok(RequestedGrace::Seconds(i64::from(seconds))),
            _ => {
                let text =
                    format!("Invalid value '{text}' for graceful: it must be a positive number of seconds.");
                Err(Refusal::bad(text).labelled_json())
            }
        },
    }
}

/// The body of a start or a stop: an object of texts, or nothing. It is read for a stop, too.
fn arguments(request: &Request) -> Result<Arguments, Refusal> {
    match request.json() {
        Err(error) => Err(Refusal::new(500, error)),
        Ok(None) => Ok(Arguments::new()),
        Ok(Some(Value::Array(list))) => {
            let found = list.first().map_or("END_ARRAY", json_type);
            Err(Refusal::new(
                500,
                format!("Expected BEGIN_ARRAY but was {found} at line 1 column 3 path $[0]"),
            ))
        }
        Ok(Some(value)) => strings(&value).map_err(|(_, found)| {
            let text = if value.is_object() { "a string" } else { "BEGIN_OBJECT" };
            Refusal::new(500, format!("Expected {text} but was {found} path $."))
        }),
    }
}

/// `POST …/{type}/{program}/{action}`.
pub(super) fn act(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, application, kind_word, name, action] = *parts else {
        return Err(request.cannot_execute());
    };
    let program_ref = ProgramRef { namespace, application, kind: kind(server, kind_word)?, name };
    let arguments = arguments(request)?;
    match action {
        "debug" if !matches!(program_ref.kind, Kind::Service | Kind::Worker) => {
            let kind = program_ref.kind.display();
            let text = format!("debug action is not implemented for program type {kind}");
            return Err(Refusal::new(501, text));
        }
        "start" | "debug" => {
            server.start(program_ref, &arguments)?;
        }
        "stop" => {
            server.stop_program(program_ref, None, 0)?;
        }
        other => return Err(Refusal::new(404, format!("{other} action was not found"))),
    }
    Ok(Response::empty())
}

/// `POST …/versions/{version}/{type}/{program}/{action}`.
pub(super) fn version_act(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, application, version, kind_word, name, action] = *parts else {
        return Err(request.cannot_execute());
    };
    let program_ref = ProgramRef { namespace, application, kind: kind(server, kind_word)?, name };
    let arguments = arguments(request)?;
    match action {
        "start" => {
            let latest = server.application(namespace, application)?.latest_id();
            if version != SNAPSHOT && version != &*latest {
                return Err(Refusal::bad(format!(
                    "Start action is only allowed on the latest version {latest}. Please use the versionless start API \
                     instead."
                )));
            }
            server.start(program_ref, &arguments)?;
        }
        "stop" => {
            server.stop_program(program_ref, Some(version), 0)?;
        }
        other => return Err(Refusal::new(404, format!("{other} action was not found"))),
    }
    Ok(Response::empty())
}

/// `POST …/runs/{run}/stop`.
pub(super) fn run(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, application, kind_word, name, run] = *parts else { return Err(request.cannot_execute()) };
    let asked = asked(server, request)?;
    let program_ref = ProgramRef { namespace, application, kind: kind(server, kind_word)?, name };
    if !is_uuid(run) {
        return Err(Refusal::bad(format!("Invalid UUID string: {run}")).labelled_json());
    }
    server.stop_run(program_ref, run, asked)?;
    Ok(Response::empty())
}

/// `POST /v3/namespaces/{namespace}/stop`: one element a run. A missing application ends the call, after the stops
/// before it were given.
pub(super) fn batch(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let asked = asked(server, request)?;
    let elements = elements(request)?;
    let mut responses = Vec::new();
    for element in &elements {
        if let Some(refusal) = server.faults.forbids(request, &element.application) {
            return Err(refusal);
        }
        if server.options.profile.keeps_versions() {
            server.application(namespace, &element.application)?;
        }
        let grace = server.grace(asked);
        match server.stop_program(element.program_ref(namespace), None, grace) {
            Ok(runs) => responses
                .extend(runs.iter().map(|run| element.response(json!({"statusCode": 200, "runId": **run})))),
            Err(refusal) => responses.push(element.refused(&refusal)),
        }
    }
    Ok(Response::json(&responses))
}
