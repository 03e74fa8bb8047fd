//! The plugins of an application: where an upgrade moves them, and which the server can't find for the target version
//! (docs/cdap-api.md#plugins-and-upgrades; the cases of the contract on plugins).

use super::plan::{UpgradeMethod, compare_versions, is_candidate};
use quiesce_api::artifact::{Artifact, PluginRef};
use quiesce_api::upgrade::Candidates;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Ordering;

/// A plugin as a pipeline's configuration names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginInUse {
    /// The plugin.
    pub plugin: PluginRef,
    /// The artifact that it is taken from; the version may be a range. What the configuration leaves open is empty.
    pub artifact: Artifact,
}

/// A plugin that an upgrade moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginUpgrade {
    /// The name of the plugin.
    pub plugin: String,
    /// Where it is taken from; the version may be a range.
    pub from: Artifact,
    /// Where it will be taken from.
    pub to: Artifact,
}

/// A plugin that the server can't find for the target version of an application.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MissingPlugin {
    /// The plugin.
    pub plugin: PluginRef,
    /// The artifact that the configuration names, as in [`PluginInUse::artifact`].
    pub artifact: Artifact,
    /// Whether the server has that artifact, but not for the target version.
    #[serde(default)]
    pub incompatible: bool,
}

/// The plugins of a pipeline's configuration, each once.
pub fn plugins_in_use(configuration: &str) -> Vec<PluginInUse> {
    let json: Value = serde_json::from_str(configuration).unwrap_or_default();
    let mut all: Vec<PluginInUse> = Vec::new();
    for part in ["stages", "postActions"] {
        for stage in json.get(part).and_then(Value::as_array).into_iter().flatten() {
            let text =
                |path: &str| stage.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
            let plugin = PluginRef { kind: text("/plugin/type"), name: text("/plugin/name") };
            let artifact = Artifact {
                name: text("/plugin/artifact/name"),
                version: text("/plugin/artifact/version"),
                scope: text("/plugin/artifact/scope"),
            };
            let one = PluginInUse { plugin, artifact };
            if !one.plugin.name.is_empty() && !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

impl PluginInUse {
    /// Where an upgrade moves it; none if it stays. `has` are the artifacts that have the plugin.
    pub fn upgrade(&self, has: &[Artifact], candidates: &Candidates) -> Option<PluginUpgrade> {
        let newest = has
            .iter()
            .filter(|artifact| is_candidate(artifact, candidates))
            .max_by(|one, other| compare_versions(&one.version, &other.version))?;
        let version = moved(&self.artifact.version, &newest.version)?;
        let to = Artifact { version, ..newest.clone() };
        Some(PluginUpgrade { plugin: self.plugin.name.clone(), from: self.artifact.clone(), to })
    }

    /// Whether the server can't find the plugin after an upgrade or a redeployment. `has` are the artifacts that have
    /// it for the target version, `artifacts` are all that the server has.
    pub fn missing(
        &self,
        has: &[Artifact],
        artifacts: &[Artifact],
        way: UpgradeMethod,
        candidates: &Candidates,
    ) -> Option<MissingPlugin> {
        let moves = way == UpgradeMethod::Upgrade && self.upgrade(has, candidates).is_some();
        if moves || has.iter().any(|artifact| self.is_of(artifact)) {
            return None;
        }
        let named = !self.artifact.name.is_empty();
        Some(MissingPlugin {
            plugin: self.plugin.clone(),
            artifact: self.artifact.clone(),
            incompatible: named && artifacts.iter().any(|artifact| self.is_of(artifact)),
        })
    }

    /// Whether the configuration means this artifact. What it leaves open fits any.
    fn is_of(&self, artifact: &Artifact) -> bool {
        let Artifact { name, version, scope } = &self.artifact;
        (name.is_empty() || *name == artifact.name)
            && (scope.is_empty() || scope.eq_ignore_ascii_case(&artifact.scope))
            && (version.is_empty() || contains(version, &artifact.version))
    }
}

/// Whether a version is the given one, or within the given range of versions.
fn contains(wanted: &str, version: &str) -> bool {
    let Some((low, high)) = range(wanted) else {
        return compare_versions(wanted, version) == Ordering::Equal;
    };
    let above = match compare_versions(low, version) {
        Ordering::Less => true,
        Ordering::Equal => wanted.starts_with('['),
        Ordering::Greater => false,
    };
    above && is_below(version, high, wanted)
}

/// The two ends of a range of versions.
fn range(version: &str) -> Option<(&str, &str)> {
    let (low, high) = version.strip_prefix(['[', '('])?.trim_end_matches([']', ')']).split_once(',')?;
    Some((low.trim(), high.trim()))
}

/// Whether the end of a range does not exclude a version.
fn is_below(version: &str, high: &str, range: &str) -> bool {
    match compare_versions(high, version) {
        Ordering::Less => false,
        Ordering::Equal => range.ends_with(']'),
        Ordering::Greater => true,
    }
}

/// What becomes of a version, or of a range of versions: a fixed one becomes the newest, a range that has the newest
/// stays, and of another the end moves to it. Without a version it stays.
fn moved(version: &str, newest: &str) -> Option<String> {
    if !version.starts_with(['[', '(']) {
        return (!version.is_empty() && compare_versions(version, newest) == Ordering::Less)
            .then(|| newest.to_owned());
    }
    let (low, high) = range(version)?;
    let open = if version.starts_with('[') { '[' } else { '(' };
    let starts = compare_versions(low, newest) != Ordering::Greater;
    (!is_below(newest, high, version) && starts).then(|| format!("{open}{low},{newest}]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::ApplicationId;
    use quiesce_api::upgrade::UpgradeScope;

    fn artifact(name: &str, version: &str, scope: &str) -> Artifact {
        Artifact { name: name.into(), version: version.into(), scope: scope.into() }
    }

    fn wait(version: &str) -> PluginInUse {
        let plugin = PluginRef { kind: "action".into(), name: "Wait".into() };
        PluginInUse { plugin, artifact: artifact("sample-plugins", version, "USER") }
    }

    fn server() -> Vec<Artifact> {
        vec![
            artifact("sample-plugins", "1.0.0", "USER"),
            artifact("sample-plugins", "1.1.0", "USER"),
            artifact("sample-plugins", "1.2.0-SNAPSHOT", "USER"),
        ]
    }

    fn to(version: &str, candidates: &Candidates) -> Option<String> {
        wait(version).upgrade(&server(), candidates).map(|it| it.to.version)
    }

    #[test]
    fn the_plugins_of_stages_and_of_actions_at_the_end_are_found_once_each() {
        let configuration = r#"{"stages":[
            {"name":"A","plugin":{"name":"Wait","type":"action","artifact":{"name":"sample-plugins","version":"1.0.0","scope":"USER"}}},
            {"name":"B","plugin":{"name":"Wait","type":"action","artifact":{"name":"sample-plugins","version":"1.0.0","scope":"USER"}}},
            {"name":"C","plugin":{"name":"Bare","type":"action"}}],
            "postActions":[{"name":"D","plugin":{"name":"Wait","type":"action","artifact":{"name":"sample-plugins","version":"[1.0.0,2.0.0)","scope":"USER"}}}]}"#;
        let bare = PluginInUse {
            plugin: PluginRef { kind: "action".into(), name: "Bare".into() },
            artifact: artifact("", "", ""),
        };
        assert_eq!(plugins_in_use(configuration), [wait("1.0.0"), bare, wait("[1.0.0,2.0.0)")]);
        assert_eq!(plugins_in_use("no JSON"), []);
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
        let moved = wait("1.0.0").upgrade(&has, &Candidates::default()).expect("a move");
        assert_eq!((moved.plugin.as_str(), moved.to), ("Wait", artifact("waiting", "2.0.0", "SYSTEM")));
        assert_eq!(wait("1.0.0").upgrade(&[], &Candidates::default()), None);
    }

    fn missing(artifact: Artifact, way: UpgradeMethod, candidates: &Candidates) -> Option<MissingPlugin> {
        let plugin = PluginRef { kind: "action".into(), name: "Wait".into() };
        let mut artifacts = server();
        artifacts.push(self::artifact("old-plugins", "1.0.0", "USER"));
        PluginInUse { plugin, artifact }.missing(&server(), &artifacts, way, candidates)
    }

    #[test]
    fn a_plugin_is_found_by_each_part_that_the_configuration_names() {
        let system = Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false };
        for (name, version, scope, found) in [
            // A fixed version.
            ("sample-plugins", "1.0.0", "USER", true),
            ("sample-plugins", "1.0.1", "USER", false),
            ("ghost-plugins", "1.0.0", "USER", false),
            // A range.
            ("sample-plugins", "[1.0.0,2.0.0)", "USER", true),
            ("sample-plugins", "(1.1.0,1.2.0-SNAPSHOT]", "USER", true),
            ("sample-plugins", "(1.1.0,1.2.0-SNAPSHOT)", "USER", false),
            ("sample-plugins", "[2.0.0,3.0.0)", "USER", false),
            // No version, no scope, no artifact.
            ("sample-plugins", "", "USER", true),
            ("sample-plugins", "1.0.0", "", true),
            ("ghost-plugins", "", "USER", false),
            ("", "", "", true),
            // The scope.
            ("sample-plugins", "1.0.0", "user", true),
            ("sample-plugins", "1.0.0", "SYSTEM", false),
        ] {
            // Nothing moves within the system's scope, and nothing moves in a redeployment.
            let artifact = artifact(name, version, scope);
            let outcome = missing(artifact.clone(), UpgradeMethod::Upgrade, &system);
            assert_eq!(outcome.is_none(), found, "{artifact:?}");
            assert_eq!(missing(artifact, UpgradeMethod::Redeploy, &Candidates::default()), outcome);
        }
    }

    #[test]
    fn a_plugin_that_an_upgrade_moves_is_not_missing() {
        let all = Candidates::default();
        let gone = artifact("ghost-plugins", "1.0.0", "USER");
        assert_eq!(missing(gone.clone(), UpgradeMethod::Upgrade, &all), None);
        assert!(missing(gone, UpgradeMethod::Redeploy, &all).is_some());
        // The newest that any artifact has is not newer.
        assert!(missing(artifact("ghost-plugins", "1.1.0", "USER"), UpgradeMethod::Upgrade, &all).is_some());
    }

    #[test]
    fn a_missing_plugin_says_whether_its_artifact_is_there() {
        let all = Candidates::default();
        let text = |artifact| {
            missing(artifact, UpgradeMethod::Redeploy, &all)
                .map(|it| crate::text::upgrade::missing_plugin(&it))
        };
        assert_eq!(
            text(artifact("ghost-plugins", "1.0.0", "USER")).as_deref(),
            Some("Plugin Wait of ghost-plugins 1.0.0 is not on the server")
        );
        assert_eq!(
            text(artifact("old-plugins", "1.0.0", "USER")).as_deref(),
            Some("Plugin Wait of old-plugins 1.0.0 does not fit the target version")
        );
        let nowhere = PluginInUse { plugin: wait("").plugin, artifact: artifact("", "", "") };
        let nowhere = nowhere
            .missing(&[], &server(), UpgradeMethod::Upgrade, &all)
            .map(|it| crate::text::upgrade::missing_plugin(&it));
        assert_eq!(nowhere.as_deref(), Some("Plugin Wait of type action is not on the server"));
    }

    #[test]
    fn applications_are_grouped_by_the_plugin_that_they_lack() {
        let lacks = |version: &str| {
            let artifact = artifact("ghost-plugins", version, "USER");
            missing(artifact, UpgradeMethod::Redeploy, &Candidates::default()).expect("a missing plugin")
        };
        let names: Vec<ApplicationId> = ["a", "b", "c"].map(Into::into).to_vec();
        let all = [lacks("1.0.0"), lacks("2.0.0"), lacks("1.0.0")].into_iter().zip(names);
        let groups = crate::grouping::group_by_key(all);
        assert_eq!(groups[0], (lacks("1.0.0"), vec!["a".into(), "c".into()]));
        assert_eq!(groups[1], (lacks("2.0.0"), vec!["b".into()]));
        assert_eq!(groups.len(), 2);
    }
}
