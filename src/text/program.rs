//! One program: its runs, its log, the form that starts it.

use super::common;
use quiesce_lifecycle::plural::plural;

pub const READING: &str = "The program is being read.";
pub const ACTIVITY_UNKNOWN: &str = "Unknown whether a run is active";
pub const NOT_RUNNING: &str = "Not running";
pub const START: &str = "Start…";
pub const APPLICATION_UNREADABLE: &str = "The application could not be read. ";
pub const VERSIONS_UNKNOWN: &str =
    "Its runs are listed, but which of them are of a superseded version is unknown.";

pub const RUNS: &str = "Runs";
pub const DURATION: &str = "Duration";
pub const VERSION: &str = "Version";
pub const APPLIED_GRACE: &str = "Applied grace";
pub const OUTCOME: &str = "Outcome";
pub const NO_RUNS: &str = "No runs yet";
pub const NO_RUNS_ADVICE: &str = "Start the program here, or wait for its schedule.";
pub const OLDER_RUNS: &str = "Load older runs";
pub const LOG: &str = "Log";

pub const START_FORM: &str = "Start";
pub const START_FORM_TITLE: &str = "Start with runtime arguments";
pub const STARTING: &str = "Starting…";
pub const ARGUMENTS_LOADING: &str = "Loading the saved arguments…";
pub const NO_ARGUMENTS: &str = "No arguments are saved. Arguments entered here override preferences.";
pub const ARGUMENTS_LOADED: &str =
    "The saved arguments are filled in. Arguments entered here override preferences.";
pub const ARGUMENT_NAME: &str = "Name";
pub const ARGUMENT_VALUE: &str = "Value";
pub const ADD_ARGUMENT: &str = "Add an argument";
pub const MAY_HAVE_STARTED: &str = "The program may have started. Check its runs before you try again.";

pub fn more_active(active: usize) -> String {
    format!(" {} active", plural(active, "run"))
}

pub fn broken_record(index: usize) -> String {
    format!("Record {}", index + 1)
}

pub fn unreadable(path: &str, message: &str) -> String {
    format!("{}. {}", common::UNREADABLE, common::unreadable(path, message))
}

pub fn cut_runs(received: usize, reason: &str) -> String {
    common::cut_list("the list of runs", received, reason)
}

pub fn log_of(run: &str) -> String {
    format!("Log of {run}")
}

pub fn duplicate_argument(key: &str) -> String {
    format!("Duplicate argument: {key}.")
}

pub fn start_requested(application: &str) -> String {
    format!("Start requested for {application}. The server does not return a run ID.")
}

pub fn arguments_failed(reason: &str) -> String {
    format!(
        "The saved arguments could not be read: {reason} The server uses them unless you override them here."
    )
}

pub fn value_of(key: &str) -> String {
    format!("Value of {key}")
}

pub fn remove(key: &str) -> String {
    format!("Remove {key}")
}

pub fn start(program: &str) -> String {
    format!("Start {program}")
}
