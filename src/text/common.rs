//! Labels and sentences that several screens use.

use quiesce_lifecycle::plural::plural;

pub const ACTIONS: &str = "Actions";
pub const APPLICATION: &str = "Application";
pub const ARTIFACT: &str = "Artifact";
pub const CANCEL: &str = "Cancel";
pub const FIRST_PAGE: &str = "This is the first page.";
pub const INCOMPLETE: &str = "Incomplete data. ";
pub const KIND: &str = "Kind";
pub const LAST_PAGE: &str = "This is the last page.";
pub const LOADING: &str = "Loading…";
pub const NEXT: &str = "Next";
pub const PAGES: &str = "Pages";
pub const PREVIOUS: &str = "Previous";
pub const PROGRAM: &str = "Program";
pub const PROGRAMS: &str = "Programs";
pub const REFRESH: &str = "Refresh";
pub const RUN: &str = "Run";
pub const STARTED: &str = "Started";
pub const STATE: &str = "State";
pub const STOP: &str = "Stop…";
pub const SUPERSEDED_VERSION: &str = "superseded version";
pub const UNREADABLE: &str = "This record could not be read";

/// The name of a `Stop…` button among others: the application or the run that it stops.
pub fn stop(name: &str) -> String {
    format!("{STOP} {name}")
}

/// The position of a record that could not be read, and the reason.
pub fn unreadable(path: &str, message: &str) -> String {
    format!("At {path}: {message}. Other records are not affected.")
}

/// A list that ended before its end.
pub fn cut_list(list: &str, received: usize, reason: &str) -> String {
    format!("Only the first {} of {list} {} received ({reason}).", plural(received, "record"), was(received))
}

fn was(count: usize) -> &'static str {
    quiesce_lifecycle::plural::agree(count, "was", "were")
}
