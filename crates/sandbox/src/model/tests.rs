//! Tests of the server's state, without HTTP.

use super::application::{Artifact, Scope};
use super::deploy::ChangeSummary;
use super::program::Kind;
use super::program::ProgramRef;
use super::run::RunState;
use super::server_state::ServerState;
use super::stop::RequestedGrace;
use super::text::Arguments;
use super::version::SNAPSHOT;
use crate::clock::Clock;
use crate::{Options, Profile, seed};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const POLLER: ProgramRef<'_> =
    ProgramRef { namespace: "default", application: "Warehouse", kind: Kind::Worker, name: "StockPoller" };
const REPORT: ProgramRef<'_> = ProgramRef { kind: Kind::Workflow, name: "StockReport", ..POLLER };
const ORDERS: ProgramRef<'_> = ProgramRef {
    namespace: "default",
    application: "orders_daily",
    kind: Kind::Workflow,
    name: "DataPipelineWorkflow",
};

fn server(profile: Profile) -> ServerState {
    let at = Timestamp::from_second(1_795_418_400).expect("a time");
    seed::seeded(Options { profile, clock: Clock::Fixed(at), ..Options::default() })
}

fn pass(server: &mut ServerState, seconds: i64) {
    server.clock.advance(SignedDuration::from_secs(seconds));
}

