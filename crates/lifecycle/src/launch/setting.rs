//! The settings of a launch, each of which can be unknown.

use serde::{Deserialize, Serialize};

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
