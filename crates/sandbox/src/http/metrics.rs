//! Metrics, as far as a run's mode and its records are told by them.

use super::records::seconds;
use super::request::Request;
use super::response::Response;
use crate::model::program::ProgramRef;
use crate::model::program::{Behavior, Kind};
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;
use crate::model::stop::arguments;
use serde_json::{Value, json};

const MODE: &str = "user.streaming.atleastonce.";

/// The form with everything in the query. The form with a body knows the same metrics.
pub(super) fn query(server: &mut ServerState, request: &Request, _: &[&str]) -> Result<Response, Refusal> {
    if request.has_query() {
        let metrics: Vec<_> = request.queries("metric").collect();
        if metrics.is_empty() {
            return Err(Refusal::bad("Missing 'metric' parameter").labelled_json());
        }
        let tags = request.queries("tag").filter_map(|tag| tag.split_once(':'));
        let tags: Vec<_> = tags.collect();
        return Ok(Response::json(&response(server, &metrics, &tags)));
    }
    let body = request.json().ok().flatten();
    let Some(Value::Object(queries)) = body else {
        return Err(Refusal::bad("Batch request with empty content").labelled_json());
    };
    let responses = queries.iter().map(|(key, query)| {
        let metrics = query.get("metrics").and_then(Value::as_array).into_iter().flatten();
        let metrics: Vec<_> = metrics.filter_map(Value::as_str).collect();
        let tags = query.get("tags").and_then(Value::as_object).into_iter().flatten();
        let tags: Vec<_> = tags.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
        (key.clone(), response(server, &metrics, &tags))
    });
    Ok(Response::json(&Value::Object(responses.collect())))
}

fn response(server: &ServerState, metrics: &[&str], tags: &[(&str, &str)]) -> Value {
    let series = metrics.iter().filter_map(|metric| {
        let value = value(server, metric, tags)?;
        Some(json!({"metricName": metric, "grouping": {}, "data": [{"time": 0, "value": value}]}))
    });
    let series: Vec<_> = series.collect();
    json!({
        "startTime": 0, "endTime": seconds(server.now()), "series": series, "resolution": "2147483647s",
    })
}

/// The value of a metric of a real-time run; a metric that was never written is not there.
fn value(server: &ServerState, metric: &str, tags: &[(&str, &str)]) -> Option<i64> {
    let tag = |name: &str| tags.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let program_ref = ProgramRef {
        namespace: tag("namespace")?,
        application: tag("app")?,
        kind: Kind::Spark,
        name: tag("spark").or_else(|| tag("program"))?,
    };
    let (application, program) = server.any_program(program_ref).ok()?;
    let id = tag("run")?;
    let run = program.runs.iter().find(|run| &*run.id == id)?;
    let version = application.version(&run.version)?;
    let pipeline = version.definition.pipeline.as_ref().filter(|it| it.streaming)?;
    let now = server.now();
    let start = run.snapshot(now, &server.settings).start?;
    if let Some(word) = metric.strip_prefix(MODE).and_then(|it| it.strip_suffix(".count")) {
        if version.artifact.rank() < vec![6, 8, 0] {
            return None;
        }
        let enabled = arguments(run).get("cdap.streaming.atleastonce.enabled").is_none_or(|it| it == "true");
        let mode = match (enabled, pipeline.tracked) {
            (false, _) => "disabled",
            (true, true) => "store",
            (true, false) => "checkpointing",
        };
        return (word == mode).then_some(1);
    }
    let Behavior::Stream { rate, .. } = program.behavior else { return None };
    let (stage, direction) = metric.strip_prefix("user.")?.split_once(".records.")?;
    let source = pipeline.stages.first()?;
    let sink = pipeline.stages.last()?;
    let interval = pipeline.interval_millis().max(1);
    let until = run.snapshot(now, &server.settings).stopping.unwrap_or(now);
    let received = rate * ((until - start) / interval) * interval / 1_000;
    let left = run.stop.as_ref().map_or(0, |stop| stop.left(&server.settings));
    match direction {
        "out" if stage == &*source.name => Some(received),
        "in" if stage == &*sink.name => Some(received - left),
        _ => None,
    }
    .filter(|it| *it > 0)
}
