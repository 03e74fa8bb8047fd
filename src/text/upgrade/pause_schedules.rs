//! The schedules that an upgrade pauses and resumes.

use super::names::with_names;
use crate::text::common::{count, some};
use quiesce_api::ApplicationId;

pub const SCHEDULE: &str = "Schedule";
pub const NONE: &str = "No active schedules";
pub const NONE_EFFECT: &str = "Nothing to pause, and nothing to resume later.";
pub const PAUSED: &str = "Paused schedules";
pub const PAUSE_REQUEST: &str = "Pause a schedule";
pub const LEAVE_PAUSED: &str = "Leave paused";
pub const ACTIVE: &str = "Active";
pub const RESUMED: &str = "Resumed";
pub const APPLICATION_EXCLUDED: &str = " Its application is excluded.";

pub fn paused(paused: usize, all: usize) -> String {
    format!("{} of {} paused", count(paused), some(all, "schedule"))
}

/// The applications whose runs trigger a schedule, after its state; empty if the time does.
pub fn triggered_by(applications: &[ApplicationId]) -> String {
    with_names(String::new(), " Triggered by ", applications)
}
