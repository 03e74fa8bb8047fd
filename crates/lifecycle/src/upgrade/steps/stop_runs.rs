//! Stop runs: the runs of the applications are stopped, and every program is read again until none is alive.

use super::back_up::BackupStep;
use super::review::Reviewed;
use super::step::Step;
use crate::grace::Grace;
use crate::stop::{StopOperation, StopPlan, Target};
use crate::upgrade::effects::{Depth, EffectPlanner};
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::plan::PlannedApp;
use crate::upgrade::reasons::Blocker;
use crate::upgrade::scope::{AppInScope, StopRound};
use crate::upgrade::snapshot::AppSnapshot;
use quiesce_api::Timestamp;
use std::collections::BTreeSet;

/// The step in which runs are stopped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StopStep {
    /// The result of the step before.
    pub checked: Reviewed,
    /// What was read of each application after the last stop; `None`: not yet.
    pub proofs: Vec<Option<AppSnapshot>>,
}

/// Every run in scope has ended, by a reading of every program after the last stop.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunsEnded {
    pub(in crate::upgrade) checked: Reviewed,
    pub(in crate::upgrade) at: Timestamp,
}

impl RunsEnded {
    /// When the last program was read without a run that is alive.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The result of the step before.
    pub fn checked(&self) -> &Reviewed {
        &self.checked
    }
}

impl StopStep {
    /// The proof that every run in scope has ended, or why there is none.
    pub(super) fn proof(&self, op: &UpgradeOperation, at: Timestamp) -> Result<RunsEnded, Blocker> {
        if !op.stop_round_is_over() {
            return Err(Blocker::RunsNotEnded);
        }
        Blocker::unless_none(op.active_by(&self.proofs), Blocker::ActiveRuns)?;
        let unread = |(place, ..): &(usize, &PlannedApp, &AppInScope)| {
            self.proofs.get(*place).is_none_or(Option::is_none)
        };
        Blocker::unless_none(op.in_scope().filter(unread), Blocker::NotReread)?;
        Ok(RunsEnded { checked: self.checked.clone(), at })
    }

    pub(super) fn effects(&self, op: &UpgradeOperation, todo: &mut EffectPlanner<'_>) {
        if op.aborted.is_some() {
            return;
        }
        if let Some(round) = op.stop_rounds.last() {
            todo.stop(&round.stop);
        }
        let waits_for_operator = op.stop_rounds.is_empty() && op.active_by(&self.proofs).next().is_some();
        if waits_for_operator || !op.stop_round_is_over() {
            return;
        }
        let unproven = op.in_scope().filter(|(at, ..)| self.proofs.get(*at).is_some_and(Option::is_none));
        let due = unproven.map(|(place, _, it)| (place, it.failed_read_at)).collect();
        todo.read_all(due, 3_000, Depth::Runs);
    }

    /// Takes in a reading of an application after the last stop.
    pub(in crate::upgrade) fn take_reading(&mut self, place: usize, snapshot: &AppSnapshot) -> bool {
        let Some(proof) = self.proofs.get_mut(place) else { return false };
        *proof = Some(snapshot.clone());
        true
    }

    pub(super) fn next(self, op: &UpgradeOperation, at: Timestamp) -> Step {
        match self.proof(op, at) {
            Ok(ended) => Step::BackUp(BackupStep::new(ended)),
            Err(_) => Step::StopRuns(self),
        }
    }
}

impl UpgradeOperation {
    /// The runs in scope that are alive by the newest reading: what a stop of this step stops.
    pub fn active_runs(&self) -> Vec<Target> {
        let proofs: &[_] = if let Step::StopRuns(step) = &self.step { &step.proofs } else { &[] };
        let mut alive = Vec::new();
        for (scoped, target) in self.active_by(proofs) {
            let mut target = target.clone();
            // A later reading does not read again what a run was launched with.
            let known =
                scoped.snapshot.iter().flat_map(|look| &look.alive).find(|known| known.run == target.run);
            target.facts = target.facts.or_else(|| known.and_then(|known| known.facts.clone()));
            alive.push(target);
        }
        alive
    }

    /// The runs in scope that are alive by these readings after the last stop, with their applications.
    fn active_by<'a>(
        &'a self,
        proofs: &'a [Option<AppSnapshot>],
    ) -> impl Iterator<Item = (&'a AppInScope, &'a Target)> {
        self.in_scope().flat_map(move |(place, _, scoped)| {
            let proof = proofs.get(place).and_then(Option::as_ref);
            let look = if self.stop_rounds.is_empty() { proof.or(scoped.snapshot.as_ref()) } else { proof };
            look.into_iter().flat_map(|look| &look.alive).map(move |target| (scoped, target))
        })
    }

    /// What [`crate::upgrade::event::Command::Begin`] of the step that stops runs would stop now, with this grace. `None`: there is
    /// nothing to stop, or a stop is still going on.
    pub fn next_stop(&self, grace: Grace) -> Option<StopPlan> {
        if !matches!(self.step, Step::StopRuns(_)) || !self.stop_round_is_over() {
            return None;
        }
        let targets = self.active_runs();
        let mut whole = BTreeSet::new();
        whole.extend(targets.iter().map(|target| target.run.program.clone()));
        (!targets.is_empty()).then(|| StopPlan {
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
            round.stop.plan.targets.iter().enumerate().all(|(place, target)| {
                let program = &target.run.program;
                round.stop.is_over(place) || !self.includes(&program.namespace, &program.application)
            })
        })
    }

    pub(super) fn begin_stop(&mut self, at: Timestamp, grace: Option<Grace>) {
        let Some(plan) = grace.and_then(|grace| self.next_stop(grace)) else { return };
        self.stop_rounds.push(StopRound { stop: StopOperation::new(plan, at), drained: None });
        if let Step::StopRuns(step) = &mut self.step {
            step.proofs.fill(None);
        }
    }
}
