//! The sandbox over its router: what a browser would see of it.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod drains;
mod faults;
mod fleet;
mod metrics;
mod server;

use axum::body::Body;
use axum::http::{Request, header};
use quiesce_sandbox::{Options, Profile};
use serde_json::{Value, json};
use server::{NS, POLLER, Server, grace};
use tower::ServiceExt;

#[tokio::test]
async fn a_stopped_worker_drains_as_long_as_its_argument_says_and_is_killed() {
    let server = Server::new(Profile::Cdap6_11);
    let (run, answer) = server.stop_run(POLLER, "?graceful=20").await;
    assert_eq!((answer.status.as_u16(), answer.content_type(), answer.text()), (200, None, ""));
    let stopping = server.get(&run).await.json();
    assert_eq!((stopping["status"].as_str(), grace(&stopping)), (Some("STOPPING"), 300));
    // It was started with drain 10.
    server.advance(9).await;
    assert_eq!(server.get(&run).await.json()["status"], "STOPPING");
    server.advance(3).await;
    assert_eq!(server.get(&run).await.json()["status"], "KILLED");
}

#[tokio::test]
async fn only_the_graceful_profile_gives_what_is_asked_and_refuses_junk() {
    let server = Server::new(Profile::Graceful);
    for value in ["-1", "abc", "1.5", "99999999999", "true"] {
        let answer = server.post(&format!("{NS}/stop?graceful={value}"), "[]").await;
        assert_eq!(
            (answer.status.as_u16(), answer.content_type()),
            (400, Some("application/json")),
            "{value}"
        );
    }
    let (run, _) = server.stop_run(POLLER, "?graceful=20").await;
    assert_eq!(grace(&server.get(&run).await.json()), 20);
    let body = r#"[{"appId":"Warehouse","programType":"Service","programId":"Stock"}]"#;
    server.post(&format!("{NS}/stop?graceful"), body).await;
    let stock = server.run("/v3/namespaces/default/apps/Warehouse/services/Stock").await;
    assert_eq!(grace(&stock), i64::from(i32::MAX));
}

#[tokio::test]
async fn a_program_level_stop_gives_no_time_at_all() {
    let server = Server::new(Profile::Graceful);
    server.post(&format!("{POLLER}/stop?graceful=20"), "").await;
    assert_eq!(grace(&server.run(POLLER).await), 0);
}

#[tokio::test]
async fn the_log_of_a_real_time_run_tells_seconds_later_how_it_went_out() {
    let server = Server::new(Profile::Graceful);
    let clicks = "/v3/namespaces/default/apps/clicks_live/spark/DataStreamsSparkStreaming";
    let (run, _) = server.stop_run(clicks, "?graceful").await;
    let said = |log: &Value| log.to_string().contains("All receiver blocks are processed");
    server.advance(17).await;
    assert_eq!(server.get(&run).await.json()["status"], "KILLED");
    let early = server.get(&format!("{run}/logs?format=json")).await;
    assert_eq!(early.content_type(), Some("application/json"));
    server.advance(5).await;
    let late = server.get(&format!("{run}/logs?format=json")).await.json();
    assert!(said(&late), "{late}");
    let text = server.get(&format!("{run}/logs")).await;
    assert!(
        text.text()
            .contains("INFO  [SparkRunner-DataStreamsSparkStreaming:i.c.c.d.DataStreamsSparkLauncher@191]")
    );
}

#[tokio::test]
async fn a_stock_server_says_records_are_left_whether_it_drained_or_not() {
    let mut cut = 0;
    for seed in 0..12 {
        let server = Server::with(Options { seed, ..Options::default() });
        let clicks = "/v3/namespaces/default/apps/clicks_live/spark/DataStreamsSparkStreaming";
        let (run, _) = server.stop_run(clicks, "").await;
        server.advance(30).await;
        let log = server.get(&format!("{run}/logs?format=json")).await.json().to_string();
        assert!(log.contains("Failed to read receiver metadata"), "{log}");
        assert!(log.contains("There are unprocessed recevier records"));
        let drains = server.get("/sandbox/drains").await.json();
        let drained = drains[0]["left"] == 0;
        assert_eq!(log.contains("StreamingContext has already been stopped"), !drained);
        cut += i32::from(!drained);
    }
    assert!((1..12).contains(&cut), "{cut}");
}

