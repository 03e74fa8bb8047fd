//! Deploying and deleting.

use super::{Case, TEXT, answered, case, refused};
use crate::fixtures::{SCRATCH, invoices, namespace, poller, scratch};
use quiesce_api::VersionId;
use quiesce_api::application::{GetApplication, ListApplications, ListVersions};
use quiesce_api::artifact::Artifact;
use quiesce_api::deploy::{DeleteAllApplications, DeleteApplication, DeleteState, DeleteVersion, Deploy};
use quiesce_api::run::RunStatus;

fn detail(version: Option<VersionId>) -> GetApplication {
    GetApplication { namespace: namespace(), application: SCRATCH.into(), version }
}

fn versions() -> ListVersions {
    ListVersions { namespace: namespace(), application: SCRATCH.into() }
}

fn delete() -> DeleteApplication {
    DeleteApplication { namespace: namespace(), application: SCRATCH.into() }
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("an application is made by a PUT, and each one more is a new version", "API 4.3, 4.2", |it| {
            let first = it.scratch("invoices_monthly").await;
            assert_eq!(it.must(&versions()).await.good, std::slice::from_ref(&first));
            let second = it.deploy_like("invoices_monthly").await;
            assert_ne!(first, second);
            assert_eq!(it.must(&versions()).await.good, [second.clone(), first.clone()]);
            let latest = it.must(&detail(None)).await;
            assert_eq!((&latest.version, latest.change.and_then(|it| it.latest)), (&second, Some(true)));
            let older = it.must(&detail(Some(first.clone()))).await;
            assert_eq!((&older.version, older.change.and_then(|it| it.latest)), (&first, Some(false)));
            let of_both = ListApplications {
                latest_only: Some(false),
                name: Some(SCRATCH.to_owned()),
                ..ListApplications::all(namespace())
            };
            let mut listed: Vec<_> =
                it.must(&of_both).await.rows.good.into_iter().map(|app| app.version).collect();
            listed.sort();
            let mut both = [first, second];
            both.sort();
            assert_eq!(listed, both);
        }),
        case!("a deployment leaves what runs on the version that it began with", "API 4.3, trap 15", |it| {
            let first = it.scratch("invoices_monthly").await;
            let run = it.start(&scratch(), &[("wait", "300")]).await;
            it.deploy_like("invoices_monthly").await;
            let run = it.record(&scratch(), &run, |run| run.status == RunStatus::Running).await;
            assert_eq!(run.version, Some(first));
        }),
        case!(
            "an application is not deleted while a run of any version is alive, also one that stops",
            "API 4.4",
            |it| {
                it.scratch("invoices_monthly").await;
                it.start(&scratch(), &[("wait", "300")]).await;
                let words = "'applicationreference:default.contract_scratch' could not be deleted. Reason: The \
                             following programs are still running: DataPipelineWorkflow";
                refused(it.call(&delete()).await, 409, words);
                it.deploy_like("invoices_monthly").await;
                refused(it.call(&delete()).await, 409, words);
                let run = it.only(&poller(), &[("drain", "6")]).await;
                let stop = format!(
                    "/v3/namespaces/default/apps/Warehouse/workers/StockPoller/runs/{}/stop",
                    run.run
                );
                assert_eq!(it.raw("POST", &stop, None).await.status, 200);
                it.record(&poller(), &run, |run| run.stopping.is_some()).await;
                let warehouse = DeleteApplication { namespace: namespace(), application: "Warehouse".into() };
                refused(it.call(&warehouse).await, 409, "could not be deleted");
                it.quiet(&poller()).await;
            }
        ),
        case!("nothing of a namespace is deleted while anything in it runs", "API 4.4, trap 45", |it| {
            // The one thing that makes this call harmless.
            it.only(&poller(), &[]).await;
            let all = DeleteAllApplications { namespace: namespace() };
            refused(it.call(&all).await, 409, "'namespace:default' could not be deleted. Reason:");
            let there = it.must(&ListApplications::all(namespace())).await.rows.good;
            assert!(there.iter().any(|app| app.name.as_str() == "orders_daily"));
        }),
        case!("one version alone is not deleted", "API 4.4, trap 44", |it| {
            let version = it.scratch("invoices_monthly").await;
            let one = DeleteVersion { namespace: namespace(), application: SCRATCH.into(), version };
            refused(it.call(&one).await, 403, "Deletion of specific app version is not allowed.");
        }),
        case!("a deletion takes all versions, and a second one finds nothing", "API 4.4", |it| {
            it.scratch("invoices_monthly").await;
            it.deploy_like("invoices_monthly").await;
            it.must(&delete()).await;
            let words = "'applicationreference:default.contract_scratch' was not found.";
            refused(it.call(&delete()).await, 404, words);
            refused(it.call(&detail(None)).await, 404, words);
        }),
        case!("a deployment of an artifact that is not there is 404", "API 4.3", |it| {
            let artifact = Artifact {
                name: "cdap-data-pipeline".to_owned(),
                version: "9.9.9".to_owned(),
                scope: "SYSTEM".to_owned(),
            };
            let deploy = Deploy {
                namespace: namespace(),
                application: SCRATCH.into(),
                artifact,
                config: None,
                update_schedules: None,
                change: None,
            };
            refused(it.call(&deploy).await, 404, "'system:cdap-data-pipeline 9.9.9' was not found.");
        }),
        case!("a deployment that cannot be read is 400", "API 4.3", |it| {
            let target = "/v3/namespaces/default/apps/contract_scratch";
            let words = "java.io.EOFException: End of input at line 1 column 13";
            answered(&it.raw("PUT", target, Some("{\"artifact\":")).await, 400, TEXT, words);
            assert_eq!(it.raw("PUT", "/v3/namespaces/default/apps/a%20b", Some("{}")).await.status, 400);
        }),
        case!(
            "the state of an application is forgotten, and of one that is not there it is 404",
            "API 4.6",
            |it| {
                it.scratch("invoices_monthly").await;
                it.must(&DeleteState { namespace: namespace(), application: SCRATCH.into() }).await;
                let nope = DeleteState { namespace: namespace(), application: "nope".into() };
                refused(it.call(&nope).await, 404, "'application:default.nope.-SNAPSHOT' was not found.");
                it.no_scratch().await;
            }
        ),
        case!("a configuration that was read can be deployed as it is", "API 4.5, trap 46", |it| {
            let before = it
                .must(&GetApplication {
                    namespace: namespace(),
                    application: invoices().application,
                    version: None,
                })
                .await;
            it.scratch("invoices_monthly").await;
            let after = it.must(&detail(None)).await;
            let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
            assert_eq!(read(&before.configuration), read(&after.configuration));
            it.no_scratch().await;
        }),
        case!(
            "a deployment that says its parent is refused when that is no longer the latest",
            "API 4.3",
            |it| {
                let first = it.scratch("invoices_monthly").await;
                let second = it.deploy_like("invoices_monthly").await;
                let of = it.must(&detail(None)).await;
                let config: serde_json::Value = serde_json::from_str(&of.configuration).expect("JSON");
                let deploy = async |parent: &VersionId| {
                    let change = serde_json::json!({"parentVersion": parent, "description": "mine"});
                    let body =
                        serde_json::json!({"artifact": of.artifact, "config": config, "change": change});
                    it.raw("PUT", "/v3/namespaces/default/apps/contract_scratch", Some(&body.to_string()))
                        .await
                };
                let words = format!(
                    "Cannot deploy the application because parent version '{first}' does not match the latest version \
                 '{second}'."
                );
                answered(&deploy(&first).await, 409, TEXT, &words);
                assert_eq!(deploy(&second).await.status, 200);
                let change = it.must(&detail(None)).await.change;
                assert_eq!(change.and_then(|it| it.description).as_deref(), Some("mine"));
                it.no_scratch().await;
            }
        ),
        case!("a backup's scope in small letters is taken by a deployment", "API 4.3, 4.5", |it| {
            let of = it
                .must(&GetApplication {
                    namespace: namespace(),
                    application: invoices().application,
                    version: None,
                })
                .await;
            let artifact = Artifact { scope: of.artifact.scope.to_lowercase(), ..of.artifact.clone() };
            let deploy = Deploy {
                namespace: namespace(),
                application: SCRATCH.into(),
                artifact,
                config: serde_json::from_str(&of.configuration).ok(),
                update_schedules: None,
                change: None,
            };
            it.must(&deploy).await;
            assert_eq!(it.must(&detail(None)).await.artifact, of.artifact);
            it.no_scratch().await;
        }),
    ]
}
