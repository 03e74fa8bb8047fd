//! Checks every recorded exchange with real servers (`tests/recordings`): the endpoint must write exactly the
//! recorded request and decode the response. One file per subject contains the expectations.

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
fn every_recorded_exchange_is_checked_exactly_once() {
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
fn every_case_has_a_record() {
    let records = records();
    for case in subjects() {
        for on in case.on {
            let count = records.iter().filter(|record| record.on == *on && case.is_of(record)).count();
            assert_eq!(count, 1, "{on:?} {}", case.name);
        }
    }
}

#[test]
fn lists_and_details_of_applications_match_the_recordings() {
    replay(&applications::cases());
}

#[test]
fn deployments_deletions_and_exports_match_the_recordings() {
    replay(&deploys::cases());
}

#[test]
fn logs_and_metrics_match_the_recordings() {
    replay(&logs::cases());
}

#[test]
fn responses_to_malformed_requests_match_the_recordings() {
    replay(&malformed::cases());
}

#[test]
fn lists_and_specifications_of_programs_match_the_recordings() {
    replay(&programs::cases());
}

#[test]
fn runs_match_the_recordings() {
    replay(&runs::cases());
}

#[test]
fn schedules_match_the_recordings() {
    replay(&schedules::cases());
}

#[test]
fn responses_of_a_secured_server_match_the_recordings() {
    replay(&secured::cases());
}

#[test]
fn starts_match_the_recordings() {
    replay(&starts::cases());
}

#[test]
fn statuses_match_the_recordings() {
    replay(&statuses::cases());
}

#[test]
fn stops_match_the_recordings() {
    replay(&stops::cases());
}

#[test]
fn version_settings_and_namespaces_match_the_recordings() {
    replay(&system::cases());
}

#[test]
fn upgrades_match_the_recordings() {
    replay(&upgrades::cases());
}
