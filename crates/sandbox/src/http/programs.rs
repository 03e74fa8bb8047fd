//! Programs: lists, status, specifications, instances.

use super::records::{ProgramRecord, seconds};
use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::json;
use crate::model::application::{Application, Version};
use crate::model::program::ProgramRef;
use crate::model::program::{Kind, Program};
use crate::model::refusal::{Refusal, program as program_name, version as version_name};
use crate::model::run::RunState;
use crate::model::server_state::ServerState;
use crate::model::text::Arguments;
use crate::model::version::SNAPSHOT;
use serde_json::{Value, json};

/// The type in a path.
pub(super) fn kind(server: &ServerState, word: &str) -> Result<Kind, Refusal> {
    Kind::from_path(word).ok_or_else(|| Refusal::bad(server.names().no_type(word)))
}

/// The program that a path with a type names.
pub(super) fn program_ref<'a>(
    server: &ServerState,
    parts: &[&'a str],
    request: &Request,
) -> Result<ProgramRef<'a>, Refusal> {
    let [namespace, application, kind_word, name, ..] = *parts else { return Err(request.cannot_execute()) };
    Ok(ProgramRef { namespace, application, kind: kind(server, kind_word)?, name })
}

/// The program and the version that a path with both names.
pub(super) fn versioned<'a>(
    server: &ServerState,
    parts: &[&'a str],
    request: &Request,
) -> Result<(ProgramRef<'a>, &'a str), Refusal> {
    let [namespace, application, version, kind_word, name, ..] = *parts else {
        return Err(request.cannot_execute());
    };
    Ok((ProgramRef { namespace, application, kind: kind(server, kind_word)?, name }, version))
}

impl ServerState {
    /// A version that must be there, with its application and program.
    pub(super) fn of_version(
        &self,
        program_ref: ProgramRef,
        id: &str,
    ) -> Result<(&Application, &Version, &Program), Refusal> {
        let ProgramRef { namespace, application: name, kind, name: program_id } = program_ref;
        let found = self.find(namespace, name).and_then(|it| Some((it, it.version(id)?)));
        let (application, version) =
            found.ok_or_else(|| Refusal::missing(version_name(namespace, name, id)))?;
        let program = application
            .program(kind, program_id)
            .ok_or_else(|| Refusal::missing(program_name(namespace, name, &version.id, kind, program_id)))?;
        Ok((application, version, program))
    }

    /// The one word for a program of a version. What is stopping or suspended is RUNNING.
    pub(super) fn program_status(&self, program: &Program, version: &str) -> &'static str {
        let now = self.now();
        let mut word = "STOPPED";
        for run in program.runs.iter().filter(|run| run.exists(now) && &*run.version == version) {
            match run.state(now, &self.settings) {
                RunState::Running | RunState::Suspended | RunState::Stopping => return "RUNNING",
                RunState::Pending | RunState::Starting => word = "STARTING",
                RunState::Completed | RunState::Failed | RunState::Killed | RunState::Rejected => {}
            }
        }
        word
    }
}

/// `GET …/{type}`: the programs of a type.
pub(super) fn list(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let namespace = parts.first().copied().unwrap_or_default();
    let kind = kind(server, request.segments.last().map_or("", String::as_str))?;
    let mut rows = Vec::new();
    for application in server.namespace(namespace)?.all() {
        let parts = application.latest().map(|it| it.definition.programs.as_slice()).unwrap_or_default();
        let of_kind = parts.iter().filter(|it| it.kind == kind);
        rows.extend(of_kind.map(|part| ProgramRecord::new(application, part, kind.word())));
    }
    Ok(Response::json(&rows))
}

pub(super) fn status(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    let (application, program) = server.program(program_ref)?;
    let word = server.program_status(program, &application.latest_id());
    Ok(Response::json(&json!({"status": word})))
}

pub(super) fn version_status(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let (program_ref, id) = versioned(server, parts, request)?;
    let (_, version, program) = server.of_version(program_ref, id)?;
    let word = server.program_status(program, &version.id);
    Ok(Response::json(&json!({"status": word})))
}

pub(super) fn specification(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    let (application, program) =
        server.program(program_ref).map_err(|refusal| unspecified(server, program_ref, SNAPSHOT, refusal))?;
    let version = application.latest().ok_or_else(|| Refusal::missing(program_ref.application))?;
    Ok(Response::json(&specify(application, version, program)))
}

pub(super) fn version_specification(
    server: &mut ServerState,
    request: &Request,
    parts: &[&str],
) -> HandlerResult {
    let (program_ref, id) = versioned(server, parts, request)?;
    let found = server.of_version(program_ref, id);
    let (application, version, program) =
        found.map_err(|refusal| unspecified(server, program_ref, id, refusal))?;
    Ok(Response::json(&specify(application, version, program)))
}

/// The refusal of a specification: 6.11.0 names the program and the version as the path has them.
fn unspecified(server: &ServerState, program_ref: ProgramRef, id: &str, refusal: Refusal) -> Refusal {
    let ProgramRef { namespace, application, kind, name } = program_ref;
    if !server.options.profile.keeps_versions() {
        return refusal;
    }
    if server.find(namespace, application).is_none() {
        return Refusal::missing(server.names().application(namespace, application));
    }
    Refusal::missing(program_name(namespace, application, id, kind, name))
}

