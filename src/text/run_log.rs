//! The log of a run.

use super::common::{count, elapsed, size, some};
use quiesce_lifecycle::run_log::LogWindow;

pub const TITLE: &str = "Log";
pub const NO_LINES: &str = "No log lines yet. Lines can be a few seconds late.";
pub const NO_LINES_OF_LEVEL: &str = "None of the lines read has this level.";
pub const LINES: &str = "Log lines";
pub const STACK_TRACE: &str = "Stack trace";
pub const NOT_A_LINE: &str = "Not a log line";
pub const LEVEL: &str = "Lowest level";
pub const ALL: &str = "All";
pub const WARNINGS: &str = "Warn";
pub const ERRORS: &str = "Error";
pub const SEARCH: &str = "Search the log";
pub const NO_MATCH: &str = "No match";
pub const NEXT_MATCH: &str = "Next match";
pub const PREVIOUS_MATCH: &str = "Previous match";
pub const NOTHING_SOUGHT: &str = "Enter a text to search for first.";
pub const PAUSE: &str = "Pause the log";
pub const RESUME: &str = "Resume the log";
pub const EARLIER: &str = "Show earlier lines";
pub const BEGINS: &str = "The log begins here.";
pub const DOWNLOAD: &str = "Download log";
pub const CANCEL_DOWNLOAD: &str = "Cancel download";

pub fn of_run(run: &str) -> String {
    format!("Log of run {run}")
}

/// The state of the reading and its age.
pub fn freshness(paused: bool, ended: bool, age: i64) -> String {
    let age = elapsed(age);
    match (paused, ended) {
        (true, _) => format!("Paused, {age} old"),
        (_, true) => format!("Run ended, read {age} ago"),
        _ => format!("Following, {age} ago"),
    }
}

/// The lines that are shown.
pub fn lines(shown: usize, read: usize) -> String {
    if shown == read { some(read, "line") } else { format!("{} of {}", count(shown), some(read, "line")) }
}

/// Why no earlier lines can be shown.
pub fn full() -> String {
    format!("Only {} are kept. Download the log to read all of it.", some(LogWindow::LIMIT, "line"))
}

/// The number of matches, and the position of the current one.
pub fn matches(position: Option<usize>, matches: usize) -> String {
    match (position, matches) {
        (_, 0) => NO_MATCH.to_owned(),
        (Some(position), _) => format!("{} of {}", count(position), count(matches)),
        (None, 1) => "1 match".to_owned(),
        (None, _) => format!("{} matches", count(matches)),
    }
}

pub fn downloading(bytes: u64) -> String {
    format!("Downloading, {} received", size(bytes))
}

pub fn downloaded(file: &str, bytes: u64) -> String {
    format!("Downloaded {file}, {}", size(bytes))
}
