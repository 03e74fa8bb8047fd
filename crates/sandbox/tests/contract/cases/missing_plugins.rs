//! Applications with a plugin whose artifact was deleted.

use super::{Case, TEXT, answered, case, refused};
use crate::fixtures::{SCRATCH, namespace};
use crate::target::Target;
use quiesce_api::application::{ApplicationDetail, GetApplication};
use quiesce_api::deploy::{DeleteApplication, Deploy};
use quiesce_api::upgrade::{Candidates, Upgrade, UpgradeScope};
use serde_json::{Value, json};

/// Another application that is made and deleted.
const OTHER: &str = "contract_other";
const NOT_FOUND: &str =
    "Errors were encountered during validation. Plugin named 'Wait' of type 'action' not found.";

async fn detail(it: &Target) -> ApplicationDetail {
    it.must(&GetApplication { namespace: namespace(), application: SCRATCH.into(), version: None }).await
}

/// The deployment of [`SCRATCH`] as it is, but with another artifact for its plugin.
async fn with_plugin_of(it: &Target, plugin: &Value) -> Deploy {
    let detail = detail(it).await;
    let mut config: Value = serde_json::from_str(&detail.configuration).expect("JSON");
    let stages = config["stages"].as_array_mut().expect("stages");
    let stage = stages.iter_mut().find(|stage| stage["plugin"]["name"] == "Wait").expect("the stage");
    stage["plugin"]["artifact"] = plugin.clone();
    Deploy {
        namespace: namespace(),
        application: SCRATCH.into(),
        artifact: detail.artifact,
        config: Some(config),
        update_schedules: None,
        change: None,
    }
}

/// Deploys [`SCRATCH`] with a plugin of an artifact that is deleted afterwards.
async fn deployed(it: &Target, plugin: &Value) {
    it.scratch("invoices_monthly").await;
    it.upload_as("ghost-plugins", "1.0.0").await;
    let deploy = with_plugin_of(it, plugin).await;
    it.must(&deploy).await;
    delete_ghosts(it).await;
}

async fn delete_ghosts(it: &Target) {
    let path = "/v3/namespaces/default/artifacts/ghost-plugins/versions/1.0.0";
    assert_eq!(it.raw("DELETE", path, None).await.status, 200);
}

fn upgrade(scopes: &[UpgradeScope]) -> Upgrade {
    let candidates = Candidates { scopes: scopes.to_vec(), allow_snapshot: false };
    Upgrade { namespace: namespace(), application: SCRATCH.into(), candidates }
}

fn ghost(version: &str) -> Value {
    json!({"name": "ghost-plugins", "version": version, "scope": "USER"})
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("an upgrade is refused with the plugin's name, and makes no version", "API 4.7", |it| {
            let unversioned = json!({"name": "ghost-plugins", "scope": "USER"});
            for plugin in [ghost("1.0.0"), ghost("[1.0.0,2.0.0)"), unversioned] {
                deployed(it, &plugin).await;
                let before = detail(it).await.version;
                let path = format!("/v3/namespaces/default/apps/{SCRATCH}/upgrade");
                answered(&it.raw("POST", &path, None).await, 500, TEXT, NOT_FOUND);
                assert_eq!(detail(it).await.version, before, "{plugin}");
            }
            it.no_scratch().await;
        }),
        case!("without the scope of its artifact, the refusal does not name the plugin", "API 4.7", |it| {
            deployed(it, &json!({"name": "ghost-plugins", "version": "1.0.0"})).await;
            refused(it.call(&upgrade(&[])).await, 500, "Name is null");
            it.no_scratch().await;
        }),
        case!("a list upgrade keeps the reason to itself, and upgrades the others", "API 4.8", |it| {
            it.scratch("invoices_monthly").await;
            let same = with_plugin_of(it, &json!({})).await;
            it.must(&Deploy { application: OTHER.into(), ..same }).await;
            deployed(it, &ghost("1.0.0")).await;
            let body = json!([{"name": SCRATCH}, {"name": OTHER}]).to_string();
            let results = it.json("POST", "/v3/namespaces/default/upgrade", Some(&body)).await;
            assert_eq!(results[0]["statusCode"], 500);
            assert_eq!(results[0]["error"], "Upgrade failed due to internal error.");
            assert_eq!(results[0]["appId"]["version"], "-SNAPSHOT");
            assert_eq!(results[1]["statusCode"], 200);
            it.must(&DeleteApplication { namespace: namespace(), application: OTHER.into() }).await;
            it.no_scratch().await;
        }),
        case!(
            "an upgrade moves such a plugin to a newer artifact, if the scopes have one",
            "API 4.7",
            |it| {
                deployed(it, &ghost("1.0.0")).await;
                it.upload("1.1.0").await;
                refused(it.call(&upgrade(&[UpgradeScope::System])).await, 500, NOT_FOUND);
                it.must(&upgrade(&[])).await;
                assert!(detail(it).await.configuration.contains("sample-plugins"));
                it.delete_plugins("1.1.0").await;
                it.no_scratch().await;
            }
        ),
        case!("a plugin that names no artifact is found in any", "API 4.7", |it| {
            deployed(it, &json!({})).await;
            it.must(&upgrade(&[])).await;
            it.no_scratch().await;
        }),
        case!("a deployment with such a plugin is refused with the name of the stage", "API 4.3", |it| {
            it.scratch("invoices_monthly").await;
            let deploy = with_plugin_of(it, &ghost("1.0.0")).await;
            refused(
                it.call(&deploy).await,
                400,
                "Failed to configure pipeline: Stage 'WaitForExport' encountered : Plugin named 'Wait' of type \
                 'action' not found. Please make sure plugin is deployed in the namespace and try again",
            );
            it.no_scratch().await;
        }),
    ]
}
