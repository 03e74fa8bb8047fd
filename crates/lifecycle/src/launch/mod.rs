//! What a real-time run was launched with. Judged by the run's own version and arguments, never by what is deployed
//! today (docs/cdap-api.md#write-ahead-log-of-a-run).

mod configuration;
mod evidence;
mod facts;
mod sources;
#[cfg(test)]
mod tests;
mod version;

pub(crate) use configuration::{ARGUMENT as AT_LEAST_ONCE, CHECKPOINTS_DISABLED};
pub use evidence::{Document, LaunchEvidence};
pub use sources::Receiver;
pub use version::ArtifactVersion;

use quiesce_api::application::{ApplicationDetail, Specification};
use quiesce_api::run::RunRecord;
use serde::{Deserialize, Serialize};

/// A fact about a launch, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The fact.
    pub value: T,
    /// Where it was read, and what was assumed.
    pub evidence: LaunchEvidence,
}

/// Whether something was on. Three values, since a missing piece is no "off".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Setting {
    /// It was on.
    On,
    /// It was off.
    Off,
    /// It cannot be told.
    Unknown,
}

/// Where a run stores its state in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StateMode {
    /// In Spark's checkpoints. A redeploy deletes them.
    SparkCheckpointing,
    /// In the server's state store. It outlives an upgrade.
    StateStore,
    /// Nowhere.
    None,
    /// It cannot be told.
    Unknown,
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
