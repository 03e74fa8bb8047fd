//! The facts, one after the other, each with where it was read.

use super::configuration::{ARGUMENT, CHECKPOINTS_DISABLED, Configuration, Deployed, LOG_KEY, is_macro};
use super::evidence::{Document, LaunchEvidence};
use super::setting::{Setting, StateMode};
use super::sources::{Receiver, receiver_of};
use super::version::ArtifactVersion;
use quiesce_api::application::{ApplicationDetail, Specification};
use quiesce_api::run::RunRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fact about a launch, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The fact.
    pub value: T,
    /// Where it was read, and what was assumed.
    pub evidence: LaunchEvidence,
}

impl<T> Fact<T> {
    fn new(value: T, evidence: impl Into<LaunchEvidence>) -> Self {
        Self { value, evidence: evidence.into() }
    }
}

/// What a real-time run was launched with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LaunchFacts {
    /// Whether received records went through the write-ahead log.
    pub write_ahead_log: Fact<Setting>,
    /// Whether the run keeps what it needs to deliver at least once: checkpoints or a state store.
    pub at_least_once: Fact<Setting>,
    /// Where it stores its state.
    pub state_mode: Fact<StateMode>,
    /// Whether a stop drains first (`stopGracefully`).
    pub stops_gracefully: Fact<Setting>,
    /// The batch interval in milliseconds.
    pub batch_interval: Fact<Option<i64>>,
    /// Whether its sources have a Spark receiver.
    pub receiver: Fact<Receiver>,
}

/// What is known of a run, as far as it could be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LaunchInput<'a> {
    /// The record of the run.
    pub record: Option<&'a RunRecord>,
    /// The application in the version that the run was started from, never in a later one.
    pub detail: Option<&'a ApplicationDetail>,
    /// The specification of the program in that version.
    pub specification: Option<&'a Specification>,
    /// What the run's own metrics say of its mode, if they were asked.
    pub metrics: Option<StateMode>,
}

/// Everything that was read, before anything is concluded.
struct Read {
    arguments: Option<BTreeMap<String, String>>,
    configuration: Option<Configuration>,
    deployed: Option<Deployed>,
    /// The artifact as it is called, and its version if that can be read.
    artifact: Option<(String, Option<ArtifactVersion>)>,
    metrics: Option<StateMode>,
}

impl LaunchFacts {
    /// Reads the facts of a run (docs/cdap-api.md#write-ahead-log-of-a-run). What is missing, cannot be parsed or
    /// is a macro makes a fact
    /// unknown, never off.
    ///
    /// A detail of another version than the record's is not used: the run was not launched from it.
    pub fn of(input: LaunchInput<'_>) -> Self {
        // On servers before 6.8 records have no version, and there is one version only.
        let same = |detail: &&ApplicationDetail| {
            input.record.is_some_and(|record| {
                record
                    .version
                    .as_ref()
                    .map_or_else(|| detail.version.is_snapshot(), |version| *version == detail.version)
            })
        };
        let detail = input.detail.filter(same);
        let read = Read {
            arguments: input.record.and_then(RunRecord::runtime_arguments),
            configuration: detail.and_then(|detail| Configuration::parse(&detail.configuration)),
            // A specification does not name its version; it is trusted only beside a detail of the right one.
            deployed: detail.and(input.specification).and_then(Deployed::parse),
            artifact: detail.map(|detail| {
                (detail.artifact.to_string(), ArtifactVersion::parse(&detail.artifact.version))
            }),
            metrics: input.metrics.filter(|mode| *mode != StateMode::Unknown),
        };
        Self::conclude(&read)
    }

    /// The facts of a start of this version now, with these arguments if they are known.
    pub fn of_start(
        detail: &ApplicationDetail,
        specification: Option<&Specification>,
        arguments: Option<BTreeMap<String, String>>,
    ) -> Self {
        let version = ArtifactVersion::parse(&detail.artifact.version);
        Self::conclude(&Read {
            arguments,
            configuration: Configuration::parse(&detail.configuration),
            deployed: specification.and_then(Deployed::parse),
            artifact: Some((detail.artifact.to_string(), version)),
            metrics: None,
        })
    }

