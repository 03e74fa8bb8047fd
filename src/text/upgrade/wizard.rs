//! The frame of the steps of an upgrade: its bar, notices and dialog.

use super::position::step_position;
use crate::text::common::{count, counted};
use quiesce_lifecycle::text::upgrade::step;
use quiesce_lifecycle::upgrade::{Step, StepName};

pub const DONE: &str = "Done";
pub const LEAVE: &str = "Leave, resume later";
pub const ABORT: &str = "Abort upgrade";
pub const PAUSE_SCHEDULES: &str = "Pause schedules";
pub const BACK_UP: &str = "Back up";
pub const RESTORE: &str = "Restore";
pub const EXCLUDE: &str = "Exclude";

pub const STOP_FIRST: &str = "You can back up once these runs have ended.";
pub const READY_TO_UPGRADE: &str =
    "Every run has ended and the backup is verified. Nothing is sent until you start.";

pub const ALREADY_ABORTED: &str = "This upgrade is already aborted.";
pub const COMPLETE: &str = "This upgrade is complete. Upgraded applications can be rolled back.";
pub const ABORT_QUESTION: &str = "Abort this upgrade?";
pub const ABORT_ORDER: &str = "Requests in progress finish first. Then:";
pub const NOTHING_CHANGED: &str = "Nothing has been changed yet.";
pub const KEEP_GOING: &str = "Continue the upgrade";
pub const ABORTED_REPORT: &str = "Runs and schedules are restored as the report shows.";
pub const ABORTED_RESTORE: &str = "Restoring runs and schedules.";
pub const ABORTED_OPEN: &str = "Requests in progress finish first; then runs and schedules are restored.";

pub const NO_PERMISSION: &str = "You don't have permission for some actions. ";
pub const NO_PERMISSION_ADVICE: &str =
    "Each disabled button names what is missing. Once the permission is granted, enable the retry.";
pub const ENABLE_RETRY: &str = "Enable retry";

pub const OTHER_TAB: &str = "Another tab is running this upgrade. ";
pub const OTHER_TAB_EFFECT: &str =
    "You can monitor it here. If you close that tab, you can take over in this one.";
pub const TAB_CLOSED: &str = "The tab that ran this upgrade was closed. ";
pub const TAB_CLOSED_EFFECT: &str = "No requests are sent until you take over. The state of earlier requests is \
    checked first; nothing is sent twice.";
pub const TAKE_OVER: &str = "Take over";
pub const CONTINUE_FIRST: &str = "Another user started this upgrade. Continue it first.";
pub const TAKE_OVER_FIRST: &str = "Take over in this tab first.";
pub const CANNOT_CONTINUE: &str = "Quiesce can't continue this upgrade: ";
pub const CANNOT_CONTINUE_ADVICE: &str =
    "Requests already sent are not affected; no more are sent. Fix browser storage, then reload.";
pub const UNKNOWN_ENTRIES_EFFECT: &str = "They are kept and included in the report.";

/// Why a step that can be left is done, and what comes next.
pub fn next(step: &Step) -> &'static str {
    match step {
        Step::Review(_) => "Every application is checked. Next: pause schedules.",
        Step::PauseSchedules(_) => "No schedule starts runs now. Next: stop runs.",
        Step::StopRuns(_) => "Every run has ended according to its run record. Next: back up.",
        Step::BackUp(_) => "The backup is verified. Next: upgrade, which the server can't undo.",
        Step::Upgrade(_) => "Every upgrade has finished. Next: restore runs and schedules.",
        Step::Restore(_) | Step::Report(_) => "Runs and schedules are restored. Next: report.",
    }
}

pub fn step_reached(name: StepName) -> String {
    format!("{}, {}", step_position(name), step(name))
}

pub fn step_done(name: StepName) -> String {
    format!("{} is done. Continue.", step(name))
}

/// How many applications wait for a decision about their redeploy.
pub fn undecided(applications: usize) -> String {
    let wait = counted(applications, "application waits", "applications wait");
    format!("{wait} for your decision: drain and retry, redeploy without draining, or exclude.")
}

/// What an abort does with schedules that are paused.
pub fn abort_schedules(paused: usize) -> String {
    counted(paused, "paused schedule is resumed.", "paused schedules are resumed.")
}

/// What an abort does with runs that are stopped.
pub fn abort_runs(stopped: usize) -> String {
    let runs = counted(
        stopped,
        "stopped run is started again, with the same arguments, once it has ended.",
        "stopped runs are started again, with the same arguments, once they have ended.",
    );
    format!("{runs} A stop cannot be undone.")
}

/// What an abort does not change.
pub fn abort_upgraded(upgraded: usize) -> String {
    let applications = counted(upgraded, "application stays upgraded.", "applications stay upgraded.");
    format!("{applications} You can roll back from the report.")
}

pub fn aborted_at(time: &str) -> String {
    format!("Aborted at {time}. ")
}

pub fn unknown_entries(entries: usize) -> String {
    let entries = counted(entries, "journal entry was", "journal entries were");
    format!("{entries} written by another version of the console. ")
}

pub fn requests(requests: usize) -> String {
    format!("Requests of this step, {}", count(requests))
}

pub fn more_requests(requests: usize) -> String {
    format!("And {} more like these.", count(requests))
}

/// A button in a row, and what it applies to.
pub fn action_on(action: &str, name: &str) -> String {
    format!("{action} {name}")
}

/// The current and the target version of an application.
pub fn versions(from: &str, to: &str) -> String {
    format!("{from} → {to}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abort_says_what_it_does_with_each_object() {
        assert_eq!(abort_schedules(1), "1 paused schedule is resumed.");
        assert_eq!(abort_upgraded(2), "2 applications stay upgraded. You can roll back from the report.");
        assert!(abort_runs(1).starts_with("1 stopped run is started again"));
    }
}
