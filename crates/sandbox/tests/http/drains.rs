//! How real-time runs go out, and what their log says of it.

use crate::server::Server;
use quiesce_sandbox::Profile;
use serde_json::{Value, json};

const CLICKS: &str = "/v3/namespaces/default/apps/clicks_live/spark/DataStreamsSparkStreaming";

/// Stops the run of `clicks_live` and gives the messages of its log, and what it left.
async fn stop(server: &Server) -> (Vec<String>, Value) {
    let (run, answer) = server.stop_run(CLICKS, "?graceful").await;
    assert_eq!(answer.status, 200);
    server.advance(120).await;
    let lines = server.get(&format!("{run}/logs?format=json")).await.json();
    let lines =
        lines.as_array().expect("lines").iter().map(|it| it["log"]["message"].as_str().unwrap_or_default());
    (lines.map(str::to_owned).collect(), server.get("/sandbox/drains").await.json()[0].clone())
}

fn said(lines: &[String], words: &str) -> bool {
    lines.iter().any(|line| line.contains(words))
}

#[tokio::test]
async fn all_processed_is_said_where_the_driver_could_look() {
    let (lines, drain) = stop(&Server::new(Profile::Graceful)).await;
    assert!(said(&lines, "All receiver blocks are processed in the checkpoint directory"), "{lines:#?}");
    assert_eq!(drain["left"], 0);
}

#[tokio::test]
async fn a_stock_server_could_not_read_it_and_assumes_that_records_are_left() {
    let (lines, _) = stop(&Server::new(Profile::Cdap6_11)).await;
    assert!(
        said(&lines, "Failed to read receiver metadata. Assuming there is unprocessed data."),
        "{lines:#?}"
    );
    assert!(said(&lines, "There are unprocessed recevier records in the checkpoint directory"));
    assert!(!said(&lines, "All receiver blocks"));
}

#[tokio::test]
async fn a_deadline_below_what_the_driver_keeps_is_too_little_to_drain() {
    let server = Server::new(Profile::Cdap6_11);
    server.post("/sandbox/settings", &json!({"max_stop_seconds": 5}).to_string()).await;
    let (lines, drain) = stop(&server).await;
    assert!(said(&lines, "Terminate the streaming job immediately due to not enough time till termination."));
    assert_eq!((drain["left"].as_i64() > Some(0), &drain["recoverable"]), (true, &json!(true)), "{drain}");
}

#[tokio::test]
async fn a_pipeline_that_is_not_stopped_gracefully_says_so_and_leaves_its_backlog() {
    let server = Server::new(Profile::Cdap6_11);
    let detail = server.get("/v3/namespaces/default/apps/clicks_live").await.json();
    let mut config: Value =
        serde_json::from_str(detail["configuration"].as_str().expect("text")).expect("JSON");
    config["stopGracefully"] = json!(false);
    config["properties"] = json!({"system.spark.spark.streaming.receiver.writeAheadLog.enable": "false"});
    let body = json!({"artifact": detail["artifact"], "config": config}).to_string();
    server.stop_run(CLICKS, "").await;
    server.advance(120).await;
    assert_eq!(server.send("PUT", "/v3/namespaces/default/apps/clicks_live", &body, None).await.status, 200);
    server.post(&format!("{CLICKS}/start"), "").await;
    server.advance(30).await;
    let (run, _) = server.stop_run(CLICKS, "").await;
    server.advance(30).await;
    let log = server.get(&format!("{run}/logs?format=json")).await.json().to_string();
    assert!(log.contains("Terminate the streaming job immediately due to configuration."), "{log}");
    let drains = server.get("/sandbox/drains").await.json();
    let last = drains.as_array().and_then(|it| it.last()).expect("a drain").clone();
    assert_eq!((&last["left"], &last["recoverable"]), (&last["backlog"], &json!(false)));
}

#[tokio::test]
async fn a_terminator_that_works_ends_a_run_at_the_first_scan_after_deadline_and_buffer() {
    let server = Server::new(Profile::Graceful);
    let gateway = "/v3/namespaces/retail/apps/sensor_gateway/workers/GatewayWorker";
    let (run, _) = server.stop_run(gateway, "?graceful=100").await;
    let status = async || server.get(&run).await.json()["status"].clone();
    // Stopped at a full hour: the deadline is 100 s later, the buffer 60 s, and scans are every 300 s.
    server.advance(299).await;
    assert_eq!(status().await, "STOPPING");
    server.advance(1).await;
    assert_eq!(status().await, "KILLED");
}
