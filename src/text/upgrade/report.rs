//! The report of an upgrade, and its rollback.

use crate::text::common::{count, size, some};
use quiesce_lifecycle::backup::Summary;
use quiesce_lifecycle::report::{Application, Report};

pub const FROM_TO: &str = "From → to";
pub const RESULT: &str = "Result";
pub const VERSIONS: &str = "Versions";
pub const BEFORE_STOP: &str = "Before the stop";
pub const AFTER_STOP: &str = "Stop, unprocessed data";
pub const RESTORE: &str = "Restore";
pub const ATTENTION: &str = "Needs attention";

pub const DOWNLOAD: &str = "Download report";
pub const DOWNLOAD_SCRIPT: &str = "Download shell script";
pub const COPY_SCRIPT: &str = "Copy shell script";
pub const ROLL_BACK: &str = "Roll back";
pub const ROLL_BACK_ALL: &str = "Roll back all";
pub const ROLL_BACK_DETAILS: &str =
    "deploys the configuration from the backup on the old version, and verifies it";
pub const ROLL_BACK_LIMITS: &str = "An application with active runs is not rolled back: stop its runs, then retry. A \
    rollback does not undo what the new version has processed.";
pub const OTHER_VERSION_DETAILS: &str = "They are included verbatim in the downloaded report.";

/// The number of applications that can be rolled back, after the name of a button.
pub fn upgraded(applications: usize) -> String {
    format!("{} upgraded", count(applications))
}

pub fn change(application: &Application) -> String {
    let way = if application.way == "upgrade" { "" } else { " by redeploy" };
    format!("{} → {}{way}", application.from, application.to)
}

pub fn program(program: &str, superseded: bool) -> String {
    format!("{program}{}", if superseded { ", of a superseded version" } else { "" })
}

/// Times, server, users, requests and backup.
pub fn facts(report: &Report, began: &str, last: &str, by: Option<String>) -> String {
    let by = by.map_or_else(String::new, |by| format!(", {by}"));
    let requests = some(report.calls.len(), "request");
    let backup = report.backup.as_ref().map(backup).unwrap_or_default();
    format!("{began} to {last}, on {}{by}. {requests} sent. {backup}", report.server)
}

fn backup(backup: &Summary) -> String {
    format!("Backup: {}, {}, SHA-256 of the export {}.", backup.file, size(backup.bytes), backup.sha256)
}

pub fn other_version(entries: usize) -> String {
    format!("{} from another version of the console", some(entries, "journal entry"))
}

pub fn timeline(entries: usize) -> String {
    format!("Timeline, {}", some(entries, "line"))
}

pub fn requests(shown: usize, all: usize) -> String {
    format!("Requests, {} of {}", count(shown), count(all))
}
