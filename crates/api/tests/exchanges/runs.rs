//! Run records.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, SHORT, case};
use quiesce_api::run::{GetRun, LatestRuns, ListRuns, RunCounts, RunRecord, RunStatus};
use quiesce_api::{RefusalKind, Seconds};

/// The stop in the record of a run.
#[derive(Clone, Copy)]
enum Stop {
    /// No stop requested.
    Runs,
    /// A stop with this many seconds of grace, not ended yet.
    Given(i64),
    /// A stop with this many seconds of grace, ended this many seconds after the request.
    Ended(i64, i64),
}

use Stop::{Ended, Given, Runs};

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = ONE.iter().map(|(on, name, stop)| case(on, name, |r| one(r, *stop))).collect();
    cases.extend(MANY.iter().map(|(on, name, runs)| case(on, name, |r| many(r, runs))));
    cases.extend([
        case(BOTH, "run-missing", |r| {
            let words = r.pick(
                "No run record found for program programreference:default.Warehouse.worker.StockPoller and runID: \
                 11111111-e705-11f1-8b0f-02fc00000001",
                "'program_run:default.Warehouse.-SNAPSHOT.worker.StockPoller.\
                 11111111-e705-11f1-8b0f-02fc00000001' was not found.",
            );
            r.refused(&GetRun { run: r.run() }, 404, RefusalKind::NotFound, words);
        }),
        case(BOTH, "runs-end-before-start", |r| {
            let (status, kind, words) = r.pick(
                (
                    400,
                    RefusalKind::BadRequest,
                    "Invalid end time 10. It must be greater than the start time 20",
                ),
                (500, RefusalKind::ServerError, "inconsistent range"),
            );
            r.refused(&list(r), status, kind, words);
        }),
        case(NEW, "runs-status-bad", |r| {
            let words = "No enum constant io.cdap.cdap.proto.ProgramRunStatus.BOGUS";
            let asked = list(r);
            assert_eq!(asked.status, Some(RunStatus::Other("bogus".into())));
            r.refused(&asked, 500, RefusalKind::ServerError, words);
        }),
        case(BOTH, "runs-status-empty", |r| {
            let words = "No enum constant io.cdap.cdap.proto.ProgramRunStatus.";
            r.refused(&list(r), 500, RefusalKind::ServerError, words);
        }),
        case(BOTH, "runs-batch", |r| latest(r, &[(200, 1), (200, 1), (200, 1), (404, 0)])),
        // The batch call ignores runs of superseded versions, but they are counted.
        case(BOTH, "superseded-runs-batch", |r| latest(r, &[(200, r.pick(0, 1))])),
        case(BOTH, "runcount-batch", |r| {
            counts(r, &[(200, Some(4)), (200, Some(3)), (404, None)]);
        }),
        case(BOTH, "superseded-runcount-batch", |r| counts(r, &[(200, Some(1))])),
    ]);
    cases
}