    fn conclude(read: &Read) -> Self {
        let state_mode = read.state_mode();
        let write_ahead_log = read.write_ahead_log(&state_mode);
        Self {
            at_least_once: at_least_once(&state_mode),
            stops_gracefully: read.stops_gracefully(),
            batch_interval: read.batch_interval(),
            receiver: read.receiver(state_mode.value),
            write_ahead_log,
            state_mode,
        }
    }
}

/// What a setting says, and where it stands.
fn property(document: Document, name: &str, value: &str) -> LaunchEvidence {
    LaunchEvidence::Property { document, name: name.to_owned(), value: value.to_owned() }
}

fn is_macro_of(name: &str, value: &str) -> LaunchEvidence {
    LaunchEvidence::Macro { name: name.to_owned(), value: value.to_owned() }
}

fn not_a_boolean(name: &str) -> LaunchEvidence {
    LaunchEvidence::NotABoolean(name.to_owned())
}

impl Read {
    fn state_mode(&self) -> Fact<StateMode> {
        use LaunchEvidence as E;
        use StateMode as M;
        if let Some(mode) = self.metrics {
            return Fact::new(mode, E::Metrics(mode));
        }
        let Some((artifact, version)) = &self.artifact else {
            return Fact::new(M::Unknown, E::VersionUnread);
        };
        let Some(version) = version else {
            return Fact::new(M::Unknown, E::InvalidVersion(artifact.clone()));
        };
        let Some(configuration) = &self.configuration else {
            return Fact::new(M::Unknown, E::ConfigurationUnread);
        };
        let disabled = configuration.disable_checkpoints;
        if *version < ArtifactVersion::LOG_BY_DEFAULT {
            // These versions do not know the argument; the setting alone decides.
            return match disabled {
                Setting::On => Fact::new(M::None, E::CheckpointsDisabled(artifact.clone())),
                Setting::Off => Fact::new(M::SparkCheckpointing, E::CheckpointsNotDisabled(artifact.clone())),
                Setting::Unknown => Fact::new(M::Unknown, not_a_boolean(CHECKPOINTS_DISABLED)),
            };
        }
        let Some(arguments) = &self.arguments else { return Fact::new(M::Unknown, E::ArgumentsUnread) };
        if let Some(value) = arguments.get(ARGUMENT) {
            if is_macro(value) {
                return Fact::new(M::Unknown, is_macro_of(ARGUMENT, value));
            }
            if !value.trim().eq_ignore_ascii_case("true") {
                return Fact::new(M::None, E::AtLeastOnceArgument(value.clone()));
            }
        }
        if let Some(mode) = self.deployed.as_ref().and_then(|deployed| deployed.mode) {
            return Fact::new(mode, E::Specification(mode));
        }
        match disabled {
            Setting::On => Fact::new(M::None, E::CheckpointsDisabled(artifact.clone())),
            Setting::Off if self.deployed.is_some() => {
                Fact::new(M::SparkCheckpointing, E::CheckpointsByDefault(artifact.clone()))
            }
            Setting::Off => Fact::new(M::SparkCheckpointing, E::CheckpointsAssumed(artifact.clone())),
            Setting::Unknown => Fact::new(M::Unknown, not_a_boolean(CHECKPOINTS_DISABLED)),
        }
    }

