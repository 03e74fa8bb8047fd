//! The upgrade: the list of its steps and what all of them share.

pub mod backup;
mod names;
pub mod pause_schedules;
mod position;
pub mod report;
pub mod restore;
pub mod review;
pub mod select;
pub mod stop_runs;
pub mod upgrade_step;
pub mod wizard;

use super::common::some;
pub use position::step_position;
pub use quiesce_lifecycle::text::upgrade::{step, step_result};
use quiesce_lifecycle::upgrade::{StepName, StepState};

pub const TITLE: &str = "Upgrade applications";
pub const UPGRADE: &str = "Upgrade";
pub const STEPS: &str = "Steps";
pub const SKIPPED: &str = "Skipped";
pub const STEP_NOW: &str = "Current step";
pub const SELECT_ONE: &str = "Select at least one";
pub const NEXT_STEP: &str = "Next";

pub const APPLICATIONS: &str = "Applications";
pub const RUNS: &str = "Runs";
pub const SCHEDULES: &str = "Schedules";
pub const VERSION: &str = "Version";
pub const EXCLUDED: &str = "Excluded";
pub const EXCLUDED_EFFECT: &str = "It is not upgraded. Its runs and schedules are restored.";
pub const VERSION_CHANGE: &str = "Current → target";
pub const CONTINUE: &str = "Continue";
pub const PLUGINS_UNREAD_EFFECT: &str = "The server may lack some of them.";
pub const LOADING_JOURNAL: &str = "Loading the journal…";
pub const REDEPLOYING: &str = "About redeploying";
pub const REDEPLOY_EFFECT: &str = "The server can't upgrade real-time pipelines that use Spark checkpointing or \
    store no state (501). A redeploy keeps the configuration and starts with a new checkpoint directory. Old \
    checkpoints and the write-ahead log are not read again. The first start deletes the old checkpoint directory.";

/// The title of an upgrade, and the button that starts it.
pub fn upgrade_applications(applications: usize) -> String {
    format!("{UPGRADE} {}", some(applications, "application"))
}

pub fn redeploy_on(version: &str) -> String {
    format!("Redeploy on {version}")
}

/// The state of a step, after its name, for screen readers.
pub fn step_state(state: StepState) -> &'static str {
    match state {
        StepState::Done => ", done",
        StepState::PassedOver => ", skipped",
        StepState::Now => "",
        StepState::Locked => ", locked",
    }
}

/// What a step is for.
pub fn purpose(name: StepName) -> &'static str {
    match name {
        StepName::SelectApplications => {
            "Select what to upgrade to the newest artifact on the server. Plugins are updated to their newest \
             matching versions."
        }
        StepName::Review => "Active runs, possible data loss and schedules. Nothing has been changed yet.",
        StepName::PauseSchedules => {
            "Prevents new runs from starting before the upgrade. Schedules resume in step 7."
        }
        StepName::StopRuns => "A run counts as ended only when its run record says so.",
        StepName::BackUp => {
            "One file with every application of every namespace as the server holds it now, and the data that the \
             export omits."
        }
        StepName::Upgrade => {
            "Each application is re-checked immediately before its upgrade request, and counts as upgraded only \
             once it is verified on the new version."
        }
        StepName::Restore => {
            "Stopped runs are started with their own arguments, then paused schedules are resumed."
        }
        StepName::Report => "Requests, events and results of this upgrade.",
    }
}

/// What a locked step waits for.
pub fn waits_for(name: StepName) -> &'static str {
    match name {
        StepName::SelectApplications | StepName::Review => "",
        StepName::PauseSchedules => "Waiting for the review",
        StepName::StopRuns => "Waiting for schedules to be paused",
        StepName::BackUp => "Waiting for every run to end",
        StepName::Upgrade => "Waiting for a verified backup",
        StepName::Restore => "Waiting for the upgrade",
        StepName::Report => "Waiting for the restore",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_lifecycle::upgrade::StepResult;

    #[test]
    fn a_step_says_where_it_is_and_what_it_waits_for() {
        assert_eq!(step_position(StepName::Upgrade), "Step 6 of 8");
        assert_eq!(waits_for(StepName::Upgrade), "Waiting for a verified backup");
        assert_eq!(step_result(&StepResult::RunsEnded(1)), "1 run ended");
    }
}
