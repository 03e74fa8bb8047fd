//! Every recorded exchange of real servers, asked of the sandbox in the same state. Status, content type and body must
//! agree after ids and times were made the same; what cannot agree is in docs/sandbox-differences.md with its reason.
//! A difference that is not listed fails, and a listed one that is gone fails too.

#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod compare;
mod differences;
mod recording;
mod server;
mod state;

use recording::{SERVERS, Server};

/// Differences of one server, each with the name of its record.
async fn replay(recorded: &Server) -> Vec<(String, compare::Difference)> {
    let records = recorded.records();
    let mut sandbox = server::Sandboxed::of(recorded, &records).await;
    let mut differences = Vec::new();
    for record in &records {
        sandbox.reach(recorded, record, &records).await;
        let found = sandbox.answer(record).await;
        differences.extend(found.into_iter().map(|it| (record.name.clone(), it)));
    }
    differences
}

#[tokio::test]
async fn the_sandbox_answers_as_recorded_but_for_what_is_listed() {
    let listed = differences::listed();
    let mut unlisted = Vec::new();
    let (mut asked, mut differing) = (0, 0);
    for server in &SERVERS {
        asked += server.records().len();
        let found = replay(server).await;
        let mut names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        differing += names.len();
        for (record, difference) in &found {
            // Every row that fits is met, so that none can hide behind another.
            let taken = listed.iter().filter(|row| row.takes(server.name, record, &difference.place)).count();
            if taken == 0 {
                unlisted.push(format!(
                    "{} {record} {}\n    recorded: {}\n    sandbox:  {}",
                    server.name, difference.place, difference.recorded, difference.sandbox
                ));
            }
        }
    }
    eprintln!("{asked} exchanges, {} of them agree to the letter", asked - differing);
    assert!(unlisted.is_empty(), "{} are not listed:\n{}", unlisted.len(), unlisted.join("\n"));
    let gone: Vec<_> = listed
        .iter()
        .filter(|row| !row.gone().is_empty())
        .map(|row| format!("{:?} of {}", row.gone(), row.line))
        .collect();
    assert!(gone.is_empty(), "listed in docs/sandbox-differences.md and gone:\n{}", gone.join("\n"));
}
