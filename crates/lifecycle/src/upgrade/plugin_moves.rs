//! The plugins that the upgrade of several applications moves, each move once.

use super::plugins::PluginUpgrade;
use quiesce_api::artifact::Artifact;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The plugins that move from one artifact to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginMove {
    /// The artifact that has them now; the version may be a range.
    pub from: Artifact,
    /// The artifact that will have them.
    pub to: Artifact,
    /// Their names, each once, sorted.
    pub plugins: Vec<String>,
    /// The number of applications that use one of them.
    pub applications: usize,
}

/// The moves of the plugins of these applications: those of most applications first, then by artifact.
pub fn plugin_moves(applications: impl IntoIterator<Item = Vec<PluginUpgrade>>) -> Vec<PluginMove> {
    let mut moves = BTreeMap::<(Artifact, Artifact), (BTreeSet<String>, usize)>::new();
    for upgrades in applications {
        let mut counted = BTreeSet::new();
        for PluginUpgrade { plugin, from, to } in upgrades {
            let artifacts = (from, to);
            let (plugins, applications) = moves.entry(artifacts.clone()).or_default();
            plugins.insert(plugin);
            *applications += usize::from(counted.insert(artifacts));
        }
    }
    let mut sorted = Vec::with_capacity(moves.len());
    for ((from, to), (plugins, applications)) in moves {
        sorted.push(PluginMove { from, to, plugins: plugins.into_iter().collect(), applications });
    }
    sorted.sort_by_key(|one| Reverse(one.applications));
    sorted
}

/// The number of plugins that move. One that moves from several versions of its artifact counts once.
pub fn moved_plugins(moves: &[PluginMove]) -> usize {
    let mut plugins = BTreeSet::new();
    for one in moves {
        plugins.extend(one.plugins.iter().map(|plugin| (&one.from.name, plugin)));
    }
    plugins.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(name: &str, version: &str) -> Artifact {
        Artifact { name: name.into(), version: version.into(), scope: "USER".into() }
    }

    fn upgrade(plugin: &str, name: &str, from: &str, to: &str) -> PluginUpgrade {
        PluginUpgrade { plugin: plugin.into(), from: artifact(name, from), to: artifact(name, to) }
    }

    #[test]
    fn the_move_of_most_applications_comes_first_and_equal_ones_by_artifact() {
        let wrangler = || upgrade("Wrangler", "wrangler-transform", "4.10.0", "4.11.0");
        let moves = plugin_moves([
            vec![upgrade("Wait", "sample-plugins", "1.0.0", "1.1.0"), wrangler()],
            vec![wrangler()],
            vec![upgrade("Kafka", "kafka-plugins", "3.1.0", "3.2.0")],
            Vec::new(),
        ]);
        let facts: Vec<_> = moves.iter().map(|it| (it.from.name.as_str(), it.applications)).collect();
        assert_eq!(facts, [("wrangler-transform", 2), ("kafka-plugins", 1), ("sample-plugins", 1)]);
        assert_eq!(moved_plugins(&moves), 3);
    }

    #[test]
    fn an_application_with_two_plugins_of_an_artifact_counts_once() {
        let both = || {
            vec![
                upgrade("Sink", "google-cloud", "0.23.0", "0.24.0"),
                upgrade("Source", "google-cloud", "0.23.0", "0.24.0"),
            ]
        };
        let moves = plugin_moves([both(), both()]);
        assert_eq!(moves.len(), 1);
        assert_eq!((moves[0].applications, moves[0].plugins.join(" ")), (2, "Sink Source".to_owned()));
    }

    #[test]
    fn a_plugin_that_moves_from_two_versions_is_one_plugin_in_two_moves() {
        let moves = plugin_moves([
            vec![upgrade("Wait", "sample-plugins", "1.0.0", "1.1.0")],
            vec![upgrade("Wait", "sample-plugins", "[0.9.0,1.0.0]", "[0.9.0,1.1.0]")],
        ]);
        assert_eq!((moves.len(), moved_plugins(&moves)), (2, 1));
        assert_eq!(plugin_moves([]), []);
    }
}
