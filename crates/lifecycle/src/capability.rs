//! What may be done to a run or a program, and in words why not. One table: buttons are disabled with its reason.

use crate::kind::Kind;
use quiesce_api::RunId;
use quiesce_api::run::RunStatus;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What may be done to one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RunAction {
    /// Stop it, with a grace.
    Stop,
    /// Stop it without any.
    StopNow,
}

/// What may be done to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProgramAction {
    /// Start the latest version.
    Start,
    /// Start an older version.
    StartOlderVersion,
    /// Stop all its runs.
    Stop,
    /// Upgrade its application.
    Upgrade,
}

/// What of a run decides what may be done to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunState {
    /// What sort of program it is a run of.
    pub kind: Kind,
    /// Its state.
    pub status: RunStatus,
    /// The run of the workflow that started it, if one did and is alive.
    pub parent: Option<RunId>,
}

/// What of a program decides what may be done to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramState {
    /// What sort of program it is.
    pub kind: Kind,
    /// The runs that have not ended, of all versions, those that are stopping among them.
    pub alive: usize,
    /// How many of those are stopping already.
    pub stopping: usize,
    /// Where its runs keep their place, if it is a real-time pipeline.
    pub state_mode: Option<crate::launch::StateMode>,
    /// Whether its artifact is one that the upgrade call knows (a pipeline's).
    pub server: Option<Arc<str>>,
}

/// Why something may not be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// It has ended.
    #[error("This run has ended.")]
    Ended,
}
