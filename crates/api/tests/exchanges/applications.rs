//! Lists, details and versions of applications.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, case};
use quiesce_api::application::{
    ApplicationDetail, ApplicationDetails, Applications, GetApplication, ListApplications, ListVersions,
    NameMatch, Order, Page,
};
use quiesce_api::{Endpoint, Error, RefusalKind, VersionId};

/// The applications that were deployed before the lists were recorded, in the server's order: by length of name.
/// `clicks_tracked` is on the new server only.
const ALL: &[&str] = &[
    "Warehouse",
    "clicks_live",
    "orders_daily",
    "clicks_no_wal",
    "clicks_tracked",
    "customers_sync",
    "invoices_monthly",
    "clicks_no_checkpoints",
];

/// The complete lists, with the names in them.
const LISTS: &[(&[On], &str, &[&str])] = &[
    (OLD, "apps-empty", &[]),
    (BOTH, "apps-empty-paged", &[]),
    (BOTH, "apps", ALL),
    (BOTH, "apps-paged", &["Warehouse", "clicks_live"]),
    (BOTH, "apps-paged-next", &["orders_daily", "clicks_no_wal"]),
    (OLD, "apps-artifact", &["clicks_live", "clicks_no_wal", "clicks_no_checkpoints"]),
    (BOTH, "apps-artifacts", ALL.split_at(1).1),
    (OLD, "apps-name", &["clicks_live", "clicks_no_wal", "clicks_no_checkpoints"]),
    (BOTH, "apps-name-equals", &["clicks_live"]),
    (BOTH, "apps-latest-only-false", ALL),
    (BOTH, "apps-sort-creation-time", ALL),
    (NEW, "apps-latest-only-false-upgraded", &["orders_daily", "orders_daily", "orders_daily"]),
];

/// Details of an application: the version of its artifact on the new server and on the old one, and its programs.
type Detail = (&'static [On], &'static str, &'static str, &'static str, &'static [&'static str]);

const DETAILS: &[Detail] = &[
    (BOTH, "app-Warehouse", "1.0.0", "1.0.0", &["Stock", "StockPoller", "StockReport"]),
    (NEW, "app-orders_daily", "6.10.0", "", PIPELINE),
    (BOTH, "app-clicks_live", "6.10.0", "6.7.0", STREAM),
    (BOTH, "app-clicks_no_wal", "6.10.0", "6.7.0", STREAM),
    (NEW, "app-clicks_tracked", "6.10.0", "", STREAM),
    (BOTH, "app-version", "6.10.0", "6.7.0", PIPELINE),
    (BOTH, "app-version-snapshot", "6.10.0", "6.7.0", PIPELINE),
    (BOTH, "superseded-app", "6.11.0", "6.7.2", PIPELINE),
    (BOTH, "app-upgraded", "6.11.0", "6.7.2", PIPELINE),
    (OLD, "app-version-superseded", "", "6.7.2", PIPELINE),
];

const PIPELINE: &[&str] = &["phase-2", "DataPipelineWorkflow"];
const STREAM: &[&str] = &["DataStreamsSparkStreaming"];

/// Number of versions of an application on the new server; the old one has only `-SNAPSHOT`.
const VERSIONS: &[(&str, usize)] =
    &[("app-versions", 1), ("superseded-app-versions", 2), ("app-versions-upgraded", 3)];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        LISTS.iter().map(|(on, name, names)| case(on, name, |r| listed(r, names))).collect();
    cases.extend(DETAILS.iter().map(|(on, name, new, old, programs)| {
        case(on, name, move |r| {
            let detail = r.good(&one(r));
            assert_eq!(detail.name, r.application());
            assert_eq!(detail.artifact.version, r.pick(*new, *old));
            sound(r, &detail);
            let names: Vec<_> = detail.programs.iter().map(|program| program.program.as_str()).collect();
            assert_eq!(&names, programs);
        })
    }));
    cases.extend(VERSIONS.iter().map(|(name, count)| {
        case(BOTH, name, |r| {
            let asked = ListVersions { namespace: r.namespace(), application: r.application() };
            let versions = r.rows(&asked);
            assert_eq!(versions.len(), r.pick(*count, 1));
            assert!(versions.iter().all(|version| version.is_snapshot() == (r.on == On::Old)));
        })
    }));
    cases.extend([
        case(BOTH, "apps-orderby-desc", |r| {
            let names: Vec<_> = ALL.iter().rev().copied().collect();
            listed(r, &names);
        }),
        case(BOTH, "apps-missing-namespace", |r| {
            r.refused(&list(r), 404, RefusalKind::NotFound, "'namespace:nope' was not found.");
        }),
        case(BOTH, "app-missing", |r| {
            let words = r.pick(
                "'applicationreference:default.nope' was not found.",
                "'application:default.nope.-SNAPSHOT' was not found.",
            );
            r.refused(&one(r), 404, RefusalKind::NotFound, words);
        }),
        case(OLD, "app-bad-name", |r| {
            assert_eq!(r.application().as_str(), "a b");
            r.refused(&one(r), 400, RefusalKind::BadRequest, "Invalid app name 'a b'");
        }),
        // Since 6.8 the batch call requires an existing version; `-SNAPSHOT` does not exist there, and is the
        // default of a request without one.
        case(BOTH, "appdetail-batch-without-version", |r| details(r, &[r.pick(404, 200), 404])),
        case(BOTH, "appdetail-batch-with-version", |r| details(r, &[200, 404])),
        case(BOTH, "appdetail-batch-with-snapshot", |r| details(r, &[r.pick(404, 200)])),
    ]);
    cases
}

