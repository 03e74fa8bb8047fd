//! Deployments, deletions, exports and artifacts.

use crate::harness::{BOTH, Case, NEW, OLD, On, Record, case};
use quiesce_api::RefusalKind::{Conflict, Forbidden, NotFound};
use quiesce_api::artifact::{ArtifactScope, ListArtifactVersions, ListArtifacts};
use quiesce_api::deploy::{
    DeleteAllApplications, DeleteApplication, DeleteState, DeleteVersion, Deploy, Deployed,
};
use quiesce_api::export::ExportApplications;

/// Deployed applications with their artifact.
const DEPLOYS: &[(&[On], &str, &str)] = &[
    (BOTH, "deploy-clicks_live", "cdap-data-streams"),
    (BOTH, "deploy-clicks_no_checkpoints", "cdap-data-streams"),
    (BOTH, "deploy-clicks_no_wal", "cdap-data-streams"),
    (NEW, "deploy-clicks_tracked", "cdap-data-streams"),
    (OLD, "deploy-customers_sync", "cdap-data-pipeline"),
    (BOTH, "deploy-invoices_monthly", "cdap-data-pipeline"),
    (BOTH, "deploy-orders_daily", "cdap-data-pipeline"),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        DEPLOYS.iter().map(|(on, name, artifact)| case(on, name, |r| deployed(r, artifact))).collect();
    cases.extend([
        case(NEW, "deploy-missing-artifact", |r| {
            r.refused(&deploy(r), 404, NotFound, "'system:cdap-data-pipeline 9.9.9' was not found.");
        }),
        case(BOTH, "artifacts", |r| {
            let rows = r.rows(&ListArtifacts { namespace: r.namespace(), scope: None });
            assert_eq!(rows.len(), 7);
            let streams: Vec<_> = rows.iter().filter(|row| row.is_realtime_pipeline()).collect();
            assert_eq!(streams.len(), 2);
            assert!(rows.iter().any(|row| row.name == "sample-plugins" && row.scope == "USER"));
        }),
        case(BOTH, "artifact-versions-system", |r| {
            let rows = r.rows(&versions(r));
            let versions: Vec<_> = rows.iter().map(|row| row.version.as_str()).collect();
            assert_eq!(versions, r.pick(["6.10.0", "6.11.0"], ["6.7.0", "6.7.2"]));
            assert!(rows.iter().all(|row| row.is_batch_pipeline() && row.scope == "SYSTEM"));
        }),
        // Without a scope the server searches only users' artifacts.
        case(BOTH, "artifact-versions-default-scope", |r| {
            r.refused(&versions(r), 404, NotFound, "'default:cdap-data-pipeline' was not found.");
        }),
        case(BOTH, "export", |r| {
            let export = r.good(&ExportApplications);
            assert_eq!(export.bytes.len(), r.pick(6519, 5190));
            assert!(export.bytes.starts_with(b"PK\x03\x04"));
            let name = r.pick("export-1795418485812.zip", "export-1795419648064.zip");
            assert_eq!(export.filename.as_deref(), Some(name));
            let digest = r.pick(
                "8/g8FWZkF8zw2Q3fCF1y5o2oEZtcfDOvG/CtuZX3chQ=",
                "iTGUbScWxNFmLLH+/fCic3wBmeJepFW9QL7/uN44jZY=",
            );
            assert_eq!(export.sha256.as_deref(), Some(digest));
        }),
        case(BOTH, "delete-while-running", |r| {
            let words = r.pick(
                "'applicationreference:default.Warehouse' could not be deleted. Reason: The following programs are \
                 still running: StockReport,StockPoller,Stock",
                "'application:default.Warehouse.-SNAPSHOT' could not be deleted. Reason: The following programs are \
                 still running: StockReport,StockPoller,Stock",
            );
            r.refused(&delete(r), 409, Conflict, words);
        }),
        case(BOTH, "delete-all-while-running", |r| {
            let words = "'namespace:default' could not be deleted. Reason: The following programs are still running: \
                         Warehouse: StockReport,Warehouse: Stock,Warehouse: StockPoller";
            r.refused(&DeleteAllApplications { namespace: r.namespace() }, 409, Conflict, words);
        }),
        case(NEW, "delete-version", |r| {
            r.refused(&delete_version(r), 403, Forbidden, "Deletion of specific app version is not allowed.");
        }),
        case(OLD, "delete-version", |r| r.good(&delete_version(r))),
        case(NEW, "delete-app", |r| r.good(&delete(r))),
        case(OLD, "delete-app", deleted_already),
        case(BOTH, "delete-app-again", deleted_already),
        case(NEW, "state-delete", |r| r.good(&delete_state(r))),
        case(NEW, "state-delete-missing-app", |r| {
            let words = "'application:default.nope.-SNAPSHOT' was not found.";
            r.refused(&delete_state(r), 404, NotFound, words);
        }),
    ]);
    cases
}

fn deploy(r: &Record) -> Deploy {
    let body = r.json();
    Deploy {
        namespace: r.namespace(),
        application: r.application(),
        artifact: serde_json::from_value(body["artifact"].clone()).unwrap(),
        config: body.get("config").cloned(),
        update_schedules: None,
        change: None,
    }
}

fn deployed(r: &Record, artifact: &str) {
    let asked = deploy(r);
    assert_eq!(asked.artifact.name, artifact);
    match r.good(&asked) {
        Deployed::Record(record) => {
            assert_eq!(r.on, On::New);
            assert_eq!((&record.name, &record.artifact), (&asked.application, &asked.artifact));
            assert!(!record.version.is_snapshot());
            assert!(record.change.unwrap().creation_time_millis.is_some());
        }
        Deployed::Words(words) => assert_eq!((r.on, words.as_str()), (On::Old, "Deploy Complete")),
    }
}

fn versions(r: &Record) -> ListArtifactVersions {
    ListArtifactVersions {
        namespace: r.namespace(),
        name: r.segments()[4].clone(),
        scope: r.parameter("scope").map(|word| {
            assert_eq!(word, "system");
            ArtifactScope::System
        }),
    }
}

fn delete(r: &Record) -> DeleteApplication {
    DeleteApplication { namespace: r.namespace(), application: r.application() }
}

fn delete_version(r: &Record) -> DeleteVersion {
    DeleteVersion { namespace: r.namespace(), application: r.application(), version: r.version().unwrap() }
}

fn deleted_already(r: &Record) {
    let words = r.pick(
        "'applicationreference:default.invoices_monthly' was not found.",
        "'application:default.invoices_monthly.-SNAPSHOT' was not found.",
    );
    r.refused(&delete(r), 404, NotFound, words);
}

fn delete_state(r: &Record) -> DeleteState {
    DeleteState { namespace: r.namespace(), application: r.application() }
}
