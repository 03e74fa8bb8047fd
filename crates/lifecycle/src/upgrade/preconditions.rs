//! What has to be so before an upgrade continues: the proofs that one step makes for the next.

use super::operation::UpgradeOperation;
use super::plan::UpgradeMethod;
use super::resources::{AppUpgrade, ScheduleTask};
use super::snapshot::AppSnapshot;
use super::steps::{BackupStep, RunsEnded, Step, StopStep, UnprocessedData, VerifiedBackup};
use crate::backup::Summary;
use crate::kind::Kind;
use crate::stop::Target;
use crate::text;
use crate::verdict::{self, Assessment, NextStep, Verdict};
use quiesce_api::Timestamp;

impl UpgradeOperation {
    /// What of an application may be left unprocessed: by its last stop here.
    pub fn unprocessed_data(&self, place: usize) -> UnprocessedData {
        let nothing_known =
            |words: &str| UnprocessedData::Possible { assessment: None, words: words.to_owned() };
        let Some(look) = self.applications.get(place).and_then(|scoped| scoped.snapshot.as_ref()) else {
            return nothing_known("The application was not checked.");
        };
        if !look.artifact.is_realtime_pipeline() {
            return UnprocessedData::None;
        }
        let of_it =
            |target: &&Target| target.kind.is_real_time() && self.index_of_target(target) == Some(place);
        let last =
            self.stop_rounds.iter().rev().find(|round| round.stop.plan.targets.iter().any(|it| of_it(&it)));
        let Some(round) = last else {
            return if look.ever_ran {
                nothing_known(
                    "This upgrade did not stop it, so unprocessed data can't be ruled out. The first start of the \
                     new version deletes it.",
                )
            } else {
                UnprocessedData::None
            };
        };
        let mut worst: Option<Assessment> = None;
        for (at, target) in round.stop.plan.targets.iter().enumerate().filter(|(_, target)| of_it(target)) {
            let Some((run, outcome)) = round.stop.runs.get(at).zip(round.stop.outcome(at, self.begun)) else {
                continue;
            };
            let log = run.log.as_ref();
            match verdict::after(
                Kind::RealTimePipeline,
                target.facts.as_ref(),
                log,
                &outcome,
                NextStep::Upgrade,
            ) {
                Some(assessment) => {
                    if worst.as_ref().is_none_or(|worst| assessment.verdict > worst.verdict) {
                        worst = Some(assessment);
                    }
                }
                None => return nothing_known("Its run has not ended."),
            }
        }
        match worst {
            Some(worst) if worst.verdict == Verdict::NoLossExpected => UnprocessedData::None,
            Some(worst) => {
                let mut words = format!("{}.", text::verdict::label(worst.verdict));
                if let Some(reason) = worst.reasons.first() {
                    words.push(' ');
                    words.push_str(text::verdict::reason_with_evidence(reason).trim_end_matches('.'));
                    words.push('.');
                }
                UnprocessedData::Possible { assessment: Some(worst), words }
            }
            None => nothing_known("Its run has not ended."),
        }
    }

    /// Whether an application may be sent, as far as what is left of it goes.
    pub fn may_redeploy(&self, place: usize, work: &AppUpgrade) -> bool {
        work.method == UpgradeMethod::Upgrade
            || work.rolling_back
            || work.risk_accepted.is_some()
            || self.unprocessed_data(place) == UnprocessedData::None
    }

