//! The list of programs.

use quiesce_lifecycle::plural::{agree, number, plural};

pub const NO_APPLICATIONS: &str = "Deploy a pipeline in CDAP Studio, then press Refresh, or choose another namespace in the top bar. Quiesce does not deploy.";
pub const SUPERSEDED: &str =
    "The server reports such programs as stopped, and a batch stop does not reach these runs.";
pub const SHOW_UNKNOWN: &str = "Show active and unknown";
pub const UNKNOWN: &str = "They may have active runs. Retrying automatically.";
pub const LATEST_RUN: &str = "Latest run";
pub const VIEW: &str = "View…";
pub const CLEAR: &str = "Clear";
pub const CLEAR_FILTERS: &str = "Clear filters";
pub const FILTER: &str = "Filter programs";
pub const SEARCH: &str = "Search programs";
pub const SEARCHED_FIELDS: &str = "Name, run ID or artifact";
pub const SELECTION: &str = "Selection";
pub const SELECTION_UNSTORED: &str = " It is lost on reload: this browser can't store it.";

pub const STATE_UNREAD: &str = "Loading";
pub const STATE_UNKNOWN: &str = "Unknown";
pub const STATE_NEVER: &str = "Never ran";

pub const CHIP_ACTIVE: &str = "Active";
pub const CHIP_RUNNING: &str = "Running";
pub const CHIP_CHANGING: &str = "Changing";
pub const CHIP_FAILED: &str = "Failed";
pub const CHIP_SUPERSEDED: &str = "Superseded version";

pub const KEY_SEARCH: &str = "Filter this list";
pub const KEY_NEXT: &str = "Next row";
pub const KEY_PREVIOUS: &str = "Previous row";
pub const KEY_SELECT: &str = "Select the row";
pub const KEY_SELECT_TO: &str = "Select up to this row";
pub const KEY_SELECT_ALL: &str = "Select all matching programs";
pub const KEY_CLEAR: &str = "Clear the selection";
pub const KEY_OPEN: &str = "Open the row";
pub const KEY_STOP: &str = "Stop the selected programs or this row (opens a form)";
pub const KEY_REFRESH: &str = "Refresh";

pub const APPLICATION_LIST: &str = "the list of applications";

/// The list of the programs of one type.
pub fn program_list(program_type: &str) -> String {
    format!("the list of {program_type}")
}

/// A list that could not be read.
pub fn failed_list(program_type: &str, reason: &str) -> String {
    format!("The list of {program_type} could not be read: {reason}")
}

/// The sizes of the fleet: applications, programs, active and unknown ones.
pub fn summary(applications: usize, programs: usize, active: usize, unknown: usize) -> String {
    let (applications, programs) = (plural(applications, "application"), plural(programs, "program"));
    let unknown = if unknown > 0 { format!(", {} unknown", number(unknown)) } else { String::new() };
    format!("{applications}, {programs}, {} of them active{unknown}", number(active))
}

pub fn no_applications(namespace: &str) -> String {
    format!("No applications in {namespace}")
}

/// How many runs of superseded versions are active.
pub fn superseded(runs: usize) -> String {
    let version = agree(runs, "a superseded version is", "superseded versions are");
    format!("{} of {version} active. ", plural(runs, "run"))
}

pub fn show_runs(runs: usize) -> String {
    format!("Show {}", plural(runs, "run"))
}

pub fn unknown(programs: usize) -> String {
    format!("The state of {} is unknown. ", plural(programs, "program"))
}

/// The response was cut off before the program.
pub fn cut_response(reason: &str) -> String {
    format!("The response was cut off ({reason})")
}

pub const NOT_IN_RESPONSE: &str = "The response does not include this program";

pub fn select(name: &str) -> String {
    format!("Select {name}")
}

pub fn select_page(rows: usize) -> String {
    format!("Select all {rows} on this page")
}

pub fn select_all(matching: usize) -> String {
    format!("Select all {} that match", number(matching))
}

pub fn selected(programs: usize, active: usize) -> String {
    format!("{} selected, {} active", plural(programs, "program"), number(active))
}

/// Selected programs that no longer exist.
pub fn deselected(programs: usize) -> String {
    format!("{} removed from the selection: no longer on the server", plural(programs, "program"))
}

pub fn stop(programs: usize) -> String {
    format!("Stop {}…", plural(programs, "program"))
}

pub fn broken_record(index: usize, list: &str) -> String {
    format!("Record {} of {list}", index + 1)
}

pub fn no_match(search: &str) -> String {
    if search.is_empty() {
        "Nothing matches these filters".to_owned()
    } else {
        format!("Nothing matches “{search}”")
    }
}

pub fn searched(programs: usize) -> String {
    format!("Searched the names, types, artifacts and latest runs of {}.", plural(programs, "program"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_mentions_unknown_programs_only_if_there_are_some() {
        assert_eq!(summary(1, 2, 1, 0), "1 application, 2 programs, 1 of them active");
        assert_eq!(summary(1, 2, 1, 1), "1 application, 2 programs, 1 of them active, 1 unknown");
    }

    #[test]
    fn runs_of_superseded_versions_are_counted_in_sentences() {
        assert_eq!(superseded(1), "1 run of a superseded version is active. ");
        assert_eq!(superseded(3), "3 runs of superseded versions are active. ");
    }
}
