//! What goes wrong when it is told to.

use crate::server::{NS, POLLER, Server};
use axum::http::header;
use quiesce_sandbox::{Options, Profile, Sandbox};
use serde_json::json;

#[tokio::test]
async fn a_lost_answer_has_had_its_effect_and_a_lost_request_has_not() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "drop-before", "path": "/stop"})).await;
    let (run, lost) = server.stop_run(POLLER, "").await;
    assert!(lost.body.is_none());
    assert_eq!(server.get(&run).await.json()["status"], "RUNNING");
    server.fault(json!({"name": "drop-after", "path": "/stop"})).await;
    let (run, lost) = server.stop_run(POLLER, "").await;
    assert!(lost.body.is_none());
    assert_eq!(server.get(&run).await.json()["status"], "STOPPING");
}

#[tokio::test]
async fn nothing_at_all_comes_back_on_a_dropped_connection() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let sandbox = Sandbox::new(Options::default());
    let server = Server(sandbox.router());
    server.fault(json!({"name": "drop-after"})).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, sandbox.router()).await });
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    stream.write_all(b"GET /v3/version HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("a request");
    let mut back = Vec::new();
    stream.read_to_end(&mut back).await.expect("an end");
    assert_eq!(String::from_utf8_lossy(&back), "");
}

#[tokio::test]
async fn a_fault_strikes_the_next_requests_that_match_and_no_others() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "503", "times": 2, "method": "GET", "path": "/apps"})).await;
    assert_eq!(server.get("/v3/version").await.status, 200);
    for status in [503, 503, 200] {
        assert_eq!(server.get(&format!("{NS}/apps")).await.status.as_u16(), status);
    }
    server.fault(json!({"name": "503", "path": "/apps/Warehouse$"})).await;
    for (target, status) in
        [("apps/Warehouse/versions", 200), ("apps/Warehouse", 503), ("apps/Warehouse", 200)]
    {
        assert_eq!(server.get(&format!("{NS}/{target}")).await.status.as_u16(), status, "{target}");
    }
    server.fault(json!({"name": "cut", "path": "/apps"})).await;
    assert!(server.get(&format!("{NS}/apps")).await.body.is_none());
    let good = server.get("/v3/version").await;
    server.fault(json!({"name": "altered", "path": "/version"})).await;
    let altered = server.get("/v3/version").await;
    assert_eq!(altered.status, 200);
    assert_ne!(altered.body, good.body);
    server.fault(json!({"name": "undecodable", "path": "/apps"})).await;
    assert!(server.get(&format!("{NS}/apps")).await.json()[0]["name"].is_null());
    server.fault(json!({"name": "unknown-status"})).await;
    assert_eq!(server.run(POLLER).await["status"], "MIGRATING");
}

#[tokio::test]
async fn a_forbidden_application_ends_a_batch_after_the_stops_before_it() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "403", "application": "clicks_live"})).await;
    let body = r#"[{"appId":"Warehouse","programType":"Worker","programId":"StockPoller"},
        {"appId":"clicks_live","programType":"Spark","programId":"DataStreamsSparkStreaming"}]"#;
    assert_eq!(server.post(&format!("{NS}/stop"), body).await.status, 403);
    assert_eq!(server.run(POLLER).await["status"], "STOPPING");
}

#[tokio::test]
async fn somebody_else_may_start_or_upgrade_what_was_stopped() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "restarted", "application": "Warehouse"})).await;
    server.fault(json!({"name": "upgraded", "application": "orders_daily", "path": "/stop"})).await;
    let versions = format!("{NS}/apps/orders_daily/versions");
    let before = server.get(&versions).await.json().as_array().map(Vec::len);
    let (run, _) = server.stop_run(POLLER, "").await;
    assert_eq!(server.get(&versions).await.json().as_array().map(Vec::len), before.map(|it| it + 1));
    server.advance(20).await;
    assert_eq!(server.get(&run).await.json()["status"], "KILLED");
    assert_eq!(server.run(POLLER).await["status"], "RUNNING");
}

#[tokio::test]
async fn a_server_that_is_down_comes_back_and_its_own_routes_never_go() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "down", "seconds": 30})).await;
    assert!(server.get("/v3/version").await.body.is_none());
    server.advance(30).await;
    assert_eq!(server.get("/v3/version").await.status, 200);
}

#[tokio::test]
async fn faults_with_a_label_are_removed_without_the_others() {
    let server = Server::new(Profile::Cdap6_11);
    let waiting = async || server.get("/sandbox/faults").await.json();
    server.fault(json!({"name": "503", "path": "/apps"})).await;
    server.fault(json!({"name": "429", "label": "another"})).await;
    let others = waiting().await;
    server.fault(json!({"name": "drop-after", "times": 2, "label": "tour"})).await;
    server.fault(json!({"name": "down", "seconds": 60, "label": "tour"})).await;
    server.fault(json!({"name": "down", "seconds": 30})).await;
    server.send("DELETE", "/sandbox/faults?label=tour", "", None).await;
    assert_eq!(waiting().await, others);
    assert!(server.get("/v3/version").await.body.is_none(), "the other one is still down");
    server.advance(30).await;
    assert_eq!(server.get("/v3/version").await.status, 429);
    server.send("DELETE", "/sandbox/faults", "", None).await;
    assert_eq!(waiting().await, json!([]));
}

