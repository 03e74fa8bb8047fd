//! Runs of a program.

use super::programs::{program_ref, versioned};
use super::records::seconds;
use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::ids::is_uuid;
use crate::model::program::Program;
use crate::model::program::ProgramRef;
use crate::model::refusal::{Refusal, program as program_name};
use crate::model::run::Run;
use crate::model::server_state::ServerState;
use serde_json::Value;
use std::cmp::Reverse;

/// The states by which a list may be filtered.
const STATES: &[&str] = &[
    "ALL",
    "PENDING",
    "STARTING",
    "RUNNING",
    "SUSPENDED",
    "STOPPING",
    "COMPLETED",
    "FAILED",
    "KILLED",
    "REJECTED",
];
/// How many runs are listed unless another number is asked for.
const LIMIT: i64 = 100;

impl ServerState {
    /// The runs of a program, of one version or of all: those that are alive first. In both parts they come by the
    /// second of their start, the newest first, and within a second by their ids, as the servers store them.
    pub(super) fn ordered<'a>(&self, program: &'a Program, version: Option<&str>) -> Vec<&'a Run> {
        let now = self.now();
        let mut runs: Vec<_> = program
            .runs
            .iter()
            .filter(|run| run.exists(now) && version.is_none_or(|it| &*run.version == it))
            .map(|run| (run.state(now, &self.settings).is_end(), Reverse(seconds(run.starting)), run))
            .collect();
        runs.sort_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)));
        runs.into_iter().map(|(_, _, run)| run).collect()
    }

    /// A run of any version that must be there.
    pub(super) fn run(&self, program_ref: ProgramRef, id: &str) -> Result<&Run, Refusal> {
        if !is_uuid(id) {
            return Err(Refusal::new(500, format!("Invalid UUID string: {id}")));
        }
        let (_, program) = self.any_program(program_ref)?;
        let now = self.now();
        program.runs.iter().find(|run| &*run.id == id && run.exists(now)).ok_or_else(|| {
            let ProgramRef { namespace, application, kind, name } = program_ref;
            let entity = self.names().program(namespace, application, kind, name);
            if self.options.profile.keeps_versions() {
                Refusal::new(404, format!("No run record found for program {entity} and runID: {id}"))
            } else {
                let run = entity.trim_start_matches("program");
                Refusal::missing(format_args!("program_run{run}.{id}"))
            }
        })
    }

    fn listed_runs(&self, request: &Request, program: &Program, version: Option<&str>) -> HandlerResult {
        let limit = request.number("limit")?.unwrap_or(LIMIT);
        let state = request.query("status").unwrap_or("ALL").to_uppercase();
        if state == "RESUMING" {
            return Err(Refusal::new(500, "Cannot invoke \"Object.getClass()\" because \"type\" is null"));
        }
        if !STATES.contains(&state.as_str()) {
            let text = format!("No enum constant io.cdap.cdap.proto.ProgramRunStatus.{state}");
            return Err(Refusal::new(500, text));
        }
        let start = self.moment(request, "start")?.unwrap_or(0);
        let end = self.moment(request, "end")?.unwrap_or(i64::MAX);
        if end < start {
            return Err(if self.options.profile.keeps_versions() {
                Refusal::bad(format!(
                    "Invalid end time {end}. It must be greater than the start time {start}"
                ))
            } else {
                Refusal::new(500, "inconsistent range")
            });
        }
        let now = self.now();
        let records: Vec<Value> = self
            .ordered(program, version)
            .into_iter()
            .filter(|run| state == "ALL" || run.state(now, &self.settings).word() == state)
            .filter(|run| (start..end).contains(&seconds(run.starting)))
            .take(usize::try_from(limit).unwrap_or(0))
            .map(|run| self.record(run))
            .collect();
        Ok(Response::json(&records))
    }

    /// A second in the query. The word for what is none is the server's own.
    fn moment(&self, request: &Request, name: &str) -> Result<Option<i64>, Refusal> {
        match request.query(name).filter(|it| !it.is_empty()) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| {
                if self.options.profile.keeps_versions() {
                    Refusal::bad(format!("Invalid vaule {text} for {name}"))
                } else {
                    Refusal::new(500, format!("For input string: \"{text}\""))
                }
            }),
        }
    }
}

pub(super) fn list(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let (_, program) = server.any_program(program_ref(server, parts, request)?)?;
    server.listed_runs(request, program, None)
}

pub(super) fn version_list(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let (program_ref, id) = versioned(server, parts, request)?;
    let ProgramRef { namespace, application, kind, name } = program_ref;
    let found = server.find(namespace, application).and_then(|it| it.version(id));
    if found.is_none() && server.options.profile.keeps_versions() {
        return Err(Refusal::missing(program_name(namespace, application, id, kind, name)));
    }
    let (_, version, program) = server.of_version(program_ref, id)?;
    server.listed_runs(request, program, Some(&version.id))
}

pub(super) fn one(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let run = server.run(program_ref(server, parts, request)?, parts.last().copied().unwrap_or_default())?;
    Ok(Response::json(&server.record(run)))
}

pub(super) fn version_one(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let (program_ref, id) = versioned(server, parts, request)?;
    let ProgramRef { namespace, application, kind, name } = program_ref;
    let found = server.find(namespace, application).and_then(|it| it.version(id));
    if found.is_none() && server.options.profile.keeps_versions() {
        let run = parts.last().copied().unwrap_or_default();
        let program = program_name(namespace, application, id, kind, name);
        return Err(Refusal::missing(format!("{}.{run}", program.replacen("program:", "program_run:", 1))));
    }
    let (_, version, _) = server.of_version(program_ref, id)?;
    let run = server.run(program_ref, parts.last().copied().unwrap_or_default())?;
    if run.version != version.id {
        let ProgramRef { namespace, application, kind, name } = program_ref;
        let entity = server.names().program(namespace, application, kind, name);
        let text = format!("No run record found for program {entity} and runID: {}", run.id);
        return Err(Refusal::new(404, text));
    }
    Ok(Response::json(&server.record(run)))
}

pub(super) fn count(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let program_ref = program_ref(server, parts, request)?;
    server.application(program_ref.namespace, program_ref.application)?;
    let (_, program) = server.any_program(program_ref)?;
    Ok(Response::json(&server.ordered(program, None).len()))
}

pub(super) fn version_count(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let (program_ref, id) = versioned(server, parts, request)?;
    let (_, version, program) = server.of_version(program_ref, id)?;
    Ok(Response::json(&server.ordered(program, Some(&version.id)).len()))
}
