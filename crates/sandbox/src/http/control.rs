//! The sandbox's own routes, which no real server has: its clock, its settings, its faults, its received requests.

use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::faults::{Fault, FaultKind};
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;
use crate::seed;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    serde_json::from_slice(&request.body).map_err(|error| Refusal::bad(error.to_string()))
}

fn time(millis: i64) -> String {
    Timestamp::from_millisecond(millis).unwrap_or_default().to_string()
}

/// `GET /sandbox`.
pub(super) fn about(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    let options = &server.options;
    let applications: usize = server.namespaces.values().map(|it| it.applications.len()).sum();
    Ok(Response::json(&json!({
        "profile": options.profile.name(),
        "seed": options.seed,
        "fleet": options.fleet,
        "applications": applications,
        "now": time(server.now()),
        "faults": server.faults.waiting(),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

/// `POST /sandbox/clock`: puts the clock forward.
pub(super) fn clock(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let Advance { advance_seconds } = body(request)?;
    let by = SignedDuration::try_from_secs_f64(advance_seconds)
        .ok()
        .filter(|it| !it.is_negative())
        .ok_or_else(|| Refusal::bad("advance_seconds: a number of seconds, not negative"))?;
    server.clock.advance(by);
    Ok(Response::json(&json!({"now": time(server.now())})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    max_stop_seconds: Option<i64>,
    terminator_interval_seconds: Option<i64>,
    terminate_buffer_seconds: Option<i64>,
    forces: Option<bool>,
    token_seconds: Option<i64>,
}

/// `POST /sandbox/settings`: changes what a server's site configuration would.
pub(super) fn settings(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let change: Change = body(request)?;
    let settings = &mut server.settings;
    settings.max_stop = change.max_stop_seconds.unwrap_or(settings.max_stop);
    settings.terminator_interval = change.terminator_interval_seconds.unwrap_or(settings.terminator_interval);
    settings.terminate_buffer = change.terminate_buffer_seconds.unwrap_or(settings.terminate_buffer);
    settings.forces = change.forces.unwrap_or(settings.forces);
    settings.token = change.token_seconds.unwrap_or(settings.token);
    Ok(Response::json(&json!({
        "max_stop_seconds": settings.max_stop,
        "terminator_interval_seconds": settings.terminator_interval,
        "terminate_buffer_seconds": settings.terminate_buffer,
        "forces": settings.forces,
        "token_seconds": settings.token,
    })))
}

/// `GET /sandbox/faults`: those that wait for their requests.
pub(super) fn faults(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::json(&server.faults.waiting()))
}

/// `POST /sandbox/faults`.
pub(super) fn add_fault(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let fault: Fault = body(request)?;
    if fault.name == FaultKind::Clock {
        server.skew(fault.seconds());
    } else {
        let now = server.now();
        server.faults.add(fault, now);
    }
    Ok(Response::json(&server.faults.waiting()))
}

/// `DELETE /sandbox/faults?label=`: removes the faults with a label, or all.
pub(super) fn clear_faults(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    match request.query("label") {
        Some(label) => server.faults.remove(label),
        None => server.faults.clear(),
    }
    Ok(Response::empty())
}

/// `GET /sandbox/requests?method=&path=`: the received requests, oldest first.
pub(super) fn requests(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let method = request.query("method");
    let path = request.query("path");
    let kept: Vec<_> = server
        .request_log
        .iter()
        .filter(|it| method.is_none_or(|method| it.method.eq_ignore_ascii_case(method)))
        .filter(|it| path.is_none_or(|path| it.target.contains(path)))
        .collect();
    let text = serde_json::to_vec(&kept).map_err(|error| Refusal::new(500, error.to_string()))?;
    Ok(Response::typed(200, super::media::JSON, text))
}

/// `DELETE /sandbox/requests`.
pub(super) fn forget_requests(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    server.request_log.clear();
    Ok(Response::empty())
}

/// `GET /sandbox/drains`: what the stopped real-time runs left behind, which no answer of the API tells.
pub(super) fn drains(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    let mut rows = Vec::new();
    for (namespace, home) in &server.namespaces {
        for application in home.all() {
            for run in application.programs.iter().flat_map(|it| &it.runs) {
                if let Some((stop, drain)) = run.stop.as_ref().and_then(|stop| Some((stop, stop.drain?))) {
                    rows.push(json!({
                        "namespace": namespace,
                        "application": *application.name,
                        "run": *run.id,
                        "ending": format!("{:?}", drain.ending),
                        "seconds": drain.millis / 1_000,
                        "backlog": drain.backlog,
                        "left": stop.left(&server.settings),
                        "recoverable": drain.recoverable,
                    }));
                }
            }
        }
    }
    Ok(Response::json(&rows))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// Nothing is deployed, as on a server after its first start.
    #[serde(default)]
    bare: bool,
}

/// `POST /sandbox/reset`: everything as it was at the start, with the same options.
pub(super) fn reset(server: &mut ServerState, request: &Request, _: &[&str]) -> HandlerResult {
    let Reset { bare } = if request.body.is_empty() { Reset::default() } else { body(request)? };
    *server = if bare { seed::bare(server.options) } else { seed::seeded(server.options) };
    Ok(Response::empty())
}
