//! How each thing that is changed stands with its call: a schedule, an application, a run that is started again.

mod application;
mod doubt;
mod restart;
mod schedule;

pub use application::{AppUpgrade, AppUpgradeFailure, AppUpgradeState};
pub use doubt::Doubt;
pub(super) use doubt::has_passed;
pub use restart::{Restart, RestartState};
pub use schedule::{ScheduleTask, ScheduleTaskState};
