//! Schedules that somebody adds, and those that wait for a program.

use super::request::Request;
use super::response::{HandlerResult, Response};
use super::schedules::{state, status_name};
use crate::model::application::Schedule;
use crate::model::program::Kind;
use crate::model::refusal::{Refusal, program as program_name};
use crate::model::server_state::ServerState;
use crate::model::trigger::{Awaited, Trigger};
use serde_json::Value;

/// Adds a schedule, which is off then.
pub(super) fn add(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, id] = *parts else { return Err(request.cannot_execute()) };
    let body =
        request.json().map_err(|error| Refusal::bad(format!("Request body is invalid json: {error}")))?;
    let body = body.ok_or_else(|| {
        let text = "Cannot invoke \"com.google.gson.JsonElement.isJsonObject()\" because \"json\" is null";
        Refusal::new(500, text)
    })?;
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let given = text(&body, "name");
    if !given.is_empty() && given != id {
        return Err(Refusal::bad(format!(
            "Schedule name in the body of the request ({given}) does not match the schedule name in the path \
             parameter ({id})"
        )));
    }
    let no = |what: &str| Refusal::bad(format!("No {what} was specified for the schedule"));
    let program = body.get("program").ok_or_else(|| no("program"))?;
    let kind = Kind::from_word(&text(program, "programType")).filter(|kind| kind.schedulable());
    let kind = kind.ok_or_else(|| no("program type"))?;
    let program = text(program, "programName");
    if program.is_empty() {
        return Err(no("program name"));
    }
    let trigger = Trigger::read(body.get("trigger").ok_or_else(|| no("trigger"))?)?;
    let names = server.names();
    let application = server
        .find(namespace, name)
        .ok_or_else(|| Refusal::missing(names.program(namespace, name, kind, &program)))?;
    if application.program(kind, &program).is_none() {
        let version = application.latest_id();
        return Err(Refusal::missing(program_name(namespace, name, &version, kind, &program)));
    }
    if application.schedules.iter().any(|it| &*it.name == id) {
        let entity = names.schedule(namespace, name, id);
        return Err(Refusal::new(409, format!("'{entity}' already exists")));
    }
    let schedule = Schedule {
        name: id.into(),
        description: text(&body, "description").into(),
        program: program.into(),
        trigger,
        constrained: false,
        enabled: false,
        updated: server.now(),
    };
    if let Some(application) = server.find_mut(namespace, name) {
        application.schedules.push(schedule);
        application.schedules.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(Response::empty())
}

pub(super) fn remove(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, id] = *parts else { return Err(request.cannot_execute()) };
    let missing = Refusal::missing(server.names().schedule(namespace, name, id));
    let application = server.find_mut(namespace, name);
    let at = application.as_ref().and_then(|it| it.schedules.iter().position(|it| &*it.name == id));
    let (application, at) = application.zip(at).ok_or(missing)?;
    application.schedules.remove(at);
    Ok(Response::empty())
}

/// The schedules, of all namespaces, that wait for the end of a program's runs.
pub(super) fn waiting(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let must = |key: &str| {
        request.query(key).ok_or_else(|| Refusal::bad(format!("Must specify {key} as a query param")))
    };
    let (namespace, application) = (must("trigger-namespace-id")?, must("trigger-app-name")?);
    let kind = must("trigger-program-type")?;
    let kind = Kind::from_path(kind).ok_or_else(|| Refusal::bad(server.names().no_type(kind)))?;
    let program = Awaited { namespace, application, kind, program: must("trigger-program-name")? };
    let states: Vec<_> =
        request.query("trigger-program-statuses").into_iter().flat_map(|it| it.split(',')).collect();
    let known = ["INITIALIZING", "RUNNING", "STOPPING", "COMPLETED", "FAILED", "KILLED"];
    if states.iter().any(|state| !known.contains(state)) {
        return Err(Refusal::bad(format!(
            "Unable to parse program statuses '{}'. Must be comma separated valid ProgramStatus names such as \
             COMPLETED, FAILED, KILLED.",
            states.join(",")
        )));
    }
    let state = state(request)?;
    let mut rows = Vec::new();
    for (home, namespace) in &server.namespaces {
        for application in namespace.all() {
            for schedule in &application.schedules {
                let so = state.is_none_or(|state| state == status_name(schedule));
                if so && schedule.trigger.waits_for(program, &states) {
                    rows.push(server.schedule(home, application, schedule));
                }
            }
        }
    }
    Ok(Response::json(&rows))
}
