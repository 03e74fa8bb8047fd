//! A run that is to be stopped, with what was known of it when the operator confirmed.

use crate::kind::Kind;
use crate::launch::LaunchFacts;
use crate::verdict::PastStops;
use quiesce_api::run::RunRecord;
use quiesce_api::{RunId, RunRef, VersionId};
use serde::{Deserialize, Serialize};

/// A run that is to be stopped. Frozen when the operator confirms; what changes later is drift.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The run.
    pub run: RunRef,
    /// What sort of program it is a run of.
    pub kind: Kind,
    /// Its record when it was looked at.
    pub record: RunRecord,
    /// Whether a newer version of the application exists, so that batch calls do not reach it.
    pub older: bool,
    /// The run of the workflow that started it; such a run is stopped by stopping that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<RunId>,
    /// What a real-time run was launched with, if it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<LaunchFacts>,
    /// How long past stops of its program took.
    #[serde(default)]
    pub past: PastStops,
}

impl Target {
    /// The version that a versioned call would name: none for a run of the latest.
    pub fn version(&self) -> Option<VersionId> {
        self.record.version.clone().filter(|_| self.older)
    }
}
