//! Stops of one run, one program and many programs.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, SHORT, case};
use quiesce_api::stop::{Graceful, ProbeGraceful, StopBatch, StopProgram, StopRun};
use quiesce_api::{Endpoint, RefusalKind};

/// Accepted stops of one run.
const RUNS: &[(&[On], &str, Graceful)] = &[
    (BOTH, "run-stop", Graceful::Seconds(20)),
    (BOTH, "run-stop-clicks_live", Graceful::Unlimited),
    (BOTH, "run-stop-clicks_no_wal", Graceful::Unlimited),
    (BOTH, "run-stop-clicks_no_checkpoints", Graceful::Unlimited),
    (NEW, "run-stop-clicks_tracked", Graceful::Unlimited),
    (BOTH, "superseded-run-stop", Graceful::Absent),
    (SHORT, "run-stop-in-time", Graceful::Absent),
    (SHORT, "run-stop-late-drain", Graceful::Absent),
    (SHORT, "run-stop-late-linger", Graceful::Absent),
    (SHORT, "run-stop-clicks_live", Graceful::Absent),
    (SHORT, "run-stop-clicks_no_wal", Graceful::Absent),
];

/// Accepted stops of one program.
const PROGRAMS: &[(&[On], &str)] = &[
    // The run is already stopping; the program stop accepts that.
    (BOTH, "program-stop-while-stopping"),
    (BOTH, "program-stop-clicks_no_wal"),
    (NEW, "superseded-version-stop"),
    // 6.7.2 has only one version, so the run from before the upgrade is still reached.
    (OLD, "superseded-program-stop"),
    (SHORT, "program-stop-late-drain"),
    (SHORT, "program-stop-late-linger"),
];

/// Rejected stops: status, message of the new server, message of the old one.
const REFUSED: &[(&[On], &str, u16, &str, &str)] = &[
    (
        BOTH,
        "stop-not-running",
        400,
        "Program 'program:default.Warehouse.7a2612f1-e70e-11f1-a483-02fc00000001.worker.StockPoller' is not running.",
        POLLER_IS_NOT_RUNNING,
    ),
    (
        BOTH,
        "stop-missing-app",
        404,
        "'applicationreference:default.nope' was not found.",
        "'application:default.nope.-SNAPSHOT' was not found.",
    ),
    (
        BOTH,
        "run-stop-while-stopping",
        400,
        "Program 'programreference:default.Warehouse.worker.StockPoller' is not running.",
        POLLER_IS_NOT_RUNNING,
    ),
    (OLD, "run-stop-after-end", 400, "", POLLER_IS_NOT_RUNNING),
    (OLD, "run-stop-unknown-run", 400, "", POLLER_IS_NOT_RUNNING),
    (BOTH, "run-stop-not-uuid", 400, "Invalid UUID string: zzz", "Invalid UUID string: zzz"),
    (
        NEW,
        "superseded-program-stop",
        400,
        "Program 'program:default.customers_sync.977a9e87-e70e-11f1-8370-02fc00000001.workflow.\
         DataPipelineWorkflow' is not running.",
        "",
    ),
];

const POLLER_IS_NOT_RUNNING: &str =
    "Program 'program:default.Warehouse.-SNAPSHOT.worker.StockPoller' is not running.";

/// A batch stop: the status of each element, on a new server and on an old one. One element per stopped *run*, so
/// three for a program with three runs.
type Batch = (&'static [On], &'static str, &'static [u16], &'static [u16]);

