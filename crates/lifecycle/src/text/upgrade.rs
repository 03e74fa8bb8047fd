//! Sentences and labels of an upgrade that the page and the report share.

use super::error::answer;
use crate::upgrade::{BackupFailure, StepName};

/// The name of a step, which is also the line of the report when it begins.
pub fn step(name: StepName) -> &'static str {
    match name {
        StepName::SelectApplications => "Select applications",
        StepName::Review => "Review",
        StepName::PauseSchedules => "Pause schedules",
        StepName::StopRuns => "Stop runs",
        StepName::BackUp => "Back up",
        StepName::Upgrade => "Upgrade",
        StepName::Restore => "Restore",
        StepName::Report => "Report",
    }
}

/// Why there is no backup, or why it is not saved.
pub fn backup_failure(failure: &BackupFailure) -> String {
    match failure {
        BackupFailure::ExportUnread(error) => format!("The export could not be read. {}", answer(error)),
        BackupFailure::ExportInvalid(problem) => format!("The export is not a valid backup: {problem}."),
        BackupFailure::ExtraCut(file) => format!("Data that the export omits was cut off ({file})."),
        BackupFailure::ExtraUnread(file, error) => {
            format!("Data that the export omits could not be read ({file}). {}", answer(error))
        }
        BackupFailure::PageClosed => "The page was closed before the backup was saved.".to_owned(),
        BackupFailure::NotStored(message) => {
            format!("The backup could not be saved: {message}. Free browser storage first.")
        }
        BackupFailure::Recorded(sentence) => sentence.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::Problem;
    use crate::text::guide::{follows_the_guide, is_a_label};
    use quiesce_api::{Error, TransportError};

    fn lost() -> Error {
        TransportError::TimedOut(10).into()
    }

    #[test]
    fn steps_follow_the_writing_guide() {
        StepName::ALL.map(step).into_iter().for_each(is_a_label);
    }

    #[test]
    fn failures_of_a_backup_follow_the_writing_guide() {
        for failure in [
            BackupFailure::ExportUnread(lost()),
            BackupFailure::ExportInvalid(Problem::NoArchive),
            BackupFailure::ExportInvalid(Problem::TooLarge),
            BackupFailure::ExportInvalid(Problem::File("default/a.json".to_owned())),
            BackupFailure::ExportInvalid(Problem::Digest { here: "a".to_owned(), server: "b".to_owned() }),
            BackupFailure::ExportInvalid(Problem::Record {
                file: "default/a.json".to_owned(),
                message: "it is the record of b".to_owned(),
            }),
            BackupFailure::ExportInvalid(Problem::Missing("export.zip".to_owned())),
            BackupFailure::ExportInvalid(Problem::Changed("export.zip".to_owned())),
            BackupFailure::ExtraCut("artifacts.json".to_owned()),
            BackupFailure::ExtraUnread("artifacts.json".to_owned(), lost()),
            BackupFailure::PageClosed,
            BackupFailure::NotStored("QuotaExceededError".to_owned()),
        ] {
            follows_the_guide(&backup_failure(&failure));
        }
    }
}