    fn write_ahead_log(&self, mode: &Fact<StateMode>) -> Fact<Setting> {
        use LaunchEvidence as E;
        let Some((artifact, version)) = &self.artifact else {
            return Fact::new(Setting::Unknown, E::VersionUnread);
        };
        let Some(version) = version else {
            return Fact::new(Setting::Unknown, E::InvalidVersion(artifact.clone()));
        };
        let Some(configuration) = &self.configuration else {
            return Fact::new(Setting::Unknown, E::ConfigurationUnread);
        };
        // The deployed specification has the plugins' properties merged in, which win over the configuration's.
        let (value, document) =
            match self.deployed.as_ref().and_then(|deployed| deployed.log_property.as_ref()) {
                Some(value) => (Some(value), Document::Specification),
                None => (configuration.log_property.as_ref(), Document::Configuration),
            };
        let turned_off = value.filter(|value| !is_macro(value) && !value.trim().eq_ignore_ascii_case("true"));
        match mode.value {
            // Whatever the mode is, a log that was turned off is off.
            _ if turned_off.is_some() => {}
            StateMode::Unknown => return Fact::new(Setting::Unknown, mode.evidence.clone()),
            StateMode::None | StateMode::StateStore => return Fact::new(Setting::Off, mode.evidence.clone()),
            StateMode::SparkCheckpointing => {}
        }
        match value {
            Some(value) if is_macro(value) => Fact::new(Setting::Unknown, is_macro_of(LOG_KEY, value)),
            Some(value) if value.trim().eq_ignore_ascii_case("true") => {
                Fact::new(Setting::On, property(document, LOG_KEY, value))
            }
            Some(value) => Fact::new(Setting::Off, property(document, LOG_KEY, value)),
            None if *version < ArtifactVersion::LOG_BY_DEFAULT => {
                Fact::new(Setting::Off, E::LogOffByDefault(artifact.clone()))
            }
            None if self.deployed.is_some() => Fact::new(Setting::On, E::LogOnByDefault(artifact.clone())),
            None => Fact::new(Setting::On, E::LogOnAssumed(artifact.clone())),
        }
    }

    fn stops_gracefully(&self) -> Fact<Setting> {
        const NAME: &str = "stopGracefully";
        let deployed = self.deployed.as_ref().and_then(|deployed| deployed.stop_gracefully);
        let (value, document) = match (deployed, &self.configuration) {
            (Some(value), _) => (value, Document::Specification),
            (None, Some(configuration)) => match configuration.stop_gracefully {
                Some(value) => (value, Document::Configuration),
                None => return Fact::new(Setting::Unknown, not_a_boolean(NAME)),
            },
            (None, None) => return Fact::new(Setting::Unknown, LaunchEvidence::VersionUnread),
        };
        Fact::new(
            if value { Setting::On } else { Setting::Off },
            property(document, NAME, if value { "true" } else { "false" }),
        )
    }

    fn batch_interval(&self) -> Fact<Option<i64>> {
        if let Some(millis) = self.deployed.as_ref().and_then(|deployed| deployed.batch_interval) {
            return Fact::new(
                Some(millis),
                property(Document::Specification, "batchIntervalMillis", &millis.to_string()),
            );
        }
        match self.configuration.as_ref().map(|configuration| &configuration.batch_interval) {
            Some(Some((text, millis))) => {
                Fact::new(*millis, property(Document::Configuration, "batchInterval", text))
            }
            Some(None) => Fact::new(None, LaunchEvidence::NoBatchInterval),
            None => Fact::new(None, LaunchEvidence::VersionUnread),
        }
    }

    fn receiver(&self, mode: StateMode) -> Fact<Receiver> {
        if mode == StateMode::StateStore {
            return Fact::new(Receiver::No, LaunchEvidence::StateStore);
        }
        match &self.configuration {
            Some(configuration) => {
                let sources: Vec<_> = configuration.sources.iter().map(String::as_str).collect();
                let none = BTreeMap::new();
                let (receiver, evidence) = receiver_of(&sources, self.arguments.as_ref().unwrap_or(&none));
                Fact::new(receiver, evidence)
            }
            None => Fact::new(Receiver::Unknown, LaunchEvidence::VersionUnread),
        }
    }
}

fn at_least_once(mode: &Fact<StateMode>) -> Fact<Setting> {
    let switch = match mode.value {
        StateMode::SparkCheckpointing | StateMode::StateStore => Setting::On,
        StateMode::None => Setting::Off,
        StateMode::Unknown => Setting::Unknown,
    };
    Fact::new(switch, mode.evidence.clone())
}
