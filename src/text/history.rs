//! The history of operations and the check of a backup.

use super::common::{agree, count, counted, size, some};
use super::upgrade::{step, step_position};
use quiesce_lifecycle::stop::StopResults;
use quiesce_lifecycle::upgrade::{StepName, UpgradeCounts};

pub const FILTER_STOP: &str = "Stop";
pub const FILTER_UPGRADE: &str = "Upgrade";
pub const FILTER_UNFINISHED: &str = "Not finished";
pub const FILTER_PROBLEMS: &str = "With problems";
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

pub const TODAY: &str = "Today";
pub const YESTERDAY: &str = "Yesterday";
pub const OPERATIONS: &str = "Operations";
pub const OPERATION: &str = "Operation";
pub const TIME: &str = "Time";
pub const NAMESPACE: &str = "Namespace";
pub const RESULT: &str = "Result";
pub const TOOK: &str = "Took";
pub const OPEN: &str = "Open";
pub const EXPORT: &str = "Download journal";
pub const DELETE: &str = "Delete";
pub const KEEP: &str = "Keep";
pub const DELETE_QUESTION: &str = "Delete this operation?";
pub const DELETE_UNFINISHED: &str = " It has not finished and can't be continued after that. Its stopped runs and paused schedules stay as they are.";

pub const DELETE_OLD: &str = "Delete old operations…";
pub const DELETE_OLD_QUESTION: &str = "Delete old operations?";
pub const AGE: &str = "Older than (days)";
pub const KEPT_OPERATIONS: &str =
    "Operations that have not finished are kept, and so are those of other servers.";

pub const CHECK_TITLE: &str = "Check a backup";
pub const CHECK_HINT: &str = "Of an upgrade, from this or another browser. Nothing is uploaded.";
pub const CHECK_BUTTON: &str = "Check a backup…";
pub const BACKUP_FILE: &str = "Backup file";
pub const FILES_INTACT: &str = "Every file matches the manifest";

pub const IMPORT: &str = "Import…";
pub const IMPORT_FILE: &str = "Journal file";

/// An action and the operation that it applies to: `Export Stop 1 run`.
pub fn action_on(action: &str, title: &str) -> String {
    format!("{action} {title}")
}

/// The operations of this browser, the day of the first one, and the bytes that the page stores.
pub fn kept(operations: usize, since: &str, bytes: Option<u64>) -> String {
    let storage = bytes.map_or_else(String::new, |bytes| {
        format!(" Storage used: {}, including backups of upgrades.", size(bytes))
    });
    format!("{} in this browser since {since}.{storage}", some(operations, "operation"))
}

/// The finished operations that a deletion by age removes.
pub fn delete_old_details(operations: usize, days: i32) -> String {
    let days = some(usize::try_from(days).unwrap_or_default(), "day");
    if operations == 0 {
        return format!("No finished operation of this server is older than {days}.");
    }
    let are = agree(
        operations,
        "is deleted, with its report and its backup",
        "are deleted, with their reports and backups",
    );
    format!("{} older than {days} {are}.", some(operations, "finished operation"))
}

pub fn enter_days(longest: i32) -> String {
    format!("Enter a number of days from 1 to {longest}.")
}

pub fn delete_many(operations: usize) -> String {
    format!("{DELETE} {}", some(operations, "operation"))
}

pub fn deleted_old(operations: usize) -> String {
    format!("Deleted: {}.", some(operations, "finished operation"))
}

