//! Lists of programs, specifications, arguments, preferences and instances.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, case};
use quiesce_api::ProgramType;
use quiesce_api::application::{GetSpecification, ListPrograms};
use quiesce_api::arguments::GetRuntimeArguments;
use quiesce_api::preferences::{GetPreferences, PreferenceLevel};
use quiesce_api::runtime_info::{GetInstances, GetLiveInfo};
use serde_json::{Value, json};

/// Programs of a type on the new server, in order; the old one does not have `clicks_tracked`.
const LISTS: &[(&str, &[(&str, &str)])] = &[
    ("programs-workers", &[("Warehouse", "StockPoller")]),
    (
        "programs-workflows",
        &[
            ("Warehouse", "StockReport"),
            ("orders_daily", "DataPipelineWorkflow"),
            ("customers_sync", "DataPipelineWorkflow"),
            ("invoices_monthly", "DataPipelineWorkflow"),
        ],
    ),
    ("programs-services", &[("Warehouse", "Stock")]),
    (
        "programs-spark",
        &[
            ("clicks_live", "DataStreamsSparkStreaming"),
            ("orders_daily", "phase-2"),
            ("clicks_no_wal", "DataStreamsSparkStreaming"),
            ("clicks_tracked", "DataStreamsSparkStreaming"),
            ("customers_sync", "phase-2"),
            ("clicks_no_checkpoints", "DataStreamsSparkStreaming"),
        ],
    ),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        LISTS.iter().map(|(name, programs)| case(BOTH, name, |r| listed(r, programs))).collect();
    cases.extend([
        case(BOTH, "spec-clicks_live", |r| specified(r, Some("SPARK_CHECKPOINTING"), false)),
        case(OLD, "spec-clicks_no_wal", |r| specified(r, None, false)),
        // Since 6.8 the configuration cannot disable checkpoints; before, it can.
        case(BOTH, "spec-clicks_no_checkpoints", |r| {
            specified(r, Some("SPARK_CHECKPOINTING"), r.on == On::Old);
        }),
        case(NEW, "spec-clicks_tracked", |r| specified(r, Some("STATE_STORE"), false)),
        case(BOTH, "runtimeargs", |r| {
            assert!(r.good(&GetRuntimeArguments { program: r.program() }).is_empty());
        }),
        case(BOTH, "preferences", |r| {
            let level = PreferenceLevel::Program(r.program());
            assert!(r.good(&GetPreferences { level, resolved: true }).is_empty());
        }),
        case(BOTH, "instances-service", |r| {
            let instances = r.good(&GetInstances { program: r.program() });
            assert_eq!((instances.requested, instances.provisioned), (Some(1), Some(1)));
            assert_eq!(instances.instances, None);
        }),
        case(BOTH, "live-info", |r| {
            let live = r.good(&GetLiveInfo { program: r.program() });
            assert_eq!((live.application.as_str(), live.program.as_str()), ("Warehouse", "Stock"));
            assert_eq!(live.program_type, ProgramType::Service);
            assert_eq!((live.runtime.as_deref(), live.yarn_app_id), (Some("in-memory"), None));
        }),
    ]);
    cases
}

fn listed(r: &Record, programs: &[(&str, &str)]) {
    let program_type = ProgramType::from_path(&r.segments()[3]);
    assert!(ProgramType::RUNNABLE.contains(&program_type));
    let rows = r.rows(&ListPrograms { namespace: r.namespace(), program_type: program_type.clone() });
    assert!(rows.iter().all(|row| row.program_type == program_type));
    let got: Vec<_> = rows.iter().map(|row| (row.application.as_str(), row.program.as_str())).collect();
    let expected: Vec<_> = programs
        .iter()
        .copied()
        .filter(|(application, _)| *application != "clicks_tracked" || r.on == On::New)
        .collect();
    assert_eq!(got, expected);
}

/// The deployed configuration of a real-time pipeline. The old server has no state modes.
fn specified(r: &Record, mode: Option<&str>, checkpoints_disabled: bool) {
    let specification = r.good(&GetSpecification { program: r.program(), version: r.version() });
    assert_eq!(specification.name, r.program().program);
    let pipeline: Value = serde_json::from_str(&specification.properties["pipeline"]).unwrap();
    assert_eq!(pipeline["checkpointsDisabled"], json!(checkpoints_disabled));
    assert_eq!(pipeline["stateSpec"]["mode"].as_str(), r.pick(mode, None));
}
