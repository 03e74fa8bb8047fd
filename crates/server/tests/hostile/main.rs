//! Hostile clients and misbehaving routers: a table of requests, each with its answer, in front of a router that
//! records everything that it receives; and routers that answer with garbage.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod bodies;
mod headers;
mod methods;
mod modes;
mod paths;
mod recorder;
mod routers;
mod row;
mod servers;
#[path = "../support/mod.rs"]
mod support;

use recorder::Received;
use row::{Forwards, Mode, Row};
use servers::Servers;
use support::wire;

fn rows() -> Vec<Row> {
    [paths::rows(), methods::rows(), headers::rows(), bodies::rows(), modes::rows()].concat()
}

#[test]
fn the_table_has_at_least_a_hundred_requests_with_different_names() {
    let mut names: Vec<&str> = rows().iter().map(|row| row.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two requests have one name");
    assert!(all >= 100, "{all} requests");
}

#[tokio::test]
async fn each_hostile_request_has_its_answer_and_nothing_else_is_forwarded() {
    let servers = Servers::start().await;
    let mut faults = Vec::new();
    for row in rows() {
        let answer =
            wire::provoke(servers.address(row.mode), &row.bytes(servers.address(row.mode)), row.truncated)
                .await;
        let received = servers.received();
        if let Err(fault) = row.expect.check(&answer).and_then(|()| row.forwards.check(&received)) {
            faults.push(format!("{}: {fault}\n  answer: {:?}", row.name, answer.start()));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The recorder notices what is forwarded: otherwise the table above would prove nothing.
#[tokio::test]
async fn a_harmless_request_is_recorded() {
    let servers = Servers::start().await;
    let row = Row::get("harmless", "/v3/version").forwards(Forwards::Nothing);
    let address = servers.address(Mode::Plain);
    let answer = wire::exchange(address, &row.bytes(address)).await;
    assert_eq!(answer.status(), Some(200));
    let received = servers.received();
    assert_eq!(received.iter().map(Received::line).collect::<Vec<_>>(), ["GET /v3/version"]);
    assert!(row.forwards.check(&received).is_err());
}
