//! The review of an upgrade.

use super::names::with_names;
use crate::text::common::{count, some};
use quiesce_api::artifact::Artifact;
use quiesce_lifecycle::upgrade::{EnabledSchedule, TriggeredSchedule};

/// Before the workflow run with which a run ends.
pub const ENDS_WITH: &str = "Ends with workflow run ";
pub const CHECKED_APPLICATIONS: &str = "Applications checked";
pub const RISKS: &str = "Risks";
pub const RISKS_NONE: &str = "none found";
pub const RISKS_ADVICE: &str = "acknowledge each, or exclude its applications";
pub const NO_RISKS: &str = "No risks to acknowledge";
pub const NO_RISKS_DETAILS: &str = "No known data loss, and no changes by other users.";
pub const UNREAD_PLUGINS: &str = "Plugins could not be read";
pub const NOT_CHECKED: &str = "Not checked";
pub const CHECKING: &str = "Checking…";
pub const NO_ACTIVE_RUNS: &str = "No active runs";
pub const NO_ACTIVE_SCHEDULES: &str = "No active schedules";
const NOT_INCLUDED: &str = ", which is not in this upgrade";

pub fn active(runs: usize, schedules: usize) -> String {
    format!("{}, {}", some(runs, "active run"), some(schedules, "active schedule"))
}

pub fn checked(checked: usize, all: usize) -> String {
    format!("{} of {} checked", count(checked), some(all, "application"))
}

/// An application with another version or artifact than when it was selected; the ID of the version follows.
pub fn changed(artifact: &Artifact) -> String {
    format!("Another user changed it since it was selected: now {artifact}, version")
}

/// What a schedule starts, and the applications that trigger it.
pub fn schedule(EnabledSchedule { name, program, after }: &EnabledSchedule) -> String {
    with_names(format!("{name} starts {program}"), " after runs of ", after)
}

/// A schedule that runs of an application trigger; `elsewhere`: in another namespace.
pub fn triggers(triggered: &TriggeredSchedule, elsewhere: bool, included: bool) -> String {
    let TriggeredSchedule { namespace, application, schedule, .. } = triggered;
    let mut text = format!("Triggers {schedule} of {application}");
    if elsewhere {
        text.push_str(" in ");
        text.push_str(namespace.as_str());
    } else if !included {
        text.push_str(NOT_INCLUDED);
    }
    text
}
