//! The records per stage of a pipeline.

use super::common::count;

pub const TITLE: &str = "Records per stage";
pub const STAGE: &str = "Stage";
pub const IN: &str = "In";
pub const OUT: &str = "Out";
pub const ERROR: &str = "Error";
pub const NO_STAGES: &str = "The configuration of this run's version names no stages.";
pub const NOTHING_COUNTED: &str = "The server has counted no records of this run.";
pub const NOT_COUNTED: &str = "not counted";

pub fn of_run(run: &str) -> String {
    format!("Records per stage of run {run}")
}

/// A count, for example `1,041`.
pub fn records(records: usize) -> String {
    count(records)
}

pub fn freshness(age: &str) -> String {
    format!("Read {age} ago")
}
