//! What has to be so before an upgrade continues: the proofs that one step makes for the next.

use super::operation::UpgradeOperation;
use super::plan::{PlannedApp, UpgradeMethod};
use super::reasons::{Blocker, DriftReason, UnprocessedData};
use super::resources::{AppUpgrade, ScheduleTask};
use super::risk::Risk;
use super::snapshot::AppSnapshot;
use super::steps::{AppInScope, BackupStep, RunsEnded, Step, StopStep, VerifiedBackup};
use crate::backup::Summary;
use crate::kind::Kind;
use crate::stop::Target;
use crate::verdict::{self, Assessment, NextStep, Verdict};
use quiesce_api::Timestamp;

impl UpgradeOperation {
    /// What of an application may be left unprocessed: by its last stop here.
    pub fn unprocessed_data(&self, place: usize) -> UnprocessedData {
        let Some(look) = self.applications.get(place).and_then(|scoped| scoped.snapshot.as_ref()) else {
            return UnprocessedData::NotRead;
        };
        if !look.artifact.is_realtime_pipeline() {
            return UnprocessedData::None;
        }
        let of_it =
            |target: &Target| target.kind.is_real_time() && self.index_of_target(target) == Some(place);
        let Some(round) =
            self.stop_rounds.iter().rev().find(|round| round.stop.plan.targets.iter().any(of_it))
        else {
            return if look.ever_ran { UnprocessedData::NotStoppedHere } else { UnprocessedData::None };
        };
        let mut worst: Option<Assessment> = None;
        let targets = round.stop.plan.targets.iter().enumerate().filter(|(_, target)| of_it(target));
        for (at, target) in targets {
            let Some((run, outcome)) = round.stop.runs.get(at).zip(round.stop.outcome(at, self.begun)) else {
                continue;
            };
            let (facts, log) = (target.facts.as_ref(), run.log.as_ref());
            let assessment = verdict::after(Kind::RealTimePipeline, facts, log, &outcome, NextStep::Upgrade);
            let Some(assessment) = assessment else { return UnprocessedData::NotEnded };
            if worst.as_ref().is_none_or(|worst| assessment.verdict > worst.verdict) {
                worst = Some(assessment);
            }
        }
        match worst {
            Some(worst) if worst.verdict == Verdict::NoLossExpected => UnprocessedData::None,
            Some(worst) => UnprocessedData::Possible(Box::new(worst)),
            None => UnprocessedData::NotEnded,
        }
    }

    /// Whether an application may be sent, as far as what is left of it goes.
    pub fn may_redeploy(&self, place: usize, work: &AppUpgrade) -> bool {
        work.method == UpgradeMethod::Upgrade
            || work.rolling_back
            || work.risk_accepted.is_some()
            || self.unprocessed_data(place) == UnprocessedData::None
    }

    /// Why the step can't be left; `Ok` when it can.
    pub fn can_continue(&self) -> Result<(), Blocker> {
        let restores = matches!(self.step, Step::Restore(_));
        if self.aborted.is_some() && !restores {
            return Err(Blocker::Aborted);
        }
        if self.in_scope().next().is_none() && !restores {
            return Err(Blocker::NothingInScope);
        }
        match &self.step {
            Step::Review(step) => {
                none(self.in_scope().filter(|(_, _, scoped)| scoped.snapshot.is_none()), Blocker::Unread)?;
                let risks = self.risks();
                let open = |risk: &&Risk| !step.acknowledged.contains(&(risk.class, risk.count));
                none(risks.iter().filter(open), Blocker::Unacknowledged)
            }
            Step::PauseSchedules(_) => {
                let in_scope = |schedule: &ScheduleTask| self.is_in_scope(schedule.application);
                let on = |schedule: &&ScheduleTask| {
                    schedule.is_open() || in_scope(schedule) && !schedule.is_suspended()
                };
                none(self.schedules.iter().filter(on), Blocker::NotPaused)
            }
            Step::StopRuns(step) => self.runs_ended(step, self.begun).map(|_| ()),
            Step::BackUp(step) => self.verified(step, self.begun).map(|_| ()),
            Step::Upgrade(step) => {
                if step.drain.is_some() {
                    return Err(Blocker::Draining);
                }
                let works = step.apps.iter().enumerate();
                let open = works.filter(|(place, work)| self.is_in_scope(*place) && !work.is_settled());
                none(open, Blocker::NotUpgraded)
            }
            Step::Restore(step) => {
                let starts = step.restarts.iter().filter(|start| !start.is_settled()).map(|_| ());
                let off = |schedule: &&ScheduleTask| schedule.is_open() || schedule.is_paused();
                let off = self.schedules.iter().filter(off).map(|_| ());
                none(starts.chain(off), Blocker::NotRestored)
            }
            Step::Report(_) => Err(Blocker::Complete),
        }
    }

