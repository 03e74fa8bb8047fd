//! Upgrades of one application and of a list.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, case};
use quiesce_api::RefusalKind;
use quiesce_api::upgrade::{Candidates, Upgrade, UpgradeList, UpgradeScope};

/// Successful upgrades of one application.
const DONE: &[(&[On], &str)] = &[
    // It is running; the upgrade does not check that.
    (BOTH, "upgrade-batch-pipeline-while-running"),
    // Without a newer artifact it gets a new version all the same.
    (NEW, "upgrade-batch-pipeline-nothing-newer"),
    (NEW, "upgrade-while-running-clicks_tracked"),
    (NEW, "upgrade-with-enabled-schedule"),
];

/// Real-time pipelines with checkpoints, which no server upgrades.
const STREAMS: &[(&[On], &str)] = &[
    (BOTH, "upgrade-while-running-clicks_live"),
    (OLD, "upgrade-while-running-clicks_no_wal"),
    (BOTH, "upgrade-while-running-clicks_no_checkpoints"),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = DONE
        .iter()
        .map(|(on, name)| {
            case(on, name, |r| {
                let asked = one(r);
                let result = r.good(&asked);
                assert_eq!((result.status_code, result.error), (200, None));
                assert_eq!(result.application.namespace, asked.namespace);
                assert_eq!(result.application.application, asked.application);
                assert_eq!(result.application.version.is_snapshot(), r.on == On::Old);
            })
        })
        .collect();
    cases.extend(STREAMS.iter().map(|(on, name)| {
        case(on, name, |r| {
            let name = r.application();
            let words = r.pick(
                format!("App {name} does not support upgrade with state handling mode SPARK_CHECKPOINTING ."),
                format!("Application application:default.{name}.-SNAPSHOT does not support update."),
            );
            r.refused(&one(r), 501, RefusalKind::Unsupported, &words);
        })
    }));
    cases.extend([
        case(BOTH, "upgrade-plain-app", |r| {
            let words = r.pick(
                "Application application:default.Warehouse.7a2612f1-e70e-11f1-a483-02fc00000001 does not support \
                 update.",
                "Application application:default.Warehouse.-SNAPSHOT does not support update.",
            );
            r.refused(&one(r), 501, RefusalKind::Unsupported, words);
        }),
        case(BOTH, "upgrade-missing", |r| {
            let words = r.pick(
                "'applicationreference:default.nope' was not found.",
                "'application:default.nope.-SNAPSHOT' was not found.",
            );
            r.refused(&one(r), 404, RefusalKind::NotFound, words);
        }),
        case(BOTH, "upgrade-list", |r| {
            let rows = many(r, &[("orders_daily", 200), ("clicks_live", 501), ("Warehouse", 501), ("nope", 404)]);
            // A failed element names the requested version, which is `-SNAPSHOT` if there was none.
            let snapshots: Vec<_> = rows.iter().map(|version| version == "-SNAPSHOT").collect();
            assert_eq!(snapshots, [r.on == On::Old, true, true, true]);
        }),
        case(NEW, "upgrade-list-nothing-newer", |r| {
            assert_eq!(many(r, &[("orders_daily", 200)]), ["03d914e5-e70f-11f1-848c-02fc00000001"]);
        }),
        case(BOTH, "upgrade-list-empty", |r| assert!(many(r, &[]).is_empty())),
    ]);
    cases
}

fn candidates(r: &Record) -> Candidates {
    let scope = |word: &str| match word {
        "SYSTEM" => UpgradeScope::System,
        "USER" => UpgradeScope::User,
        _ => panic!("{word}"),
    };
    let scopes = r
        .parameters()
        .iter()
        .filter(|(name, _)| name == "artifactScope")
        .map(|(_, word)| scope(word))
        .collect();
    Candidates { scopes, allow_snapshot: false }
}

fn one(r: &Record) -> Upgrade {
    Upgrade { namespace: r.namespace(), application: r.application(), candidates: candidates(r) }
}

/// The elements in order; returns the versions in them.
fn many(r: &Record, expected: &[(&str, u16)]) -> Vec<String> {
    let elements = r.json();
    let asked = UpgradeList {
        namespace: r.namespace(),
        applications: elements
            .as_array()
            .unwrap()
            .iter()
            .map(|element| (element["name"].as_str().unwrap().into(), None))
            .collect(),
        candidates: candidates(r),
    };
    let rows = r.rows(&asked);
    let got: Vec<_> =
        rows.iter().map(|row| (row.application.application.as_str(), row.status_code)).collect();
    assert_eq!(got, expected);
    for row in &rows {
        let words = row.error.as_deref().unwrap_or_default();
        let ending = match row.status_code {
            404 => "was not found.",
            501 => "does not support upgrade.",
            _ => "",
        };
        assert!(words.ends_with(ending) && words.is_empty() == ending.is_empty(), "{words}");
    }
    rows.iter().map(|row| row.application.version.to_string()).collect()
}
