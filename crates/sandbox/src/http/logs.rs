//! Logs of a run, or of all runs of a program.

use super::programs::program_ref;
use super::records::seconds;
use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::model::program::Kind;
use crate::model::program::ProgramRef;
use crate::model::refusal::Refusal;
use crate::model::run::Run;
use crate::model::server_state::ServerState;
use crate::run_log::{self, LogLine};
use serde_json::{Value, json};

/// How many lines a step forth or back gives unless another number is asked for.
const STEP: i64 = 50;
/// Without a start, the log of a program begins an hour ago.
const HOUR: i64 = 3_600;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

/// A word that is no format: 500 without a word.
fn format(request: &Request) -> Result<Format, Refusal> {
    match request.query("format").map(str::to_lowercase).as_deref() {
        None | Some("text") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        Some(_) => Err(Refusal::new(500, "")),
    }
}

/// The program of a path. A type that is none is 500 here, and 400 elsewhere.
fn of_path<'a>(
    server: &ServerState,
    request: &Request,
    parts: &[&'a str],
) -> Result<ProgramRef<'a>, Refusal> {
    let word = parts.get(2).copied().unwrap_or_default();
    if Kind::from_path(word).is_none() {
        return Err(Refusal::new(500, server.names().no_type(word)));
    }
    program_ref(server, parts, request)
}

/// All lines that the path speaks of, with their runs.
fn gather<'a>(
    server: &'a ServerState,
    program_ref: ProgramRef,
    run: Option<&str>,
) -> Result<Vec<(LogLine, &'a Run)>, Refusal> {
    let (application, program) = server.program(program_ref)?;
    let runs: Vec<&Run> = match run {
        Some(id) => vec![server.run(program_ref, id)?],
        None => program.runs.iter().filter(|run| run.exists(server.now())).collect(),
    };
    let mut all = Vec::new();
    for run in runs {
        all.extend(run_log::lines(server, application, program, run).into_iter().map(|line| (line, run)));
    }
    all.sort_by_key(|(line, _)| line.at);
    Ok(all)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn text(request: &Request, line: &LogLine) -> String {
    let text = line.text();
    if request.flag("escape", true) { escape(&text) } else { text }
}

fn event(request: &Request, format: Format, program_ref: ProgramRef, line: &LogLine, run: &Run) -> Value {
    let log = match format {
        Format::Text => json!(text(request, line)),
        Format::Json => line.json(program_ref, run),
    };
    json!({"log": log, "offset": line.offset()})
}

fn range(
    server: &ServerState,
    request: &Request,
    program_ref: ProgramRef,
    run: Option<&str>,
) -> HandlerResult {
    let format = format(request)?;
    let second = |name: &str| match request.query(name).filter(|it| !it.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse::<i64>().map(Some).map_err(|_| request.cannot_execute()),
    };
    let stop = second("stop")?.unwrap_or_else(|| seconds(server.now()) + 1);
    let start = second("start")?.unwrap_or(if run.is_some() { 0 } else { stop - HOUR });
    if stop <= start {
        return Err(Refusal::bad("Invalid time range. 'stop' should be greater than 'start'."));
    }
    let lines = gather(server, program_ref, run)?;
    let lines = lines.into_iter().filter(|(line, _)| (start..stop).contains(&seconds(line.at)));
    Ok(match format {
        Format::Json => {
            let events: Vec<_> =
                lines.map(|(line, run)| event(request, format, program_ref, &line, run)).collect();
            Response::streamed_json(&events)
        }
        Format::Text => Response::text(lines.map(|(line, _)| text(request, &line)).collect::<String>()),
    })
}

/// A step from an offset: `<number>.<milliseconds>`. Without one, forth begins at the start of a run.
fn step(
    server: &ServerState,
    request: &Request,
    program_ref: ProgramRef,
    run: Option<&str>,
    forth: bool,
) -> HandlerResult {
    let format = format(request)?;
    let most = usize::try_from(request.number("max")?.unwrap_or(STEP)).unwrap_or(0);
    let from = request
        .query("fromOffset")
        .and_then(|it| it.split_once('.'))
        .and_then(|(_, at)| at.parse::<i64>().ok());
    let mut lines = gather(server, program_ref, run)?;
    if forth {
        lines.retain(|(line, _)| from.is_none_or(|from| line.at > from));
        lines.truncate(most);
    } else {
        lines.retain(|(line, _)| from.is_none_or(|from| line.at < from));
        let skipped = lines.len().saturating_sub(most);
        lines.drain(..skipped);
    }
    let events: Vec<_> =
        lines.iter().map(|(line, run)| event(request, format, program_ref, line, run)).collect();
    Ok(Response::streamed_json(&events))
}

fn run_of<'a>(parts: &[&'a str]) -> Option<&'a str> {
    parts.get(4).copied()
}

pub(super) fn of_run(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    range(server, request, of_path(server, request, parts)?, run_of(parts))
}

pub(super) fn next_of_run(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    step(server, request, of_path(server, request, parts)?, run_of(parts), true)
}

pub(super) fn previous_of_run(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    step(server, request, of_path(server, request, parts)?, run_of(parts), false)
}

pub(super) fn of_program(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    range(server, request, of_path(server, request, parts)?, None)
}

pub(super) fn next_of_program(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    step(server, request, of_path(server, request, parts)?, None, true)
}

pub(super) fn previous_of_program(
    server: &mut ServerState,
    request: &Request,
    parts: &[&str],
) -> HandlerResult {
    step(server, request, of_path(server, request, parts)?, None, false)
}
