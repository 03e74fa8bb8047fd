//! Metrics, as far as a run's mode and its records are told by them.

use super::records::seconds;
use super::request::Request;
use super::response::Response;
use crate::model::application::Version;
use crate::model::pipeline::Pipeline;
use crate::model::program::{Behavior, Kind, ProgramRef};
use crate::model::refusal::Refusal;
use crate::model::run::Run;
use crate::model::server_state::ServerState;
use crate::model::stop::arguments;
use crate::model::text::Text;
use serde_json::{Value, json};

const MODE: &str = "user.streaming.atleastonce.";
/// The workflow of a batch pipeline.
const WORKFLOW: &str = "DataPipelineWorkflow";
/// How many records a batch pipeline copies in a second.
const ROWS: i64 = 240;

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

/// The IDs of the runs of the program that the tags name.
fn runs(server: &ServerState, tags: &[(&str, &str)]) -> Vec<String> {
    counted(server, tags).into_iter().map(|run| run.id.to_string()).collect()
}

fn tag<'a>(tags: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    tags.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
}

/// The program that the tags name: a workflow or a Spark program. One of the other within it is not counted.
fn named<'a>(tags: &[(&str, &'a str)]) -> Option<ProgramRef<'a>> {
    let spark = tag(tags, "spark").or_else(|| tag(tags, "program"));
    let (kind, name) = match (tag(tags, "workflow"), spark) {
        (Some(name), None) => (Kind::Workflow, name),
        (None, Some(name)) => (Kind::Spark, name),
        _ => return None,
    };
    Some(ProgramRef { namespace: tag(tags, "namespace")?, application: tag(tags, "app")?, kind, name })
}

/// A run whose records are counted.
struct Counted<'a> {
    /// The ID by which its metrics are found: its own, or that of its Spark phase.
    id: &'a Text,
    run: &'a Run,
    pipeline: &'a Pipeline,
    version: &'a Version,
    behavior: Behavior,
}

/// The runs of the program that the tags name, or the one run that they name. The Spark phase of a batch pipeline counts
/// what its workflow counts.
fn counted<'a>(server: &'a ServerState, tags: &[(&str, &str)]) -> Vec<Counted<'a>> {
    let found = named(tags).and_then(|named| {
        let (application, program) = server.any_program(named).ok()?;
        let workflow = || application.program(Kind::Workflow, WORKFLOW);
        let phase = application.latest()?.definition.phase().filter(|it| it.name == program.name);
        Some(match phase {
            Some(phase) => (application, workflow()?, Some(&phase.name)),
            None => (application, program, None),
        })
    });
    let Some((application, program, phase)) = found else { return Vec::new() };
    let counted = program.runs.iter().filter_map(|run| {
        let id = match (phase, &run.phase) {
            (None, _) => &run.id,
            (Some(phase), Some((name, id))) if phase == name => id,
            (Some(_), _) => return None,
        };
        let version = application.version(&run.version)?;
        let pipeline = version.definition.pipeline.as_ref()?;
        Some(Counted { id, run, pipeline, version, behavior: program.behavior })
    });
    let only = tag(tags, "run");
    counted.filter(|counted| only.is_none_or(|id| **counted.id == *id)).collect()
}

/// The total of a metric over the runs that the tags name; a metric that was never written is not there.
fn value(server: &ServerState, metric: &str, tags: &[(&str, &str)]) -> Option<i64> {
    let values = counted(server, tags).into_iter().filter_map(|counted| {
        if counted.pipeline.streaming {
            streamed(server, &counted, metric)
        } else {
            copied(server, &counted, metric)
        }
    });
    values.reduce(|all, value| all + value)
}

/// The value of a metric of a real-time run.
fn streamed(server: &ServerState, counted: &Counted, metric: &str) -> Option<i64> {
    let Counted { run, pipeline, version, behavior, .. } = counted;
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
    let Behavior::Stream { rate, .. } = behavior else { return None };
    let (stage, direction) = stage(metric)?;
    let source = pipeline.stages.first()?;
    let sink = pipeline.stages.last()?;
    let interval = pipeline.interval_millis().max(1);
    let until = run.snapshot(now, &server.settings).stopping.unwrap_or(now);
    let received = rate * ((until - start) / interval) * interval / 1_000;
    let left = run.stop.as_ref().map_or(0, |stop| stop.left(&server.settings));
    // A sink that batch pipelines have, too, counts what it writes.
    let writes = &*sink.kind == "batchsink";
    match direction {
        "out" if stage == &*source.name => Some(received),
        "in" if stage == &*sink.name => Some(received - left),
        "out" if stage == &*sink.name && writes => Some(received - left),
        _ => None,
    }
    .filter(|it| *it > 0)
}

/// The value of a metric of a batch run: each stage but an action counts what it receives and what it emits. The table
/// that a pipeline with an argument copies is empty.
fn copied(server: &ServerState, counted: &Counted, metric: &str) -> Option<i64> {
    let Behavior::Batch { argument: false, .. } = counted.behavior else { return None };
    let (stage, direction) = stage(metric)?;
    let stage = counted.pipeline.stages.iter().find(|it| *it.name == *stage)?;
    let now = server.now();
    let snapshot = counted.run.snapshot(now, &server.settings);
    let until = snapshot.stopping.or(snapshot.end).unwrap_or(now);
    let copied = ROWS * (until - counted.run.phase_starts()) / 1_000;
    let counts = snapshot.start.is_some() && &*stage.kind != "action" && matches!(direction, "in" | "out");
    Some(copied).filter(|copied| counts && *copied > 0)
}

/// The stage of a counter of records, and what it counts.
fn stage(metric: &str) -> Option<(&str, &str)> {
    metric.strip_prefix("user.")?.split_once(".records.")
}
