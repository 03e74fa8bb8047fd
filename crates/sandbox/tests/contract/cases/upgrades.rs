//! Upgrading.

use super::{Case, TEXT, answered, case, refused};
use crate::fixtures::{SCRATCH, namespace, scratch};
use crate::target::Target;
use quiesce_api::application::{ApplicationDetail, GetApplication, ListVersions};
use quiesce_api::run::{GetStatus, ProgramStatus, RunStatus};
use quiesce_api::upgrade::{Candidates, Upgrade, UpgradeList, UpgradeScope};
use quiesce_api::{Endpoint, ProgramRef, ProgramType, VersionId};

const LIST: &str = "/v3/namespaces/default/upgrade";

fn upgrade(application: &str) -> Upgrade {
    let candidates = Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false };
    Upgrade { namespace: namespace(), application: application.into(), candidates }
}

fn list(applications: &[(&str, Option<&VersionId>)]) -> UpgradeList {
    UpgradeList {
        namespace: namespace(),
        applications: applications.iter().map(|(name, version)| ((*name).into(), version.cloned())).collect(),
        candidates: Candidates::default(),
    }
}

async fn now(it: &Target) -> ApplicationDetail {
    it.must(&GetApplication { namespace: namespace(), application: SCRATCH.into(), version: None }).await
}

