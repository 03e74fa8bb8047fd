//! Plugins, and how an upgrade moves them.

use super::{Case, case, refused};
use crate::fixtures::{SCRATCH, namespace};
use crate::target::Target;
use quiesce_api::application::GetApplication;
use quiesce_api::artifact::{Artifact, ListPlugins, PluginRef};
use quiesce_api::deploy::Deploy;
use quiesce_api::upgrade::{Candidates, Upgrade, UpgradeScope};
use serde_json::{Value, json};

fn parent() -> Artifact {
    Artifact { name: "cdap-data-pipeline".into(), version: "6.11.0".into(), scope: "SYSTEM".into() }
}

fn waiting(parent: Artifact) -> ListPlugins {
    let plugin = PluginRef { kind: "action".into(), name: "Wait".into() };
    ListPlugins { namespace: namespace(), parent, plugin }
}

/// The versions of the artifact that has the plugin of the first stage.
async fn versions(it: &Target) -> Vec<String> {
    it.must(&waiting(parent())).await.good.into_iter().map(|it| it.artifact.version).collect()
}

/// The configuration of [`SCRATCH`].
async fn configuration(it: &Target) -> (Artifact, Value) {
    let get = GetApplication { namespace: namespace(), application: SCRATCH.into(), version: None };
    let detail = it.must(&get).await;
    (detail.artifact, serde_json::from_str(&detail.configuration).expect("JSON"))
}

fn stage<'a>(config: &'a mut Value, plugin: &str) -> &'a mut Value {
    let stages = config["stages"].as_array_mut().expect("stages");
    stages.iter_mut().find(|stage| stage["plugin"]["name"] == plugin).expect("the stage")
}

/// What the plugin's artifact says after an upgrade of [`SCRATCH`], which names this one before.
async fn upgraded(it: &Target, before: Value, candidates: Candidates) -> Value {
    it.scratch("orders_daily").await;
    let (artifact, mut config) = configuration(it).await;
    stage(&mut config, "Wait")["plugin"]["artifact"] = before;
    let deploy = Deploy {
        namespace: namespace(),
        application: SCRATCH.into(),
        artifact,
        config: Some(config),
        update_schedules: None,
        change: None,
    };
    it.must(&deploy).await;
    it.must(&Upgrade { namespace: namespace(), application: SCRATCH.into(), candidates }).await;
    let (artifact, mut config) = configuration(it).await;
    assert_eq!(artifact.version, "6.11.0");
    // What has nothing newer stays.
    assert_eq!(stage(&mut config, "KVTable")["plugin"]["artifact"]["version"], "2.13.0");
    stage(&mut config, "Wait")["plugin"]["artifact"].take()
}

fn plugins(version: &str) -> Value {
    json!({"name": "sample-plugins", "version": version, "scope": "USER"})
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("the artifacts that have a plugin are listed, in all their versions", "API 7.3", |it| {
            it.upload("1.1.0").await;
            it.upload("1.2.0-SNAPSHOT").await;
            assert_eq!(versions(it).await, ["1.0.0", "1.1.0", "1.2.0-SNAPSHOT"]);
            it.delete_plugins("1.2.0-SNAPSHOT").await;
            it.delete_plugins("1.1.0").await;
            assert_eq!(versions(it).await, ["1.0.0"]);
            let artifact = "/v3/namespaces/default/artifacts/sample-plugins/versions/1.1.0";
            let answer = it.raw("DELETE", artifact, None).await;
            assert_eq!(answer.status, 404);
            assert_eq!(answer.text(), "'artifact:default.sample-plugins.1.1.0' was not found.");
        }),
        case!("a plugin that no artifact has, and an artifact that is not there, are 404", "API 7.3", |it| {
            let plugin = PluginRef { kind: "action".into(), name: "Nope".into() };
            let nothing = ListPlugins { plugin, ..waiting(parent()) };
            refused(it.call(&nothing).await, 404, "'system:action:Nope' was not found.");
            for parent in [
                Artifact { version: "9".into(), ..parent() },
                // The scope is of what the applications are made of, not of the plugin.
                Artifact { scope: "USER".into(), ..parent() },
            ] {
                refused(it.call(&waiting(parent)).await, 404, ":cdap-data-pipeline' was not found.");
            }
            let wrong = waiting(Artifact { scope: "x".into(), ..parent() });
            refused(it.call(&wrong).await, 400, "Invalid scope x");
        }),
        case!("an upgrade moves plugins to their newest version, in the scopes", "API 4.7", |it| {
            it.upload("1.1.0").await;
            it.upload("1.2.0-SNAPSHOT").await;
            let all = Candidates::default();
            let system = Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false };
            let snapshots = Candidates { scopes: Vec::new(), allow_snapshot: true };
            for (before, candidates, after) in [
                ("1.0.0", &all, "1.1.0"),
                ("1.0.0", &system, "1.0.0"),
                ("1.0.0", &snapshots, "1.2.0-SNAPSHOT"),
                // A range that has the newest stays; of another only the end moves.
                ("[1.0.0,2.0.0)", &all, "[1.0.0,2.0.0)"),
                ("[1.0.0,1.1.0)", &all, "[1.0.0,1.1.0]"),
            ] {
                let moved = upgraded(it, plugins(before), candidates.clone()).await;
                assert_eq!(moved, plugins(after), "{before} {candidates:?}");
            }
            it.no_scratch().await;
            it.delete_plugins("1.2.0-SNAPSHOT").await;
            it.delete_plugins("1.1.0").await;
        }),
    ]
}
