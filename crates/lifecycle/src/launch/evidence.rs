//! Where a fact about a launch was read.

use super::setting::StateMode;
use serde::{Deserialize, Serialize};

/// Where a fact about a launch was read, and what stands there. `crate::text::launch` has the sentences.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LaunchEvidence {
    /// The metrics of the run report this mode.
    Metrics(StateMode),
    /// The specification of the run's version has this mode.
    Specification(StateMode),
    /// The version that the run was started from could not be read.
    VersionUnread,
    /// The configuration of the run's version could not be read.
    ConfigurationUnread,
    /// The arguments of the run could not be read.
    ArgumentsUnread,
    /// The configuration has no batch interval.
    NoBatchInterval,
    /// The source stores its position in the server's state store.
    StateStore,
    /// The version of this artifact is not a number.
    InvalidVersion(String),
    /// The configuration disables checkpoints, for this artifact.
    CheckpointsDisabled(String),
    /// The configuration does not disable checkpoints, for this artifact, which has no other setting.
    CheckpointsNotDisabled(String),
    /// Neither the configuration nor an argument disables checkpoints, for this artifact.
    CheckpointsByDefault(String),
    /// As before, while the specification was not read, which may disable them.
    CheckpointsAssumed(String),
    /// The write-ahead log is not set, and off by default for this artifact.
    LogOffByDefault(String),
    /// The write-ahead log is not set, and on by default for this artifact.
    LogOnByDefault(String),
    /// As before, while the specification was not read, which may turn it off.
    LogOnAssumed(String),
    /// This setting of the configuration is a macro or not a boolean.
    NotABoolean(String),
    /// The value of the argument for at-least-once processing.
    AtLeastOnceArgument(String),
    /// A setting or an argument is a macro.
    Macro {
        /// The name of the setting.
        name: String,
        /// Its value.
        value: String,
    },
    /// A setting.
    Property {
        /// Its state.
        document: Document,
        /// The name of the setting.
        name: String,
        /// Its value.
        value: String,
    },
    /// Text: what is known of the sources, and entries of the journal that were written before there were the other
    /// variants.
    #[serde(untagged)]
    Text(String),
}

/// A document that holds settings of a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Document {
    /// The specification of the deployed program.
    Specification,
    /// The configuration of the application.
    Configuration,
}

impl From<String> for LaunchEvidence {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
