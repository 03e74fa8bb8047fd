//! The facts, one after the other, each with the sentence that says where it was read.

use super::configuration::{ARGUMENT, CHECKPOINTS_DISABLED, Configuration, Deployed, LOG_KEY, is_macro};
use super::sources::receiver_of;
use super::{ArtifactVersion, Fact, LaunchFacts, LaunchInput, Receiver, StateMode, Switch};
use quiesce_api::application::ApplicationDetail;
use quiesce_api::run::RunRecord;
use std::collections::BTreeMap;

impl<T> Fact<T> {
    fn new(value: T, evidence: impl Into<String>) -> Self {
        Self { value, evidence: evidence.into() }
    }
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

const NO_VERSION: &str = "The application version that this run was started from could not be read.";
const NO_ARGUMENTS: &str = "The arguments that this run was started with could not be read.";

impl Read {
    fn state_mode(&self) -> Fact<StateMode> {
        use StateMode as M;
        if let Some(mode) = self.metrics {
            return Fact::new(mode, format!("The metrics of this run say so: {}.", mode.word()));
        }
        let Some((artifact, version)) = &self.artifact else { return Fact::new(M::Unknown, NO_VERSION) };
        let Some(version) = version else {
            return Fact::new(M::Unknown, format!("The version of {artifact} cannot be read as numbers."));
        };
        let Some(configuration) = &self.configuration else {
            return Fact::new(M::Unknown, "The configuration of the run's version cannot be read.");
        };
        if *version < ArtifactVersion::LOG_BY_DEFAULT {
            // These versions do not know the argument; the setting alone decides.
            return match configuration.disable_checkpoints {
                Switch::On => {
                    Fact::new(M::None, format!("{CHECKPOINTS_DISABLED} is true, artifact {artifact}."))
                }
                Switch::Off => Fact::new(
                    M::SparkCheckpointing,
                    format!("{CHECKPOINTS_DISABLED} is not true, artifact {artifact}."),
                ),
                Switch::Unknown => Fact::new(
                    M::Unknown,
                    format!("{CHECKPOINTS_DISABLED} is set by a macro or not a yes or no."),
                ),
            };
        }
        let Some(arguments) = &self.arguments else { return Fact::new(M::Unknown, NO_ARGUMENTS) };
        if let Some(value) = arguments.get(ARGUMENT) {
            if is_macro(value) {
                return Fact::new(M::Unknown, format!("The argument {ARGUMENT} is the macro {value}."));
            }
            if !value.trim().eq_ignore_ascii_case("true") {
                return Fact::new(M::None, format!("The run was started with {ARGUMENT} = {value}."));
            }
        }
        if let Some(mode) = self.deployed.as_ref().and_then(|deployed| deployed.mode) {
            return Fact::new(mode, format!("The specification of the run's version says {}.", mode.word()));
        }
        match configuration.disable_checkpoints {
            Switch::On => Fact::new(M::None, format!("{CHECKPOINTS_DISABLED} is true, artifact {artifact}.")),
            Switch::Off => {
                let assumed = match self.deployed {
                    Some(_) => "",
                    None => " Assumed: the specification, which could say otherwise, was not read.",
                };
                let nothing = "Neither the configuration nor an argument turns checkpoints off";
                Fact::new(M::SparkCheckpointing, format!("{nothing} ({artifact}).{assumed}"))
            }
            Switch::Unknown => {
                Fact::new(M::Unknown, format!("{CHECKPOINTS_DISABLED} is set by a macro or not a yes or no."))
            }
        }
    }

