//! The status of programs.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, SHORT, case};
use quiesce_api::RefusalKind;
use quiesce_api::run::{GetStatus, ProgramStatus, Statuses};

const STOPPED: ProgramStatus = ProgramStatus::Stopped;
const RUNNING: ProgramStatus = ProgramStatus::Running;

const ONE: &[(&[On], &str, ProgramStatus)] = &[
    (BOTH, "status-stopped", STOPPED),
    (BOTH, "status-running", RUNNING),
    // A stopping run reads as running.
    (BOTH, "status-stopping", RUNNING),
    (SHORT, "status-after-late-drain", STOPPED),
    // The run continues, but the status is that of the new version.
    (NEW, "superseded-status", STOPPED),
    (OLD, "superseded-status", RUNNING),
    (NEW, "superseded-version-status", RUNNING),
    (OLD, "status-after-upgrade-clicks_live", RUNNING),
    (BOTH, "status-after-upgrade-clicks_no_wal", RUNNING),
    (BOTH, "status-after-upgrade-clicks_no_checkpoints", RUNNING),
    (NEW, "status-after-upgrade-clicks_tracked", STOPPED),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = ONE
        .iter()
        .map(|(on, name, status)| {
            case(on, name, move |r| assert_eq!(r.good(&one(r)).status.as_ref(), Some(status)))
        })
        .collect();
    cases.extend([
        // The word in the path is plural for a worker; the server rejects `worker`.
        case(BOTH, "status-bad-type", |r| {
            let words = r.pick(
                "Unknown category name 'worker'. Must be one of mapreduce,spark,custom,workflows,services,workers",
                "Invalid program type 'worker'",
            );
            r.refused(&one(r), 400, RefusalKind::BadRequest, words);
        }),
        case(BOTH, "status-missing-program", |r| {
            let words = r.pick(
                "'program:default.Warehouse.7a2612f1-e70e-11f1-a483-02fc00000001.worker.Nope' was not found.",
                "'program:default.Warehouse.-SNAPSHOT.worker.Nope' was not found.",
            );
            r.refused(&one(r), 404, RefusalKind::NotFound, words);
        }),
        case(BOTH, "status-batch", |r| many(r, &[Some(STOPPED), None, Some(STOPPED)])),
        case(BOTH, "status-after-restart-programs", |r| {
            many(r, &[Some(RUNNING), Some(STOPPED), Some(STOPPED)]);
        }),
        case(BOTH, "superseded-status-batch", |r| many(r, &[Some(r.pick(STOPPED, RUNNING))])),
    ]);
    cases
}

fn one(r: &Record) -> GetStatus {
    GetStatus { program: r.program(), version: r.version() }
}

/// `None` is an element with status 404.
fn many(r: &Record, expected: &[Option<ProgramStatus>]) {
    let asked = Statuses { namespace: r.namespace(), programs: r.programs() };
    let rows = r.rows(&asked);
    let got: Vec<_> = rows.iter().map(|row| row.value.status.clone()).collect();
    assert_eq!(got, expected);
    for (row, program) in rows.iter().zip(&asked.programs) {
        assert_eq!(&row.program(&asked.namespace), program);
        let status = if row.value.status.is_some() { 200 } else { 404 };
        assert_eq!((row.status_code, row.error.is_some()), (status, status == 404));
    }
}
