//! Facts of launches, one line a case. The settings are those of the fixture pipelines as the servers recorded them.

use super::*;
use proptest::prelude::*;
use quiesce_api::application::{ApplicationDetail, Specification};
use quiesce_api::run::RunRecord;
use serde_json::{Value, json};

const VERSION: &str = "7aa750e2-e70e-11f1-b3e5-02fc00000001";
const LOG: &str = "system.spark.spark.streaming.receiver.writeAheadLog.enable";

/// A run as 6.11.0 has `clicks_live`, to be changed by a case.
struct Case {
    artifact: &'static str,
    detail_version: &'static str,
    run_version: Option<&'static str>,
    configuration: Value,
    arguments: Option<Value>,
    pipeline: Option<Value>,
    metrics: Option<StateMode>,
}

fn live() -> Case {
    Case {
        artifact: "6.10.0",
        detail_version: VERSION,
        run_version: Some(VERSION),
        configuration: json!({
            "batchInterval": "5s",
            "stopGracefully": true,
            "disableCheckpoints": false,
            "properties": {},
            "stages": [
                { "name": "Clicks", "plugin": { "name": "ReceivedClicks", "type": "streamingsource" } },
                { "name": "Discard", "plugin": { "name": "Discard", "type": "sparksink" } },
            ],
        }),
        arguments: Some(json!({ "logical.start.time": "1795418548881" })),
        pipeline: Some(json!({
            "batchIntervalMillis": 5000,
            "stopGracefully": true,
            "checkpointsDisabled": false,
            "stateSpec": { "mode": "SPARK_CHECKPOINTING" },
            "properties": {},
        })),
        metrics: None,
    }
}

impl Case {
    fn facts(&self) -> LaunchFacts {
        let mut record = json!({ "runid": "r", "starting": 1, "status": "RUNNING", "properties": {} });
        if let Some(version) = self.run_version {
            record["version"] = version.into();
        }
        if let Some(arguments) = &self.arguments {
            record["properties"]["runtimeArgs"] = arguments.to_string().into();
        }
        let record: RunRecord = serde_json::from_value(record).unwrap();
        let detail: ApplicationDetail = serde_json::from_value(json!({
            "name": "clicks_live",
            "appVersion": self.detail_version,
            "configuration": self.configuration.to_string(),
            "artifact": { "name": "cdap-data-streams", "version": self.artifact, "scope": "SYSTEM" },
        }))
        .unwrap();
        let specification: Option<Specification> = self.pipeline.as_ref().map(|pipeline| {
            let properties = json!({ "pipeline": pipeline.to_string() });
            serde_json::from_value(json!({ "name": "DataStreamsSparkStreaming", "properties": properties }))
                .unwrap()
        });
        LaunchFacts::of(LaunchInput {
            record: Some(&record),
            detail: Some(&detail),
            specification: specification.as_ref(),
            metrics: self.metrics,
        })
    }
}

/// A pipeline without write-ahead log in its configuration and, as servers do, in its specification.
fn no_log() -> Case {
    let mut case = live();
    case.configuration["properties"][LOG] = "false".into();
    if let Some(pipeline) = &mut case.pipeline {
        pipeline["properties"]["spark.streaming.receiver.writeAheadLog.enable"] = "false".into();
    }
    case
}

fn with(change: impl FnOnce(&mut Case)) -> Case {
    let mut case = live();
    change(&mut case);
    case
}

fn old(version: &'static str, log: Option<&str>, disable_checkpoints: bool) -> Case {
    with(|case| {
        case.artifact = version;
        case.pipeline = None;
        case.configuration["disableCheckpoints"] = disable_checkpoints.into();
        if let Some(log) = log {
            case.configuration["properties"][LOG] = log.into();
        }
    })
}

fn argument(value: &'static str) -> Case {
    with(|case| case.arguments = Some(json!({ "cdap.streaming.atleastonce.enabled": value })))
}

fn log(value: &'static str) -> Case {
    with(|case| case.configuration["properties"][LOG] = value.into())
}

/// A pipeline of 6.7.2: one version, no `stateSpec`.
fn six_seven() -> Case {
    with(|case| {
        case.artifact = "6.7.0";
        case.detail_version = "-SNAPSHOT";
        case.run_version = None;
        case.pipeline = Some(json!({
            "batchIntervalMillis": 5000, "stopGracefully": true, "checkpointsDisabled": false, "properties": {},
        }));
    })
}

