//! Rows of the list in every state.

use super::labels::statuses;
use crate::pages::programs::{Latest, Row, example};
use crate::text::gallery as text;
use leptos::prelude::*;
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{Properties, RunRecord, RunStatus};
use quiesce_api::{ProgramRef, ProgramType, Seconds};
use quiesce_lifecycle::kind::Kind;
use std::sync::Arc;

/// The moment at which the rows are shown: 10:00 UTC on 24 November 2026.
const NOW: i64 = 1_795_514_400;

fn record(place: i64, status: RunStatus) -> RunRecord {
    let started = Seconds(NOW - 60 * (place + 1));
    let ended = status.is_end().then_some(Seconds(NOW - 5));
    RunRecord {
        run: format!("{:08x}-eb2c-11f1-9914-02fc00000001", 0x8e77_5bfc_i64 + place).into(),
        starting: started,
        start: Some(started),
        end: ended,
        suspend: None,
        resume: None,
        stopping: None,
        terminate: None,
        status,
        properties: Properties::default(),
        cluster: None,
        profile: None,
        version: None,
    }
}

fn row(application: &str, kind: Kind, latest: Latest) -> Row {
    let (program_type, program, artifact) = match kind {
        Kind::RealTimePipeline => (ProgramType::Spark, "DataStreamsSparkStreaming", "cdap-data-streams"),
        Kind::Service => (ProgramType::Service, "CatalogLookup", "Warehouse"),
        _ => (ProgramType::Workflow, "DataPipelineWorkflow", "cdap-data-pipeline"),
    };
    let artifact =
        Artifact { name: artifact.to_owned(), version: "6.10.0".to_owned(), scope: "SYSTEM".to_owned() };
    let program = ProgramRef::new("default", application, program_type, program);
    Row { latest, ..Row::unread(program, kind, Some(Arc::new(artifact))) }
}

pub fn programs() -> AnyView {
    let mut rows = Vec::new();
    let kinds = [Kind::BatchPipeline, Kind::RealTimePipeline, Kind::Service];
    for ((place, status), kind) in (0..).zip(statuses()).zip(kinds.into_iter().cycle()) {
        let application = format!("orders_{place}");
        rows.push(row(&application, kind, Latest::Run(Arc::new(record(place, status)))));
    }
    rows.push(row("orders_unread", Kind::BatchPipeline, Latest::Unread));
    rows.push(row("orders_never", Kind::BatchPipeline, Latest::Never));
    let trace = [text::FIRST_LINE, text::STACK].concat();
    rows.push(row("orders_unknown", Kind::BatchPipeline, Latest::Problem(trace)));
    let mut superseded = row("orders_superseded", Kind::RealTimePipeline, Latest::Never);
    superseded.older.push(record(42, RunStatus::Running));
    rows.push(superseded);
    example(rows, Seconds(NOW).timestamp())
}