fn arguments(pairs: &[(&str, &str)]) -> Arguments {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// The state of the newest run.
fn newest(server: &ServerState, program_ref: ProgramRef) -> RunState {
    let (_, program) = server.program(program_ref).expect("a program");
    program.runs.last().expect("a run").state(server.now(), &server.settings)
}

#[test]
fn a_stop_of_a_program_stops_all_its_runs_newest_first() {
    let mut server = server(Profile::Cdap6_11);
    let runs = server.stop_program(REPORT, None, 300).expect("a stop");
    let (_, program) = server.program(REPORT).expect("a program");
    let all: Vec<_> = program.runs.iter().rev().map(|run| run.id.clone()).collect();
    assert_eq!((runs.len(), runs), (2, all));
}

#[test]
fn a_second_stop_changes_no_deadline_and_at_run_level_it_is_refused() {
    let mut server = server(Profile::Cdap6_11);
    let run = server.stop_program(POLLER, None, 300).expect("a stop").remove(0);
    pass(&mut server, 2);
    assert_eq!(server.stop_run(POLLER, &run, RequestedGrace::Default).expect_err("a refusal").status, 400);
    assert_eq!(server.stop_program(POLLER, None, 0).expect("a stop"), [run]);
    let (_, program) = server.program(POLLER).expect("a program");
    let stop = program.runs.last().and_then(|it| it.stop.clone()).expect("a stop");
    assert_eq!((stop.grace, stop.at), (300, server.now() - 2_000));
}

#[test]
fn refuses_a_second_run_of_a_worker_but_not_of_a_workflow() {
    let mut server = server(Profile::Cdap6_11);
    let refusal = server.start(POLLER, &Arguments::new()).expect_err("a refusal");
    assert_eq!(refusal.status, 409);
    assert!(refusal.text.contains("is already running in an version of the same application with run ids [program_run:default.Warehouse."), "{}", refusal.text);
    server.start(REPORT, &Arguments::new()).expect("a run");
}

#[test]
fn saved_arguments_are_used_unless_others_are_given() {
    let mut server = server(Profile::Cdap6_11);
    server.start(ORDERS, &Arguments::new()).expect("a run");
    pass(&mut server, 60);
    assert_eq!(newest(&server, ORDERS), RunState::Completed);
    server.start(ORDERS, &arguments(&[("wait", "600")])).expect("a run");
    pass(&mut server, 60);
    assert_eq!(newest(&server, ORDERS), RunState::Running);
}

#[test]
fn a_run_without_the_argument_that_it_needs_is_accepted_and_fails() {
    let mut server = server(Profile::Cdap6_11);
    server.find_mut("default", "orders_daily").expect("an application").preferences.clear();
    server.start(ORDERS, &Arguments::new()).expect("a run");
    pass(&mut server, 6);
    assert_eq!(newest(&server, ORDERS), RunState::Failed);
}

#[test]
fn an_upgrade_hides_runs_from_their_program_but_not_from_their_own_stop() {
    let mut server = server(Profile::Cdap6_11);
    let run = server.start(ORDERS, &arguments(&[("wait", "600")])).expect("a run");
    pass(&mut server, 5);
    server.upgrade("default", "orders_daily", SNAPSHOT, (&[], false)).expect("an upgrade");
    assert_eq!(server.stop_program(ORDERS, None, 0).expect_err("a refusal").status, 400);
    server.stop_run(ORDERS, &run, RequestedGrace::Default).expect("a stop");
    assert_eq!(newest(&server, ORDERS), RunState::Stopping);
}

#[test]
fn on_6_7_2_an_upgrade_changes_the_version_in_place_and_hides_nothing() {
    let mut server = server(Profile::Cdap6_7);
    server.start(ORDERS, &arguments(&[("wait", "600")])).expect("a run");
    pass(&mut server, 5);
    server.upgrade("default", "orders_daily", SNAPSHOT, (&[], false)).expect("an upgrade");
    let application = server.find("default", "orders_daily").expect("an application");
    assert_eq!(application.versions.len(), 1);
    assert_eq!(application.latest().map(|it| &*it.artifact.version), Some("6.7.2"));
    assert_eq!(server.stop_program(ORDERS, None, 0).expect("a stop").len(), 1);
}

#[test]
fn a_stream_with_checkpoints_is_not_upgraded_and_one_with_a_state_store_is() {
    let mut server = server(Profile::Cdap6_11);
    let refusal = server.upgrade("default", "clicks_live", SNAPSHOT, (&[], false)).expect_err("a refusal");
    let text = "App clicks_live does not support upgrade with state handling mode SPARK_CHECKPOINTING .";
    assert_eq!((refusal.status, refusal.text.as_str()), (501, text));
    server.upgrade("default", "clicks_tracked", SNAPSHOT, (&[], false)).expect("an upgrade");
}

#[test]
fn an_upgrade_without_a_newer_artifact_creates_a_version() {
    let mut server = server(Profile::Cdap6_11);
    for _ in 0..2 {
        server.upgrade("default", "orders_daily", SNAPSHOT, (&[Scope::System], false)).expect("an upgrade");
    }
    let versions = &server.find("default", "orders_daily").expect("an application").versions;
    let artifacts: Vec<_> = versions.iter().map(|it| &*it.artifact.version).collect();
    assert_eq!(artifacts, ["6.10.0", "6.11.0", "6.11.0"]);
}

#[test]
fn refuses_to_delete_an_application_until_its_runs_have_ended() {
    let mut server = server(Profile::Cdap6_11);
    let refusal = server.delete("default", "Warehouse").expect_err("a refusal");
    assert!(refusal.text.ends_with("still running: StockReport,StockPoller,Stock"), "{}", refusal.text);
    for kind in [Kind::Service, Kind::Worker, Kind::Workflow] {
        let name = ["Stock", "StockPoller", "StockReport"][match kind {
            Kind::Service => 0,
            Kind::Worker => 1,
            _ => 2,
        }];
        server.stop_program(ProgramRef { kind, name, ..POLLER }, None, 0).expect("a stop");
    }
    assert!(server.delete("default", "Warehouse").is_err(), "stopping is not ended");
    pass(&mut server, 30);
    server.delete("default", "Warehouse").expect("a deletion");
}

#[test]
fn a_pipeline_is_deployed_and_behaves_as_its_configuration_says() {
    let mut server = server(Profile::Cdap6_11);
    let stages = json!([{"name": "Clicks", "plugin": {"name": "ReceivedClicks", "type": "streamingsource"}}]);
    let config =
        json!({"batchInterval": "5s", "stopGracefully": false, "stages": stages, "description": "mine"});
    let artifact = Artifact::new("cdap-data-streams", "6.11.0", Scope::System);
    server
        .deploy("default", "mine", artifact.clone(), &config, &ChangeSummary::default())
        .expect("a version");
    let program_ref = ProgramRef {
        namespace: "default",
        application: "mine",
        kind: Kind::Spark,
        name: "DataStreamsSparkStreaming",
    };
    let run = server.start(program_ref, &Arguments::new()).expect("a run");
    pass(&mut server, 10);
    server.stop_run(program_ref, &run, RequestedGrace::Default).expect("a stop");
    pass(&mut server, 5);
    assert_eq!(newest(&server, program_ref), RunState::Killed);
    let missing = Artifact::new("cdap-data-streams", "9.9.9", Scope::System);
    let refusal =
        server.deploy("default", "mine", missing, &config, &ChangeSummary::default()).expect_err("a refusal");
    assert_eq!(refusal.text, "'system:cdap-data-streams 9.9.9' was not found.");
}
