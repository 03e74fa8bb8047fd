//! Which plugins an upgrade moves beside the artifact of the application (docs/cdap-api.md#upgrade; the cases of
//! the contract
//! on plugins).

use super::plan::{may, order};
use quiesce_api::artifact::{Artifact, PluginRef};
use quiesce_api::upgrade::Candidates;
use serde_json::Value;
use std::cmp::Ordering;

/// A plugin as a pipeline's configuration names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The plugin.
    pub plugin: PluginRef,
    /// The artifact that it is taken from; the version may be a range.
    pub artifact: Artifact,
}

/// A plugin that an upgrade moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The name of the plugin.
    pub plugin: String,
    /// Where it is taken from; the version may be a range.
    pub from: Artifact,
    /// Where it will be taken from.
    pub to: Artifact,
}

/// The plugins of a pipeline's configuration, each once. One that names no artifact is left out: an upgrade leaves it
/// as it is.
pub fn used(configuration: &str) -> Vec<Used> {
    let json: Value = serde_json::from_str(configuration).unwrap_or_default();
    let mut all: Vec<Used> = Vec::new();
    for part in ["stages", "postActions"] {
        for stage in json.get(part).and_then(Value::as_array).into_iter().flatten() {
            let word =
                |path: &str| stage.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
            let plugin = PluginRef { kind: word("/plugin/type"), name: word("/plugin/name") };
            let artifact = Artifact {
                name: word("/plugin/artifact/name"),
                version: word("/plugin/artifact/version"),
                scope: word("/plugin/artifact/scope"),
            };
            let one = Used { plugin, artifact };
            if !one.artifact.version.is_empty() && !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

impl Used {
    /// Where an upgrade moves it; none if it stays. `has` are the artifacts that have the plugin.
    pub fn moves(&self, has: &[Artifact], candidates: &Candidates) -> Option<Move> {
        let newest = has
            .iter()
            .filter(|artifact| may(artifact, candidates))
            .max_by(|one, other| order(&one.version, &other.version))?;
        let version = moved(&self.artifact.version, &newest.version)?;
        let to = Artifact { version, ..newest.clone() };
        Some(Move { plugin: self.plugin.name.clone(), from: self.artifact.clone(), to })
    }
}

/// What becomes of a version, or of a range of versions: a fixed one becomes the newest, a range that has the newest
/// stays, and of another the end moves to it.
fn moved(version: &str, newest: &str) -> Option<String> {
    let Some(range) = version.strip_prefix(['[', '(']) else {
        return (order(version, newest) == Ordering::Less).then(|| newest.to_owned());
    };
    let (low, high) = range.trim_end_matches([']', ')']).split_once(',')?;
    let within = match order(high.trim(), newest) {
        Ordering::Less => false,
        Ordering::Equal => version.ends_with(']'),
        Ordering::Greater => true,
    };
    let open = if version.starts_with('[') { '[' } else { '(' };
    let starts = order(low.trim(), newest) != Ordering::Greater;
    (!within && starts).then(|| format!("{open}{low},{newest}]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::upgrade::UpgradeScope;

    fn artifact(name: &str, version: &str, scope: &str) -> Artifact {
        Artifact { name: name.into(), version: version.into(), scope: scope.into() }
    }

    fn wait(version: &str) -> Used {
        let plugin = PluginRef { kind: "action".into(), name: "Wait".into() };
        Used { plugin, artifact: artifact("sample-plugins", version, "USER") }
    }

    fn server() -> Vec<Artifact> {
        vec![
            artifact("sample-plugins", "1.0.0", "USER"),
            artifact("sample-plugins", "1.1.0", "USER"),
            artifact("sample-plugins", "1.2.0-SNAPSHOT", "USER"),
        ]
    }

    fn to(version: &str, candidates: &Candidates) -> Option<String> {
        wait(version).moves(&server(), candidates).map(|it| it.to.version)
    }

    #[test]
    fn the_plugins_of_stages_and_of_actions_at_the_end_are_found_once_each() {
        let configuration = r#"{"stages":[
            {"name":"A","plugin":{"name":"Wait","type":"action","artifact":{"name":"sample-plugins","version":"1.0.0","scope":"USER"}}},
            {"name":"B","plugin":{"name":"Wait","type":"action","artifact":{"name":"sample-plugins","version":"1.0.0","scope":"USER"}}},
            {"name":"C","plugin":{"name":"Bare","type":"action"}}],
            "postActions":[{"name":"D","plugin":{"name":"Wait","type":"action","artifact":{"name":"sample-plugins","version":"[1.0.0,2.0.0)","scope":"USER"}}}]}"#;
        assert_eq!(used(configuration), [wait("1.0.0"), wait("[1.0.0,2.0.0)")]);
        assert_eq!(used("no JSON"), []);
    }

    #[test]
    fn versions_and_ranges_move_as_the_contract_shows() {
        let all = Candidates::default();
        let system = Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false };
        let snapshots = Candidates { scopes: Vec::new(), allow_snapshot: true };
        for (before, candidates, after) in [
            ("1.0.0", &all, Some("1.1.0")),
            ("1.1.0", &all, None),
            ("1.0.0", &system, None),
            ("1.0.0", &snapshots, Some("1.2.0-SNAPSHOT")),
            ("[1.0.0,2.0.0)", &all, None),
            ("[1.0.0,1.1.0]", &all, None),
            ("[1.0.0,1.1.0)", &all, Some("[1.0.0,1.1.0]")),
            ("(0.9.0,1.0.0]", &all, Some("(0.9.0,1.1.0]")),
            ("[3.0.0,4.0.0)", &all, None),
            ("[3.0.0", &all, None),
        ] {
            assert_eq!(to(before, candidates).as_deref(), after, "{before} {candidates:?}");
        }
    }

    #[test]
    fn a_plugin_moves_to_another_artifact_that_has_it_in_a_newer_version() {
        let mut has = server();
        has.push(artifact("waiting", "2.0.0", "SYSTEM"));
        let moved = wait("1.0.0").moves(&has, &Candidates::default()).expect("a move");
        assert_eq!((moved.plugin.as_str(), moved.to), ("Wait", artifact("waiting", "2.0.0", "SYSTEM")));
        assert_eq!(wait("1.0.0").moves(&[], &Candidates::default()), None);
    }
}