pub fn progress_of(title: &str) -> String {
    format!("Progress of {title}")
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

/// Entries that this console cannot read, after a result.
pub fn unknown_entries(entries: usize) -> String {
    if entries == 0 {
        return String::new();
    }
    let were = agree(entries, "was", "were");
    format!(". {} {were} written by another version of the console", some(entries, "entry"))
}

pub fn other_version(entries: usize) -> String {
    format!("Written by another version of the console ({})", some(entries, "entry"))
}

pub fn journal_unreadable(error: &str) -> String {
    format!("The journal can't be read: {error}")
}

/// The number of each result that there is, after a first one.
fn others<const N: usize>(mut text: String, results: [(usize, &str); N]) -> String {
    for (number, result) in results.into_iter().filter(|(number, _)| *number > 0) {
        if !text.is_empty() && !text.ends_with(' ') {
            text.push_str(", ");
        }
        text.push_str(&count(number));
        text.push(' ');
        text.push_str(result);
    }
    text
}

/// The results of a stop: `5 of 6 runs ended, 1 at the deadline, 1 not stopped`.
pub fn stop_result(results: &StopResults) -> String {
    let ended = format!("{} of {} ended", count(results.ended), some(results.all, "run"));
    others(
        ended,
        [
            (results.at_deadline, "at the deadline"),
            (results.undrained, "may have unprocessed data"),
            (results.failed, "failed"),
            (results.not_stopped, "not stopped"),
        ],
    )
}

/// The results of an upgrade: `5 upgraded, 1 left unchanged`.
pub fn upgrade_result(counts: &UpgradeCounts, aborted: bool) -> String {
    let start = if aborted { "Aborted: ".to_owned() } else { String::new() };
    let mut text = others(
        start,
        [
            (counts.upgraded, "upgraded"),
            (counts.rolled_back, "rolled back"),
            (counts.unchanged, "left unchanged"),
            (counts.excluded, "excluded"),
            (counts.unknown, "unknown"),
        ],
    );
    if counts.paused_schedules > 0 {
        text.push_str(", ");
        text.push_str(&counted(counts.paused_schedules, "schedule still paused", "schedules still paused"));
    }
    if counts.failed_restarts > 0 {
        text.push_str(", ");
        text.push_str(&some(counts.failed_restarts, "run"));
        text.push_str(" not started");
    }
    text
}

/// The current step of an upgrade, with the applications that it has upgraded.
pub fn at_step(name: StepName, counts: &UpgradeCounts) -> String {
    let position = format!("{}: {}", step_position(name), step(name));
    if name < StepName::Upgrade {
        return position;
    }
    format!("{position}, {} of {} upgraded", count(counts.upgraded), some(counts.all, "application"))
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
        assert_eq!(unknown_entries(1), ". 1 entry was written by another version of the console");
        assert_eq!(other_version(3), "Written by another version of the console (3 entries)");
    }

    #[test]
    fn a_stop_names_only_the_results_that_it_has() {
        let good = StopResults { all: 1, ended: 1, ..StopResults::default() };
        assert_eq!(stop_result(&good), "1 of 1 run ended");
        let mixed =
            StopResults { all: 1_063, ended: 1_060, at_deadline: 4, undrained: 2, failed: 1, not_stopped: 3 };
        assert_eq!(
            stop_result(&mixed),
            "1,060 of 1,063 runs ended, 4 at the deadline, 2 may have unprocessed data, 1 failed, 3 not stopped"
        );
    }

    #[test]
    fn an_upgrade_names_only_the_results_that_it_has() {
        let counts = UpgradeCounts { all: 6, upgraded: 5, unchanged: 1, ..UpgradeCounts::default() };
        assert_eq!(upgrade_result(&counts, false), "5 upgraded, 1 left unchanged");
        let mixed = UpgradeCounts {
            all: 7,
            upgraded: 2,
            rolled_back: 1,
            excluded: 1,
            unchanged: 2,
            unknown: 1,
            paused_schedules: 2,
            failed_restarts: 1,
        };
        assert_eq!(
            upgrade_result(&mixed, true),
            "Aborted: 2 upgraded, 1 rolled back, 2 left unchanged, 1 excluded, 1 unknown, 2 schedules still paused, \
             1 run not started"
        );
    }

    #[test]
    fn an_upgrade_under_way_counts_applications_from_its_step_on() {
        let counts = UpgradeCounts { all: 24, upgraded: 5, unchanged: 19, ..UpgradeCounts::default() };
        assert_eq!(at_step(StepName::StopRuns, &counts), "Step 4 of 8: Stop runs");
        assert_eq!(
            at_step(StepName::Upgrade, &counts),
            "Step 6 of 8: Upgrade, 5 of 24 applications upgraded"
        );
    }

    #[test]
    fn a_deletion_by_age_says_what_it_deletes() {
        assert_eq!(delete_old_details(0, 90), "No finished operation of this server is older than 90 days.");
        assert_eq!(
            delete_old_details(1, 1),
            "1 finished operation older than 1 day is deleted, with its report and its backup."
        );
        assert_eq!(
            delete_old_details(7, 90),
            "7 finished operations older than 90 days are deleted, with their reports and backups."
        );
        assert_eq!(kept(12, "18 Nov", None), "12 operations in this browser since 18 Nov.");
    }
}
