//! Which sources have a Spark receiver. Only for those was measured what a stop loses, and nothing in the API says
//! whether a source has one. So there is a list of plugins whose way of reading is known, and for any other plugin
//! an assumption that is named as one.
//!
//! For a run that keeps checkpoints the assumption is harmless when the same version is started again: with a
//! receiver the write-ahead log brings back what was received, without one the checkpoint holds the position. It is
//! not harmless before an upgrade, where the checkpoint is deleted and a source without a receiver begins wherever
//! its own settings say. So an assumption never yields "no loss expected" for an upgrade (`crate::verdict`).

use serde::{Deserialize, Serialize};

/// Whether the sources of a pipeline have a Spark receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Receiver {
    /// All have one.
    Yes,
    /// At least one has none.
    No,
    /// None is known to have none, and at least one is not known: it is assumed to have one.
    Assumed,
    /// The sources could not be read.
    Unknown,
}

/// A plugin whose way of reading is known.
struct Known {
    plugin: &'static str,
    receiver: bool,
    why: &'static str,
}

/// The list, each with where it is known from.
const KNOWN: &[Known] = &[
    Known { plugin: "ReceivedClicks", receiver: true, why: "the source of the measurements" },
    Known { plugin: "HTTPPoller", receiver: true, why: "http-plugins opens a receiver stream" },
    Known {
        plugin: "GoogleSubscriber",
        receiver: true,
        why: "google-cloud receives unless it tracks its state",
    },
    Known { plugin: "KinesisSource", receiver: true, why: "the Kinesis stream of Spark is a receiver" },
    Known { plugin: "TrackedClicks", receiver: false, why: "it keeps its offset itself" },
    Known { plugin: "Kafka", receiver: false, why: "a direct stream" },
    Known { plugin: "Confluent", receiver: false, why: "a direct stream" },
    Known { plugin: "File", receiver: false, why: "a file stream" },
];

/// Judges the source plugins of a pipeline, by name.
pub(super) fn receiver_of(plugins: &[&str]) -> (Receiver, String) {
    if plugins.is_empty() {
        return (
            Receiver::Unknown,
            "No source is named in the configuration of the run's version.".to_owned(),
        );
    }
    let known = |plugin: &str| KNOWN.iter().find(|known| known.plugin == plugin);
    if let Some(known) = plugins.iter().filter_map(|plugin| known(plugin)).find(|known| !known.receiver) {
        return (Receiver::No, format!("The source {} has no receiver ({}).", known.plugin, known.why));
    }
    if let Some(plugin) = plugins.iter().find(|plugin| known(plugin).is_none()) {
        let sentence =
            format!("Assumed: the source {plugin} has a receiver. It is not among the sources known here.");
        return (Receiver::Assumed, sentence);
    }
    let each: Vec<_> = plugins
        .iter()
        .filter_map(|plugin| known(plugin))
        .map(|known| format!("{} has a receiver ({})", known.plugin, known.why))
        .collect();
    (Receiver::Yes, format!("The source {}.", each.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_source_without_a_receiver_decides() {
        assert_eq!(receiver_of(&["ReceivedClicks", "Kafka"]).0, Receiver::No);
        assert_eq!(receiver_of(&["SomebodysOwn", "Kafka"]).0, Receiver::No);
    }

    #[test]
    fn a_source_nobody_knows_is_assumed_to_have_one_and_the_sentence_says_so() {
        let (receiver, sentence) = receiver_of(&["ReceivedClicks", "SomebodysOwn"]);
        assert_eq!(receiver, Receiver::Assumed);
        assert!(sentence.starts_with("Assumed: the source SomebodysOwn"), "{sentence}");
    }

    #[test]
    fn only_known_receivers_make_a_yes() {
        assert_eq!(receiver_of(&["ReceivedClicks", "HTTPPoller"]).0, Receiver::Yes);
        assert_eq!(receiver_of(&[]).0, Receiver::Unknown);
    }
}
