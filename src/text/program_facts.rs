//! The facts of a program, its arguments, and the errors of its runs.

use super::common;
use quiesce_lifecycle::launch::{Setting, StateMode};
use quiesce_lifecycle::plural::plural;

pub const FACTS: &str = "Facts";
pub const NEWEST: &str = "Newest version";
pub const WRITE_AHEAD_LOG: &str = "Write-ahead log";
pub const STATE_HANDLING: &str = "State handling";
pub const GRACEFUL_STOP: &str = "Graceful stop";
pub const BATCH_INTERVAL: &str = "Batch interval";
pub const SCHEDULE: &str = "Schedule";
pub const UNKNOWN: &str = "Unknown";
pub const NOT_APPLICABLE: &str = "Not applicable";
pub const UP_TO_DATE: &str = "up to date";
pub const CAN_BE_UPGRADED: &str = "upgrade available";
pub const ONLY_REDEPLOY: &str = "redeploy only: the server refuses the upgrade";
pub const NO_ARTIFACT: &str = "None on the server";
pub const NO_SCHEDULE: &str = "None";
pub const SUSPENDED: &str = "Suspended";
pub const ENABLED: &str = "Enabled";
pub const TRIGGERED: &str = "started by a trigger";

pub const IF_STOPPED_NOW: &str = "If stopped now";
pub const LAUNCH_UNREAD: &str = "Reading the settings of the active runs…";

pub const ARGUMENTS: &str = "Runtime arguments";
pub const REQUIRED: &str = "Required, not set";
pub const NOT_SAVED: &str = "not saved";
pub const NOT_IN_RUN: &str = "not in this run";
pub const INHERITED: &str = "inherited";
pub const BY_SERVER: &str = "added by the server";
pub const NO_ARGUMENTS: &str = "No arguments are saved, and this run has none.";
pub const ARGUMENTS_OF_RUN_UNKNOWN: &str = "The record of this run does not contain its arguments yet.";
pub const FUNCTIONS: &str = "Evaluated at each start";
pub const UNDECIDED: &str = "Depends on other arguments";
pub const INVALID: &str = "Invalid macro: a start fails";

pub const REQUESTED: &str = "Requested grace";
pub const ELSEWHERE: &str = "not from this browser";
pub const ONLY_ACTIVE: &str = "Only active";
pub const NO_ACTIVE: &str = "No active run";
pub const NO_ACTIVE_ADVICE: &str = "Clear “Only active” to list the runs that have ended.";
pub const SHOW_ERRORS: &str = "Show errors";
pub const NO_ERRORS: &str = "The last lines of its log contain no errors.";
pub const COPY_RUN_ID: &str = "Copy run ID";

pub fn setting(setting: Setting) -> &'static str {
    match setting {
        Setting::On => "On",
        Setting::Off => "Off",
        Setting::Unknown => UNKNOWN,
    }
}

pub fn graceful(setting: Setting) -> &'static str {
    match setting {
        Setting::On => "Yes",
        Setting::Off => "No",
        Setting::Unknown => UNKNOWN,
    }
}

pub fn state_mode(mode: StateMode) -> &'static str {
    match mode {
        StateMode::SparkCheckpointing => "Spark checkpoints",
        StateMode::StateStore => "State store",
        StateMode::None => "None",
        StateMode::Unknown => UNKNOWN,
    }
}

pub fn interval(milliseconds: i64) -> String {
    if milliseconds % 1_000 == 0 {
        common::elapsed(milliseconds / 1_000)
    } else {
        format!("{milliseconds} ms")
    }
}

pub fn active(runs: usize, longest: i64) -> String {
    format!("{}, {}", plural(runs, "run"), common::elapsed(longest))
}

pub fn could_not_be_read(reason: &str) -> String {
    format!("could not be read: {reason}")
}

pub fn next_run(time: &str, seconds: i64) -> String {
    format!("next {time}, in {}", common::elapsed(seconds))
}

pub fn saved_value(value: &str) -> String {
    format!("saved: {value}")
}

pub fn arguments_of(run: &str) -> String {
    format!("Run {run}, compared with the saved arguments.")
}

pub fn differences(missing: usize, different: usize) -> String {
    let missing = (missing > 0)
        .then(|| format!("{} without a value: a start may fail.", plural(missing, "required argument")));
    let different = (different > 0).then(|| {
        let verb = common::agree(different, "differs", "differ");
        format!("{} {verb} from the saved value.", plural(different, "argument"))
    });
    [missing, different].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub fn more_runs(runs: usize) -> String {
    format!("{} more. The form of a stop lists them.", plural(runs, "active run"))
}

pub fn shown_runs(runs: usize) -> String {
    plural(runs, "run")
}

pub fn chart(runs: usize, failed: usize, longest: i64, most_records: Option<usize>) -> String {
    let failed = match failed {
        0 => "none failed".to_owned(),
        failed => format!("{failed} failed"),
    };
    let read = most_records.map_or_else(String::new, |most| format!(", at most {} read", records(most)));
    format!(
        "Durations of the last {}: {failed}, longest {}{read}",
        plural(runs, "run"),
        common::elapsed(longest)
    )
}

/// How many records a run read.
pub fn records(count: usize) -> String {
    plural(count, "record")
}

pub fn bar(run: &str, state: &str, started: &str, seconds: i64, read: Option<usize>) -> String {
    let read = read.map_or_else(String::new, |read| format!(", read {}", records(read)));
    format!("{run}, {state}, started {started}, ran {}{read}", common::elapsed(seconds))
}

pub fn errors_of(run: &str) -> String {
    format!("{SHOW_ERRORS} of {run}")
}

pub fn copy_run_id(run: &str) -> String {
    format!("{COPY_RUN_ID} {run}")
}

pub fn cause(cause: &str) -> String {
    format!("Cause: {cause}")
}
