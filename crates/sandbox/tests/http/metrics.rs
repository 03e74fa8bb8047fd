//! Records that the stages of a batch pipeline count.

use crate::server::Server;
use quiesce_sandbox::Profile;
use serde_json::{Value, json};

const APP: &str = "/v3/namespaces/retail/apps/customer_360_hourly";
const STAGES: [&str; 3] = ["Extract", "Clean", "Load"];

/// The totals of these tags: records in, out and in error of each stage.
async fn totals(server: &Server, tags: Value) -> Vec<Option<i64>> {
    let of = |stage: &str| ["in", "out", "error"].map(|what| format!("user.{stage}.records.{what}"));
    let metrics: Vec<_> = STAGES.into_iter().flat_map(of).collect();
    let query = json!({ "mine": { "tags": tags, "metrics": metrics, "timeRange": { "aggregate": "true" } } });
    let answer = server.post("/v3/metrics/query", &query.to_string()).await;
    let series = answer.json()["mine"]["series"].clone();
    let total = |metric: &String| {
        let series = series.as_array()?.iter().find(|it| it["metricName"] == metric.as_str())?;
        series["data"][0]["value"].as_i64()
    };
    metrics.iter().map(total).collect()
}

fn tags(run: Option<&Value>) -> Value {
    let app = "customer_360_hourly";
    let mut tags = json!({ "namespace": "retail", "app": app, "workflow": "DataPipelineWorkflow" });
    if let Some(run) = run {
        tags["run"] = run.clone();
    }
    tags
}

#[tokio::test]
async fn each_stage_of_an_active_batch_run_counts_records_in_and_out_until_it_is_stopped() {
    let server = Server::new(Profile::Cdap6_11);
    let program = format!("{APP}/workflows/DataPipelineWorkflow");
    let run = server.run(&program).await["runid"].clone();
    let tags = tags(Some(&run));
    let first = totals(&server, tags.clone()).await;
    let count = first[0].expect("records are counted");
    assert!(count > 0);
    let expected = |count| -> Vec<_> { [Some(count), Some(count), None].repeat(STAGES.len()) };
    assert_eq!(first, expected(count));
    server.advance(10).await;
    let later = totals(&server, tags.clone()).await;
    assert!(later[0] > Some(count), "{later:?}");
    server.stop_run(&program, "").await;
    server.advance(60).await;
    let stopped = totals(&server, tags.clone()).await;
    server.advance(60).await;
    assert_eq!(totals(&server, tags).await, stopped);
}

#[tokio::test]
async fn without_a_run_the_records_of_all_runs_are_added() {
    let server = Server::new(Profile::Cdap6_11);
    let runs = server.get(&format!("{APP}/workflows/DataPipelineWorkflow/runs")).await.json();
    let mut sum = 0;
    for run in runs.as_array().expect("a list") {
        let tags = tags(Some(&run["runid"]));
        sum += totals(&server, tags).await[0].unwrap_or_default();
    }
    assert_eq!(totals(&server, tags(None)).await[0], Some(sum));
}

#[tokio::test]
async fn a_run_that_was_just_started_has_counted_nothing() {
    let server = Server::new(Profile::Cdap6_11);
    let program = format!("{APP}/workflows/DataPipelineWorkflow");
    server.post(&format!("{program}/start"), "{}").await;
    server.advance(4).await;
    let runs = server.get(&format!("{program}/runs?limit=1")).await.json();
    let tags = tags(Some(&runs[0]["runid"]));
    assert_eq!(totals(&server, tags.clone()).await, [None; 9]);
    server.advance(10).await;
    assert!(totals(&server, tags).await[0].is_some());
}