fn list(r: &Record) -> ListApplications {
    ListApplications {
        artifact_names: r
            .parameter("artifactName")
            .map(|names| names.split(',').map(str::to_owned).collect())
            .unwrap_or_default(),
        name: r.parameter("nameFilter"),
        name_match: r.parameter("nameFilterType").map(|word| {
            assert_eq!(word, "EQUALS");
            NameMatch::Equals
        }),
        latest_only: r.parameter("latestOnly").map(|word| word.parse().unwrap()),
        order: r.parameter("orderBy").map(|word| {
            assert_eq!(word, "DESC");
            Order::Descending
        }),
        sort_by_creation_time: r.parameter("sortCreationTime").map(|word| word.parse().unwrap()),
        page: r
            .parameter("pageSize")
            .map(|size| Page { size: size.parse().unwrap(), after: r.parameter("pageToken") }),
        ..ListApplications::all(r.namespace())
    }
}

/// The list contains these names in this order and this token of the next page.
fn listed(r: &Record, names: &[&str]) {
    let Applications { rows, next } = r.good(&list(r));
    assert!(rows.is_whole(), "{rows:?}");
    let got: Vec<_> = rows.good.iter().map(|row| row.name.as_str()).collect();
    let expected: Vec<_> =
        names.iter().copied().filter(|name| *name != "clicks_tracked" || r.on == On::New).collect();
    assert_eq!(got, expected);
    for row in &rows.good {
        assert_eq!(row.version.is_snapshot(), r.on == On::Old);
        assert_eq!(row.change.is_some(), r.on == On::New);
    }
    let last = rows.good.last().filter(|_| r.parameter("pageSize").is_some());
    assert_eq!(next, last.map(|row| format!("{}.{}", row.name, row.version)));
    every_cut_keeps_what_came_before_it(r, got.len());
}

/// Wherever the connection breaks, the elements before the break are still valid.
fn every_cut_keeps_what_came_before_it(r: &Record, whole: usize) {
    let mut before = 0;
    for end in 0..r.response.body.len() {
        let mut cut = r.response.clone();
        cut.body.truncate(end);
        cut.cut = Some("connection reset".into());
        match list(r).read(&cut) {
            Ok(Applications { rows, next }) => {
                assert!(!rows.is_whole() && rows.bad.is_empty() && next.is_none());
                assert!(rows.good.len() >= before && rows.good.len() <= whole);
                assert_eq!(rows.cut.map(|cut| cut.after), Some(rows.good.len()));
                before = rows.good.len();
            }
            // Before the opening bracket it cannot be recognized as a list.
            Err(error) => assert!(before == 0 && matches!(error, Error::Undecodable(_)), "{end}: {error:?}"),
        }
    }
    assert_eq!(before, whole, "all elements were there one byte before the end");
}

fn one(r: &Record) -> GetApplication {
    GetApplication { namespace: r.namespace(), application: r.application(), version: r.version() }
}

fn sound(r: &Record, detail: &ApplicationDetail) {
    assert_eq!(detail.version.is_snapshot(), r.on == On::Old);
    let latest = detail.change.as_ref().and_then(|change| change.latest);
    assert_eq!(latest, (r.on == On::New).then_some(true));
    if detail.artifact.is_batch_pipeline() || detail.artifact.is_realtime_pipeline() {
        let configuration: serde_json::Value = serde_json::from_str(&detail.configuration).unwrap();
        assert!(configuration["stages"].as_array().is_some_and(|stages| stages.len() >= 2));
        assert!(detail.plugins.len() >= 2);
    }
}

fn details(r: &Record, expected: &[u16]) {
    let elements = r.json();
    let applications = elements.as_array().unwrap().iter().map(|element| {
        let version = element.get("version").and_then(|version| version.as_str()).map(VersionId::from);
        (element["appId"].as_str().unwrap().into(), version)
    });
    let rows = r.rows(&ApplicationDetails { namespace: r.namespace(), applications: applications.collect() });
    assert_eq!(rows.iter().map(|row| row.status_code).collect::<Vec<_>>(), expected);
    for row in rows {
        match row.detail {
            Some(detail) => {
                assert_eq!((row.status_code, detail.name.as_str()), (200, "orders_daily"));
                assert_eq!(row.error, None);
                sound(r, &detail);
            }
            None => assert!(row.error.is_some_and(|words| words.ends_with("' was not found."))),
        }
    }
}
