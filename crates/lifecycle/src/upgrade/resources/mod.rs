//! How each thing that is changed stands with its request: a schedule, an application, a run that is started again.

mod application;
mod restart;
mod schedule;
mod settling;
#[cfg(test)]
mod tests;

pub use application::{AppUpgrade, AppUpgradeState};
pub use restart::{Restart, RestartState};
pub use schedule::{ScheduleTask, ScheduleTaskState};