const ONE: &[(&[On], &str, Stop)] = &[
    (NEW, "run-running", Runs),
    // 20 seconds requested, 300 applied; a second and a third stop change nothing.
    (BOTH, "run-stopping", Given(300)),
    (BOTH, "run-stopping-after-more-stops", Given(300)),
    (BOTH, "run-ended", Ended(300, 5)),
    // A program stop applies no grace, whatever is requested; the run drains all the same.
    (BOTH, "program-stop-stopping", Given(0)),
    (OLD, "program-stop-ended", Ended(0, 3)),
    (BOTH, "stop-batch-graceful-empty-stopping", Given(300)),
    (BOTH, "stop-batch-graceful-empty-ended", Ended(300, 3)),
    (BOTH, "superseded-run", Runs),
    (NEW, "superseded-run-stop-stopping", Given(300)),
    // The program stop before it reached the run on the old server only, and applied no grace.
    (OLD, "superseded-run-stop-stopping", Given(0)),
    (OLD, "superseded-run-stop-ended", Ended(0, 0)),
    (NEW, "superseded-version-stop-stopping", Given(0)),
    (NEW, "superseded-version-stop-ended", Ended(0, 0)),
    (OLD, "run-clicks_live", Runs),
    (BOTH, "run-clicks_no_wal", Runs),
    (BOTH, "run-clicks_no_checkpoints", Runs),
    (NEW, "run-clicks_tracked", Runs),
    (BOTH, "run-stop-clicks_live-stopping", Given(300)),
    (NEW, "run-stop-clicks_live-ended", Ended(300, 16)),
    (OLD, "run-stop-clicks_live-ended", Ended(300, 60)),
    (BOTH, "run-stop-clicks_no_wal-stopping", Given(300)),
    (NEW, "run-stop-clicks_no_wal-ended", Ended(300, 14)),
    (OLD, "run-stop-clicks_no_wal-ended", Ended(300, 57)),
    (BOTH, "run-stop-clicks_no_checkpoints-stopping", Given(300)),
    (NEW, "run-stop-clicks_no_checkpoints-ended", Ended(300, 14)),
    (OLD, "run-stop-clicks_no_checkpoints-ended", Ended(300, 7)),
    (NEW, "run-stop-clicks_tracked-stopping", Given(300)),
    (NEW, "run-stop-clicks_tracked-ended", Ended(300, 11)),
    (BOTH, "program-stop-clicks_no_wal-stopping", Given(0)),
    (NEW, "program-stop-clicks_no_wal-ended", Ended(0, 14)),
    (OLD, "program-stop-clicks_no_wal-ended", Ended(0, 60)),
    // A server with a grace of 5 seconds does not end a run that takes longer: these runs took 60 s and 30 s.
    (SHORT, "run-stop-in-time-stopping", Given(5)),
    (SHORT, "run-stop-in-time-ended", Ended(5, 3)),
    (SHORT, "run-stop-late-drain-before", Runs),
    (SHORT, "run-stop-late-drain-stopping", Given(5)),
    (SHORT, "run-stop-late-drain-later", Given(5)),
    (SHORT, "run-stop-late-drain-ended", Ended(5, 60)),
    (SHORT, "program-stop-late-drain-stopping", Given(0)),
    (SHORT, "program-stop-late-drain-later", Given(0)),
    (SHORT, "program-stop-late-drain-ended", Ended(0, 60)),
    (SHORT, "batch-stop-late-drain-before", Runs),
    (SHORT, "batch-stop-late-drain-stopping", Given(5)),
    (SHORT, "batch-stop-late-drain-later", Given(5)),
    (SHORT, "batch-stop-late-drain-ended", Ended(5, 60)),
    (SHORT, "run-stop-late-linger-before", Runs),
    (SHORT, "run-stop-late-linger-stopping", Given(5)),
    (SHORT, "run-stop-late-linger-later", Given(5)),
    (SHORT, "run-stop-late-linger-ended", Ended(5, 31)),
    (SHORT, "program-stop-late-linger-before", Runs),
    (SHORT, "program-stop-late-linger-stopping", Given(0)),
    (SHORT, "program-stop-late-linger-later", Given(0)),
    (SHORT, "program-stop-late-linger-ended", Ended(0, 30)),
    (SHORT, "batch-stop-late-linger-before", Runs),
    (SHORT, "batch-stop-late-linger-stopping", Given(5)),
    (SHORT, "batch-stop-late-linger-later", Given(5)),
    (SHORT, "run-stop-clicks_live-stopping", Given(5)),
    (SHORT, "run-stop-clicks_live-ended", Ended(5, 3)),
    (SHORT, "run-stop-clicks_no_wal-stopping", Given(5)),
    (SHORT, "run-stop-clicks_no_wal-ended", Ended(5, 4)),
];

/// The status of a run and the applied grace.
type Listed = (RunStatus, Option<i64>);

const RUNNING: Listed = (RunStatus::Running, None);
const KILLED: Listed = (RunStatus::Killed, Some(300));

