//! Upgrading applications: stop, back up, upgrade, restore, in an order that cannot be got wrong.
//!
//! [`UpgradeOperation`] is a fold over the events of its journal: [`UpgradeOperation::apply`]. What to do next
//! follows from that state alone: [`UpgradeOperation::effects`]. Whoever runs it does the [`Effect`]s and brings back
//! [`Event`]s. The stop inside is [`crate::stop`].
//!
//! The runner keeps two promises: before [`Effect::Send`] is carried out, its [`Event::sending`] is in the journal
//! for good; and what [`UpgradeOperation::apply`] calls a change is put into the journal too. The machine keeps
//! these, and `model_check` goes through every order of events to prove that it does:
//!
//! * no application is sent before every run in scope has ended by a reading after the stop, a verified backup has
//!   it as it was checked, and it was read right before without a run and without a change;
//! * no call is sent while an answer about the same thing is in doubt; a doubt is settled by reading back;
//! * at most one application has a request without an answer; those that were answered are verified meanwhile;
//! * an application is on its new version when that was read, and for no other reason;
//! * what was paused and stopped is restored or reported, schedules last, and only what this operation changed;
//! * nothing is started where something runs already.

mod batch;
mod catch_up;
mod commands;
mod counts;
mod course;
mod effects;
mod event;
mod journaled;
mod operation;
mod permits;
mod plan;
mod plugin_moves;
mod plugins;
mod readings;
mod reasons;
mod remainder;
mod requests;
mod resources;
mod risk;
mod scope;
mod snapshot;
mod step_list;
mod steps;
mod timeline;
mod transitions;
mod wire;

#[cfg(test)]
mod command_tests;
#[cfg(test)]
mod event_table;
#[cfg(test)]
pub(crate) mod model;
#[cfg(test)]
mod model_check;
#[cfg(test)]
mod request_tests;
#[cfg(test)]
mod risk_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timeline_tests;

pub use batch::{KnownApplication, LatestOfMany, Versions, is_covered};
pub use catch_up::{CatchUpProgress, CaughtUp, ThroughputSamples, source_counters};
pub use counts::UpgradeCounts;
pub use course::TimeSpan;
pub use effects::{Depth, Effect, UpgradeInFlight};
pub use event::{
    AppEvent, AppIndex, BackupEvent, Call, Command, Created, Event, EventKind, NotSentReason, Part,
    RequestEvent, RestartEvent, RestartIndex, ScheduleIndex,
};
pub use operation::UpgradeOperation;
pub use plan::{
    Eligibility, IneligibleReason, PlannedApp, UpgradeMethod, UpgradePlan, compare_versions, eligibility,
};
pub use plugin_moves::{PluginMove, moved_plugins, plugin_moves};
pub use plugins::{MissingPlugin, PluginInUse, PluginUpgrade, plugins_in_use};
pub use reasons::{BackupFailure, Blocker, DrainFailure, DriftReason, RestartFailure, UnprocessedData};
pub use resources::{AppUpgrade, AppUpgradeState, Restart, RestartState, ScheduleTask, ScheduleTaskState};
pub use risk::{Risk, RiskClass};
pub use scope::{AppInScope, StopRound};
pub use snapshot::{AppSnapshot, EnabledSchedule, RunSummary, TriggeredSchedule};
pub use step_list::{StepName, StepResult, StepState, StepView};
pub use steps::{
    BackupStep, DrainAndRetry, PauseStep, RestoreStep, ReviewStep, Reviewed, RunsEnded, Step, StopStep,
    UpgradeStep, VerifiedBackup,
};
pub use timeline::{AppLane, AppPhase, StepLane, TimelineFold, UpgradeTimeline, UpgradeWait};
