//! Which sources have a Spark receiver. Only for those was measured what a stop loses, and nothing in the API says
//! whether a source has one. So there is a list of plugins whose way of reading is known. Of any other plugin the operator
//! can say it with a runtime argument or preference, [`ARGUMENT`] with the plugin's name, which each run then carries in
//! its record. Without one there is an assumption that is named as one.
//!
//! For a run that keeps checkpoints the assumption is harmless when the same version is started again: with a
//! receiver the write-ahead log brings back what was received, without one the checkpoint holds the position. It is
//! not harmless before an upgrade, where the checkpoint is deleted and a source without a receiver begins wherever
//! its own settings say. So an assumption never yields "no loss expected" for an upgrade (`crate::verdict`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

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

/// The argument of a run that says whether a source has a receiver: `quiesce.receiver.MySource` is `true` or `false`.
const ARGUMENT: &str = "quiesce.receiver.";

/// A plugin whose way of reading is known.
struct Known {
    plugin: &'static str,
    receiver: bool,
    why: &'static str,
}

/// The list, each with where it is known from.
const KNOWN: &[Known] = &[
    Known { plugin: "HTTPPoller", receiver: true, why: "http-plugins opens a receiver stream" },
    Known {
        plugin: "GoogleSubscriber",
        receiver: true,
        why: "google-cloud receives unless it tracks its state",
    },
    Known { plugin: "KinesisSource", receiver: true, why: "the Kinesis stream of Spark is a receiver" },
    Known { plugin: "Kafka", receiver: false, why: "a direct stream" },
    Known { plugin: "Confluent", receiver: false, why: "a direct stream" },
    Known { plugin: "File", receiver: false, why: "a file stream" },
];

/// What is known of a source: whether it has a receiver, and from where.
fn known(plugin: &str, arguments: &BTreeMap<String, String>) -> Option<(bool, String)> {
    let name = format!("{ARGUMENT}{plugin}");
    let said = arguments.get(&name).and_then(|value| value.trim().to_ascii_lowercase().parse().ok());
    if let Some(receiver) = said {
        return Some((receiver, format!("the run was started with {name} = {receiver}")));
    }
    let known = KNOWN.iter().find(|known| known.plugin == plugin)?;
    Some((known.receiver, known.why.to_owned()))
}

/// Judges the source plugins of a pipeline, by name and by the arguments of the run.
pub(super) fn receiver_of(plugins: &[&str], arguments: &BTreeMap<String, String>) -> (Receiver, String) {
    if plugins.is_empty() {
        return (
            Receiver::Unknown,
            "No source is named in the configuration of the run's version.".to_owned(),
        );
    }
    let (mut receivers, mut unknown) = (String::new(), None);
    for plugin in plugins {
        match known(plugin, arguments) {
            Some((false, why)) => {
                return (Receiver::No, format!("The source {plugin} has no receiver ({why})."));
            }
            Some((true, why)) => {
                let and = if receivers.is_empty() { "The source " } else { "; " };
                let _ = write!(receivers, "{and}{plugin} has a receiver ({why})");
            }
            None => unknown = unknown.or(Some(plugin)),
        }
    }
    match unknown {
        Some(plugin) => {
            let sentence = format!(
                "Assumed: the source {plugin} has a receiver. It is not among the sources known here; the argument \
                 {ARGUMENT}{plugin} would say it."
            );
            (Receiver::Assumed, sentence)
        }
        None => (Receiver::Yes, format!("{receivers}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(plugins: &[&str], arguments: &[(&str, &str)]) -> (Receiver, String) {
        let mut all = BTreeMap::new();
        all.extend(arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        receiver_of(plugins, &all)
    }

    #[test]
    fn one_source_without_a_receiver_decides() {
        assert_eq!(judged(&["HTTPPoller", "Kafka"], &[]).0, Receiver::No);
        assert_eq!(judged(&["SomebodysOwn", "Kafka"], &[]).0, Receiver::No);
    }

    #[test]
    fn a_source_nobody_knows_is_assumed_to_have_one_and_the_sentence_says_so() {
        let (receiver, sentence) = judged(&["HTTPPoller", "SomebodysOwn"], &[]);
        assert_eq!(receiver, Receiver::Assumed);
        assert!(sentence.starts_with("Assumed: the source SomebodysOwn"), "{sentence}");
    }

    #[test]
    fn only_known_receivers_make_a_yes() {
        assert_eq!(judged(&["KinesisSource", "HTTPPoller"], &[]).0, Receiver::Yes);
        assert_eq!(judged(&[], &[]).0, Receiver::Unknown);
    }

    #[test]
    fn an_argument_of_the_run_says_it_of_any_source() {
        let own = "quiesce.receiver.SomebodysOwn";
        for (value, receiver) in [
            ("true", Receiver::Yes),
            (" TRUE ", Receiver::Yes),
            ("false", Receiver::No),
            ("${receiver}", Receiver::Assumed),
            ("", Receiver::Assumed),
        ] {
            assert_eq!(judged(&["SomebodysOwn"], &[(own, value)]).0, receiver, "{value}");
        }
        let (receiver, sentence) = judged(&["Kafka"], &[("quiesce.receiver.Kafka", "true")]);
        assert_eq!(receiver, Receiver::Yes);
        let words =
            "The source Kafka has a receiver (the run was started with quiesce.receiver.Kafka = true).";
        assert_eq!(sentence, words);
        assert_eq!(judged(&["Other"], &[(own, "true")]).0, Receiver::Assumed);
    }
}
