use super::application::{AppUpgrade, AppUpgradeState};
use super::restart::{Restart, RestartState};
use crate::operation::Delivery;
use crate::upgrade::model::{at, lost, refusal};
use crate::upgrade::plan::UpgradeMethod;
use crate::upgrade::reasons::RestartFailure;
use crate::upgrade::snapshot::RunSummary;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{NamespaceId, ProgramRef, ProgramType, RunId, RunRef, Seconds};

fn run(id: &str) -> RunRef {
    let program = ProgramRef {
        namespace: NamespaceId::from("default"),
        application: "a".into(),
        program_type: ProgramType::Workflow,
        program: "w".into(),
    };
    RunRef { program, run: RunId::from(id) }
}

fn summary(id: &str, starting: i64) -> RunSummary {
    RunSummary { run: id.into(), starting: Seconds(starting), status: RunStatus::Killed }
}

/// A restart whose program has ended and has these runs.
fn ready(before: Vec<RunSummary>) -> Restart {
    let mut restart = Restart::again(run("old"), false, at(1));
    restart.state = RestartState::MayStart(at(2), before);
    restart
}

#[test]
fn a_start_in_flight_keeps_the_runs_that_were_there_before() {
    let before = vec![summary("old", 10)];
    let mut restart = ready(before.clone());
    assert!(!restart.is_open());
    restart.sending();
    assert_eq!(restart.state, RestartState::Request(Delivery::InFlight, before));
    assert_eq!(restart.delivery(), Some(&Delivery::InFlight));
    assert!(restart.is_open() && !restart.is_settled());
}

#[test]
fn a_start_without_an_answer_became_the_run_that_was_not_there_before() {
    let mut restart = ready(vec![summary("old", 10)]);
    restart.sending();
    assert!(restart.answered(at(3), None, Some(&lost())));
    assert!(!restart.runs_read(at(4), &[summary("old", 10)], &[]));
    assert!(restart.runs_read(at(5), &[summary("new", 11), summary("old", 10)], &[]));
    assert_eq!(restart.became(), Some(&"new".into()));
}

#[test]
fn a_start_without_an_answer_waits_five_minutes_for_its_run() {
    let mut restart = ready(Vec::new());
    restart.sending();
    assert!(restart.answered(at(3), None, Some(&lost())));
    assert!(!restart.runs_read(at(302), &[], &[]));
    assert!(restart.runs_read(at(304), &[], &[]));
    assert_eq!(restart.state, RestartState::Failed(RestartFailure::NoNewRun(Some(lost()))));
}

#[test]
fn a_start_that_the_server_accepted_became_the_run_that_it_names() {
    let mut restart = ready(Vec::new());
    restart.sending();
    assert!(restart.answered(at(3), Some(&"new".into()), None));
    assert_eq!(restart.state, RestartState::Started("new".into(), at(3)));
}

#[test]
fn a_start_that_did_not_reach_the_server_is_possible_again() {
    let mut unreached = ready(Vec::new());
    unreached.sending();
    assert!(unreached.answered(at(3), None, Some(&refusal(401))));
    assert_eq!(unreached.state, RestartState::Ended);
    let mut busy = ready(Vec::new());
    busy.sending();
    assert!(busy.answered(at(3), None, Some(&refusal(429))));
    assert_eq!(busy.state, RestartState::Ended);
}

#[test]
fn an_upgrade_without_an_answer_may_have_been_sent_whatever_comes_later() {
    let mut app = AppUpgrade::new(UpgradeMethod::Upgrade);
    for (error, may_have_been_sent) in [(refusal(401), false), (lost(), true), (refusal(401), true)] {
        app.state = AppUpgradeState::Request(Delivery::InFlight);
        assert!(app.answered(at(3), Some(&error)));
        assert_eq!(app.may_have_been_sent, may_have_been_sent, "{error}");
    }
}

#[test]
fn an_upgrade_without_a_new_version_is_no_upgraded_one() {
    let mut app = AppUpgrade::new(UpgradeMethod::Upgrade);
    assert!(!app.is_upgraded());
    app.new_version = Some("v2".into());
    assert!(app.is_upgraded());
    app.rolling_back = true;
    assert!(app.is_upgraded(), "nothing was sent to roll it back");
    app.state = AppUpgradeState::Request(Delivery::InFlight);
    assert!(app.is_open() && !app.is_upgraded());
    app.state = AppUpgradeState::Request(Delivery::Confirmed);
    assert!(!app.is_open() && !app.is_upgraded());
    assert_eq!(app.read_again_after(), None);
}

/// The record of a run in this state, and whether its stop was requested.
fn record(status: RunStatus, stopped: bool) -> RunRecord {
    let stopping = if stopped { r#","stopping":20"# } else { "" };
    let mut record: RunRecord =
        serde_json::from_str(&format!(r#"{{"runid":"r","starting":10,"status":"RUNNING"{stopping}}}"#))
            .unwrap();
    record.status = status;
    record
}

/// The state that a reading of the run at this second leads to; `None`: it changes nothing.
fn read(state: RestartState, second: i64, status: RunStatus, stopped: bool) -> Option<RestartState> {
    let mut restart = ready(Vec::new());
    restart.state = state;
    restart.run_read(at(second), &record(status, stopped)).then_some(restart.state)
}

#[test]
fn a_stopped_run_that_is_read_has_ended_completed_on_its_own_or_is_still_active() {
    let after = |second, status, stopped| read(RestartState::WaitingForEnd(at(0)), second, status, stopped);
    assert_eq!(after(1, RunStatus::Killed, true), Some(RestartState::Ended));
    assert_eq!(after(1, RunStatus::Completed, true), Some(RestartState::Ended));
    assert_eq!(after(1, RunStatus::Killed, false), Some(RestartState::Ended));
    assert_eq!(after(1, RunStatus::Completed, false), Some(RestartState::CompletedWithoutStop));
    assert_eq!(after(1, RunStatus::Running, false), None);
    assert_eq!(after(60, RunStatus::Running, false), Some(RestartState::StillActive));
    assert_eq!(after(60, RunStatus::Stopping, true), None);
}

#[test]
fn a_run_whose_stop_a_busy_server_records_late_is_started_again_after_all() {
    let late = |status, stopped| read(RestartState::StillActive, 90, status, stopped);
    assert_eq!(late(RunStatus::Running, false), None);
    assert_eq!(late(RunStatus::Stopping, true), Some(RestartState::WaitingForEnd(at(90))));
    assert_eq!(late(RunStatus::Killed, true), Some(RestartState::Ended));
    assert_eq!(late(RunStatus::Completed, false), Some(RestartState::CompletedWithoutStop));
}

#[test]
fn a_started_run_that_is_read_runs_completed_failed_or_needs_a_person() {
    let started = || RestartState::Started("r".into(), at(0));
    let after = |second, status| read(started(), second, status, false);
    let failed = |failure| Some(RestartState::Failed(failure));
    assert_eq!(after(1, RunStatus::Running), Some(RestartState::Running("r".into())));
    assert_eq!(after(1, RunStatus::Completed), Some(RestartState::Completed("r".into())));
    assert_eq!(after(1, RunStatus::Failed), failed(RestartFailure::Ended("r".into(), RunStatus::Failed)));
    assert_eq!(after(1, RunStatus::Starting), None);
    assert_eq!(
        after(601, RunStatus::Starting),
        failed(RestartFailure::NotRunning("r".into(), RunStatus::Starting))
    );
}
