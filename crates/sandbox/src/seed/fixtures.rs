//! The applications with which the development CDAP is seeded, in the same states, so that tests run on both.

use super::builder::Builder;
use super::plugins::{sample, table};
use super::spec::ArtifactVersion;
use super::versions::versions;
use crate::model::application::{AppDefinition, Artifact, ProgramDefinition, Schedule, Scope};
use crate::model::drain::Race;
use crate::model::pipeline::{LOG_KEY, Pipeline};
use crate::model::program::ProgramRef;
use crate::model::program::{Behavior, Kind};
use crate::model::stage::Stage;
use crate::model::text::Arguments;
use crate::model::trigger::Trigger;
use std::sync::Arc;

const NAMESPACE: &str = "default";
/// Everything was deployed an hour ago; the runs started shortly after.
const HOUR: i64 = 3_600_000;

/// Adds the applications.
pub(super) fn seed(builder: &mut Builder) {
    let at = builder.now - HOUR;
    warehouse(builder, NAMESPACE, at);
    builder.server.add_artifact(NAMESPACE, Artifact::new("sample-plugins", "1.0.0", Scope::User));
    warehouse_runs(builder);
    streams(builder);
    batches(builder);
}

fn program_ref<'a>(application: &'a str, kind: Kind, name: &'a str) -> ProgramRef<'a> {
    ProgramRef { namespace: NAMESPACE, application, kind, name }
}

fn arguments(pairs: &[(&str, &str)]) -> Arguments {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// The custom application, deployed at a time.
pub(super) fn warehouse(builder: &mut Builder, namespace: &str, at: i64) {
    let part = |kind, name: &str| ProgramDefinition {
        kind,
        name: name.into(),
        description: "".into(),
        behavior: Behavior::of(kind, false),
    };
    let programs = vec![
        part(Kind::Service, "Stock"),
        part(Kind::Worker, "StockPoller"),
        part(Kind::Workflow, "StockReport"),
    ];
    let definition = AppDefinition { description: "Stock keeping".into(), pipeline: None, programs };
    let artifact = Artifact::new("sample-app", "1.0.0", Scope::User);
    builder.server.add_artifact(namespace, artifact.clone());
    builder.deploy(namespace, "Warehouse", at, artifact, Arc::new(definition));
    let application = builder.server.find_mut(namespace, "Warehouse");
    if let Some(application) = application.filter(|it| it.schedules.is_empty()) {
        application.schedules.push(Schedule {
            name: "nightly".into(),
            description: "".into(),
            program: "StockReport".into(),
            trigger: Trigger::Time("0 3 * * *".into()),
            constrained: false,
            enabled: false,
            updated: at,
        });
    }
}

fn warehouse_runs(builder: &mut Builder) {
    let at = builder.now - HOUR;
    let poller = program_ref("Warehouse", Kind::Worker, "StockPoller");
    builder.began_with(poller, at + 12_000, &arguments(&[("drain", "10")]));
    builder.began_with(program_ref("Warehouse", Kind::Service, "Stock"), at + 13_000, &Arguments::new());
    let report = program_ref("Warehouse", Kind::Workflow, "StockReport");
    builder.began_with(report, builder.now - 600_000, &arguments(&[("wait", "3600")]));
    builder.began_with(report, builder.now - 598_800, &arguments(&[("wait", "7200")]));
}

fn streams(builder: &mut Builder) {
    let older = builder.version(ArtifactVersion::Older);
    let keeps_versions = builder.server.options.profile.keeps_versions();
    let rows: [(&str, &str, &str, bool, bool); 4] = [
        ("clicks_live", "A receiver; the write-ahead log as the server has it", "ReceivedClicks", true, true),
        ("clicks_no_wal", "A receiver without a write-ahead log", "ReceivedClicks", true, true),
        (
            "clicks_no_checkpoints",
            "A receiver; checkpoints switched off in the configuration",
            "ReceivedClicks",
            false,
            true,
        ),
        (
            "clicks_tracked",
            "A source that keeps its offset in the server's state store",
            "TrackedClicks",
            false,
            keeps_versions,
        ),
    ];
    for (index, (name, description, source, runs, _)) in rows.into_iter().filter(|row| row.4).enumerate() {
        let mut pipeline = Pipeline::stream("5s");
        pipeline.description = description.into();
        pipeline.tracked = source == "TrackedClicks";
        pipeline.disable_checkpoints = name == "clicks_no_checkpoints";
        if name == "clicks_no_wal" {
            pipeline.properties.push((LOG_KEY.into(), "false".into()));
        }
        pipeline.stages = vec![
            sample("Clicks", source, "streamingsource", &[]),
            sample("Discard", "Discard", "sparksink", &[("seconds", "1")]),
        ];
        let at = builder.now - HOUR + i64::try_from(index).unwrap_or(0) * 900 + 900;
        let behavior = Behavior::Stream { rate: 50, drain_seconds: (12, 16), race: Race::Drawn };
        let artifact = Artifact::new("cdap-data-streams", older, Scope::System);
        builder.add(NAMESPACE, name, at, artifact, Arc::new(AppDefinition::of(pipeline, behavior)));
        if runs {
            let spark = program_ref(name, Kind::Spark, "DataStreamsSparkStreaming");
            builder.began_with(spark, at + 8_000, &Arguments::new());
        }
    }
}

fn batches(builder: &mut Builder) {
    let (older, newer, plugins) = versions(builder.server);
    let wait = || sample("WaitForExport", "Wait", "action", &[("seconds", "${wait}")]);
    let copy = |from: &str, to: &str| -> Vec<Stage> {
        vec![wait(), table(from, "batchsource", plugins), table(to, "batchsink", plugins)]
    };
    let rows = [
        (
            "customers_sync",
            "Copies the customers, every hour",
            "0 * * * *",
            copy("CustomersInbox", "Customers"),
        ),
        ("invoices_monthly", "Waits for the books to close", "0 6 1 * *", vec![wait()]),
        ("orders_daily", "Copies the shop's orders, every night", "0 3 * * *", copy("OrdersInbox", "Orders")),
    ];
    for (index, (name, description, cron, stages)) in rows.into_iter().enumerate() {
        let mut pipeline = Pipeline::batch(Some(cron));
        pipeline.description = description.into();
        pipeline.stages = stages;
        let at = builder.now - HOUR + 5_000 + i64::try_from(index).unwrap_or(0) * 700;
        let behavior = Behavior::Batch { seconds: (20, 60), argument: true };
        let artifact = Artifact::new("cdap-data-pipeline", older, Scope::System);
        builder.add(NAMESPACE, name, at, artifact, Arc::new(AppDefinition::of(pipeline, behavior)));
        if let Some(application) = builder.server.find_mut(NAMESPACE, name) {
            application.preferences = arguments(&[("wait", "20")]);
            if name == "orders_daily" {
                for schedule in &mut application.schedules {
                    schedule.enabled = true;
                    schedule.updated = at + 20_000;
                }
            }
        }
    }
    let customers = program_ref("customers_sync", Kind::Workflow, "DataPipelineWorkflow");
    builder.began_with(customers, builder.now - 900_000, &arguments(&[("wait", "3600")]));
    let artifact = Artifact::new("cdap-data-pipeline", newer, Scope::System);
    builder.supersede(NAMESPACE, "customers_sync", builder.now - 880_000, artifact);
}
