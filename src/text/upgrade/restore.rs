//! The restart of stopped runs, and the resume of paused schedules.

use crate::text::common::{count, some};

pub const STOPPED_RUN: &str = "Stopped run";
pub const NO_RUNS: &str = "No runs to start";
pub const NO_RUNS_REASON: &str = "This upgrade stopped no runs.";
pub const RUNS: &str = "Runs to start";
pub const RUNS_DETAILS: &str = "each with its own arguments, in the latest version";
pub const RUNS_DONE: &str = "Runs done";
pub const START_REQUEST: &str = "Start a run";
pub const NO_SCHEDULES: &str = "No schedules to resume";
pub const NO_SCHEDULES_REASON: &str = "This upgrade paused no schedules.";
pub const SCHEDULES_DETAILS: &str = "only schedules that this upgrade paused, after the runs have started";
pub const RESUMED: &str = "Resumed schedules";
pub const RESUME_REQUEST: &str = "Resume a schedule";
pub const SUPERSEDED: &str = "It ran in a superseded version. The server can start only the latest version.";
pub const DO_NOT_START: &str = "Don't start";

pub fn done(done: usize, all: usize) -> String {
    format!("{} of {} done", count(done), some(all, "run"))
}

pub fn resumed(resumed: usize, all: usize) -> String {
    format!("{} of {} resumed", count(resumed), some(all, "schedule"))
}

/// The arguments of a run; none before they are read.
pub fn arguments(arguments: Option<usize>) -> String {
    arguments.map_or_else(
        || "Its arguments are read from its run record. ".to_owned(),
        |arguments| format!("{}. ", some(arguments, "argument")),
    )
}