async fn count(it: &Target) -> usize {
    let versions = ListVersions { namespace: namespace(), application: SCRATCH.into() };
    it.must(&versions).await.good.len()
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("an upgrade gives a new version of the newest artifact and names it", "API 4.7", |it| {
            let old = it.scratch("invoices_monthly").await;
            assert_eq!(now(it).await.artifact.version, "6.10.0");
            let result = it.must(&upgrade(SCRATCH)).await;
            assert_eq!((result.status_code, result.error), (200, None));
            let new = now(it).await;
            assert_ne!(new.version, old);
            assert_eq!(
                (&new.version, new.artifact.version.as_str()),
                (&result.application.version, "6.11.0")
            );
            assert_eq!(count(it).await, 2);
        }),
        case!("nothing newer is one more version all the same", "API 4.7, trap 38", |it| {
            it.scratch("invoices_monthly").await;
            it.must(&upgrade(SCRATCH)).await;
            let before = now(it).await;
            let result = it.must(&upgrade(SCRATCH)).await;
            let after = now(it).await;
            assert_eq!((result.status_code, &result.application.version), (200, &after.version));
            assert_ne!(before.version, after.version);
            assert_eq!((before.artifact, count(it).await), (after.artifact, 3));
        }),
        case!("artifacts of another scope are no candidates", "API 4.7", |it| {
            it.scratch("invoices_monthly").await;
            let candidates = Candidates { scopes: vec![UpgradeScope::User], allow_snapshot: false };
            let result = it.call(&Upgrade { candidates, ..upgrade(SCRATCH) }).await;
            assert!(result.is_ok_and(|it| it.status_code == 200));
            assert_eq!(now(it).await.artifact.version, "6.10.0");
        }),
        case!("an upgrade neither asks for runs nor ends them", "API 4.7, traps 15 and 37", |it| {
            let old = it.scratch("invoices_monthly").await;
            let run = it.start(&scratch(), &[("wait", "300")]).await;
            it.must(&upgrade(SCRATCH)).await;
            let run = it.record(&scratch(), &run, |run| run.status == RunStatus::Running).await;
            assert_eq!(run.version, Some(old));
            let status = it.must(&GetStatus { program: scratch(), version: None }).await.status;
            assert_eq!(status, Some(ProgramStatus::Stopped));
            it.no_scratch().await;
        }),
        case!("a real-time pipeline with checkpoints is not upgraded", "API 4.7, trap 40", |it| {
            let words =
                "App clicks_live does not support upgrade with state handling mode SPARK_CHECKPOINTING .";
            refused(it.call(&upgrade("clicks_live")).await, 501, words);
            let words = "does not support upgrade with state handling mode SPARK_CHECKPOINTING";
            refused(it.call(&upgrade("clicks_no_checkpoints")).await, 501, words);
        }),
        case!("a real-time pipeline with a state store is upgraded, while it runs too", "API 4.7", |it| {
            it.scratch("clicks_tracked").await;
            let program =
                ProgramRef::new("default", SCRATCH, ProgramType::Spark, "DataStreamsSparkStreaming");
            it.streaming(&program).await;
            assert_eq!(it.must(&upgrade(SCRATCH)).await.status_code, 200);
            assert_eq!(now(it).await.artifact.version, "6.11.0");
            let status = it.must(&GetStatus { program: program.clone(), version: None }).await.status;
            assert_eq!(status, Some(ProgramStatus::Stopped));
            assert_eq!(it.alive(&program).await.len(), 1);
            it.no_scratch().await;
        }),
        case!("an application that is no pipeline is not upgraded", "API 4.7", |it| {
            refused(it.call(&upgrade("Warehouse")).await, 501, "does not support update.");
        }),
        case!("an upgrade of an application that is not there is 404", "API 4.7", |it| {
            let words = "'applicationreference:default.nope' was not found.";
            refused(it.call(&upgrade("nope")).await, 404, words);
        }),
        case!("a scope that is none, and a list in one scope, is 400", "API 4.7, trap 41", |it| {
            let target = "/v3/namespaces/default/apps/orders_daily/upgrade?artifactScope=";
            answered(&it.raw("POST", &format!("{target}x"), None).await, 400, TEXT, "Invalid scope x");
            let both = it.raw("POST", &format!("{target}SYSTEM,USER"), None).await;
            answered(&both, 400, TEXT, "Invalid scope SYSTEM,USER");
            let listed = it.raw("POST", &format!("{LIST}?artifactScope=x"), Some("[]")).await;
            answered(&listed, 400, TEXT, "Invalid scope x");
        }),
        case!(
            "a list is upgraded one by one, and each has its own status",
            "API 4.8, traps 22 and 39",
            |it| {
                it.scratch("invoices_monthly").await;
                let call =
                    list(&[(SCRATCH, None), ("clicks_live", None), ("Warehouse", None), ("nope", None)]);
                let answer = it.send(&call.request()).await;
                assert_eq!(
                    (answer.status, answer.get("content-type")),
                    (200, Some("application/octet-stream"))
                );
                let results = call.read(&answer).expect("a list");
                assert!(results.is_whole());
                let told: Vec<_> = results
                    .good
                    .iter()
                    .map(|it| (it.application.application.as_str(), it.status_code, it.error.is_some()))
                    .collect();
                let expected = [
                    (SCRATCH, 200, false),
                    ("clicks_live", 501, true),
                    ("Warehouse", 501, true),
                    ("nope", 404, true),
                ];
                assert_eq!(told, expected);
                let refused: Vec<_> =
                    results.good.iter().skip(1).map(|it| it.application.version.as_str()).collect();
                assert_eq!(refused, ["-SNAPSHOT"; 3]);
                assert_eq!(now(it).await.artifact.version, "6.11.0");
            }
        ),
        case!(
            "an older version in a list is refused as an inner error, against what was read",
            "API 4.8, trap 42",
            |it| {
                let old = it.scratch("invoices_monthly").await;
                it.must(&upgrade(SCRATCH)).await;
                let latest = now(it).await.version;
                let results = it.must(&list(&[(SCRATCH, Some(&old)), (SCRATCH, Some(&latest))])).await.good;
                let told: Vec<_> = results.iter().map(|it| (it.status_code, it.error.as_deref())).collect();
                assert_eq!(told, [(500, Some("Upgrade failed due to internal error.")), (200, None)]);
                assert_eq!(count(it).await, 3);
            }
        ),
        case!("who is named twice is upgraded twice", "API 4.8", |it| {
            it.scratch("invoices_monthly").await;
            let results = it.must(&list(&[(SCRATCH, None), (SCRATCH, None)])).await.good;
            assert_eq!(results.iter().map(|it| it.status_code).collect::<Vec<_>>(), [200, 200]);
            assert_eq!(count(it).await, 3);
            it.no_scratch().await;
        }),
        case!(
            "an empty list of upgrades is an empty list, and one that cannot be read is 400",
            "API 4.8",
            |it| {
                let octets = Some("application/octet-stream");
                answered(&it.raw("POST", LIST, Some("[]")).await, 200, octets, "[]");
                let words =
                    "Request body is invalid json: java.io.EOFException: End of input at line 1 column 3";
                answered(&it.raw("POST", LIST, Some("[{")).await, 400, TEXT, words);
                let wrong = it.raw("POST", LIST, Some(r#"[{"appId":"x"}]"#)).await;
                answered(&wrong, 400, TEXT, "Path parameter app-id cannot be empty");
                assert_eq!(it.raw("POST", LIST, None).await.status, 400);
            }
        ),
        case!("a list of upgrades in a namespace that is not there is 404", "API 4.8", |it| {
            let body = Some(r#"[{"name":"x"}]"#);
            let answer = it.raw("POST", "/v3/namespaces/nope/upgrade", body).await;
            answered(&answer, 404, TEXT, "'namespace:nope' was not found.");
        }),
    ]
}
