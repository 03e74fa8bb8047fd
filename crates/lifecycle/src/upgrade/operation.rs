//! The state of an upgrade, and what it does automatically.

use super::plan::{PlannedApp, UpgradePlan};
use super::resources::{AppUpgrade, Restart, ScheduleTask};
use super::scope::{AppInScope, StopRound};
use super::steps::{ReviewStep, Step};
use crate::backup::insert;
use crate::operation::{Connectivity, Delivery};
use crate::stop::StopOperation;
use quiesce_api::Timestamp;

/// An upgrade, from the choice on: a fold over the events of its journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpgradeOperation {
    /// What was chosen.
    pub plan: UpgradePlan,
    /// When the operator confirmed the choice, by the browser's clock.
    pub begun: Timestamp,
    /// What is known of each chosen application, by its place.
    pub applications: Vec<AppInScope>,
    /// The schedules of the chosen applications that were on: what is paused and resumed.
    pub schedules: Vec<ScheduleTask>,
    /// The stops of this upgrade, in order.
    pub stop_rounds: Vec<StopRound>,
    /// The step that it is in, with what that step knows.
    pub step: Step,
    /// When the operator gave it up; what is under way is still settled.
    pub aborted: Option<Timestamp>,
    /// Whether the server can be reached. Not kept in the journal.
    pub connectivity: Connectivity,
}

impl UpgradeOperation {
    /// The state right after the operator confirmed the choice. Its applications are sorted, as [`Self::index_of`] needs.
    pub fn new(mut plan: UpgradePlan, begun: Timestamp) -> Self {
        let mut sorted: Vec<PlannedApp> = Vec::with_capacity(plan.applications.len());
        for chosen in plan.applications {
            insert(&mut sorted, chosen, |one, other| one.cmp_id(&other.namespace, &other.application));
        }
        plan.applications = sorted;
        let applications = vec![AppInScope::default(); plan.applications.len()];
        Self {
            plan,
            begun,
            applications,
            schedules: Vec::new(),
            stop_rounds: Vec::new(),
            step: Step::Review(ReviewStep::default()),
            aborted: None,
            connectivity: Connectivity::default(),
        }
    }

    /// The stop that is under way.
    pub fn current_stop(&self) -> Option<&StopOperation> {
        match &self.step {
            Step::Upgrade(step) if step.drain.is_some() => step.drain.as_ref()?.stop.as_ref(),
            _ => self.stop_rounds.last().map(|round| &round.stop),
        }
    }

    pub(super) fn current_stop_mut(&mut self) -> Option<&mut StopOperation> {
        match &mut self.step {
            Step::Upgrade(step) if step.drain.is_some() => step.drain.as_mut()?.stop.as_mut(),
            _ => self.stop_rounds.last_mut().map(|round| &mut round.stop),
        }
    }

    /// Whether a call of this operation is under way or in doubt.
    pub fn has_open_requests(&self) -> bool {
        let stops = self.stop_rounds.iter().map(|round| &round.stop).chain(self.current_stop());
        let mut calls = stops.flat_map(|stop| stop.calls.values());
        calls.any(|call| call.answer.is_none()) || self.deliveries().any(Delivery::is_open)
    }

    /// The requests of this operation, except for its stops: the last one for each thing that is changed.
    pub(super) fn deliveries(&self) -> impl Iterator<Item = &Delivery> {
        let step = self.upgrade_step();
        let applications = step.into_iter().flat_map(|step| &step.apps).filter_map(AppUpgrade::delivery);
        let drained = step.and_then(|step| step.drain.as_ref()).map(|drain| &drain.restart);
        let restarts = self.restarts().iter().chain(drained).filter_map(Restart::delivery);
        self.schedules.iter().filter_map(ScheduleTask::delivery).chain(applications).chain(restarts)
    }

    /// Settles what a change makes possible automatically: the end of a drain, the end of an abort.
    pub(super) fn settle(&mut self) {
        self.settle_drain();
        let Some(at) = self.aborted else { return };
        if !self.has_open_requests() && !matches!(self.step, Step::Restore(_) | Step::Report(_)) {
            self.enter_restore(at, true);
        }
        if matches!(&self.step, Step::Restore(step) if step.begun) {
            self.advance(at);
        }
    }
}
