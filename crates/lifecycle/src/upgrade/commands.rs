//! What the operator decides: the buttons of the wizard.

use super::event::{AppIndex, Call, Command, Part, RestartIndex, ScheduleIndex};
use super::operation::UpgradeOperation;
use super::plan::UpgradeMethod;
use super::resources::{AppUpgrade, AppUpgradeState, Restart, RestartState, ScheduleTask, ScheduleTaskState};
use super::steps::{
    AppInScope, BackupStep, DrainAndRetry, PauseStep, ReviewStep, Reviewed, Step, StopRound, StopStep,
    UpgradeStep,
};
use crate::grace::Grace;
use crate::kind::Kind;
use crate::operation::Delivery;
use crate::stop::{StopOperation, StopPlan};
use quiesce_api::{ProgramRef, ProgramType, RunRef, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

impl UpgradeOperation {
    /// Carries out a decision. `true`: it changed something.
    pub(super) fn command(&mut self, at: Timestamp, command: &Command) -> bool {
        match command {
            Command::Acknowledge(risk, count) => match &mut self.step {
                Step::Review(step) => {
                    step.acknowledged.retain(|(known, _)| known != risk);
                    if *count > 0 {
                        step.acknowledged.push((*risk, *count));
                    }
                    true
                }
                _ => false,
            },
            Command::Exclude(application) => self.exclude(at, application.0),
            Command::Retry(part) => self.retry(at, *part),
            Command::Skip(part) => self.skip(*part),
            Command::Redeploy(application) => match self.undecided_mut(application.0) {
                Some((work, _)) => {
                    (work.method, work.state) = (UpgradeMethod::Redeploy, AppUpgradeState::Pending);
                    true
                }
                None => false,
            },
            Command::AcceptRisk(application, message) => match self.undecided_mut(application.0) {
                Some((work, _)) => {
                    work.risk_accepted = Some(message.clone());
                    true
                }
                None => false,
            },
            Command::Drain(application) => self.drain(application.0),
            Command::RollBack(application) => self.roll_back(application.0),
            Command::Refresh(application) => self.refresh(application.0),
            Command::Begin(grace) => self.begin(at, *grace),
            Command::Continue => self.can_continue().is_ok() && self.advance(at),
            Command::Abort => match &mut self.step {
                Step::Report(_) => false,
                Step::Restore(step) => !std::mem::replace(&mut step.begun, true),
                _ => self.aborted.replace(at).is_none(),
            },
        }
    }

    fn roll_back(&mut self, place: usize) -> bool {
        let begun = matches!(self.step, Step::Upgrade(_) | Step::Report(_));
        let Some(work) = self.app_upgrade_mut(place) else { return false };
        if !begun || !work.is_upgraded() || work.is_open() {
            return false;
        }
        (work.rolling_back, work.may_have_been_sent, work.state) = (true, false, AppUpgradeState::Pending);
        true
    }

    fn refresh(&mut self, place: usize) -> bool {
        match (&mut self.step, self.applications.get_mut(place)) {
            (Step::Review(_), Some(scoped)) => {
                (scoped.snapshot, scoped.read_error) = (None, None);
                true
            }
            (Step::StopRuns(step), Some(_)) => match step.proofs.get_mut(place) {
                Some(proof) => proof.take().is_some(),
                None => false,
            },
            _ => false,
        }
    }

    fn exclude(&mut self, at: Timestamp, place: usize) -> bool {
        let may = match &self.step {
            Step::Review(_) | Step::PauseSchedules(_) | Step::StopRuns(_) | Step::BackUp(_) => true,
            Step::Upgrade(step) => {
                let recovering = step.drain.as_ref().is_some_and(|it| it.application == place);
                step.apps.get(place).is_some_and(|work| !work.is_open() && !work.is_upgraded()) && !recovering
            }
            Step::Restore(_) | Step::Report(_) => false,
        };
        match self.applications.get_mut(place) {
            Some(scoped) if may => scoped.excluded.replace(at).is_none(),
            _ => false,
        }
    }

    fn retry(&mut self, at: Timestamp, part: Part) -> bool {
        match part {
            Part::Pause(ScheduleIndex(place)) | Part::Resume(ScheduleIndex(place)) => {
                self.schedules.get_mut(place).is_some_and(ScheduleTask::retry)
            }
            Part::Start(RestartIndex(place)) => match self.restart_mut(Call::Start, place) {
                Some(start) if matches!(start.state, RestartState::Failed(_) | RestartState::StillActive) => {
                    start.state = RestartState::WaitingForEnd(at);
                    true
                }
                _ => false,
            },
            Part::Application(AppIndex(place)) => match self.app_upgrade_mut(place) {
                Some(work) if work.has_failed() => {
                    work.state = AppUpgradeState::Pending;
                    true
                }
                _ => false,
            },
        }
    }

    /// An application whose upgrade is neither open nor done, with the drain that is under way.
    fn undecided_mut(&mut self, place: usize) -> Option<(&mut AppUpgrade, &mut Option<DrainAndRetry>)> {
        if self.aborted.is_some() {
            return None;
        }
        let Step::Upgrade(step) = &mut self.step else { return None };
        let UpgradeStep { apps: works, drain: recovery, .. } = &mut **step;
        let work = works.get_mut(place).filter(|work| !work.is_open() && !work.is_upgraded())?;
        Some((work, recovery))
    }

    /// The run that drains an application has read what was left: it is stopped.
    pub(super) fn caught_up(&mut self, at: Timestamp, place: usize) -> bool {
        if self.aborted.is_some() {
            return false;
        }
        let Step::Upgrade(step) = &mut self.step else { return false };
        // Stopped at once it would leave again what it has just read.
        let grace = self.stop_rounds.last().map(|round| round.stop.plan.grace);
        let grace = grace.filter(|grace| *grace != Grace::Now).unwrap_or_default();
        let Some(recovery) = step.drain.as_mut().filter(|it| it.application == place) else {
            return false;
        };
        let (Some(target), None) = (&recovery.target, &recovery.stop) else { return false };
        // By run: what another user started beside it is not ours to stop.
        let plan = StopPlan {
            namespace: self.plan.namespace.clone(),
            grace,
            targets: vec![target.clone()],
            whole: BTreeSet::new(),
            others: BTreeSet::new(),
            findings: self.plan.findings.clone(),
        };
        recovery.stop = Some(StopOperation::new(plan, at));
        true
    }

    fn drain(&mut self, place: usize) -> bool {
        let program = self.real_time_program(place);
        let last = self.last_target(place);
        let Some((work, recovery)) = self.undecided_mut(place) else { return false };
        if recovery.is_some() || work.method != UpgradeMethod::Redeploy {
            return false;
        }
        work.drain_failure = None;
        let (run, arguments) = match last {
            Some((target, arguments)) => (target, arguments),
            None => (program.run(""), None),
        };
        let start = Restart {
            application: place,
            run,
            superseded: false,
            arguments,
            state: RestartState::Ended,
            read_at: None,
        };
        *recovery = Some(DrainAndRetry { application: place, restart: start, target: None, stop: None });
        true
    }

    fn real_time_program(&self, place: usize) -> ProgramRef {
        let application = self.plan.applications.get(place).map_or("", |chosen| chosen.application.as_str());
        let namespace = self.plan.namespace.clone();
        ProgramRef {
            namespace,
            application: application.into(),
            program_type: ProgramType::Spark,
            program: Kind::REAL_TIME_PROGRAM.into(),
        }
    }

    /// The run of an application that was stopped first, with its arguments.
    fn last_target(&self, place: usize) -> Option<(RunRef, Option<BTreeMap<String, String>>)> {
        let targets = self.stop_rounds.iter().flat_map(|round| &round.stop.plan.targets);
        let target =
            targets.filter(|it| it.kind.is_real_time()).find(|it| self.index_of_target(it) == Some(place))?;
        let mut start = Restart::again(place, target.run.clone(), false, self.begun);
        start.take_arguments(&target.record);
        Some((start.run, start.arguments))
    }

    fn skip(&mut self, part: Part) -> bool {
        if !matches!(self.step, Step::Restore(_) | Step::Report(_)) {
            return false;
        }
        match part {
            Part::Resume(ScheduleIndex(place)) => match self.schedules.get_mut(place) {
                Some(schedule)
                    if schedule.is_paused()
                        || matches!(schedule.state, ScheduleTaskState::Resume(Delivery::Refused(_))) =>
                {
                    schedule.state = ScheduleTaskState::LeftSuspended;
                    true
                }
                _ => false,
            },
            Part::Start(RestartIndex(place)) => match self.restart_mut(Call::Start, place) {
                Some(start) if !start.is_open() && start.became().is_none() => {
                    start.state = RestartState::Skipped;
                    true
                }
                _ => false,
            },
            Part::Pause(_) | Part::Application(_) => false,
        }
    }

    fn begin(&mut self, at: Timestamp, grace: Option<Grace>) -> bool {
        if self.aborted.is_some() {
            return false;
        }
        match &mut self.step {
            Step::PauseSchedules(step) => !std::mem::replace(&mut step.begun, true),
            Step::Upgrade(step) => !std::mem::replace(&mut step.begun, true),
            Step::Restore(step) => !std::mem::replace(&mut step.begun, true),
            Step::BackUp(step) => {
                let made = step.made.take();
                (step.begun, step.saved, step.problem) = (true, false, None);
                let missing = made.map(|made| self.missing_from(&made)).unwrap_or_default();
                if let Step::BackUp(step) = &mut self.step {
                    step.again = missing;
                }
                true
            }
            Step::StopRuns(_) => {
                let Some(plan) = grace.and_then(|grace| self.next_stop(grace)) else { return false };
                self.stop_rounds.push(StopRound { stop: StopOperation::new(plan, at), drained: None });
                if let Step::StopRuns(step) = &mut self.step {
                    step.proofs.fill(None);
                }
                true
            }
            Step::Review(_) | Step::Report(_) => false,
        }
    }

    fn advance(&mut self, at: Timestamp) -> bool {
        match std::mem::replace(&mut self.step, Step::Review(ReviewStep::default())) {
            Step::Review(step) => {
                self.schedules.clear();
                for (place, AppInScope { snapshot: look, excluded: left_out, .. }) in
                    self.applications.iter().enumerate()
                {
                    for on in look.iter().filter(|_| left_out.is_none()).flat_map(|look| &look.schedules) {
                        self.schedules.push(ScheduleTask {
                            application: place,
                            name: on.name.clone(),
                            triggered_by: on.after.clone(),
                            state: ScheduleTaskState::Pause(Delivery::NotSent),
                            may_have_been_sent: false,
                            read_at: None,
                        });
                    }
                }
                let checked = Reviewed { at, acknowledged: step.acknowledged };
                self.step = Step::PauseSchedules(PauseStep { checked, begun: false });
            }
            Step::PauseSchedules(step) => {
                let proofs = vec![None; self.applications.len()];
                self.step = Step::StopRuns(StopStep { checked: step.checked, proofs });
            }
            Step::StopRuns(step) => match self.runs_ended(&step, at) {
                Ok(ended) => {
                    self.step = Step::BackUp(BackupStep {
                        ended,
                        begun: false,
                        again: Vec::new(),
                        made: None,
                        saved: false,
                        problem: None,
                    });
                }
                Err(_) => self.step = Step::StopRuns(step),
            },
            Step::BackUp(step) => match self.verified(&step, at) {
                Ok(backup) => {
                    let mut works = Vec::with_capacity(self.plan.applications.len());
                    works.extend(self.plan.applications.iter().map(|chosen| AppUpgrade::new(chosen.way)));
                    let (ended, recovery) = (step.ended, None);
                    self.step = Step::Upgrade(Box::new(UpgradeStep {
                        ended,
                        backup,
                        apps: works,
                        drain: recovery,
                        begun: false,
                    }));
                }
                Err(_) => self.step = Step::BackUp(step),
            },
            Step::Upgrade(step) => {
                self.step = Step::Upgrade(step);
                self.enter_restore(at, false);
            }
            step @ (Step::Restore(_) | Step::Report(_)) => {
                self.step = step;
                self.enter_report();
            }
        }
        true
    }
}
