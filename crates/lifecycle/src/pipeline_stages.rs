//! The stages of a pipeline in the order in which records pass them, and how many did ([`StageCounts`]).

use quiesce_api::RunId;
use quiesce_api::metrics::Metrics;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The names of the stages of a pipeline, by its configuration: each after those that it receives records from, and
/// otherwise in the configuration's order. Stages of a cycle come last. Empty if the configuration names none.
pub fn stages(configuration: &str) -> Vec<String> {
    serde_json::from_str(configuration).map(|configuration| ordered(&configuration)).unwrap_or_default()
}

fn ordered(configuration: &Value) -> Vec<String> {
    let list = |key: &str| configuration.get(key).and_then(Value::as_array).into_iter().flatten();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut seen = BTreeSet::new();
    let mut left: Vec<String> = list("stages").filter_map(|stage| text(stage, "name")).collect();
    left.retain(|name| seen.insert(name.clone()));
    let mut connections: Vec<(String, String)> =
        list("connections").filter_map(|it| text(it, "from").zip(text(it, "to"))).collect();
    connections.retain(|(from, to)| seen.contains(from) && from != to);
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = left.iter().position(|name| !connections.iter().any(|(_, to)| to == name));
        let Some(free) = free else {
            ordered.append(&mut left);
            break;
        };
        let name = left.remove(free);
        connections.retain(|(from, _)| *from != name);
        ordered.push(name);
    }
    ordered
}

/// The counters of the records that the sources of a pipeline emit: its stages that receive none.
pub fn source_counters(configuration: &str) -> Vec<String> {
    let Ok(pipeline) = serde_json::from_str::<Value>(configuration) else { return Vec::new() };
    let connections = pipeline.get("connections").and_then(Value::as_array).into_iter().flatten();
    let receivers: BTreeSet<&str> =
        connections.filter_map(|connection| connection.get("to").and_then(Value::as_str)).collect();
    let mut sources = ordered(&pipeline);
    sources.retain(|stage| !receivers.contains(stage.as_str()));
    sources.iter().map(|stage| counter(stage, "out")).collect()
}

/// How many records each run read, by the totals of the counters of its sources. A run of which nothing was counted is
/// absent.
pub fn records_by_run(metrics: &Metrics) -> BTreeMap<RunId, usize> {
    metrics.totals_by_run().into_iter().map(|(run, total)| (run, count(total))).collect()
}

/// The counters of the records of these stages.
pub fn counters(stages: &[String]) -> Vec<String> {
    let mut counters = Vec::with_capacity(stages.len() * 3);
    for stage in stages {
        for kind in ["in", "out", "error"] {
            counters.push(counter(stage, kind));
        }
    }
    counters
}

/// The total of a counter as a number of records.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn count(total: f64) -> usize {
    total as usize
}

fn counter(stage: &str, kind: &str) -> String {
    format!("user.{stage}.records.{kind}")
}

/// How many records a stage received, emitted and rejected. `None`: nothing was counted, which a server does not tell
/// from none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageCounts {
    /// Name of the stage.
    pub stage: String,
    /// Received.
    pub records_in: Option<usize>,
    /// Emitted.
    pub records_out: Option<usize>,
    /// Rejected.
    pub records_error: Option<usize>,
}

/// The counts of these stages, by their counters.
pub fn counts(stages: &[String], metrics: &Metrics) -> Vec<StageCounts> {
    let total = |stage: &str, kind: &str| metrics.total(&counter(stage, kind)).map(count);
    let stage_counts = |stage: &String| StageCounts {
        stage: stage.clone(),
        records_in: total(stage, "in"),
        records_out: total(stage, "out"),
        records_error: total(stage, "error"),
    };
    stages.iter().map(stage_counts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn pipeline(stages: &[usize], connections: &[(usize, usize)]) -> String {
        let stages: Vec<_> = stages.iter().map(|stage| json!({"name": stage.to_string()})).collect();
        let connections: Vec<_> = connections
            .iter()
            .map(|(from, to)| json!({"from": from.to_string(), "to": to.to_string()}))
            .collect();
        json!({"stages": stages, "connections": connections}).to_string()
    }

    #[test]
    fn a_stage_follows_those_that_it_receives_records_from() {
        assert_eq!(stages(&pipeline(&[3, 1, 2], &[(1, 2), (2, 3)])), ["1", "2", "3"]);
        assert_eq!(stages(&pipeline(&[4, 3, 2, 1], &[(1, 3), (2, 3), (3, 4)])), ["2", "1", "3", "4"]);
    }

    #[test]
    fn a_cycle_an_unknown_stage_and_a_duplicate_lose_no_stage() {
        assert_eq!(stages(&pipeline(&[1, 2, 3, 1], &[(2, 3), (3, 2), (9, 1), (1, 1)])), ["1", "2", "3"]);
        for configuration in ["", "{}", "[]", r#"{"stages":[{"plugin":1},7]}"#] {
            assert!(stages(configuration).is_empty(), "{configuration}");
        }
    }

    #[test]
    fn the_sources_are_the_stages_that_receive_nothing() {
        let joined = pipeline(&[4, 3, 2, 1], &[(1, 3), (2, 3), (3, 4)]);
        assert_eq!(source_counters(&joined), ["user.2.records.out", "user.1.records.out"]);
        assert!(source_counters("").is_empty());
        assert!(source_counters(&pipeline(&[1, 2], &[(1, 2), (2, 1)])).is_empty());
    }

    #[test]
    fn the_records_of_a_run_are_those_of_all_its_sources() {
        let series = |metric: &str, run: &str, value: f64| json!({"metricName": metric, "grouping": {"run": run}, "data": [{"time": 0, "value": value}]});
        let metrics = json!({"series": [
            series("user.A.records.out", "1", 10.0),
            series("user.B.records.out", "1", 5.0),
            series("user.A.records.out", "2", 7.0),
            {"metricName": "user.A.records.out", "data": [{"time": 0, "value": 1.0}]},
        ]});
        let records = records_by_run(&serde_json::from_value(metrics).unwrap());
        assert_eq!(records, BTreeMap::from([("1".into(), 15), ("2".into(), 7)]));
    }

    #[test]
    fn a_counter_that_is_absent_is_not_0() {
        let metrics = json!({"series": [
            {"metricName": "user.Clicks.records.out", "data": [{"time": 0, "value": 1041.0}]},
            {"metricName": "user.Clicks.records.error", "data": [{"time": 0, "value": 0.0}]},
        ]});
        let stages = ["Clicks".to_owned()];
        let counts = counts(&stages, &serde_json::from_value(metrics).unwrap());
        assert_eq!((counts[0].records_in, counts[0].records_out), (None, Some(1041)));
        assert_eq!(counts[0].records_error, Some(0));
        assert_eq!(
            counters(&stages),
            ["user.Clicks.records.in", "user.Clicks.records.out", "user.Clicks.records.error"]
        );
    }

    proptest! {
        #[test]
        fn every_connection_of_a_pipeline_without_a_cycle_leads_forward(
            names in Just((0..8).collect::<Vec<usize>>()).prop_shuffle(),
            connections in prop::collection::vec((0..8_usize, 0..8_usize), 0..12),
        ) {
            let forward: Vec<_> = connections.into_iter().filter(|(from, to)| from < to).collect();
            let ordered = stages(&pipeline(&names, &forward));
            prop_assert_eq!(ordered.len(), names.len());
            let place = |stage: usize| ordered.iter().position(|name| *name == stage.to_string());
            for (from, to) in forward {
                prop_assert!(place(from) < place(to));
            }
        }
    }
}
