//! The state of an upgrade, and what it does automatically.

use super::plan::{PlannedApp, UpgradePlan};
use super::reasons::DrainFailure;
use super::resources::{AppUpgrade, AppUpgradeState, Restart, RestartState, ScheduleTask};
use super::snapshot::AppSnapshot;
use super::steps::{AppInScope, RestoreStep, ReviewStep, Step, StopRound, UpgradeStep};
use crate::backup::insert;
use crate::grace::Grace;
use crate::operation::{Connectivity, Delivery};
use crate::stop::{Drift, StopOperation, StopPlan, Target};
use quiesce_api::{ApplicationId, Timestamp};
use std::collections::BTreeSet;

/// An upgrade, from the choice on: a fold over the events of its journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpgradeOperation {
    /// What was chosen.
    pub plan: UpgradePlan,
    /// The time.
    pub begun: Timestamp,
    /// What is known of each chosen application, by its place.
    pub applications: Vec<AppInScope>,
    /// The schedules of the chosen applications that were on: what is paused and resumed.
    pub schedules: Vec<ScheduleTask>,
    /// The stops of this upgrade, in order.
    pub stop_rounds: Vec<StopRound>,
    /// The namespace.
    pub step: Step,
    /// When the operator gave it up; what is under way is still settled.
    pub aborted: Option<Timestamp>,
    /// Whether the server can be reached. Not kept in the journal.
    pub connectivity: Connectivity,
}