    fn write_ahead_log(&self, mode: &Fact<StateMode>) -> Fact<Switch> {
        let Some((artifact, version)) = &self.artifact else { return Fact::new(Switch::Unknown, NO_VERSION) };
        let Some(version) = version else {
            return Fact::new(
                Switch::Unknown,
                format!("The version of {artifact} cannot be read as numbers."),
            );
        };
        let Some(configuration) = &self.configuration else {
            return Fact::new(Switch::Unknown, "The configuration of the run's version cannot be read.");
        };
        // The deployed specification has the plugins' properties merged in, which win over the configuration's.
        let (value, place) = match self.deployed.as_ref().and_then(|deployed| deployed.log_property.as_ref())
        {
            Some(value) => (Some(value), "the specification"),
            None => (configuration.log_property.as_ref(), "the configuration"),
        };
        let turned_off = value.filter(|value| !is_macro(value) && !value.trim().eq_ignore_ascii_case("true"));
        match mode.value {
            // Whatever the mode is, a log that was turned off is off.
            _ if turned_off.is_some() => {}
            StateMode::Unknown => return Fact::new(Switch::Unknown, mode.evidence.clone()),
            StateMode::None | StateMode::StateStore => return Fact::new(Switch::Off, mode.evidence.clone()),
            StateMode::SparkCheckpointing => {}
        }
        match value {
            Some(value) if is_macro(value) => {
                Fact::new(Switch::Unknown, format!("The write-ahead log is set by the macro {value}."))
            }
            Some(value) if value.trim().eq_ignore_ascii_case("true") => {
                Fact::new(Switch::On, format!("{LOG_KEY} is true in {place} of the run's version."))
            }
            Some(value) => {
                Fact::new(Switch::Off, format!("{LOG_KEY} is {value} in {place} of the run's version."))
            }
            None if *version < ArtifactVersion::LOG_BY_DEFAULT => Fact::new(
                Switch::Off,
                format!("{artifact}: before 6.7.0 the write-ahead log is off unless set, and it is not set."),
            ),
            None => {
                let seen = if self.deployed.is_some() { "" } else { " that was read" };
                Fact::new(Switch::On, format!("{artifact} turns it on, and nothing{seen} turns it off."))
            }
        }
    }

    fn stops_gracefully(&self) -> Fact<Switch> {
        let deployed = self.deployed.as_ref().and_then(|deployed| deployed.stop_gracefully);
        if let Some(value) = deployed {
            let switch = if value { Switch::On } else { Switch::Off };
            return Fact::new(switch, format!("stopGracefully is {value} in the specification."));
        }
        match self.configuration.as_ref().map(|configuration| configuration.stop_gracefully) {
            Some(Some(true)) => Fact::new(Switch::On, "stopGracefully is true in the configuration."),
            Some(Some(false)) => Fact::new(Switch::Off, "stopGracefully is false in the configuration."),
            Some(None) => Fact::new(Switch::Unknown, "stopGracefully is set by a macro or not a yes or no."),
            None => Fact::new(Switch::Unknown, NO_VERSION),
        }
    }

    fn batch_interval(&self) -> Fact<Option<i64>> {
        if let Some(millis) = self.deployed.as_ref().and_then(|deployed| deployed.batch_interval) {
            return Fact::new(Some(millis), format!("batchIntervalMillis is {millis} in the specification."));
        }
        match self.configuration.as_ref().map(|configuration| &configuration.batch_interval) {
            Some(Some((text, millis))) => {
                Fact::new(*millis, format!("batchInterval is {text} in the configuration."))
            }
            Some(None) => Fact::new(None, "The configuration has no batchInterval."),
            None => Fact::new(None, NO_VERSION),
        }
    }

    fn receiver(&self, mode: StateMode) -> Fact<Receiver> {
        if mode == StateMode::StateStore {
            return Fact::new(Receiver::No, "The source keeps its position in the server's state store.");
        }
        match &self.configuration {
            Some(configuration) => {
                let sources: Vec<_> = configuration.sources.iter().map(String::as_str).collect();
                let (receiver, evidence) = receiver_of(&sources);
                Fact::new(receiver, evidence)
            }
            None => Fact::new(Receiver::Unknown, NO_VERSION),
        }
    }
}

fn at_least_once(mode: &Fact<StateMode>) -> Fact<Switch> {
    let switch = match mode.value {
        StateMode::SparkCheckpointing | StateMode::StateStore => Switch::On,
        StateMode::None => Switch::Off,
        StateMode::Unknown => Switch::Unknown,
    };
    Fact::new(switch, mode.evidence.clone())
}
