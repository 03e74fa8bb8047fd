//! How each thing that is changed stands with its request: a schedule, an application, a run that is started again.

mod application;
mod restart;
mod schedule;

pub use application::{AppUpgrade, AppUpgradeState};
pub use restart::{Restart, RestartState};
pub use schedule::{ScheduleTask, ScheduleTaskState};

pub(super) use crate::operation::has_passed;

/// How long after a request a run without a sign of it counts as not changed by it, in milliseconds.
const SETTLES: i64 = 15_000;