#[test]
fn the_log_and_the_mode_follow_the_runs_own_version_and_arguments() {
    use Setting::{Off, On, Unknown};
    use StateMode as M;
    for (name, case, log, mode) in [
        ("clicks_live", live(), On, M::SparkCheckpointing), // spec-clicks_live
        ("clicks_no_wal", no_log(), Off, M::SparkCheckpointing), // spec-clicks_no_wal
        (
            "clicks_no_checkpoints",
            with(|case| case.configuration["disableCheckpoints"] = true.into()),
            On,
            M::SparkCheckpointing,
        ), // spec-clicks_no_checkpoints: the setting is not read
        (
            "clicks_tracked",
            with(|case| case.pipeline.as_mut().unwrap()["stateSpec"]["mode"] = "STATE_STORE".into()),
            Off,
            M::StateStore,
        ), // spec-clicks_tracked
        ("argument false", argument("false"), Off, M::None), // measured 6
        ("argument true", argument("TRUE"), On, M::SparkCheckpointing), // API 9.4
        ("argument a macro", argument("${alo}"), Unknown, M::Unknown), // API 9.4
        ("no arguments", with(|case| case.arguments = None), Unknown, M::Unknown), // API 9.4
        (
            "metrics against an argument",
            Case { metrics: Some(M::SparkCheckpointing), ..argument("false") },
            On,
            M::SparkCheckpointing,
        ), // API 9.4: metrics are the strongest
        ("metrics of a store", Case { metrics: Some(M::StateStore), ..live() }, Off, M::StateStore), // metrics-clicks_tracked
        ("metrics without mode", Case { metrics: Some(M::Unknown), ..live() }, On, M::SparkCheckpointing),
        ("log true", log("True"), On, M::SparkCheckpointing),
        ("log a macro", log("${wal}"), Unknown, M::SparkCheckpointing),
        ("log off, arguments missing", Case { arguments: None, ..no_log() }, Off, M::Unknown),
        (
            "a plugin turns it off",
            with(|case| {
                let pipeline = case.pipeline.as_mut().unwrap();
                pipeline["properties"]["spark.streaming.receiver.writeAheadLog.enable"] = "false".into();
            }),
            Off,
            M::SparkCheckpointing,
        ), // API 9.4: the specification wins
        ("no specification", with(|case| case.pipeline = None), On, M::SparkCheckpointing),
        (
            "no specification, checkpoints disabled",
            with(|case| {
                case.pipeline = None;
                case.configuration["disableCheckpoints"] = true.into();
            }),
            Off,
            M::None,
        ), // API 9.4
        (
            "a mode nobody knows",
            with(|case| case.pipeline.as_mut().unwrap()["stateSpec"]["mode"] = "CLOUD".into()),
            Unknown,
            M::Unknown,
        ),
        ("6.6.0", old("6.6.0", None, false), Off, M::SparkCheckpointing), // API 9.3
        ("6.6.0, log on", old("6.6.0", Some("true"), false), On, M::SparkCheckpointing), // API 9.4
        ("6.6.0, no checkpoints", old("6.6.0", Some("true"), true), Off, M::None), // API 9.4
        ("6.7.0-SNAPSHOT", Case { artifact: "6.7.0-SNAPSHOT", ..live() }, On, M::SparkCheckpointing),
        ("artifact unreadable", Case { artifact: "latest", ..live() }, Unknown, M::Unknown), // API 9.4
        ("6.7.2", six_seven(), On, M::SparkCheckpointing), // 6.7.2 spec-clicks_live
        (
            "6.7.2, no checkpoints",
            {
                let mut case = six_seven();
                case.configuration["disableCheckpoints"] = true.into();
                case
            },
            Off,
            M::None,
        ), // 6.7.2 spec-clicks_no_checkpoints
        ("run without version", with(|case| case.run_version = None), Unknown, M::Unknown), // API 9.4
        ("detail of a later version", with(|case| case.detail_version = "other"), Unknown, M::Unknown), // trap 55
        ("configuration broken", with(|case| case.configuration = "{".into()), Unknown, M::Unknown),
    ] {
        let facts = case.facts();
        assert_eq!(facts.write_ahead_log.value, log, "{name}: {:?}", facts.write_ahead_log.evidence);
        assert_eq!(facts.state_mode.value, mode, "{name}: {:?}", facts.state_mode.evidence);
    }
}

#[test]
fn a_stop_drains_unless_the_pipeline_says_otherwise() {
    let graceful = |value: Value| {
        let mut case = live();
        case.pipeline = None;
        case.configuration["stopGracefully"] = value;
        case.facts().stops_gracefully.value
    };
    assert_eq!(graceful(true.into()), Setting::On);
    assert_eq!(graceful(false.into()), Setting::Off);
    assert_eq!(graceful("${graceful}".into()), Setting::Unknown);
    let absent = with(|case| {
        case.pipeline = None;
        case.configuration.as_object_mut().unwrap().remove("stopGracefully");
    });
    assert_eq!(absent.facts().stops_gracefully.value, Setting::On);
}

#[test]
fn the_batch_interval_is_read_from_either_place() {
    assert_eq!(live().facts().batch_interval.value, Some(5_000));
    for (text, millis) in
        [("10s", Some(10_000)), ("1m", Some(60_000)), ("500ms", Some(500)), ("${every}", None), ("10", None)]
    {
        let case = with(|case| {
            case.pipeline = None;
            case.configuration["batchInterval"] = text.into();
        });
        assert_eq!(case.facts().batch_interval.value, millis, "{text}");
    }
}