/// The specification of a program. Of a real-time pipeline it has all that a launch is judged by; of the other
/// programs it has their head.
fn specify(application: &Application, version: &Version, program: &Program) -> Value {
    let resources = json!({"virtualCores": 1, "memoryMB": 512});
    let class = |name: &str| json!(format!("io.cdap.sample.{}${name}", application.name));
    match (&version.definition.pipeline, program.kind) {
        (Some(pipeline), Kind::Spark) if pipeline.streaming => {
            let with_mode = version.artifact.rank() >= vec![6, 8, 0];
            let spec = pipeline.specification(&version.pipeline_id(&application.name), with_mode);
            json!({
                "className": "io.cdap.cdap.datastreams.DataStreamsSparkLauncher",
                "name": *program.name,
                "description": "",
                "plugins": {},
                "mainClassName": "io.cdap.cdap.datastreams.SparkStreamingPipelineDriver",
                "datasets": [],
                "properties": {"pipeline": json::text(&spec)},
                "clientResources": resources,
                "driverResources": resources,
                "executorResources": resources,
                "handlers": [],
            })
        }
        (Some(_), Kind::Workflow) => json!({
            "className": "io.cdap.cdap.datapipeline.SmartWorkflow",
            "name": *program.name,
            "description": *program.description,
            "plugins": {},
            "properties": {},
            "nodes": [],
            "localDatasetSpecs": {},
        }),
        (_, Kind::Workflow) => json!({
            "className": class(&program.name), "name": *program.name, "description": *program.description,
            "plugins": {}, "properties": {}, "nodes": [], "localDatasetSpecs": {},
        }),
        (_, Kind::Service) => json!({
            "className": "io.cdap.cdap.api.service.BasicService", "name": *program.name,
            "description": *program.description, "plugins": {}, "handlers": {}, "resources": resources,
            "instances": program.instances, "properties": {},
        }),
        (_, Kind::Worker) => json!({
            "className": class(&program.name), "name": *program.name, "description": *program.description,
            "plugins": {}, "properties": {}, "resources": resources, "datasets": [],
            "instances": program.instances,
        }),
        (_, Kind::Spark | Kind::MapReduce) => json!({
            "className": class(&program.name), "name": *program.name, "description": *program.description,
            "plugins": {}, "datasets": [], "properties": {}, "driverResources": resources,
        }),
    }
}

pub(super) fn service_instances(server: &mut ServerState, _: &Request, parts: &[&str]) -> HandlerResult {
    let n = instances(server, Kind::Service, parts)?;
    Ok(Response::json(&json!({"requested": n, "provisioned": n})))
}

pub(super) fn worker_instances(server: &mut ServerState, _: &Request, parts: &[&str]) -> HandlerResult {
    let n = instances(server, Kind::Worker, parts)?;
    Ok(Response::json(&json!({"instances": n})))
}

fn instances(server: &ServerState, kind: Kind, parts: &[&str]) -> Result<u32, Refusal> {
    let [namespace, application, name] = *parts else { return Err(Refusal::new(404, "")) };
    Ok(server.program(ProgramRef { namespace, application, kind, name })?.1.instances)
}

pub(super) fn live_info(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    let (application, program) = server.program(program_ref)?;
    let mut info =
        json!({"app": program_ref.application, "type": program_ref.kind.display(), "name": program_ref.name});
    let running = server.program_status(program, &application.latest_id()) != "STOPPED";
    if let (Value::Object(info), true) = (&mut info, running) {
        info.insert("runtime".into(), json!("in-memory"));
    }
    Ok(Response::json(&info))
}

/// Starts again what has a killed run with its end in the window, with the saved arguments and not those of the run.
/// The first refusal ends it.
pub(super) fn restart(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let [namespace, name, version] = *parts else { return Err(request.cannot_execute()) };
    let from = request.number("start-time-seconds")?.unwrap_or(0);
    let to = request.number("end-time-seconds")?.unwrap_or(0);
    let now = server.now();
    let found = server.find(namespace, name).and_then(|it| Some((it, it.version(version)?)));
    let (application, version) =
        found.ok_or_else(|| Refusal::missing(version_name(namespace, name, SNAPSHOT)))?;
    let mut again = Vec::new();
    for program in &application.programs {
        for run in program.runs.iter().filter(|run| run.exists(now) && run.version == version.id) {
            let snapshot = run.snapshot(now, &server.settings);
            let ended = snapshot.end.map(seconds).is_some_and(|end| (from..to).contains(&end));
            if snapshot.state == RunState::Killed && ended {
                again.push((program.kind, program.name.clone()));
            }
        }
    }
    for (kind, program) in again {
        let program_ref = ProgramRef { namespace, application: name, kind, name: &program };
        server.start(program_ref, &Arguments::new())?;
    }
    Ok(Response::empty())
}
