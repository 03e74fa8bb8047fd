//! The versions of an application: their list, their differences, and the restore of one.

use super::common::{agree, some};
use quiesce_api::Error;
use quiesce_lifecycle::version_restore::RestoreResult;

pub const TITLE: &str = "Versions";
pub const VERSION: &str = "Version";
pub const CREATED: &str = "Created";
pub const AUTHOR: &str = "Author";
pub const SUMMARY: &str = "Change summary";
pub const LATEST: &str = "latest";
pub const UNKNOWN: &str = "–";
pub const COMPARE: &str = "Compare";
pub const RESTORE: &str = "Restore…";
const COPY_ID: &str = "Copy version ID";
pub const ONLY_ONE: &str = "This is its only version.";
pub const FIRST: &str = "First version";
pub const SECOND: &str = "Second version";
pub const COMPARISON: &str = "Comparison of two versions";
pub const DIFFERENCES: &str = "Differences";
pub const CLOSE: &str = "Close comparison";
pub const SETTING: &str = "Setting";
pub const ADDED: &str = "Added";
pub const REMOVED: &str = "Removed";
pub const CHANGED: &str = "Changed";
pub const DIFFERENCE: &str = "Difference";
pub const SAME: &str = "Both have the same artifact and configuration.";
pub const ARTIFACT: &str = "artifact";
pub const DESCRIPTION: &str = "description";
pub const WHOLE: &str = "configuration";
pub const REQUEST: &str = "One deployment";
pub const RESTORE_REQUEST: &str = "Restore version";
pub const RESTORING: &str = "The deployment is being sent.";
pub const READING_VERSION: &str = "The version is being read.";
pub const NOT_JSON: &str =
    "The configuration of this version is not JSON, so it can't be deployed unchanged.";
pub const NOT_READ: &str = "The version could not be read.";
pub const ACTIVITY_UNKNOWN: &str = "It is unknown whether runs are active: not all records could be read.";
pub const CHECKPOINTS: &str =
    "A new version of a real-time pipeline starts without the checkpoints of the version before. ";
pub const DRAIN_FIRST: &str = "Stop it until it is drained first, or unprocessed data may be lost.";

/// The first characters of a version ID, which tell it from others. `-SNAPSHOT`, the version of older servers, stays whole.
pub fn short(version: &str) -> &str {
    if version.len() < 16 { version } else { version.get(..8).unwrap_or(version) }
}

pub fn copy_id(version: &str) -> String {
    format!("{COPY_ID} {}", short(version))
}

pub fn compare(version: &str) -> String {
    format!("{COMPARE} {}", short(version))
}

pub fn restore(version: &str) -> String {
    format!("{RESTORE} {}", short(version))
}

pub fn show_all(versions: usize) -> String {
    format!("Show all {}", some(versions, "version"))
}

pub fn differences(differences: usize) -> String {
    some(differences, "difference")
}

pub fn question(version: &str) -> String {
    format!("Restore version {}?", short(version))
}

/// The consequence of a restore.
pub fn consequence(application: &str, artifact: &str, version: &str) -> String {
    format!(
        "{application} gets a new version with the artifact {artifact} and the configuration of {}. The next start and \
         its schedules use it; schedules stay as they are.",
        short(version)
    )
}

pub fn from_latest(differences: usize) -> String {
    format!("It differs from the latest version in {}.", some(differences, "place"))
}

pub fn active_runs(active: usize) -> String {
    let (are, they) = (agree(active, "is", "are"), agree(active, "It continues", "They continue"));
    let their = agree(active, "the version that it started with", "the version that they started with");
    format!("{} {are} active. {they} with {their}, which becomes a superseded version.", some(active, "run"))
}

/// The change summary of the new version.
pub fn reason(version: &str) -> String {
    format!("Restore version {version}")
}

/// What became of a restore: a headline, and the rest.
pub fn result(version: &str, result: &RestoreResult) -> (String, String) {
    let restored = short(version);
    match result {
        RestoreResult::Refused(_) => (format!("Version {restored} was not restored."), String::new()),
        RestoreResult::Restored(new) => (
            format!("Version {restored} was restored as {}.", short(new.as_str())),
            "It is the latest version, with the same artifact and configuration.".to_owned(),
        ),
        RestoreResult::Different { version, artifact, differences } => {
            let artifact = if *artifact { "Its artifact is a different one, and its" } else { "Its" };
            (
                format!("The new version {} is not what was restored.", short(version.as_str())),
                format!("{artifact} configuration has {}. Compare them.", some(*differences, "difference")),
            )
        }
        RestoreResult::Superseded { created, latest } => {
            let created = match created {
                Some(created) => format!("The server created version {}. ", short(created.as_str())),
                None => "The server did not say which version it created. ".to_owned(),
            };
            (
                format!("The latest version is {}, by another change.", short(latest.as_str())),
                format!("{created}Compare them before you restore again."),
            )
        }
        RestoreResult::NoAnswer(_) => (
            "No response, and the latest version is the same as before.".to_owned(),
            "The deployment may still arrive. Refresh before you restore again.".to_owned(),
        ),
        RestoreResult::Unverified(created, _) => (
            match created {
                Some(created) => format!("The server created version {}.", short(created.as_str())),
                None => "The restore may have succeeded.".to_owned(),
            },
            "The latest version could not be read. Refresh to check it.".to_owned(),
        ),
    }
}

/// The error that a result has.
pub fn error(result: &RestoreResult) -> Option<&Error> {
    match result {
        RestoreResult::Refused(error)
        | RestoreResult::NoAnswer(error)
        | RestoreResult::Unverified(_, error) => Some(error),
        _ => None,
    }
}

pub fn unreadable(unreadable: usize) -> String {
    format!(
        "{} could not be read and {} not listed.",
        some(unreadable, "record"),
        agree(unreadable, "is", "are")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_and_a_snapshot_stays_whole() {
        assert_eq!(short("a3cc002d-e70e-11f1-a8f9-02fc00000001"), "a3cc002d");
        assert_eq!(copy_id("a3cc002d-e70e-11f1-a8f9-02fc00000001"), "Copy version ID a3cc002d");
        assert_eq!(short("-SNAPSHOT"), "-SNAPSHOT");
    }
}
