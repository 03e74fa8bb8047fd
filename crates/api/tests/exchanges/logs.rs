//! Logs and metrics.

use crate::harness::{BOTH, Case, NEW, On, Record, case};
use quiesce_api::log::{LogDirection, PageLogs};
use quiesce_api::metrics::QueryMetrics;
use quiesce_api::{Endpoint, Millis, Request};

const READ: &str = "user.Clicks.records.out";
const CHECKPOINTS: &str = "user.streaming.atleastonce.checkpointing.count";
const STORED: &str = "user.streaming.atleastonce.store.count";
const DISABLED: &str = "user.streaming.atleastonce.disabled.count";

/// Metrics of a pipeline, on the new server and on the old one. A metric that was never emitted is absent: the old
/// server does not count the state mode of launches.
type Counted = [(&'static str, Option<f64>, Option<f64>); 4];

const METRICS: &[(&[On], &str, Counted)] = &[
    (
        BOTH,
        "metrics-clicks_live",
        [
            (READ, Some(25.0), Some(37.0)),
            (CHECKPOINTS, Some(1.0), None),
            (STORED, None, None),
            (DISABLED, None, None),
        ],
    ),
    (
        BOTH,
        "metrics-clicks_no_wal",
        [
            (READ, None, Some(35.0)),
            (CHECKPOINTS, Some(1.0), None),
            (STORED, None, None),
            (DISABLED, None, None),
        ],
    ),
    (
        BOTH,
        "metrics-clicks_no_checkpoints",
        [
            (READ, Some(9.0), None),
            (CHECKPOINTS, Some(1.0), None),
            (STORED, None, None),
            (DISABLED, None, None),
        ],
    ),
    (
        NEW,
        "metrics-clicks_tracked",
        [
            (READ, Some(2.0), None),
            (CHECKPOINTS, None, None),
            (STORED, Some(1.0), None),
            (DISABLED, None, None),
        ],
    ),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        METRICS.iter().map(|(on, name, counted)| case(on, name, |r| metrics(r, counted))).collect();
    cases.extend([
        case(BOTH, "logs", |r| {
            let lines = r.rows(&page(r));
            assert_eq!(lines.len(), 5);
            let first = &lines[0];
            assert_eq!(first.log.timestamp, r.pick(Millis(1_795_418_542_000), Millis(1_795_419_694_971)));
            assert_eq!(first.log.log_level, "INFO");
            assert!(first.log.message.starts_with("Pipeline 'orders_daily' is started by user 'root'"));
            assert!(lines.iter().all(|line| line.offset.split_once('.').is_some()));
            assert_eq!(lines[4].log.log_level, r.pick("INFO", "WARN"));
        }),
        // Without `format=json` each line is plain text; the endpoint never requests that, and reports where it
        // fails.
        case(BOTH, "logs-text", |r| {
            let run = r.run();
            let program = &run.program;
            let plain = Request::get([
                "v3",
                "namespaces",
                program.namespace.as_str(),
                "apps",
                program.application.as_str(),
                program.program_type.path(),
                program.program.as_str(),
                "runs",
                run.run.as_str(),
                "logs",
                "next",
            ])
            .query("max", 5);
            r.is(&plain);
            let rows = page(r).read(&r.response).unwrap();
            assert!(rows.good.is_empty() && rows.cut.is_none());
            let paths: Vec<_> = rows.bad.iter().map(|row| row.error.path.as_str()).collect();
            assert_eq!(paths, ["[0].log", "[1].log", "[2].log", "[3].log", "[4].log"]);
        }),
    ]);
    cases
}

fn page(r: &Record) -> PageLogs {
    PageLogs {
        run: r.run(),
        direction: LogDirection::Next,
        most: r.parameter("max").map(|most| most.parse().unwrap()),
        from: r.parameter("fromOffset"),
    }
}

fn metrics(r: &Record, counted: &Counted) {
    let tags: Vec<(String, String)> = r
        .parameters()
        .into_iter()
        .filter(|(name, _)| name == "tag")
        .map(|(_, tag)| tag.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap())
        .collect();
    let value = |wanted: &str| tags.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
    let program = quiesce_api::ProgramRef::new(
        value("namespace"),
        value("app"),
        quiesce_api::ProgramType::Spark,
        value("spark"),
    );
    let asked = QueryMetrics::of_run(&program.run(value("run")), counted.iter().map(|(metric, ..)| *metric));
    assert_eq!(asked.tags, tags);
    let metrics = r.good(&asked);
    for (metric, new, old) in counted {
        assert_eq!(metrics.total(metric), r.pick(*new, *old), "{metric}");
    }
}
