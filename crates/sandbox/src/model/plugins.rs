//! The plugins of artifacts, and those that a pipeline is missing. Jars are not read: all versions of an artifact have the
//! same known plugins.

use super::application::{Artifact, Scope};
use super::pipeline::Pipeline;
use super::refusal::Refusal;
use super::server_state::ServerState;
use serde_json::{Value, json};

/// An artifact, and the type and name of one of its plugins.
const KNOWN: &[(&str, &str, &str)] = &[
    ("core-plugins", "batchsource", "KVTable"),
    ("core-plugins", "batchsink", "KVTable"),
    ("core-plugins", "transform", "JavaScript"),
    ("core-plugins", "postaction", "Email"),
    ("sample-plugins", "action", "Wait"),
    ("sample-plugins", "streamingsource", "ReceivedClicks"),
    ("sample-plugins", "streamingsource", "TrackedClicks"),
    ("sample-plugins", "sparksink", "Discard"),
    ("ghost-plugins", "action", "Wait"),
    ("google-cloud", "streamingsource", "GoogleSubscriber"),
    ("google-cloud", "batchsource", "GCSFile"),
    ("google-cloud", "batchsink", "BigQueryTable"),
    ("http-plugins", "streamingsource", "HTTPPoller"),
    ("kinesis-spark-plugins", "streamingsource", "KinesisSource"),
    ("kafka-plugins", "streamingsource", "Kafka"),
    ("wrangler-transform", "transform", "Wrangler"),
];

/// The plugins of an artifact, by type and name.
pub(crate) fn plugins_in(artifact: &Artifact) -> impl Iterator<Item = (&'static str, &'static str)> {
    let name = artifact.name.clone();
    KNOWN.iter().filter(move |(of, ..)| **of == *name).map(|(_, kind, plugin)| (*kind, *plugin))
}

impl ServerState {
    /// The artifacts visible to a namespace that have a plugin, oldest first.
    pub(crate) fn with_plugin(&self, namespace: &str, kind: &str, plugin: &str) -> Vec<&Artifact> {
        let own = self.namespaces.get(namespace).map(|it| it.artifacts.as_slice()).unwrap_or_default();
        let has = |artifact: &&Artifact| KNOWN.contains(&(&*artifact.name, kind, plugin));
        let mut found: Vec<_> = self.system_artifacts.iter().chain(own).filter(has).collect();
        found.sort_by_key(|it| it.age());
        found
    }

    /// A pipeline as an upgrade writes it, `None` if nothing changes: plugins with a fixed version, including those of
    /// post-run actions, move to the newest version in the scopes, and the upper bound of a range is raised to it.
    pub(super) fn moved(
        &self,
        namespace: &str,
        pipeline: &Pipeline,
        (scopes, snapshots): (&[Scope], bool),
    ) -> Option<Pipeline> {
        let mut config = pipeline.configuration();
        let mut changes = false;
        for part in ["stages", "postActions"] {
            let stages = config.get_mut(part).and_then(Value::as_array_mut);
            for plugin in stages.into_iter().flatten().filter_map(|stage| stage.get_mut("plugin")) {
                let word = |path: &str| plugin.pointer(path).and_then(Value::as_str).unwrap_or_default();
                let all = self.with_plugin(namespace, word("/type"), word("/name"));
                let may = |it: &&&Artifact| {
                    (scopes.is_empty() || scopes.contains(&it.scope)) && (snapshots || !it.is_snapshot())
                };
                let Some(newest) = all.iter().filter(may).max_by_key(|it| it.age()) else { continue };
                let Some(version) = version(word("/artifact/version"), newest) else { continue };
                plugin["artifact"] =
                    json!({"name": *newest.name, "version": version, "scope": newest.scope.word()});
                changes = true;
            }
        }
        let moved = || Pipeline { tracked: pipeline.tracked, ..Pipeline::read(pipeline.streaming, &config) };
        changes.then(moved)
    }
}

/// The first plugin of a pipeline that the server can't find.
pub(super) struct Missing {
    stage: String,
    kind: String,
    name: String,
    /// Whether the pipeline names the artifact, but not its scope.
    unscoped: bool,
}

impl Missing {
    /// The refusal of a deployment.
    pub(super) fn refuse_deployment(&self) -> Refusal {
        let Self { stage, kind, name, .. } = self;
        Refusal::bad(format!(
            "Failed to configure pipeline: Stage '{stage}' encountered : Plugin named '{name}' of type '{kind}' not \
             found. Please make sure plugin is deployed in the namespace and try again"
        ))
    }

    /// The refusal of an upgrade.
    pub(super) fn refuse_upgrade(&self) -> Refusal {
        let Self { kind, name, .. } = self;
        if self.unscoped {
            return Refusal::new(500, "Name is null");
        }
        let text = "Errors were encountered during validation. Plugin named";
        Refusal::new(500, format!("{text} '{name}' of type '{kind}' not found."))
    }
}

impl ServerState {
    /// The first plugin of a pipeline's configuration that the server can't find.
    pub(super) fn missing_plugin(&self, namespace: &str, config: &Value) -> Option<Missing> {
        let parts = ["stages", "postActions"].map(|part| config.get(part).and_then(Value::as_array));
        for stage in parts.into_iter().flatten().flatten() {
            let text = |path: &str| stage.pointer(path).and_then(Value::as_str).unwrap_or_default();
            let (kind, name) = (text("/plugin/type"), text("/plugin/name"));
            let artifact = |part: &str| text(&format!("/plugin/artifact/{part}"));
            let (wanted, version, scope) = (artifact("name"), artifact("version"), artifact("scope"));
            let fits = |it: &&Artifact| {
                (wanted.is_empty() || wanted == &*it.name)
                    && (scope.is_empty() || Scope::from_word(scope) == Some(it.scope))
                    && (version.is_empty() || contains(version, it))
            };
            if !self.with_plugin(namespace, kind, name).iter().any(fits) {
                let (stage, kind, name) = (text("/name").to_owned(), kind.to_owned(), name.to_owned());
                let unscoped = !wanted.is_empty() && scope.is_empty() && !version.is_empty();
                return Some(Missing { stage, kind, name, unscoped });
            }
        }
        None
    }
}

/// Whether an artifact is of a version, or within a range of versions.
fn contains(version: &str, artifact: &Artifact) -> bool {
    let age = |version: &str| Artifact::new("", version.trim(), Scope::User).age();
    let Some(range) = version.strip_prefix(['[', '(']) else { return age(version) == artifact.age() };
    let Some((low, high)) = range.trim_end_matches([']', ')']).split_once(',') else { return false };
    let above = if version.starts_with('[') { age(low) <= artifact.age() } else { age(low) < artifact.age() };
    let below = if version.ends_with(']') { artifact.age() <= age(high) } else { artifact.age() < age(high) };
    above && below
}

/// The version that a stage has when it moves to an artifact; none if it stays.
fn version(now: &str, newest: &Artifact) -> Option<String> {
    let age = |version: &str| Artifact::new("", version.trim(), Scope::User).age();
    let Some(range) = now.strip_prefix(['[', '(']) else {
        return (!now.is_empty() && age(now) < newest.age()).then(|| newest.version.to_string());
    };
    let (low, high) = range.trim_end_matches([']', ')']).split_once(',')?;
    let within = match age(high).cmp(&newest.age()) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => now.ends_with(']'),
        std::cmp::Ordering::Greater => true,
    };
    let open = &now[..1];
    (!within && age(low) <= newest.age()).then(|| format!("{open}{low},{}]", newest.version))
}
