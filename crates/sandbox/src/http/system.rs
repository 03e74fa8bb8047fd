//! The server itself: what it is, how it is, and its namespaces.

use super::media::TEXT;
use super::request::Request;
use super::response::{HandlerResult, Response};
use crate::model::namespace::Namespace;
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;
use crate::model::settings::Settings;
use crate::random::SeededRng;
use serde_json::{Value, json};

/// The services of a server, each with what it is for (record `services`).
const SERVICES: &[(&str, &str)] = &[
    ("appfabric", "Service for managing HTTP handlers."),
    ("appfabric.processor", "Service for managing application lifecycle."),
    ("dataset.executor", "Service to perform dataset operations."),
    ("log.saver", "Service to collect and store logs."),
    ("messaging.service", "Service for providing messaging system."),
    ("metadata.service", "Service to perform metadata operations."),
    ("metrics", "Service to handle metrics requests."),
    ("runtime", "Service for the program runtime system."),
    ("transaction", "Service that maintains transaction states."),
];
/// Those of 6.7.2.
const SERVICES_6_7: &[(&str, &str)] = &[
    ("appfabric", "Service for managing application lifecycle."),
    ("dataset.executor", "Service to perform dataset operations."),
    ("log.saver", "Service to collect and store logs."),
    ("messaging.service", "Service for providing messaging system."),
    ("metadata.service", "Service to perform metadata operations."),
    ("metrics", "Service to handle metrics requests."),
    ("metrics.processor", "Service to process application and system metrics."),
    ("runtime", "Service for the program runtime system."),
    ("transaction", "Service that maintains transaction states."),
];

/// The order in which their states are told (record `services-status`).
const STATUS_ORDER: &[&str] = &[
    "messaging.service",
    "metrics.processor",
    "appfabric",
    "runtime",
    "dataset.executor",
    "metadata.service",
    "metrics",
    "transaction",
    "appfabric.processor",
    "log.saver",
];

fn known_services(server: &ServerState) -> &'static [(&'static str, &'static str)] {
    if server.options.profile.keeps_versions() { SERVICES } else { SERVICES_6_7 }
}

pub(super) fn root(_: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::empty())
}

pub(super) fn router_status(_: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::text("OK").closing())
}

pub(super) fn ping(_: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::text("OK.\n"))
}

pub(super) fn version(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    Ok(Response::json(&json!({"version": server.options.profile.version()})))
}

pub(super) fn versions(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    let hadoop = if server.options.profile.keeps_versions() { "3.3.6" } else { "2.6.0" };
    Ok(Response::json(&json!([
        {"name": "cdap", "version": server.options.profile.version()},
        {"name": "sparkcompat", "version": "spark3_2.12"},
        {"name": "zookeeper", "version": "3.4.5.1405704"},
        {"name": "hadoop", "version": hadoop},
    ])))
}

pub(super) fn services(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    let services = known_services(server).iter().map(|(name, description)| {
        let logs = if *name == "log.saver" { "NOTOK" } else { "OK" };
        json!({
            "name": name, "description": description, "status": "OK", "logs": logs,
            "min": 1, "max": 1, "requested": 1, "provisioned": 1,
        })
    });
    Ok(Response::json(&services.collect::<Value>()))
}

pub(super) fn services_status(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    let known = known_services(server);
    let services = STATUS_ORDER.iter().filter(|name| known.iter().any(|(it, _)| it == *name));
    let services = services.map(|name| ((*name).to_owned(), json!("OK")));
    Ok(Response::json(&Value::Object(services.collect())))
}

/// The router finds no service of another name to ask.
pub(super) fn service_status(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let asked = parts.first().copied().unwrap_or_default();
    if known_services(server).iter().any(|(name, _)| *name == asked) {
        Ok(Response::json(&json!({"status": "OK"})))
    } else {
        let text =
            format!("No endpoint strategy found for request {} {} HTTP/1.1", request.method, request.target);
        Err(Refusal::bare(503, text))
    }
}

/// Only the keys that stops depend on; a real server has several hundred.
pub(super) fn config(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    let (settings, shipped) = (&server.settings, Settings::default());
    let entry = |name: &str, value: i64, shipped: i64| {
        let source = if value == shipped { "cdap-default.xml" } else { "cdap-site.xml" };
        json!({"name": name, "value": value.to_string(), "source": source})
    };
    let mut entries = vec![
        entry("app.program.terminator.tx.batch.size", 1_000, 1_000),
        entry("app.program.terminate.time.buffer.secs", settings.terminate_buffer, shipped.terminate_buffer),
        entry(
            "app.program.terminator.interval.secs",
            settings.terminator_interval,
            shipped.terminator_interval,
        ),
        entry("app.program.max.stop.seconds", settings.max_stop, shipped.max_stop),
    ];
    if server.options.profile.keeps_versions() {
        entries.insert(2, entry("app.program.terminate.tethered.time.buffer.secs", 3_600, 3_600));
    }
    Ok(Response::json(&entries))
}

fn describe(server: &ServerState, name: &str, namespace: &Namespace) -> Value {
    let description = &namespace.description;
    let identity = match namespace.made {
        0 => name.to_owned(),
        made => format!("{name}-{:x}", SeededRng::new(made.unsigned_abs(), &[name]).next() >> 4),
    };
    if server.options.profile.keeps_versions() {
        json!({
            "name": name, "identity": identity, "description": description, "generation": namespace.made,
            "config": {"scheduler.queue.name": ""},
        })
    } else {
        json!({
            "name": name, "description": description, "generation": namespace.made,
            "config": {"scheduler.queue.name": "", "explore.as.principal": "true"},
        })
    }
}

pub(super) fn namespaces(server: &mut ServerState, _: &Request, _: &[&str]) -> HandlerResult {
    let all = server.namespaces.iter().map(|(name, namespace)| describe(server, name, namespace));
    Ok(Response::json(&all.collect::<Value>()))
}

pub(super) fn namespace(server: &mut ServerState, _: &Request, parts: &[&str]) -> HandlerResult {
    let name = parts.first().copied().unwrap_or_default();
    Ok(Response::json(&describe(server, name, server.namespace(name)?)))
}

pub(super) fn create_namespace(server: &mut ServerState, request: &Request, parts: &[&str]) -> HandlerResult {
    let name = parts.first().copied().unwrap_or_default();
    if !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
        let text = "Namespace id can contain only alphanumeric characters or '_'.";
        return Err(Refusal::bad(text));
    }
    if ["default", "system", "cdap"].contains(&name) {
        let text = format!("Cannot create the namespace '{name}'. '{name}' is a reserved namespace.");
        return Err(Refusal::bad(text));
    }
    if server.namespaces.contains_key(name) {
        return Ok(Response::typed(200, TEXT, format!("Namespace '{name}' already exists.")));
    }
    let body = request.json().ok().flatten();
    let description = body.as_ref().and_then(|it| it.get("description")).and_then(Value::as_str);
    let namespace = Namespace::new(description.unwrap_or_default(), server.now(), Vec::new());
    server.namespaces.insert(name.to_owned(), namespace);
    Ok(Response::typed(200, TEXT, format!("Namespace '{name}' created successfully.")))
}

/// Where resets are allowed, as on the development CDAP, a namespace goes with all that is in it, unless something runs.
pub(super) fn delete_namespace(server: &mut ServerState, _: &Request, parts: &[&str]) -> HandlerResult {
    let name = parts.first().copied().unwrap_or_default();
    server.delete_all(name)?;
    // The one that a server comes with is only emptied.
    server.namespaces.retain(|other, home| other != name || home.made == 0);
    Ok(Response::empty())
}
