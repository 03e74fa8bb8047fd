//! Upgrading applications: stop, back up, upgrade, put back, in an order that cannot be got wrong.
//!
//! [`UpgradeOperation`] is a fold over the events of its journal: [`UpgradeOperation::apply`]. What to do next
//! follows from that state alone: [`UpgradeOperation::next`]. Whoever runs it does the [`Effect`]s and brings back
//! [`Event`]s. The stop inside is [`crate::stop`].
//!
//! The runner keeps two promises: before [`Effect::Send`] is carried out, its [`Event::sending`] is in the journal
//! for good; and what [`UpgradeOperation::apply`] calls a change is put into the journal too. The machine keeps
//! these, and `search` in its tests goes through every order of things to see that it does:
//!
//! * no application is sent before every run in scope has ended by a reading after the stop, a verified backup has
//!   it as it was checked, and it was read right before without a run and without a change;
//! * no call is sent while an answer about the same thing is in doubt; a doubt is settled by reading back;
//! * at most one application has a request without an answer; those that were answered are verified meanwhile;
//! * an application is on its new version when that was read, and for no other reason;
//! * what was paused and stopped is put back or reported, schedules last, and only what this operation changed;
//! * nothing is started where something runs already.

mod apply;
mod batch;
mod calls;
mod decide;
mod event;
mod guard;
mod look;
mod next;
mod operation;
mod parts;
mod plan;
mod plugins;
mod proof;
mod reads;
mod recover;
mod risk;
mod steps;
mod view;
mod wire;

#[cfg(test)]
pub(crate) mod model;
#[cfg(test)]
mod search;
#[cfg(test)]
mod tests;

pub use batch::{KnownApplication, LatestOfMany, Versions, is_covered};
pub use event::{
    AppEvent, AppIndex, BackupEvent, Call, Command, Created, Event, EventKind, NotSent, Part, RequestEvent,
    RestartEvent, RestartIndex, ScheduleIndex,
};
pub use look::{Look, On, Onward, Seen};
pub use next::{Depth, Effect, Flying};
pub use operation::UpgradeOperation;
pub use parts::{Doubt, Failure, Start, StartState, Switch, SwitchState, Work, WorkState};
pub use plan::{Chosen, Offer, Plan, Way, Why, offer, order};
pub use plugins::{MissingPlugin, Move, Used, by_plugin, used};
pub use recover::{Samples, source_counters};
pub use risk::{Risk, RiskClass};
pub use steps::{
    Away, BackingUp, Check, Checked, Ended, Pause, PuttingBack, Recovery, Remains, Round, Scoped, Step,
    Stopping, Upgrading, Verified,
};
pub use view::{STEPS, StepState, StepView};