const BATCHES: &[Batch] = &[
    (BOTH, "stop-batch-empty", &[], &[]),
    (BOTH, "stop-batch-missing-program", &[404], &[404]),
    (OLD, "stop-batch-missing-app", &[], &[404]),
    (OLD, "stop-batch-not-running", &[], &[400]),
    (BOTH, "stop-batch-while-stopping", &[200], &[200]),
    (BOTH, "stop-batch-graceful-empty", &[200], &[200]),
    (BOTH, "stop-batch-three-runs", &[200, 200, 200], &[200, 200, 200]),
    (BOTH, "stop-batch-mixed", &[400, 200, 200, 400, 404], &[400, 200, 200, 400, 404]),
    (OLD, "stop-batch-missing-app-last", &[], &[200, 404]),
    (BOTH, "superseded-stop-batch", &[400], &[200]),
    (SHORT, "batch-stop-late-drain", &[200], &[]),
    (SHORT, "batch-stop-late-linger", &[200], &[]),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = RUNS
        .iter()
        .map(|(on, name, graceful)| {
            case(on, name, |r| {
                r.good(&StopRun { run: r.run(), graceful: *graceful });
                assert!(r.response.body.is_empty());
            })
        })
        .collect();
    cases.extend(PROGRAMS.iter().map(|(on, name)| {
        case(on, name, |r| {
            r.good(&StopProgram { program: r.program(), version: r.version() });
            assert!(r.response.body.is_empty());
        })
    }));
    cases.extend(REFUSED.iter().map(|(on, name, status, new, old)| {
        case(on, name, |r| {
            let kind = if *status == 404 { RefusalKind::NotFound } else { RefusalKind::BadRequest };
            let words = r.pick(*new, *old);
            if r.segments().contains(&"runs".to_owned()) {
                r.refused(&StopRun { run: r.run(), graceful: graceful(r) }, *status, kind, words);
            } else {
                r.refused(&StopProgram { program: r.program(), version: r.version() }, *status, kind, words);
            }
        })
    }));
    cases.extend(
        BATCHES.iter().map(|(on, name, new, old)| case(on, name, |r| stopped(r, r.pick(*new, *old)))),
    );
    cases.extend([
        // Since 6.8 a missing application aborts the call after the elements before it were stopped.
        case(NEW, "stop-batch-missing-app", no_application),
        case(NEW, "stop-batch-missing-app-last", no_application),
        // A program stop does not support `graceful`; the server ignores it.
        case(BOTH, "program-stop", |r| {
            let stop = StopProgram { program: r.program(), version: None };
            r.is(&stop.request().flag("graceful"));
            assert_eq!(stop.read(&r.response), Ok(()));
        }),
        // Neither server supports `graceful`, so both accept the value that a supporting server would reject.
        case(BOTH, "grace-probe-negative", |r| {
            assert_eq!(r.rows(&ProbeGraceful { namespace: r.namespace() }), []);
        }),
    ]);
    cases
}

/// The `graceful` parameter of the record.
fn graceful(r: &Record) -> Graceful {
    match r.parameter("graceful").as_deref() {
        None => Graceful::Absent,
        Some("") => Graceful::Unlimited,
        Some(seconds) => Graceful::Seconds(seconds.parse().unwrap()),
    }
}

fn batch(r: &Record) -> StopBatch {
    StopBatch { namespace: r.namespace(), programs: r.programs(), graceful: graceful(r) }
}

fn no_application(r: &Record) {
    r.refused(&batch(r), 404, RefusalKind::NotFound, "'applicationreference:default.nope' was not found.");
}

fn stopped(r: &Record, expected: &[u16]) {
    let asked = batch(r);
    let rows = r.rows(&asked);
    assert_eq!(rows.iter().map(|row| row.status_code).collect::<Vec<_>>(), expected);
    for row in &rows {
        assert!(asked.programs.contains(&row.program(&asked.namespace)));
        assert_eq!(row.value.run.is_some(), row.status_code == 200);
        let ending = match row.status_code {
            400 => Some(" is not running."),
            404 => Some(" was not found."),
            _ => None,
        };
        match (&row.error, ending) {
            (Some(error), Some(ending)) => assert!(error.ends_with(ending), "{error}"),
            (error, ending) => assert_eq!((error.as_deref(), ending), (None, None)),
        }
    }
}
