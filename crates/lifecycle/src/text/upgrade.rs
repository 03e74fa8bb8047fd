//! Sentences and labels of an upgrade that the page and the report share.

use super::error::answer;
use super::verdict;
use crate::plural::{counted as count_of, plural};
use crate::upgrade::{
    AppPhase, BackupFailure, Blocker, DrainFailure, DriftReason, IneligibleReason, MissingPlugin,
    RestartFailure, Risk, RiskClass, StepName, StepResult, UnprocessedData, UpgradeWait,
};

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

/// What a step that is done has achieved.
pub fn step_result(result: &StepResult) -> String {
    match result {
        StepResult::Selected(applications) => format!("{applications} selected"),
        StepResult::Reviewed { excluded: 0 } => "All checked".to_owned(),
        StepResult::Reviewed { excluded } => format!("{excluded} excluded"),
        StepResult::Paused(schedules) => format!("{schedules} paused"),
        StepResult::RunsEnded(runs) => format!("{} ended", plural(*runs, "run")),
        StepResult::BackedUp(file) => format!("{file}, verified"),
        StepResult::Upgraded { upgraded, others } => format!("{upgraded} upgraded, {others} not upgraded"),
    }
}

/// Whom or what an upgrade waited for: the head of a column.
pub fn wait(wait: UpgradeWait) -> &'static str {
    match wait {
        UpgradeWait::Operator => "Operator",
        UpgradeWait::Server => "Server",
        UpgradeWait::Runs => "Runs",
        UpgradeWait::Console => "Console closed",
    }
}

/// A phase of an application: the head of a column.
pub fn phase(phase: AppPhase) -> &'static str {
    match phase {
        AppPhase::Queued => "Queued",
        AppPhase::Requested => "Response",
        AppPhase::Verifying => "Verification",
        AppPhase::Draining => "Draining",
        AppPhase::Undecided => "Decision",
    }
}

/// Why no backup was made, or why it is not saved.
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

/// Why the operation can't continue.
pub fn blocker(blocker: &Blocker) -> String {
    match blocker {
        Blocker::Aborted => "The upgrade was aborted. Requests in progress finish first.".to_owned(),
        Blocker::NothingInScope => {
            "Every application is excluded. Abort the upgrade to restore what was changed.".to_owned()
        }
        Blocker::Unread(count) => {
            format!("{} not checked yet.", count_of(*count, "application is", "applications are"))
        }
        Blocker::Unacknowledged(count) => format!("Acknowledge {} to continue.", plural(*count, "risk")),
        Blocker::NotPaused(count) => {
            format!("{} not paused.", count_of(*count, "schedule is", "schedules are"))
        }
        Blocker::RunsNotEnded => "Runs are still active, or their logs are not read yet.".to_owned(),
        Blocker::ActiveRuns(count) => format!("{} still active.", count_of(*count, "run is", "runs are")),
        Blocker::NotReread(count) => {
            format!("{} not checked again yet.", count_of(*count, "application is", "applications are"))
        }
        Blocker::NoBackup => "No backup was made yet.".to_owned(),
        Blocker::BackupFailed(failure) => backup_failure(failure),
        Blocker::NotInBackup(count) => {
            format!(
                "{} not in the backup as reviewed.",
                count_of(*count, "application is", "applications are")
            )
        }
        Blocker::BackupNotSaved => "The backup is not saved yet.".to_owned(),
        Blocker::Draining => "An application is draining unprocessed data.".to_owned(),
        Blocker::NotUpgraded(count) => {
            format!("{} not finished.", count_of(*count, "application is", "applications are"))
        }
        Blocker::NotRestored(count) => {
            format!("{} not restored.", count_of(*count, "run or schedule is", "runs and schedules are"))
        }
        Blocker::Complete => "This upgrade is complete.".to_owned(),
    }
}

