//! The history of operations and the check of a backup.

use super::common::{agree, size, some};
use super::upgrade::{step, step_position};
use quiesce_lifecycle::upgrade::StepName;

pub const FILTER_STOP: &str = "Stop";
pub const FILTER_UPGRADE: &str = "Upgrade";
pub const FILTER_UNFINISHED: &str = "Not finished";
pub const FILTER: &str = "Filter operations";
pub const SEARCH: &str = "Search operations";
pub const SEARCHED_FIELDS: &str = "Operation, namespace or ID";
pub const SHOW: &str = "Show";
pub const INTRODUCTION: &str =
    "Operations started in this browser. Other users and other browsers have their own history.";
pub const EXPORT_ALL: &str = "Download all journals";
pub const NOTHING_TO_EXPORT: &str = "There are no operations yet.";
pub const UNREADABLE: &str = "The history can't be read: ";
pub const UNREADABLE_ADVICE: &str =
    "Allow storage for this page. Stops and upgrades can't be started without it either.";
pub const EMPTY: &str = "No operations in this browser yet";
pub const EMPTY_ADVICE: &str = "Stops and upgrades are listed here with their results.";
pub const NO_MATCH: &str = "No operation matches.";

pub const OPERATIONS: &str = "Operations";
pub const OPERATION: &str = "Operation";
pub const TIME: &str = "Time";
pub const NAMESPACE: &str = "Namespace";
pub const RESULT: &str = "Result";
pub const OPEN: &str = "Open";
pub const EXPORT: &str = "Download journal";
pub const DELETE: &str = "Delete";
pub const KEEP: &str = "Keep";
pub const DELETE_QUESTION: &str = "Delete this operation?";
pub const DELETE_UNFINISHED: &str = " It has not finished and can't be continued after that. Its stopped runs and paused schedules stay as they are.";

pub const CHECK_TITLE: &str = "Check a backup";
pub const CHECK_HINT: &str = "of an upgrade, from this or another browser; nothing is uploaded";
pub const CHECK_BUTTON: &str = "Check a backup…";
pub const BACKUP_FILE: &str = "Backup file";
pub const FILES_INTACT: &str = "Every file matches the manifest";

pub const IMPORT: &str = "Import…";
pub const IMPORT_FILE: &str = "Journal file";

/// An action and the operation that it applies to: `Export Stop 1 run`.
pub fn action_on(action: &str, title: &str) -> String {
    format!("{action} {title}")
}

pub fn storage_used(bytes: u64) -> String {
    format!("{} in this browser's storage, including backups of upgrades.", size(bytes))
}

pub fn deleted(title: &str) -> String {
    format!("Deleted: {title}.")
}

pub fn delete_failed(error: &str) -> String {
    format!("The operation could not be deleted: {error}.")
}

pub fn delete_details(title: &str, finished: bool) -> String {
    format!("{title}, with its report and its backup.{}", if finished { "" } else { DELETE_UNFINISHED })
}

/// Entries that this console cannot read, after another sentence.
pub fn unknown_entries(entries: usize) -> String {
    if entries == 0 {
        return String::new();
    }
    let were = agree(entries, "was", "were");
    format!(" {} {were} written by another version of the console.", some(entries, "entry"))
}

pub fn other_version(entries: usize) -> String {
    format!("Written by another version of the console ({}).", some(entries, "entry"))
}

pub fn journal_unreadable(error: &str) -> String {
    format!("The journal can't be read: {error}.")
}

pub fn stop_result(ended: usize, all: usize) -> String {
    format!("{ended} of {} ended.", some(all, "run"))
}

/// The step of an upgrade that has not finished.
/// The current step of an upgrade.
pub fn at_step(name: StepName) -> String {
    format!("{}: {}.", step_position(name), step(name))
}

pub fn other_server(server: &str) -> String {
    format!("on {server}, another server")
}

pub fn missing_applications(applications: usize, first: &str) -> String {
    let differ = agree(applications, "does", "do");
    format!("{} {differ} not match the manifest; the first is {first}", some(applications, "application"))
}

pub fn checking(name: &str) -> String {
    format!("Checking {name}")
}

pub fn records_checked(checked: usize, all: usize) -> String {
    format!("{checked} of {} checked", some(all, "record"))
}

pub fn invalid_backup(name: &str) -> String {
    format!("{name} is not a valid backup")
}

pub fn valid_backup(name: &str) -> String {
    format!("{name} is a valid backup")
}

pub fn backup_source(namespace: &str, server: &str, time: &str) -> String {
    format!("Namespace {namespace} on {server}, made at {time}.")
}

pub fn files_by_hash(files: usize) -> String {
    format!("{} compared by SHA-256.", some(files, "file"))
}

pub fn records_complete(records: usize) -> String {
    format!("{} {} complete", some(records, "application record"), agree(records, "is", "are"))
}

pub fn applications_included(applications: usize) -> String {
    format!(
        "{} included, in the checked version and configuration",
        some(applications, "selected application")
    )
}

pub fn export_failed(error: &str) -> String {
    format!("The journal can't be downloaded: {error}.")
}

pub fn imported(new: usize, known: usize) -> String {
    let known = match known {
        0 => String::new(),
        known => format!(" {} already in this browser.", some(known, "operation")),
    };
    format!("{} imported.{known}", some(new, "operation"))
}

pub fn not_a_journal(path: &str, problem: &str) -> String {
    format!("Import failed: this is not a journal file ({path}: {problem}).")
}

pub fn other_format(format: u32, supported: u32) -> String {
    format!("Import failed: the file has format {format}; this console reads format {supported}.")
}

pub fn incomplete_journal(id: &str) -> String {
    format!("Import failed: the journal of {id} is incomplete.")
}

pub fn import_failed(error: &str) -> String {
    format!("Import failed: {error}.")
}

pub fn different_journal(id: &str) -> String {
    format!("Import failed: this browser already has {id} with different entries.")
}

pub fn partly_imported(done: usize, all: usize, error: &str) -> String {
    format!("{done} of {} imported. Import failed: {error}.", some(all, "operation"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_other_versions_are_counted_in_english() {
        assert_eq!(unknown_entries(0), "");
        assert_eq!(unknown_entries(1), " 1 entry was written by another version of the console.");
        assert_eq!(other_version(3), "Written by another version of the console (3 entries).");
    }
}