impl UpgradeOperation {
    /// The state right after the operator chose. Places count in the order of the applications' names.
    pub fn new(mut plan: UpgradePlan, begun: Timestamp) -> Self {
        let mut sorted: Vec<PlannedApp> = Vec::with_capacity(plan.applications.len());
        for chosen in plan.applications {
            insert(&mut sorted, chosen, |one, other| one.application.cmp(&other.application));
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

    /// The applications that are not excluded, with their places.
    pub fn in_scope(&self) -> impl Iterator<Item = (usize, &PlannedApp, &AppInScope)> {
        let all = self.plan.applications.iter().zip(&self.applications).enumerate();
        all.filter(|(_, (_, scoped))| scoped.excluded.is_none())
            .map(|(at, (chosen, scoped))| (at, chosen, scoped))
    }

    pub(super) fn is_in_scope(&self, place: usize) -> bool {
        self.applications.get(place).is_some_and(|scoped| scoped.excluded.is_none())
    }

    /// The index of an application that was chosen.
    pub fn index_of(&self, application: &ApplicationId) -> Option<usize> {
        self.plan.applications.binary_search_by(|chosen| chosen.application.cmp(application)).ok()
    }

    /// The place of the application of a target.
    pub(super) fn index_of_target(&self, target: &Target) -> Option<usize> {
        self.index_of(&target.run.program.application)
    }

    /// The runs in scope that are alive by the newest reading: what a stop of this step stops.
    pub fn active_runs(&self) -> Vec<Target> {
        match &self.step {
            Step::StopRuns(step) => self.active_by(&step.proofs),
            _ => self.active_by(&[]),
        }
    }

    /// The runs in scope that are alive by these readings after the last stop.
    pub(super) fn active_by(&self, proofs: &[Option<AppSnapshot>]) -> Vec<Target> {
        let mut alive = Vec::new();
        for (place, _, scoped) in self.in_scope() {
            let proof = proofs.get(place).and_then(Option::as_ref);
            let look = if self.stop_rounds.is_empty() { proof.or(scoped.snapshot.as_ref()) } else { proof };
            for target in look.into_iter().flat_map(|look| &look.alive) {
                let mut target = target.clone();
                // A later reading does not read again what a run was launched with.
                let known =
                    scoped.snapshot.iter().flat_map(|look| &look.alive).find(|known| known.run == target.run);
                target.facts = target.facts.or_else(|| known.and_then(|known| known.facts.clone()));
                alive.push(target);
            }
        }
        alive
    }

    /// What [`super::Command::Begin`] of the step that stops runs would stop now, with this grace. `None`: there is
    /// nothing to stop, or a stop is still going on.
    pub fn next_stop(&self, grace: Grace) -> Option<StopPlan> {
        if !matches!(self.step, Step::StopRuns(_)) || !self.stop_round_is_over() {
            return None;
        }
        let targets = self.active_runs();
        let mut whole = BTreeSet::new();
        whole.extend(targets.iter().map(|target| target.run.program.clone()));
        (!targets.is_empty()).then(|| StopPlan {
            namespace: self.plan.namespace.clone(),
            grace,
            targets,
            whole,
            others: BTreeSet::new(),
            findings: self.plan.findings.clone(),
        })
    }

    /// Whether every run in scope of the last stop has ended and its log is read.
    pub fn stop_round_is_over(&self) -> bool {
        self.stop_rounds.last().is_none_or(|round| {
            round.stop.plan.targets.iter().zip(&round.stop.runs).all(|(target, run)| {
                let out = self.index_of_target(target).is_none_or(|place| !self.is_in_scope(place));
                let log = !target.kind.is_real_time() || run.log_final;
                out || run.record.status.is_end() && (log || run.record.stopping.is_none())
            })
        })
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

    /// The applications in the upgrade, in whichever step it is known.
    pub fn upgrade_step(&self) -> Option<&UpgradeStep> {
        match &self.step {
            Step::Upgrade(step) => Some(step),
            Step::Restore(step) | Step::Report(step) => step.upgrade.as_deref(),
            _ => None,
        }
    }

    pub(super) fn upgrade_step_mut(&mut self) -> Option<&mut UpgradeStep> {
        match &mut self.step {
            Step::Upgrade(step) => Some(step),
            Step::Restore(step) | Step::Report(step) => step.upgrade.as_deref_mut(),
            _ => None,
        }
    }

    /// The runs that are started again, once that is known.
    pub fn restarts(&self) -> &[Restart] {
        match &self.step {
            Step::Restore(step) | Step::Report(step) => &step.restarts,
            _ => &[],
        }
    }

    /// Whether a call of this operation is under way or in doubt.
    pub fn has_open_requests(&self) -> bool {
        let stops = self.stop_rounds.iter().map(|round| &round.stop).chain(self.current_stop());
        let mut calls = stops.flat_map(|stop| stop.calls.values());
        let recovering = match &self.step {
            Step::Upgrade(step) => step.drain.as_ref().is_some_and(|recovery| recovery.restart.is_open()),
            _ => false,
        };
        calls.any(|call| call.answer.is_none())
            || recovering
            || self.schedules.iter().any(ScheduleTask::is_open)
            || self.upgrade_step().is_some_and(|upgrading| upgrading.apps.iter().any(AppUpgrade::is_open))
            || self.restarts().iter().any(Restart::is_open)
    }

    /// Settles what a state change makes possible automatically: a finished recovery, the end of an abort.
    pub(super) fn settle(&mut self) {
        self.note_failed_drain();
        if let Step::Upgrade(step) = &mut self.step
            && let Some(recovery) = &mut step.drain
            && recovery.stop.as_ref().is_some_and(is_over)
            && let Some(stop) = recovery.stop.take()
        {
            let place = recovery.application;
            step.drain = None;
            if let Some(work) = step.apps.get_mut(place) {
                work.state = AppUpgradeState::Pending;
            }
            self.stop_rounds.push(StopRound { stop, drained: Some(place) });
        }
        let Some(at) = self.aborted else { return };
        if !self.has_open_requests() && !matches!(self.step, Step::Restore(_) | Step::Report(_)) {
            self.enter_restore(at, true);
        }
        if let Step::Restore(step) = &self.step
            && step.begun
            && self.can_continue().is_ok()
        {
            self.enter_report();
        }
    }

    /// A recovery whose start failed ends, and says why.
    fn note_failed_drain(&mut self) {
        let Step::Upgrade(step) = &mut self.step else { return };
        let Some(recovery) = step.drain.as_ref().filter(|recovery| recovery.stop.is_none()) else {
            return;
        };
        let failure = match &recovery.restart.state {
            RestartState::Failed(failure) => DrainFailure::Restart(failure.clone()),
            RestartState::Completed(run) => DrainFailure::Completed(run.clone()),
            RestartState::AlreadyActive(run) => DrainFailure::AlreadyActive(run.clone()),
            _ => return,
        };
        if let Some(work) = step.apps.get_mut(recovery.application) {
            work.drain_failure = Some(failure);
        }
        step.drain = None;
    }

    /// Goes to the step that restores, from whichever step it is.
    pub(super) fn enter_restore(&mut self, at: Timestamp, begun: bool) {
        let upgrading = match std::mem::replace(&mut self.step, Step::Review(ReviewStep::default())) {
            Step::Upgrade(mut step) => {
                if let Some(recovery) = step.drain.take()
                    && let Some(stop) = recovery.stop
                {
                    self.stop_rounds.push(StopRound { stop, drained: Some(recovery.application) });
                }
                Some(step)
            }
            _ => None,
        };
        let mut starts: Vec<Restart> = Vec::new();
        for round in &self.stop_rounds {
            let ours = round.drained.is_some();
            for (target, run) in round.stop.plan.targets.iter().zip(&round.stop.runs) {
                let told = !matches!(run.delivery, Delivery::NotSent | Delivery::Refused(_));
                let twice = starts.iter().any(|start| start.run == target.run);
                if told && !ours && !twice && target.parent.is_none() {
                    let place = self.index_of_target(target).unwrap_or(usize::MAX);
                    starts.push(Restart::again(place, target.run.clone(), target.older, at));
                }
            }
            // A batch call reaches what began in the moment before it; that was our doing too.
            for drift in &round.stop.drift {
                if let Drift::AlsoStopped(run) = drift
                    && !starts.iter().any(|start| start.run == *run)
                {
                    let place = self.index_of(&run.program.application).unwrap_or(usize::MAX);
                    starts.push(Restart::again(place, run.clone(), false, at));
                }
            }
        }
        self.step = Step::Restore(RestoreStep { upgrade: upgrading, restarts: starts, begun });
    }

    pub(super) fn enter_report(&mut self) {
        if let Step::Restore(step) = std::mem::replace(&mut self.step, Step::Review(ReviewStep::default())) {
            self.step = Step::Report(step);
        }
    }
}

/// Whether every run of a stop has ended and every log is read.
fn is_over(stop: &StopOperation) -> bool {
    stop.plan.targets.iter().zip(&stop.runs).all(|(target, run)| {
        let log = run.log_final || !target.kind.is_real_time() || run.record.stopping.is_none();
        run.record.status.is_end() && log
    })
}
