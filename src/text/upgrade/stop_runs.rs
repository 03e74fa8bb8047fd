//! The stop of an upgrade.

use crate::text::common::{count, some};

pub const RUN_AND_EFFECT: &str = "Run, effect of the upgrade";
pub const RUNS_TO_STOP: &str = "Runs to stop";
pub const STARTED_SINCE_CAUSE: &str = "started since the last stop, by another user or a trigger";
pub const NOTHING_TO_STOP: &str = "no active runs, nothing to stop";
pub const AFTER_LAST_STOP: &str = "after the last stop, in all versions";
pub const RECHECKED: &str = "Applications re-checked";
pub const ENDED_RUNS: &str = "Ended runs";
pub const STARTED_SINCE: &str = "Runs started since";

pub fn to_stop(runs: usize) -> String {
    format!("{} to stop", some(runs, "run"))
}

/// An application that could not be read.
pub fn unread(application: &str) -> String {
    format!("{application} could not be read")
}

pub fn without_runs(checked: usize, all: usize) -> String {
    format!("{} of {} checked, no active runs", count(checked), some(all, "application"))
}

pub fn ended(ended: usize, all: usize) -> String {
    format!("{} of {} ended", count(ended), some(all, "run"))
}

pub fn requested(grace: &str) -> String {
    format!("requested grace: {grace}; a run counts as ended once its run record says so")
}

/// The grace that the server applied to a run: from its record, the time between "stopping" and "terminate".
pub fn applied(seconds: i64) -> String {
    format!("Applied grace: {seconds} s. ")
}