/// The section of the documents about what can be selected.
pub const SELECTION_SECTION: &str = "upgrade#what-can-be-selected";
/// The section of the documents about missing plugins.
pub const MISSING_PLUGINS_SECTION: &str = "upgrade#missing-plugins";
/// The section of the documents about pipelines that can only be redeployed.
pub const REDEPLOY_SECTION: &str = "upgrade#a-real-time-pipeline-with-spark-checkpointing";

/// Why an application can't be selected.
pub fn ineligible(reason: IneligibleReason) -> &'static str {
    match reason {
        IneligibleReason::NotAPipeline => "Not a pipeline: the server can't upgrade this application (501).",
        IneligibleReason::NoArtifact => "The server has no version of its artifact in the selected scopes.",
    }
}

/// A plugin that the server can't find for the target version.
pub fn missing_plugin(missing: &MissingPlugin) -> String {
    let MissingPlugin { plugin, artifact, incompatible } = missing;
    let of = match (artifact.name.as_str(), artifact.version.as_str()) {
        ("", _) => format!("type {}", plugin.kind),
        (name, "") => name.to_owned(),
        (name, version) => format!("{name} {version}"),
    };
    let problem = if *incompatible { "does not fit the target version" } else { "is not on the server" };
    format!("Plugin {} of {of} {problem}", plugin.name)
}

/// What is acknowledged with a risk, with the number that it concerns.
pub fn risk(risk: &Risk) -> String {
    let (noun, what) = match risk.class {
        RiskClass::MayLose => ("run", "may lose data"),
        RiskClass::CannotTell => ("run", "may lose data; it can't be ruled out yet"),
        RiskClass::InterruptsWork => ("run", "interrupted"),
        RiskClass::SetsOff => ("schedule", "outside this upgrade may be triggered by a stopped run"),
        RiskClass::Changed => ("application", "changed by another user since the list was loaded"),
        RiskClass::Newest => ("application", "already on the newest artifact, upgraded again"),
        RiskClass::MissingPlugin => (
            "application",
            "with a missing plugin, which the server refuses to upgrade unless the plugin is added first",
        ),
    };
    match risk.reason {
        Some(reason) => format!("{} {what}: {}", plural(risk.count, noun), verdict::reason(reason)),
        None => format!("{} {what}", plural(risk.count, noun)),
    }
}

/// What may be left of an application, as the operator acknowledges it before a redeploy.
pub fn unprocessed_data(data: &UnprocessedData) -> String {
    match data {
        UnprocessedData::None => "No unprocessed data remains for its old version.".to_owned(),
        UnprocessedData::NotRead => "The application was not checked.".to_owned(),
        UnprocessedData::NotStoppedHere => {
            "This upgrade did not stop it, so unprocessed data can't be ruled out. The first start of the new \
             version deletes it."
                .to_owned()
        }
        UnprocessedData::NotEnded => "Its run has not ended.".to_owned(),
        UnprocessedData::Possible(worst) => match worst.reasons.first() {
            Some(reason) => {
                let reason = verdict::reason_with_evidence(reason);
                format!("{}. {}.", verdict::label(worst.verdict), reason.trim_end_matches('.'))
            }
            None => format!("{}.", verdict::label(worst.verdict)),
        },
    }
}

/// Why an application was left alone.
pub fn drift(reason: &DriftReason) -> String {
    match reason {
        DriftReason::NewVersion(version) => {
            format!("It was changed since the review: its latest version is {version}.")
        }
        DriftReason::ActiveRun(run, status) => format!("Run {run} started since the review and is {status}."),
        DriftReason::Unreadable(error) => format!("It could not be read. {}", answer(error)),
    }
}

/// Why a run was not started again, or does not run.
pub fn restart_failure(failure: &RestartFailure) -> String {
    match failure {
        RestartFailure::Ended(run, status) => format!("Run {run} ended as {status}."),
        RestartFailure::NotRunning(run, status) => {
            format!("Run {run} has been {status} for more than 10 minutes.")
        }
        RestartFailure::Refused(error) => answer(error),
        RestartFailure::NoNewRun(Some(error)) => format!("{} No new run was found.", answer(error)),
        RestartFailure::NoNewRun(None) => {
            "The server accepted the start, but no new run was found.".to_owned()
        }
        RestartFailure::Unreadable(error) => format!("Its run can't be read. {}", answer(error)),
    }
}