#[test]
fn the_source_tells_of_a_receiver() {
    let source = |name: &str| {
        let mut case = live();
        case.configuration["stages"][0]["plugin"]["name"] = name.into();
        case.facts().receiver.value
    };
    assert_eq!(source("HTTPPoller"), Receiver::Yes);
    assert_eq!(source("Kafka"), Receiver::No);
    assert_eq!(source("SomebodysOwn"), Receiver::Assumed);
    let told = with(|case| {
        case.arguments = Some(json!({ "quiesce.receiver.ReceivedClicks": "true" }));
    });
    assert_eq!(told.facts().receiver.value, Receiver::Yes);
    let store = Case { metrics: Some(StateMode::StateStore), ..live() };
    assert_eq!(store.facts().receiver.value, Receiver::No);
}

#[test]
fn what_was_assumed_without_a_specification_is_said() {
    let facts = with(|case| case.pipeline = None).facts();
    let artifact = "cdap-data-streams 6.10.0".to_owned();
    assert_eq!(facts.state_mode.evidence, LaunchEvidence::CheckpointsAssumed(artifact.clone()));
    assert_eq!(facts.write_ahead_log.evidence, LaunchEvidence::LogOnAssumed(artifact.clone()));
    let facts = live().facts();
    assert_eq!(facts.state_mode.evidence, LaunchEvidence::Specification(StateMode::SparkCheckpointing));
    assert_eq!(facts.write_ahead_log.evidence, LaunchEvidence::LogOnByDefault(artifact));
}

#[test]
fn evidence_survives_a_journal_and_evidence_that_was_written_as_text_is_kept_so() {
    let property = LaunchEvidence::Property {
        document: Document::Configuration,
        name: LOG.to_owned(),
        value: "false".to_owned(),
    };
    let text =
        LaunchEvidence::Text("cdap-data-streams 6.10.0 turns it on, and nothing turns it off.".to_owned());
    for evidence in [property, LaunchEvidence::VersionUnread, LaunchEvidence::StateStore, text] {
        let fact = Fact { value: Setting::On, evidence };
        let value = serde_json::to_value(&fact).unwrap();
        assert_eq!(quiesce_api::json::from_value::<Fact<Setting>>(&value).unwrap(), fact);
    }
    let old = json!({ "value": "On", "evidence": "The metrics of this run say so: STATE_STORE." });
    let fact = quiesce_api::json::from_value::<Fact<Setting>>(&old).unwrap();
    assert_eq!(serde_json::to_value(&fact).unwrap(), old);
}

#[test]
fn nothing_read_is_all_unknown() {
    let facts = LaunchFacts::of(LaunchInput::default());
    assert_eq!(facts.write_ahead_log.value, Setting::Unknown);
    assert_eq!(facts.at_least_once.value, Setting::Unknown);
    assert_eq!(facts.state_mode.value, StateMode::Unknown);
    assert_eq!(facts.stops_gracefully.value, Setting::Unknown);
    assert_eq!(facts.batch_interval.value, None);
    assert_eq!(facts.receiver.value, Receiver::Unknown);
}

proptest! {
    #[test]
    fn whatever_a_configuration_holds_it_is_read_without_a_panic(
        text in "\\PC*",
        interval in "\\PC{0,12}",
        argument in "\\PC*",
    ) {
        let _ = configuration::Configuration::parse(&text);
        let mut case = live();
        case.pipeline = None;
        case.configuration["batchInterval"] = interval.into();
        case.arguments = Some(json!({ "cdap.streaming.atleastonce.enabled": argument }));
        let on = case.facts().at_least_once.value == Setting::On;
        prop_assert_eq!(on, argument.trim().eq_ignore_ascii_case("true"));
    }

    #[test]
    fn a_log_is_on_only_where_the_word_is_true(value in "[a-zA-Z0-9${} ]{1,8}") {
        let mut case = live();
        case.configuration["properties"][LOG] = value.clone().into();
        let on = case.facts().write_ahead_log.value == Setting::On;
        prop_assert_eq!(on, value.trim().eq_ignore_ascii_case("true"));
    }
}

#[test]
fn a_start_is_judged_by_the_saved_arguments() {
    let detail: ApplicationDetail = serde_json::from_value(json!({
        "name": "clicks_live",
        "appVersion": VERSION,
        "configuration": live().configuration.to_string(),
        "artifact": { "name": "cdap-data-streams", "version": "6.10.0", "scope": "SYSTEM" },
    }))
    .unwrap();
    let mode = |arguments| LaunchFacts::of_start(&detail, None, arguments).state_mode.value;
    let off = [("cdap.streaming.atleastonce.enabled".to_owned(), "false".to_owned())];
    assert_eq!(mode(Some(off.into())), StateMode::None);
    assert_eq!(mode(Some(std::collections::BTreeMap::default())), StateMode::SparkCheckpointing);
    assert_eq!(mode(None), StateMode::Unknown);
}
