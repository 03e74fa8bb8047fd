//! Back up: a backup is made and verified, in which every application is as it was reviewed.

use super::step::Step;
use super::stop_runs::RunsEnded;
use super::upgrade::UpgradeStep;
use crate::backup::{Found, Summary};
use crate::upgrade::effects::{Depth, Effect, EffectPlanner};
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::reasons::{BackupFailure, Blocker};
use crate::upgrade::snapshot::AppSnapshot;
use quiesce_api::Timestamp;

/// The step in which a backup is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BackupStep {
    /// The result of the step before.
    pub ended: RunsEnded,
    /// Whether the operator began.
    pub begun: bool,
    /// Applications that are read again first, since the backup before did not have them as they were.
    pub again: Vec<usize>,
    /// The backup.
    pub made: Option<Summary>,
    /// Whether it was kept and handed to the operator.
    pub saved: bool,
    /// Why there is none.
    pub problem: Option<Box<BackupFailure>>,
}

/// A backup in which every application in scope is as it was checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifiedBackup {
    summary: Summary,
    at: Timestamp,
}

impl VerifiedBackup {
    /// What was found in the backup.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// When it was found good.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

impl BackupStep {
    pub(super) fn new(ended: RunsEnded) -> Self {
        Self { ended, begun: false, again: Vec::new(), made: None, saved: false, problem: None }
    }

    /// The verified backup, or why there is none.
    pub(super) fn proof(&self, op: &UpgradeOperation, at: Timestamp) -> Result<VerifiedBackup, Blocker> {
        let failed = || self.problem.clone().map(Blocker::BackupFailed);
        let Some(summary) = &self.made else { return Err(failed().unwrap_or(Blocker::NoBackup)) };
        Blocker::unless_none(op.missing_from(summary), Blocker::NotInBackup)?;
        if !self.saved {
            return Err(failed().unwrap_or(Blocker::BackupNotSaved));
        }
        Ok(VerifiedBackup { summary: summary.clone(), at })
    }

    pub(super) fn effects(&self, op: &UpgradeOperation, todo: &mut EffectPlanner<'_>) {
        if !self.begun || op.aborted.is_some() {
            return;
        }
        for place in &self.again {
            let tried = op.applications.get(*place).and_then(|scoped| scoped.failed_read_at);
            todo.read(tried, 3_000, Effect::ReadApplication { place: *place, depth: Depth::Version });
        }
        if self.again.is_empty() && self.made.is_none() {
            todo.read(None, 0, Effect::MakeBackup);
        } else if self.again.is_empty() && !self.saved {
            todo.read(None, 0, Effect::SaveBackup);
        }
    }

    /// Takes in what came of making a backup.
    pub(in crate::upgrade) fn made(&mut self, result: &Result<Box<Summary>, BackupFailure>) {
        match result {
            Ok(summary) => (self.made, self.problem) = (Some(*summary.clone()), None),
            Err(problem) => (self.begun, self.problem) = (false, Some(Box::new(problem.clone()))),
        }
    }

    /// Takes in what came of saving the backup. `false`: there is none to save.
    pub(in crate::upgrade) fn saved(&mut self, result: &Result<(), BackupFailure>) -> bool {
        if self.made.is_none() {
            return false;
        }
        self.saved = result.is_ok();
        self.begun &= self.saved;
        self.problem = result.clone().err().map(Box::new);
        true
    }

    pub(super) fn next(self, op: &UpgradeOperation, at: Timestamp) -> Step {
        match self.proof(op, at) {
            Ok(backup) => Step::Upgrade(Box::new(UpgradeStep::new(&op.plan, self.ended, backup))),
            Err(_) => Step::BackUp(self),
        }
    }
}

impl UpgradeOperation {
    /// The applications in scope that a backup does not have in the version and configuration that was checked.
    pub fn missing_from(&self, summary: &Summary) -> Vec<usize> {
        let mut missing = Vec::new();
        for (place, chosen, scoped) in self.in_scope() {
            let same = scoped.snapshot.as_ref().is_some_and(|look| {
                // Several namespaces may have an application of this name.
                let first = summary.found.partition_point(|it| it.application < chosen.application);
                let named = summary.found.iter().skip(first);
                let mut named = named.take_while(|it| it.application == chosen.application);
                let here = |it: &Found| it.namespace.as_ref().is_none_or(|it| *it == chosen.namespace);
                let same = |it: &Found| it.version == look.version && it.configuration == look.configuration;
                named.any(|it| here(it) && same(it))
            });
            if !same {
                missing.push(place);
            }
        }
        missing
    }

    /// Begins a backup. Applications that the last one did not have as they were reviewed are read again first.
    pub(super) fn begin_backup(&mut self) {
        let Step::BackUp(step) = &mut self.step else { return };
        let made = step.made.take();
        (step.begun, step.saved, step.problem) = (true, false, None);
        let missing = made.map(|made| self.missing_from(&made)).unwrap_or_default();
        if let Step::BackUp(step) = &mut self.step {
            step.again = missing;
        }
    }

    /// Takes in a reading of an application that the last backup did not have as it was reviewed.
    pub(in crate::upgrade) fn read_for_backup(&mut self, place: usize, snapshot: &AppSnapshot) -> bool {
        if let Step::BackUp(step) = &mut self.step {
            step.again.retain(|again| *again != place);
        }
        let Some(scoped) = self.applications.get_mut(place) else { return false };
        // What was reviewed of its runs and schedules stays: this reading was of the application alone.
        let mut snapshot = snapshot.clone();
        if let Some(was) = scoped.snapshot.take() {
            (snapshot.alive, snapshot.schedules, snapshot.ever_ran) =
                (was.alive, was.schedules, was.ever_ran);
            (snapshot.missing, snapshot.unread_plugins) = (was.missing, was.unread_plugins);
        }
        scoped.snapshot = Some(snapshot);
        true
    }
}
