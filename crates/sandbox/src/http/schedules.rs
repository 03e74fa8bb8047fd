//! Schedules.

use super::batch::elements;
use super::media::JSON;
use super::programs::program_ref;
use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::cron;
use crate::model::application::{Application, Schedule};
use crate::model::program::Kind;
use crate::model::refusal::{Refusal, version as version_name};
use crate::model::server_state::ServerState;
use crate::model::version::SNAPSHOT;
use serde_json::{Map, Value, json};

const STATES: &[&str] = &["SCHEDULED", "SUSPENDED"];
const TRIGGERS: &[&str] = &["partition", "or", "and", "time", "program-status"];

/// The state that a list is filtered by.
pub(super) fn state(request: &Request) -> Result<Option<&str>, Refusal> {
    let state = request.query("schedule-status");
    match state.filter(|state| !STATES.contains(state)) {
        Some(state) => {
            let text = format!("Invalid schedule status '{state}'. Must be one of {}.", STATES.join(","));
            Err(Refusal::bad(text))
        }
        None => Ok(state),
    }
}

pub(super) fn status_name(schedule: &Schedule) -> &'static str {
    if schedule.enabled { "SCHEDULED" } else { "SUSPENDED" }
}

impl ServerState {
    pub(super) fn schedule(&self, namespace: &str, application: &Application, schedule: &Schedule) -> Value {
        let mut value = Map::new();
        value.insert("namespace".into(), json!(namespace));
        value.insert("application".into(), json!(*application.name));
        if !self.options.profile.keeps_versions() {
            value.insert("applicationVersion".into(), json!(SNAPSHOT));
        }
        let constraints = if schedule.constrained {
            json!([{"maxConcurrency": 1, "type": "CONCURRENCY", "waitUntilMet": false}])
        } else {
            json!([])
        };
        for (key, part) in [
            ("name", json!(*schedule.name)),
            ("description", json!(*schedule.description)),
            ("program", json!({"programName": *schedule.program, "programType": "WORKFLOW"})),
            ("properties", json!({})),
            ("trigger", schedule.trigger.value()),
            ("constraints", constraints),
            ("timeoutMillis", json!(86_400_000)),
            ("status", json!(status_name(schedule))),
            ("lastUpdateTime", json!(schedule.updated)),
        ] {
            value.insert(key.into(), part);
        }
        Value::Object(value)
    }

    /// The application of a schedule that must be there.
    fn scheduled(&self, namespace: &str, name: &str) -> Result<&Application, Refusal> {
        let missing = || Refusal::missing(version_name(namespace, name, SNAPSHOT));
        self.find(namespace, name).ok_or_else(missing)
    }

    fn one_schedule(
        &self,
        namespace: &str,
        name: &str,
        id: &str,
    ) -> Result<(&Application, &Schedule), Refusal> {
        self.scheduled(namespace, name)
            .ok()
            .and_then(|it| Some((it, it.schedules.iter().find(|schedule| &*schedule.name == id)?)))
            .ok_or_else(|| Refusal::missing(self.names().schedule(namespace, name, id)))
    }

    fn filtered(
        &self,
        request: &Request,
        namespace: &str,
        application: &Application,
        program: Option<&str>,
    ) -> HandlerResult {
        if let Some(kind) = request.query("trigger-type")
            && !TRIGGERS.contains(&kind)
        {
            let text = format!("Unknown category name '{kind}'. Must be one of {}", TRIGGERS.join(","));
            return Err(Refusal::bad(text));
        }
        let state = state(request)?;
        let category = request.query("trigger-type");
        let schedules = application
            .schedules
            .iter()
            .filter(|it| category.is_none_or(|category| category == it.trigger.category()))
            .filter(|it| state.is_none_or(|state| state == status_name(it)))
            .filter(|it| program.is_none_or(|program| &*it.program == program));
        let rows: Vec<_> = schedules.map(|it| self.schedule(namespace, application, it)).collect();
        Ok(Response::json(&rows))
    }

    /// When the schedules of a program fired last: schedules never fire here.
    #[allow(clippy::unused_self, reason = "it has the type of `next`")]
    fn previous(&self, _: &str, _: &Application, _: &str) -> Vec<Value> {
        Vec::new()
    }

    /// When the schedules of a program fire next.
    fn next(&self, namespace: &str, application: &Application, program: &str) -> Vec<Value> {
        let enabled = application.schedules.iter().filter(|it| it.enabled && &*it.program == program);
        enabled
            .filter_map(|it| {
                let at = cron::next(it.trigger.cron()?, self.now())?;
                let name = &application.name;
                let id = format!("DEFAULT.{namespace}:{name}:{SNAPSHOT}:WORKFLOW:{program}:{}", it.name);
                Some(json!({"id": id, "time": at}))
            })
            .collect()
    }
}

