//! What is shown of an upgrade beside its state: how far a transfer and a drain are, and the file of its backup.

use leptos::prelude::*;
use quiesce_lifecycle::upgrade::{CatchUpProgress, Step, UpgradeOperation};

/// What is being read at the moment and how far it is: the export in bytes, then what it lacks in requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Bytes of the export so far.
    pub bytes: u64,
    /// Bytes of the export in all, where the server says it.
    pub of_bytes: Option<u64>,
    /// Requests for what the export lacks that are answered.
    pub extras: usize,
    /// All of them; 0 while the export is read.
    pub of_extras: usize,
}

/// What is shown of effects that take long.
#[derive(Clone, Copy)]
pub struct UpgradeProgress {
    /// How far the backup is, while it is being read.
    pub transfer: RwSignal<Option<Transfer>>,
    /// What the counters of a run that is draining say so far.
    pub draining: RwSignal<Option<CatchUpProgress>>,
}

/// The name of the backup's file, once there is one.
pub(super) fn file_of(state: &UpgradeOperation) -> Option<&str> {
    match (&state.step, state.upgrade_step()) {
        (_, Some(upgrading)) => Some(&upgrading.backup().summary().file),
        (Step::BackUp(step), _) => step.made.as_ref().map(|made| made.file.as_str()),
        _ => None,
    }
}