/// Why draining an application failed.
pub fn drain_failure(failure: &DrainFailure) -> String {
    match failure {
        DrainFailure::Restart(failure) => restart_failure(failure),
        DrainFailure::Completed(run) => format!("Run {run} completed on its own."),
        DrainFailure::AlreadyActive(run) => format!("Run {run} started since the review."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::Problem;
    use crate::text::guide::{follows_the_guide, is_a_label};
    use crate::verdict::ReasonKind;
    use quiesce_api::run::RunStatus;
    use quiesce_api::{Error, RunId, TransportError};

    #[test]
    fn reasons_of_the_selection_have_sections_in_the_served_documents() {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        let site = quiesce_docs::Site::read(&docs).unwrap();
        for section in [SELECTION_SECTION, MISSING_PLUGINS_SECTION, REDEPLOY_SECTION] {
            assert!(site.has_section(section), "{section}");
        }
    }

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

    #[test]
    fn blockers_follow_the_writing_guide() {
        for blocked in [
            Blocker::Aborted,
            Blocker::NothingInScope,
            Blocker::Unread(1),
            Blocker::Unacknowledged(2),
            Blocker::NotPaused(1),
            Blocker::RunsNotEnded,
            Blocker::ActiveRuns(1),
            Blocker::NotReread(2),
            Blocker::NoBackup,
            Blocker::NotInBackup(1),
            Blocker::BackupNotSaved,
            Blocker::Draining,
            Blocker::NotUpgraded(1),
            Blocker::NotRestored(2),
            Blocker::Complete,
        ] {
            follows_the_guide(&blocker(&blocked));
        }
        assert_eq!(blocker(&Blocker::Unread(1)), "1 application is not checked yet.");
        assert_eq!(blocker(&Blocker::NotRestored(2)), "2 runs and schedules are not restored.");
    }

    #[test]
    fn failures_of_applications_and_runs_follow_the_writing_guide() {
        let (run, status) = (RunId::from("ac1c9c57"), RunStatus::Failed);
        for reason in [
            DriftReason::NewVersion("v2".into()),
            DriftReason::ActiveRun(run.clone(), RunStatus::Running),
            DriftReason::Unreadable(lost()),
        ] {
            follows_the_guide(&drift(&reason));
        }
        for failure in [
            RestartFailure::Ended(run.clone(), status.clone()),
            RestartFailure::NotRunning(run.clone(), RunStatus::Pending),
            RestartFailure::Refused(lost()),
            RestartFailure::NoNewRun(Some(lost())),
            RestartFailure::NoNewRun(None),
            RestartFailure::Unreadable(lost()),
        ] {
            follows_the_guide(&drain_failure(&DrainFailure::Restart(failure)));
        }
        follows_the_guide(&drain_failure(&DrainFailure::Completed(run.clone())));
        follows_the_guide(&drain_failure(&DrainFailure::AlreadyActive(run)));
        for data in [UnprocessedData::None, UnprocessedData::NotRead, UnprocessedData::NotStoppedHere] {
            follows_the_guide(&unprocessed_data(&data));
        }
    }

    #[test]
    fn a_risk_names_its_number_and_its_first_reason_where_data_may_be_lost() {
        let of = |class, count, reason| risk(&Risk { class, count, reason });
        assert_eq!(of(RiskClass::InterruptsWork, 1, None), "1 run interrupted");
        let triggered = "2 schedules outside this upgrade may be triggered by a stopped run";
        assert_eq!(of(RiskClass::SetsOff, 2, None), triggered);
        let label = of(RiskClass::MayLose, 3, Some(ReasonKind::SettingsUnread));
        assert!(label.starts_with("3 runs may lose data: "), "{label}");
        for class in RiskClass::ALL {
            is_a_label(&of(class, 1, None));
        }
    }
}
