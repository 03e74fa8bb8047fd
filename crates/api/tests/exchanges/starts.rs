//! Starts.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, case};
use quiesce_api::start::{RestartPrograms, Start, StartBatch};
use quiesce_api::{RefusalKind, Seconds};

/// Name and value of the only argument of a start.
type Argument = Option<(&'static str, &'static str)>;

/// Accepted starts of one program.
const ONE: &[(&[On], &str, Argument)] = &[
    (BOTH, "start", Some(("drain", "4"))),
    (BOTH, "start-workflow", Some(("wait", "300"))),
    // Its run fails because of a missing argument; the start does not report that.
    (BOTH, "start-batch-pipeline-without-argument", None),
    (BOTH, "start-batch-pipeline", Some(("wait", "1"))),
    (BOTH, "start-clicks_live", None),
    (BOTH, "start-clicks_no_wal", None),
    (BOTH, "start-clicks_no_checkpoints", None),
    (NEW, "start-clicks_tracked", None),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = ONE
        .iter()
        .map(|(on, name, argument)| {
            case(on, name, |r| {
                r.good(&start(r, *argument));
                assert!(r.response.body.is_empty(), "a start does not say which run it became");
            })
        })
        .collect();
    cases.extend([
        case(BOTH, "start-already-running", |r| {
            let words = r.pick(
                "Program program:default.Warehouse.7a2612f1-e70e-11f1-a483-02fc00000001.worker.StockPoller is \
                 already running in an version of the same application with run ids \
                 [program_run:default.Warehouse.7a2612f1-e70e-11f1-a483-02fc00000001.worker.StockPoller.\
                 7e4b79bb-e70e-11f1-9d70-02fc00000001]",
                "Program program:default.Warehouse.-SNAPSHOT.worker.StockPoller is already running in an version of \
                 the same application with run ids [33098c01-e711-11f1-ab90-02fc00000001]",
            );
            r.refused(&start(r, None), 409, RefusalKind::Conflict, words);
        }),
        case(NEW, "superseded-version-start", |r| {
            let words = "Start action is only allowed on the latest version 977a9e87-e70e-11f1-8370-02fc00000001. \
                         Please use the versionless start API instead.";
            r.refused(&start(r, Some(("wait", "1"))), 400, RefusalKind::BadRequest, words);
        }),
        case(BOTH, "start-batch", |r| many(r, &[200, 200, 404])),
        case(BOTH, "start-batch-already-running", |r| many(r, &[409])),
        case(OLD, "start-batch-missing-app", |r| many(r, &[404])),
        case(NEW, "start-batch-missing-app", |r| {
            let words = "'applicationreference:default.nope' was not found.";
            r.refused(&batch(r), 404, RefusalKind::NotFound, words);
        }),
        case(BOTH, "restart-programs-no-window", |r| {
            let asked = restart(r);
            assert_eq!(asked.window, None);
            r.good(&asked);
        }),
        case(BOTH, "restart-programs", |r| r.good(&restart(r))),
        case(OLD, "restart-programs-two-killed-runs", |r| r.good(&restart(r))),
        case(NEW, "restart-programs-two-killed-runs", |r| {
            let words = "Program program:default.Warehouse.7a2612f1-e70e-11f1-a483-02fc00000001.worker.StockPoller is \
                         already running in an version of the same application with run ids \
                         [program_run:default.Warehouse.7a2612f1-e70e-11f1-a483-02fc00000001.worker.StockPoller.\
                         942272d5-e70e-11f1-b953-02fc00000001]";
            r.refused(&restart(r), 409, RefusalKind::Conflict, words);
        }),
    ]);
    cases
}

fn start(r: &Record, argument: Option<(&str, &str)>) -> Start {
    Start {
        program: r.program(),
        version: r.version(),
        arguments: argument.map(|(name, value)| [(name.to_owned(), value.to_owned())].into()),
    }
}

fn batch(r: &Record) -> StartBatch {
    let elements = r.json();
    let arguments = elements.as_array().unwrap().iter().map(|element| {
        element.get("runtimeargs").map(|arguments| serde_json::from_value(arguments.clone()).unwrap())
    });
    StartBatch { namespace: r.namespace(), programs: r.programs().into_iter().zip(arguments).collect() }
}

fn many(r: &Record, expected: &[u16]) {
    let asked = batch(r);
    let rows = r.rows(&asked);
    assert_eq!(rows.iter().map(|row| row.status_code).collect::<Vec<_>>(), expected);
    for (row, (program, _)) in rows.iter().zip(&asked.programs) {
        assert_eq!(&row.program(&asked.namespace), program);
        assert_eq!(row.value.run.is_some(), row.status_code == 200);
        let words = match row.status_code {
            404 => "was not found.",
            409 => "is already running with run ids",
            _ => "",
        };
        assert!(row.error.as_deref().unwrap_or_default().contains(words));
        assert_eq!(row.error.is_some(), row.status_code != 200);
    }
}

fn restart(r: &Record) -> RestartPrograms {
    let second = |name| r.parameter(name).map(|value| Seconds(value.parse().unwrap()));
    RestartPrograms {
        namespace: r.namespace(),
        application: r.application(),
        version: r.version().unwrap(),
        window: second("start-time-seconds").zip(second("end-time-seconds")),
    }
}
