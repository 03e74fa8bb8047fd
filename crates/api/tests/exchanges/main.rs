//! Every exchange that was recorded of real servers (`tests/recordings`), rebuilt to the letter from an endpoint
//! and read back. One file for each subject holds what each of its records must be and must say.

#![allow(clippy::unwrap_used, reason = "all of this is a test; lints take helpers of tests for code")]

mod applications;
mod deploys;
mod harness;
mod logs;
mod malformed;
mod programs;
mod runs;
mod schedules;
mod secured;
mod starts;
mod statuses;
mod stops;
mod system;
mod upgrades;

use harness::{Case, records, replay};

fn subjects() -> Vec<Case> {
    [
        applications::cases(),
        deploys::cases(),
        logs::cases(),
        malformed::cases(),
        programs::cases(),
        runs::cases(),
        schedules::cases(),
        secured::cases(),
        starts::cases(),
        statuses::cases(),
        stops::cases(),
        system::cases(),
        upgrades::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_recorded_exchange_is_covered_exactly_once() {
    let cases = subjects();
    let records = records();
    assert_eq!(records.len(), 495);
    let wrong: Vec<_> = records
        .iter()
        .map(|record| (record, cases.iter().filter(|case| case.is_of(record)).count()))
        .filter(|(_, count)| *count != 1)
        .map(|(record, count)| format!("{record}: {count} cases"))
        .collect();
    assert!(wrong.is_empty(), "{} records:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_case_is_of_a_record_that_exists() {
    let records = records();
    for case in subjects() {
        for on in case.on {
            let count = records.iter().filter(|record| record.on == *on && case.is_of(record)).count();
            assert_eq!(count, 1, "{on:?} {}", case.name);
        }
    }
}

#[test]
fn applications_are_listed_and_shown_as_recorded() {
    replay(&applications::cases());
}

#[test]
fn applications_are_deployed_deleted_and_exported_as_recorded() {
    replay(&deploys::cases());
}

#[test]
fn logs_and_metrics_are_read_as_recorded() {
    replay(&logs::cases());
}

#[test]
fn malformed_requests_are_refused_as_recorded() {
    replay(&malformed::cases());
}

#[test]
fn programs_are_listed_and_described_as_recorded() {
    replay(&programs::cases());
}

#[test]
fn runs_are_read_as_recorded() {
    replay(&runs::cases());
}

#[test]
fn schedules_are_read_and_switched_as_recorded() {
    replay(&schedules::cases());
}

#[test]
fn a_server_that_asks_for_a_token_answers_as_recorded() {
    replay(&secured::cases());
}

#[test]
fn programs_are_started_as_recorded() {
    replay(&starts::cases());
}

#[test]
fn statuses_are_read_as_recorded() {
    replay(&statuses::cases());
}

#[test]
fn programs_are_stopped_as_recorded() {
    replay(&stops::cases());
}

#[test]
fn the_server_describes_itself_as_recorded() {
    replay(&system::cases());
}

#[test]
fn applications_are_upgraded_as_recorded() {
    replay(&upgrades::cases());
}