    /// Why the step cannot be left, as text; `Ok` when it can.
    pub fn can_continue(&self) -> Result<(), String> {
        if self.aborted.is_some() && !matches!(self.step, Step::Restore(_)) {
            return Err("The upgrade was aborted. Requests in progress finish first.".into());
        }
        if self.in_scope().next().is_none() && !matches!(self.step, Step::Restore(_)) {
            return Err(
                "Every application is excluded. Abort the upgrade to restore what was changed.".into()
            );
        }
        match &self.step {
            Step::Review(step) => {
                let unread = self.in_scope().filter(|(_, _, scoped)| scoped.snapshot.is_none()).count();
                if unread > 0 {
                    return Err(format!(
                        "{} not checked yet.",
                        count(unread, "application is", "applications are")
                    ));
                }
                let open = |risk: &super::risk::Risk| !step.acknowledged.contains(&(risk.class, risk.count));
                match self.risks().iter().filter(|risk| open(risk)).count() {
                    0 => Ok(()),
                    open => Err(format!("Acknowledge {} to continue.", count(open, "risk", "risks"))),
                }
            }
            Step::PauseSchedules(_) => {
                let on =
                    |switch: &&ScheduleTask| self.is_in_scope(switch.application) && !switch.is_suspended();
                match self.schedules.iter().filter(on).count() {
                    0 if !self.schedules.iter().any(ScheduleTask::is_open) => Ok(()),
                    on => Err(format!("{} not paused.", count(on, "schedule is", "schedules are"))),
                }
            }
            Step::StopRuns(step) => self.runs_ended(step, self.begun).map(|_| ()),
            Step::BackUp(step) => self.verified(step, self.begun).map(|_| ()),
            Step::Upgrade(step) => {
                if step.drain.is_some() {
                    return Err("An application is being drained.".into());
                }
                let open =
                    |(place, work): &(usize, &AppUpgrade)| self.is_in_scope(*place) && !work.is_settled();
                match step.apps.iter().enumerate().filter(open).count() {
                    0 => Ok(()),
                    open => {
                        Err(format!("{} not finished.", count(open, "application is", "applications are")))
                    }
                }
            }
            Step::Restore(step) => {
                let starts = step.restarts.iter().filter(|start| !start.is_settled()).count();
                let off = |schedule: &&ScheduleTask| schedule.is_open() || schedule.is_paused();
                match starts + self.schedules.iter().filter(off).count() {
                    0 => Ok(()),
                    open => Err(format!(
                        "{} not restored.",
                        count(open, "run or schedule is", "runs and schedules are")
                    )),
                }
            }
            Step::Report(_) => Err("This upgrade is complete.".into()),
        }
    }

    /// The proof that every run in scope has ended, or why there is none.
    pub(super) fn runs_ended(&self, step: &StopStep, at: Timestamp) -> Result<RunsEnded, String> {
        if !self.stop_round_is_over() {
            return Err("Runs are still active, or their logs are not read yet.".into());
        }
        let mut unread = 0;
        let mut alive = 0;
        for (place, _, _) in self.in_scope() {
            match step.proofs.get(place).and_then(Option::as_ref) {
                Some(look) => alive += look.alive.len(),
                None => unread += 1,
            }
        }
        if self.stop_rounds.is_empty() {
            // Nothing is read again before these are stopped.
            alive = self.active_runs().len();
        }
        if alive > 0 {
            return Err(format!("{} still active.", count(alive, "run is", "runs are")));
        }
        if unread > 0 {
            return Err(format!(
                "{} not re-checked yet.",
                count(unread, "application is", "applications are")
            ));
        }
        Ok(RunsEnded { checked: step.checked.clone(), at })
    }

    /// The verified backup, or why there is none.
    pub(super) fn verified(&self, step: &BackupStep, at: Timestamp) -> Result<VerifiedBackup, String> {
        let Some(summary) = &step.made else {
            let failure = step.problem.as_deref().map(text::upgrade::backup_failure);
            return Err(failure.unwrap_or_else(|| "There is no backup yet.".into()));
        };
        let missing = self.missing_from(summary).len();
        if missing > 0 {
            let what = count(missing, "application is", "applications are");
            return Err(format!("{what} not in the backup as checked."));
        }
        if !step.saved {
            return Err("The backup is not saved yet.".into());
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

    /// Why an application is not what it must be right before its call, if so.
    pub(super) fn drift(&self, place: usize, work: &AppUpgrade, look: &AppSnapshot) -> Option<String> {
        let was = self.applications.get(place)?.snapshot.as_ref()?;
        let version = work.new_version.as_ref().filter(|_| work.rolling_back).unwrap_or(&was.version);
        // Servers before 6.8 have one version only: what it is made of and its configuration tell.
        let other = look.configuration != was.configuration || look.artifact != was.artifact;
        let changed = look.version != *version || !work.rolling_back && other;
        if changed {
            return Some(format!("It was changed since the review: its latest version is {}.", look.version));
        }
        let run = look.alive.first()?;
        Some(format!("Run {} started since the review and is {}.", run.run.run, run.record.status))
    }
}

use crate::plural::counted as count;