#[tokio::test]
async fn where_nothing_is_forced_a_run_stays_past_its_deadline() {
    let server = Server::new(Profile::Cdap6_11);
    let gateway = "/v3/namespaces/retail/apps/sensor_gateway/workers/GatewayWorker";
    let (run, _) = server.stop_run(gateway, "").await;
    server.advance(6 * 3_600).await;
    assert_eq!(server.get(&run).await.json()["status"], "STOPPING");
    server.post("/sandbox/settings", r#"{"forces":true}"#).await;
    assert_eq!(server.get(&run).await.json()["status"], "KILLED");
}

#[tokio::test]
async fn the_list_is_streamed_and_pages_join_into_it() {
    let server = Server::new(Profile::Cdap6_11);
    let whole = server.get("/v3/namespaces/retail/apps").await;
    assert_eq!(whole.content_type(), Some("application/octet-stream"));
    assert!(whole.headers.get(header::CONTENT_LENGTH).is_none());
    let whole = whole.json();
    assert!(whole.as_array().is_some_and(|it| it.len() >= 40));
    let (mut pages, mut token) = (Vec::new(), String::new());
    loop {
        let page =
            server.get(&format!("/v3/namespaces/retail/apps?pageSize=7&pageToken={token}")).await.json();
        pages.extend(page["applications"].as_array().expect("a page").clone());
        match page["nextPageToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
    }
    assert_eq!(Value::Array(pages), whole);
}

#[tokio::test]
async fn the_retail_namespace_shows_every_state() {
    let server = Server::new(Profile::Cdap6_11);
    let mut seen = std::collections::BTreeSet::new();
    for kind in ["workflows", "spark", "workers", "services", "mapreduce"] {
        for program in
            server.get(&format!("/v3/namespaces/retail/{kind}")).await.json().as_array().expect("a list")
        {
            let app = program["app"].as_str().expect("an app");
            let name = program["name"].as_str().expect("a name");
            let run = server.run(&format!("/v3/namespaces/retail/apps/{app}/{kind}/{name}")).await;
            seen.extend(run["status"].as_str().map(str::to_owned));
        }
    }
    let all = [
        "COMPLETED",
        "FAILED",
        "KILLED",
        "PENDING",
        "REJECTED",
        "RUNNING",
        "STARTING",
        "STOPPING",
        "SUSPENDED",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}

#[tokio::test]
async fn the_backup_has_every_application_and_the_digest_fits() {
    let server = Server::new(Profile::Cdap6_11);
    let request = Request::get("/v3/export/apps").body(Body::empty()).expect("a request");
    let answer = server.0.clone().oneshot(request).await.expect("an answer");
    let digest = answer.headers().get("digest").and_then(|it| it.to_str().ok()).expect("a digest").to_owned();
    assert!(digest.starts_with("sha-256="));
    let zip = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a zip");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("a zip");
    let file = zip.by_name("default/clicks_live.json").expect("a file");
    let detail: Value = serde_json::from_reader(file).expect("JSON");
    assert_eq!(detail["programs"][0]["type"], "spark");
    assert!(zip.by_name("retail/").expect("a folder").is_dir());
}

#[tokio::test]
async fn an_upgrade_makes_an_older_version_of_what_runs() {
    let server = Server::new(Profile::Cdap6_11);
    let report = "/v3/namespaces/retail/apps/customer_360_hourly/workflows/DataPipelineWorkflow";
    let answer =
        server.post("/v3/namespaces/retail/apps/customer_360_hourly/upgrade?artifactScope=SYSTEM", "").await;
    assert_eq!(answer.json()["appId"]["entity"], "APPLICATION");
    assert_eq!(server.get(&format!("{report}/status")).await.json()["status"], "STOPPED");
    assert_eq!(server.run(report).await["status"], "RUNNING");
    let detail = server.get("/v3/namespaces/retail/apps/customer_360_hourly").await.json();
    assert_eq!(detail["artifact"]["version"], "6.11.0");
}

#[tokio::test]
async fn on_6_7_2_there_is_one_version_and_runs_have_none() {
    let server = Server::new(Profile::Cdap6_7);
    assert_eq!(server.get("/v3/version").await.json()["version"], "6.7.2");
    let apps = server.get(&format!("{NS}/apps")).await.json();
    assert!(
        apps.as_array()
            .expect("a list")
            .iter()
            .all(|it| it["version"] == "-SNAPSHOT" && it["change"].is_null())
    );
    assert!(server.run(POLLER).await["version"].is_null());
    let body = r#"[{"appId":"nope","programType":"Worker","programId":"x"}]"#;
    let stopped = server.post(&format!("{NS}/stop"), body).await;
    assert_eq!(stopped.json()[0]["statusCode"], 404);
    assert_eq!(server.post(&format!("{NS}/apps/clicks_live/upgrade"), "").await.status, 501);
}

#[tokio::test]
async fn a_secured_server_wants_a_token_for_all_but_its_status() {
    let server = Server::new(Profile::Secured);
    assert_eq!(server.get("/status").await.status, 200);
    let refused = server.get("/v3/nope").await;
    assert_eq!(refused.status, 401);
    assert!(refused.json()["auth_uri"][0].as_str().is_some_and(|it| it.ends_with("/token")));
    assert_eq!(server.send("GET", "/v3/version", "", Some("Bearer wrong")).await.status, 500);
    let basic = "Basic YWxpY2U6c2VjcmV0";
    let token = server.send("GET", "/token", "", Some(basic)).await.json();
    let bearer = format!("Bearer {}", token["access_token"].as_str().expect("a token"));
    assert_eq!(server.send("GET", "/v3/version", "", Some(&bearer)).await.status, 200);
    server.advance(86_401).await;
    let expired = server.send("GET", "/v3/version", "", Some(&bearer)).await;
    assert_eq!(expired.status, 401);
    assert!(expired.text().contains("Expired token."));
}

#[tokio::test]
async fn what_was_received_is_told_to_the_letter() {
    let server = Server::new(Profile::Cdap6_11);
    server.post(&format!("{NS}/stop?graceful=-1"), "[]").await;
    server.get("/v3/nope").await;
    let told = server.get("/sandbox/requests").await.json();
    assert_eq!(told[0]["target"], format!("{NS}/stop?graceful=-1"));
    assert_eq!(
        (&told[0]["method"], &told[0]["body"], &told[0]["status"]),
        (&json!("POST"), &json!("[]"), &json!(200))
    );
    assert_eq!(told[1]["status"], 404);
    assert_eq!(server.get("/sandbox/requests?path=/stop").await.json().as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_reset_brings_everything_back() {
    let server = Server::new(Profile::Cdap6_11);
    server.stop_run(POLLER, "").await;
    server.post("/sandbox/reset", "").await;
    assert_eq!(server.run(POLLER).await["status"], "RUNNING");
    assert_eq!(server.get("/sandbox/requests").await.json().as_array().map(Vec::len), Some(1));
}