#[tokio::test]
async fn an_answer_has_no_date_as_that_of_a_router() {
    let server = Server::new(Profile::Cdap6_11);
    for path in ["/v3/version", "/ping", "/v3/namespaces/default/apps", "/v3/nothing", "/sandbox/faults"] {
        assert!(!server.get(path).await.headers.contains_key(header::DATE), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_clock_shows_in_the_records() {
    let server = Server::new(Profile::Cdap6_11);
    let before = server.run(POLLER).await;
    server.fault(json!({"name": "clock", "seconds": 600})).await;
    let after = server.run(POLLER).await;
    assert_eq!(after["starting"].as_i64(), before["starting"].as_i64().map(|it| it + 600));
}

#[tokio::test]
async fn a_status_is_answered_in_the_place_of_the_effect() {
    let server = Server::new(Profile::Cdap6_11);
    for (name, words) in [
        ("500", "Failed to write the entity."),
        ("503", "No discoverable found"),
        ("429", "Too many requests"),
        ("401", "Expired token."),
        ("403", "is not authorized to perform"),
    ] {
        server.fault(json!({ "name": name, "path": "/stop" })).await;
        let answer = server.post(&format!("{POLLER}/stop"), "").await;
        assert_eq!(answer.status.as_u16().to_string(), name);
        assert!(answer.text().contains(words), "{}", answer.text());
        assert_eq!(server.run(POLLER).await["status"], "RUNNING", "{name}");
    }
}

#[tokio::test]
async fn a_forbidden_application_is_refused_alone_and_to_read_it_is_not() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "403", "application": "Warehouse", "times": 2})).await;
    assert_eq!(server.get(&format!("{NS}/apps/Warehouse")).await.status, 200);
    assert_eq!(server.post(&format!("{NS}/apps/orders_daily/upgrade"), "").await.status, 200);
    assert_eq!(server.post(&format!("{POLLER}/stop"), "").await.status, 403);
    let list =
        server.post(&format!("{NS}/upgrade"), r#"[{"name":"orders_daily"},{"name":"Warehouse"}]"#).await;
    let list = list.json();
    assert_eq!((&list[0]["statusCode"], &list[1]["statusCode"]), (&json!(200), &json!(500)));
}

#[tokio::test]
async fn a_forbidden_list_is_refused_with_the_permission_on_its_namespace() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "403", "method": "GET", "path": "/default/workers"})).await;
    assert_eq!(server.get(&format!("{NS}/services")).await.status, 200);
    let refused = server.get(&format!("{NS}/workers")).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("[GET] on entity 'namespace:default'"), "{}", refused.text());
    assert_eq!(server.get(&format!("{NS}/workers")).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_slow_namespace_is_slow_and_no_other() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "slow-namespace", "namespace": "retail", "seconds": 8})).await;
    server.fault(json!({"name": "delay", "seconds": 3, "path": "/v3/version"})).await;
    let took = async |target: &str| {
        let began = tokio::time::Instant::now();
        assert_eq!(server.get(target).await.status, 200);
        began.elapsed().as_secs()
    };
    assert_eq!(took("/v3/namespaces/retail/apps").await, 8);
    assert_eq!(took("/v3/namespaces/default/apps").await, 0);
    assert_eq!(took("/v3/namespaces/retail/workers").await, 8);
    assert_eq!((took("/v3/version").await, took("/v3/version").await), (3, 0));
}

#[tokio::test]
async fn a_run_that_never_ends_stays_past_its_deadline() {
    let server = Server::new(Profile::Cdap6_11);
    server.fault(json!({"name": "never-ends", "application": "Warehouse"})).await;
    let (run, _) = server.stop_run(POLLER, "").await;
    server.advance(24 * 3_600).await;
    let run = server.get(&run).await.json();
    assert_eq!((&run["status"], &run["end"]), (&json!("STOPPING"), &json!(null)));
}

#[tokio::test]
async fn a_cut_list_and_a_list_with_one_bad_element_are_read_as_far_as_they_go() {
    use quiesce_api::{Endpoint, Response, application::ListApplications};
    let server = Server::new(Profile::Cdap6_11);
    let list = ListApplications::all("default".into());
    let whole = server.get(&format!("{NS}/apps")).await;
    let all = list.read(&Response::new(200, whole.text())).expect("a list").rows.good.len();
    server.fault(json!({"name": "undecodable", "path": "/apps"})).await;
    let damaged = server.get(&format!("{NS}/apps")).await;
    let rows = list.read(&Response::new(200, damaged.text())).expect("a list").rows;
    assert_eq!((rows.good.len(), rows.bad.len()), (all - 1, 1));
}
