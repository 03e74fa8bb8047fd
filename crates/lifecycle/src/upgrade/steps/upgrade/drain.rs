//! Drain and retry: an application is started again as it was, so that it reads what was left, and stopped again.

use crate::grace::Grace;
use crate::kind::Kind;
use crate::stop::{StopOperation, StopPlan, Target};
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::plan::UpgradeMethod;
use crate::upgrade::reasons::{DrainFailure, RestartFailure};
use crate::upgrade::resources::{AppUpgradeState, Restart, RestartState};
use crate::upgrade::scope::StopRound;
use crate::upgrade::steps::step::Step;
use crate::verdict::PastStops;
use quiesce_api::run::RunRecord;
use quiesce_api::{ProgramRef, ProgramType, RunRef, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// An application is started again as it was, so that it reads what was left, and stopped again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DrainAndRetry {
    /// The place of the application.
    pub application: usize,
    /// Its start.
    pub restart: Restart,
    /// The run, once it was seen running.
    pub target: Option<Target>,
    /// Its stop, once it has caught up.
    pub stop: Option<StopOperation>,
}

impl UpgradeOperation {
    /// Whether an application can be drained: one that is redeployed, while no other is drained.
    pub(in crate::upgrade) fn can_drain(&self, place: usize) -> bool {
        let drains = self.upgrade_step().is_some_and(|step| step.drain.is_some());
        !drains && self.undecided(place).is_some_and(|work| work.method == UpgradeMethod::Redeploy)
    }

    pub(in crate::upgrade) fn drain(&mut self, place: usize) {
        let program = self.real_time_program(place);
        let (run, arguments) = self.last_target(place).unwrap_or_else(|| (program.run(""), None));
        let Step::Upgrade(step) = &mut self.step else { return };
        if let Some(work) = step.apps.get_mut(place) {
            work.drain_failure = None;
        }
        let state = RestartState::Ended;
        let restart = Restart { run, superseded: false, arguments, state, read_at: None };
        step.drain = Some(DrainAndRetry { application: place, restart, target: None, stop: None });
    }

    /// The run that drains an application has read what was left: it is stopped.
    pub(in crate::upgrade) fn caught_up(&mut self, at: Timestamp, place: usize) -> bool {
        if self.aborted.is_some() {
            return false;
        }
        let Step::Upgrade(step) = &mut self.step else { return false };
        // Stopped at once it would leave again what it has just read.
        let grace = self.stop_rounds.last().map(|round| round.stop.plan.grace);
        let grace = grace.filter(|grace| *grace != Grace::Now).unwrap_or_default();
        let Some(drain) = step.drain.as_mut().filter(|it| it.application == place) else {
            return false;
        };
        let (Some(target), None) = (&drain.target, &drain.stop) else { return false };
        // By run: what another user started beside it is not ours to stop.
        let plan = StopPlan {
            grace,
            targets: vec![target.clone()],
            whole: BTreeSet::new(),
            others: BTreeSet::new(),
            findings: self.plan.findings.clone(),
        };
        drain.stop = Some(StopOperation::new(plan, at));
        true
    }

    pub(in crate::upgrade) fn real_time_program(&self, place: usize) -> ProgramRef {
        let chosen = self.plan.applications.get(place);
        let namespace = chosen.map_or("", |chosen| chosen.namespace.as_str());
        let application = chosen.map_or("", |chosen| chosen.application.as_str());
        ProgramRef::new(namespace, application, ProgramType::Spark, Kind::REAL_TIME_PROGRAM)
    }

    /// The run of an application that was stopped first, with its arguments.
    fn last_target(&self, place: usize) -> Option<(RunRef, Option<BTreeMap<String, String>>)> {
        let targets = self.stop_rounds.iter().flat_map(|round| &round.stop.plan.targets);
        let target =
            targets.filter(|it| it.kind.is_real_time()).find(|it| self.index_of_target(it) == Some(place))?;
        let mut start = Restart::again(target.run.clone(), false, self.begun);
        start.take_arguments(&target.record);
        Some((start.run, start.arguments))
    }

    /// Takes in a reading of the run that drains an application. `true`: it is settled by that.
    pub(in crate::upgrade) fn drain_ended(&mut self, record: &RunRecord) -> bool {
        let Step::Upgrade(step) = &mut self.step else { return false };
        let Some(drain) = &mut step.drain else { return false };
        match &drain.restart.state {
            RestartState::Running(run) if record.run == *run && record.status.is_end() => {
                let failure = RestartFailure::Ended(run.clone(), record.status.clone());
                drain.restart.state = RestartState::Failed(failure);
                true
            }
            _ => false,
        }
    }

    /// Notes the run that drains an application once it was seen running: it is what is stopped again.
    pub(in crate::upgrade) fn note_draining_run(&mut self, record: &RunRecord) {
        let Step::Upgrade(step) = &mut self.step else { return };
        let Some(drain) = &mut step.drain else { return };
        let RestartState::Running(run) = &drain.restart.state else { return };
        let program = &drain.restart.run.program;
        // A run that is started as it was has what the run had that was stopped.
        let stopped = self.stop_rounds.iter().rev().flat_map(|round| &round.stop.plan.targets);
        let facts =
            stopped.filter(|known| known.run.program == *program).find_map(|known| known.facts.clone());
        drain.target = Some(Target {
            run: program.run(run.clone()),
            kind: Kind::RealTimePipeline,
            record: record.clone(),
            older: false,
            parent: None,
            facts,
            past: PastStops::default(),
        });
    }

    /// Ends a drain that is over: its application is sent next, or its failure is noted.
    pub(in crate::upgrade) fn settle_drain(&mut self) {
        let Step::Upgrade(step) = &mut self.step else { return };
        let Some(drain) = &mut step.drain else { return };
        let place = drain.application;
        let Some(round) = &drain.stop else {
            let failure = match &drain.restart.state {
                RestartState::Failed(failure) => DrainFailure::Restart(failure.clone()),
                RestartState::Completed(run) => DrainFailure::Completed(run.clone()),
                RestartState::AlreadyActive(run) => DrainFailure::AlreadyActive(run.clone()),
                _ => return,
            };
            if let Some(work) = step.apps.get_mut(place) {
                work.drain_failure = Some(failure);
            }
            step.drain = None;
            return;
        };
        if !(0..round.runs.len()).all(|place| round.is_over(place)) {
            return;
        }
        if let Some(work) = step.apps.get_mut(place) {
            work.state = AppUpgradeState::Pending;
        }
        if let Some(stop) = step.drain.take().and_then(|drain| drain.stop) {
            self.stop_rounds.push(StopRound { stop, drained: Some(place) });
        }
    }
}
