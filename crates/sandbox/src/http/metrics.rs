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
        return Ok(Response::json(&response(server, &metrics, &tags, &[])));
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
        let groups = query.get("groupBy").and_then(Value::as_array).into_iter().flatten();
        let groups: Vec<_> = groups.filter_map(Value::as_str).collect();
        (key.clone(), response(server, &metrics, &tags, &groups))
    });
    Ok(Response::json(&Value::Object(responses.collect())))
}

fn response(server: &ServerState, metrics: &[&str], tags: &[(&str, &str)], groups: &[&str]) -> Value {
    let series = |metric: &str, grouping: Value, value: i64| json!({"metricName": metric, "grouping": grouping, "data": [{"time": 0, "value": value}]});
    let mut all = Vec::new();
    for metric in metrics {
        if groups == ["run"] {
            for run in runs(server, tags) {
                let tags: Vec<_> = tags.iter().copied().chain([("run", &*run)]).collect();
                let value = value(server, metric, &tags);
                all.extend(value.map(|value| series(metric, json!({"run": run}), value)));
            }
        } else {
            all.extend(value(server, metric, tags).map(|value| series(metric, json!({}), value)));
        }
    }
    json!({
        "startTime": 0, "endTime": seconds(server.now()), "series": all, "resolution": "2147483647s",
    })
}

/// The IDs of the runs of the Spark program that the tags name.
fn runs(server: &ServerState, tags: &[(&str, &str)]) -> Vec<String> {
    let program = spark(tags).and_then(|program| server.any_program(program).ok());
    program
        .map(|(_, program)| program.runs.iter().map(|run| run.id.to_string()).collect())
        .unwrap_or_default()
}

fn tag<'a>(tags: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    tags.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
}

fn spark<'a>(tags: &[(&str, &'a str)]) -> Option<ProgramRef<'a>> {
    Some(ProgramRef {
        namespace: tag(tags, "namespace")?,
        application: tag(tags, "app")?,
        kind: Kind::Spark,
        name: tag(tags, "spark").or_else(|| tag(tags, "program"))?,
    })
}

/// The value of a metric of a real-time run; a metric that was never written is not there.
fn value(server: &ServerState, metric: &str, tags: &[(&str, &str)]) -> Option<i64> {
    let (application, program) = server.any_program(spark(tags)?).ok()?;
    let id = tag(tags, "run")?;
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
