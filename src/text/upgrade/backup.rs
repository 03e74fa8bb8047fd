//! The backup of an upgrade.

use crate::text::common::{agree, count, size, some};

pub const BACKUP: &str = "Backup";
pub const ENDED_DETAILS: &str = "Checked in all versions of every program after the last stop.";
pub const NONE_YET: &str = "No backup yet";
pub const CONTENT: &str = "One file, saved on your disk and in this browser. It contains the server's export of every \
    application in every namespace, and what the export omits: schedules with their state, preferences, arguments, \
    artifacts and versions.";
pub const GONE: &str = "This browser no longer has the backup.";
pub const DOWNLOAD_AGAIN: &str = "Download again";
pub const REQUEST: &str = "One download";
pub const REQUESTS: &str = "Requests of this step";
pub const NOT_VERIFIED: &str = "There is no verified backup. ";
pub const NOT_VERIFIED_ADVICE: &str = " Nothing is upgraded without one. Run the backup again.";
pub const CHECK_LATER: &str = " checks a backup file later, in any browser.";

pub const DIGEST_MATCHES: &str = "SHA-256 matches the server's digest";
pub const NO_DIGEST: &str = "The server sent no digest to compare with";
pub const READABLE: &str = "The archive can be read";
pub const SAVED: &str = "Saved";
pub const SAVED_DETAILS: &str = "Downloaded, and stored in this browser until you delete the operation.";
pub const SAVING: &str = "Saving…";
pub const READING: &str = "Reading…";
pub const ANSWERED: &str = "Requests answered";
pub const BYTES_READ: &str = "Bytes read";
pub const SIZE_UNKNOWN: &str = "The server does not report its size.";

pub fn all_ended(time: &str) -> String {
    format!("Every run of these applications had ended at {time}")
}

pub fn complete(records: usize) -> String {
    format!("{} {} complete.", some(records, "application record"), agree(records, "is", "are"))
}

pub fn included(applications: usize) -> String {
    format!(
        "{} included, in the version and configuration of the review",
        some(applications, "selected application")
    )
}

/// Applications that the backup lacks, or contains in another state.
pub fn missing(applications: usize) -> String {
    format!("{} missing or different from the review", some(applications, "application"))
}

pub fn missing_advice(names: &str) -> String {
    format!("{names}. Run the backup again, which re-checks them first, or exclude them.")
}

pub fn rechecking(applications: usize) -> String {
    format!("Re-checking {} first", some(applications, "application"))
}

/// What the export omits, by number of requests.
pub fn reading_omitted(answered: usize, all: usize) -> String {
    format!("Reading data that the export omits: {} of {}", count(answered), some(all, "request"))
}

/// The export, of a size that the server may not tell.
pub fn reading_export(bytes: u64, of: Option<u64>) -> String {
    let of = of.map_or_else(String::new, |of| format!(" of {}", size(of)));
    format!("Reading the export: {}{of}", size(bytes))
}