    /// The proof that every run in scope has ended, or why there is none.
    pub(super) fn runs_ended(&self, step: &StopStep, at: Timestamp) -> Result<RunsEnded, Blocker> {
        if !self.stop_round_is_over() {
            return Err(Blocker::StopGoesOn);
        }
        none(self.active_by(&step.proofs), Blocker::ActiveRuns)?;
        let unread = |(place, ..): &(usize, &PlannedApp, &AppInScope)| {
            step.proofs.get(*place).is_none_or(Option::is_none)
        };
        none(self.in_scope().filter(unread), Blocker::NotReread)?;
        Ok(RunsEnded { checked: step.checked.clone(), at })
    }

    /// The verified backup, or why there is none.
    pub(super) fn verified(&self, step: &BackupStep, at: Timestamp) -> Result<VerifiedBackup, Blocker> {
        let failed = || step.problem.clone().map(Blocker::BackupFailed);
        let Some(summary) = &step.made else { return Err(failed().unwrap_or(Blocker::NoBackup)) };
        none(self.missing_from(summary), Blocker::NotInBackup)?;
        if !step.saved {
            return Err(Blocker::BackupNotSaved);
        }
        Ok(VerifiedBackup { summary: summary.clone(), at })
    }

    /// The applications in scope that a backup does not have in the version and configuration that was checked.
    pub fn missing_from(&self, summary: &Summary) -> Vec<usize> {
        let mut missing = Vec::new();
        for (place, chosen, scoped) in self.in_scope() {
            let same = scoped.snapshot.as_ref().is_some_and(|look| {
                let found = summary.found.binary_search_by(|it| it.application.cmp(&chosen.application));
                let found = found.ok().and_then(|at| summary.found.get(at));
                found.is_some_and(|it| it.version == look.version && it.configuration == look.configuration)
            });
            if !same {
                missing.push(place);
            }
        }
        missing
    }

    /// Whether a reading shows that an application is where its call should bring it.
    pub(super) fn is_proven(&self, place: usize, work: &AppUpgrade, look: &AppSnapshot) -> bool {
        let (Some(chosen), Some(scoped)) = (self.plan.applications.get(place), self.applications.get(place))
        else {
            return false;
        };
        let Some(was) = &scoped.snapshot else { return false };
        let (artifact, version) = if work.rolling_back {
            (&was.artifact, work.new_version.as_ref().unwrap_or(&was.version))
        } else {
            (&chosen.to, &was.version)
        };
        let same = look.artifact.name == artifact.name && look.artifact.version == artifact.version;
        // Servers before 6.8 have one version only.
        same && (look.version != *version || look.version.is_snapshot())
    }

    /// Why an application is not what it must be right before its request, if so.
    pub(super) fn drift(&self, place: usize, work: &AppUpgrade, look: &AppSnapshot) -> Option<DriftReason> {
        let was = self.applications.get(place)?.snapshot.as_ref()?;
        let version = work.new_version.as_ref().filter(|_| work.rolling_back).unwrap_or(&was.version);
        // Servers before 6.8 have one version only: what it is made of and its configuration tell.
        let other = look.configuration != was.configuration || look.artifact != was.artifact;
        if look.version != *version || !work.rolling_back && other {
            return Some(DriftReason::NewVersion(look.version.clone()));
        }
        let run = look.alive.first()?;
        Some(DriftReason::ActiveRun(run.run.run.clone(), run.record.status.clone()))
    }
}

/// `Ok` if there is none of these, otherwise what their number blocks.
fn none<T>(these: impl IntoIterator<Item = T>, blocker: fn(usize) -> Blocker) -> Result<(), Blocker> {
    match these.into_iter().count() {
        0 => Ok(()),
        count => Err(blocker(count)),
    }
}