pub(super) fn list(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name] = *parts else { return Err(request.cannot_execute()) };
    let application = server.scheduled(namespace, name)?;
    server.filtered(request, namespace, application, None)
}

/// Refuses a kind of program that no schedule can start.
fn schedulable(kind: Kind) -> Result<(), Refusal> {
    if kind.schedulable() {
        return Ok(());
    }
    Err(Refusal::new(500, format!("{} is not a SchedulableProgramType", kind.word())))
}

pub(super) fn of_program(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    schedulable(program_ref.kind)?;
    let (application, _) = server.program(program_ref)?;
    server.filtered(request, program_ref.namespace, application, Some(program_ref.name))
}

pub(super) fn get(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, id] = *parts else { return Err(request.cannot_execute()) };
    let (application, schedule) = server.one_schedule(namespace, name, id)?;
    Ok(Response::json(&server.schedule(namespace, application, schedule)))
}

pub(super) fn status(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, id] = *parts else { return Err(request.cannot_execute()) };
    let (_, schedule) = server.one_schedule(namespace, name, id)?;
    Ok(Response::json(&json!({"status": status_name(schedule)})))
}

/// `POST …/schedules/{schedule}/{action}`. To enable twice is a conflict.
pub(super) fn act(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, id, action] = *parts else { return Err(request.cannot_execute()) };
    let enables = match action {
        "enable" | "resume" => true,
        "disable" | "suspend" => false,
        other => {
            return Err(Refusal::bad(format!(
                "Action for schedules may only be 'enable', 'disable', 'suspend', or 'resume' but is'{other}'"
            )));
        }
    };
    let (_, schedule) = server.one_schedule(namespace, name, id)?;
    if schedule.enabled == enables {
        let entity = server.names().schedule(namespace, name, id);
        let word = if enables { "enabled" } else { "disabled" };
        return Err(Refusal::new(409, format!("Schedule '{entity}' is already {word}")));
    }
    let now = server.now();
    let schedules = server.find_mut(namespace, name).into_iter().flat_map(|it| &mut it.schedules);
    for schedule in schedules.filter(|it| &*it.name == id) {
        schedule.enabled = enables;
        schedule.updated = now;
    }
    Ok(Response::typed(200, JSON, "OK"))
}

/// Enables what was suspended in a window of milliseconds.
pub(super) fn re_enable(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let moment = |name: &str| match request.query(name) {
        None => Ok(0),
        Some(text) => text.parse::<i64>().map_err(|_| request.cannot_execute()),
    };
    let window = moment("start-time-millis")?..moment("end-time-millis")?;
    let now = server.now();
    server.namespace(namespace)?;
    let namespace = server.namespaces.get_mut(namespace).into_iter();
    let applications = namespace.flat_map(|it| it.applications.values_mut());
    for schedule in applications.flat_map(|it| &mut it.schedules) {
        if !schedule.enabled && window.contains(&schedule.updated) {
            schedule.enabled = true;
            schedule.updated = now;
        }
    }
    Ok(Response::empty())
}

pub(super) fn next_runtime(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    runtime(server, request, parts, ServerState::next)
}

pub(super) fn previous_runtime(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    runtime(server, request, parts, ServerState::previous)
}

/// The times at which the schedules of a program fire.
type Times = fn(&ServerState, &str, &Application, &str) -> Vec<Value>;

fn runtime(server: &ServerState, request: &Request, parts: &[&str], times: Times) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    schedulable(program_ref.kind)?;
    let (application, _) = server.program(program_ref)?;
    Ok(Response::json(&times(server, program_ref.namespace, application, program_ref.name)))
}

pub(super) fn next_runtimes(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    runtimes(server, request, parts, ServerState::next)
}

pub(super) fn previous_runtimes(
    server: &mut ServerState,
    request: &Request,
    parts: &[&str],
) -> HandlerResult {
    runtimes(server, request, parts, ServerState::previous)
}

/// One element that cannot be scheduled is a refusal of the whole.
fn runtimes(server: &ServerState, request: &Request, parts: &[&str], times: Times) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let elements = elements(request)?;
    elements.iter().try_for_each(|element| schedulable(element.kind))?;
    let responses = elements.iter().map(|element| match server.any_program(element.program_ref(namespace)) {
        Ok((application, program)) => {
            let times = times(server, namespace, application, &program.name);
            element.response(json!({"schedules": times, "statusCode": 200}))
        }
        Err(_) if !server.options.profile.keeps_versions() => {
            element.refused(&Refusal::missing(version_name(namespace, &element.application, SNAPSHOT)))
        }
        Err(refusal) => element.refused(&refusal),
    });
    Ok(Response::json(&responses.collect::<Value>()))
}