const MANY: &[(&[On], &str, &[Listed])] = &[
    (OLD, "runs-running", &[RUNNING]),
    (BOTH, "runs-three-running", &[RUNNING, RUNNING, RUNNING]),
    (OLD, "runs-limit-1", &[RUNNING]),
    (BOTH, "runs-after-batch-stop", &[KILLED, KILLED, KILLED]),
    // The batch call that failed with 404 for a missing application had stopped this run before.
    (BOTH, "run-after-aborted-batch", &[KILLED]),
    (BOTH, "runs-after-restart-programs", &[RUNNING, KILLED]),
    (BOTH, "runs-before-upgrade", &[RUNNING]),
    (BOTH, "superseded-runs", &[RUNNING]),
    (BOTH, "superseded-runs-status-running", &[RUNNING]),
    (BOTH, "run-failed", &[(RunStatus::Failed, None)]),
    (NEW, "run-completed", &[(RunStatus::Completed, None)]),
    (BOTH, "runs-started-twice", &[RUNNING, RUNNING]),
];

fn one(r: &Record, stop: Stop) {
    let run = r.good(&GetRun { run: r.run() });
    assert_eq!(run.run, r.run().run);
    sound(r, &run);
    let (status, grace) = match stop {
        Runs => (RunStatus::Running, None),
        Given(grace) => (RunStatus::Stopping, Some(grace)),
        Ended(grace, _) => (RunStatus::Killed, Some(grace)),
    };
    assert_eq!((&run.status, run.applied_grace()), (&status, grace));
    assert_eq!(run.status.is_end(), matches!(stop, Ended(..)));
    let took = run.end.zip(run.stopping).map(|(end, stopping)| end.0 - stopping.0);
    assert_eq!(took, if let Ended(_, took) = stop { Some(took) } else { None });
}

fn many(r: &Record, expected: &[Listed]) {
    let asked = list(r);
    let runs = r.rows(&asked);
    for run in &runs {
        sound(r, run);
    }
    let got: Vec<_> = runs.iter().map(|run| (run.status.clone(), run.applied_grace())).collect();
    assert_eq!(got, expected);
    if let Some(status) = asked.status {
        assert!(runs.iter().all(|run| run.status == status));
    }
}

/// Invariants of every record of a server.
fn sound(r: &Record, run: &RunRecord) {
    assert!(run.run.as_str().len() == 36 && run.starting > Seconds(1_700_000_000));
    assert!(run.runtime_arguments().unwrap().contains_key("logical.start.time"));
    assert_eq!(run.version.is_some(), r.on != On::Old, "records have their version from 6.8 on");
    assert_eq!(run.status.is_end(), run.end.is_some());
}

fn list(r: &Record) -> ListRuns {
    let number = |name| r.parameter(name).map(|value| value.parse::<i64>().unwrap());
    ListRuns {
        status: r.parameter("status").map(|word| word.as_str().into()),
        start: number("start").map(Seconds),
        end: number("end").map(Seconds),
        limit: number("limit").map(|limit| u32::try_from(limit).unwrap()),
        version: r.version(),
        ..ListRuns::of(r.program())
    }
}

fn latest(r: &Record, expected: &[(u16, usize)]) {
    let asked = LatestRuns { namespace: r.namespace(), programs: r.programs() };
    let rows = r.rows(&asked);
    let got: Vec<_> = rows.iter().map(|row| (row.status_code, row.value.runs.len())).collect();
    assert_eq!(got, expected);
    for (row, program) in rows.iter().zip(&asked.programs) {
        assert_eq!(&row.program(&asked.namespace), program);
        assert_eq!(row.error.is_some(), row.status_code != 200);
        for run in &row.value.runs {
            sound(r, run);
        }
    }
}

fn counts(r: &Record, expected: &[(u16, Option<u64>)]) {
    let asked = RunCounts { namespace: r.namespace(), programs: r.programs() };
    let rows = r.rows(&asked);
    let got: Vec<_> = rows.iter().map(|row| (row.status_code, row.value.run_count)).collect();
    assert_eq!(got, expected);
    for (row, program) in rows.iter().zip(&asked.programs) {
        assert_eq!(&row.program(&asked.namespace), program);
        assert_eq!(row.error.is_some(), row.status_code != 200);
    }
}
