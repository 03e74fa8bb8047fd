//! What the operator decides: the buttons of the wizard.

use super::event::{AppIndex, Call, Command, Part, RestartIndex, ScheduleIndex};
use super::operation::UpgradeOperation;
use super::plan::UpgradeMethod;
use super::resources::{AppUpgradeState, RestartState, ScheduleTask};
use super::steps::Step;
use quiesce_api::Timestamp;

impl UpgradeOperation {
    /// Whether a decision has a meaning now: whether its button is available.
    pub fn can(&self, command: &Command) -> bool {
        match command {
            Command::Acknowledge(..) => matches!(self.step, Step::Review(_)),
            Command::Exclude(AppIndex(place)) => self.can_exclude(*place),
            Command::Retry(part) => self.can_retry(*part),
            Command::Skip(part) => self.can_skip(*part),
            Command::Redeploy(AppIndex(place)) | Command::AcceptRisk(AppIndex(place), _) => {
                self.undecided(*place).is_some()
            }
            Command::Drain(AppIndex(place)) => self.can_drain(*place),
            Command::RollBack(AppIndex(place)) => self.can_roll_back(*place),
            Command::Refresh(AppIndex(place)) => self.can_refresh(*place),
            Command::Begin(grace) => self.can_begin(*grace),
            Command::Continue => self.can_continue().is_ok(),
            Command::Abort => match &self.step {
                Step::Report(_) => false,
                Step::Restore(step) => !step.begun,
                _ => self.aborted.is_none(),
            },
        }
    }

    /// Carries out a decision. `false`: it has no meaning now.
    pub(super) fn command(&mut self, at: Timestamp, command: &Command) -> bool {
        if !self.can(command) {
            return false;
        }
        match command {
            Command::Acknowledge(class, count) => {
                if let Step::Review(step) = &mut self.step {
                    step.acknowledge(*class, *count);
                }
            }
            Command::Exclude(AppIndex(place)) => {
                if let Some(scoped) = self.applications.get_mut(*place) {
                    scoped.excluded = Some(at);
                }
            }
            Command::Retry(part) => self.retry(at, *part),
            Command::Skip(part) => self.skip(*part),
            Command::Redeploy(AppIndex(place)) => {
                if let Some(work) = self.app_upgrade_mut(*place) {
                    (work.method, work.state) = (UpgradeMethod::Redeploy, AppUpgradeState::Pending);
                }
            }
            Command::AcceptRisk(AppIndex(place), message) => {
                if let Some(work) = self.app_upgrade_mut(*place) {
                    work.risk_accepted = Some(message.clone());
                }
            }
            Command::Drain(AppIndex(place)) => self.drain(*place),
            Command::RollBack(AppIndex(place)) => self.roll_back(*place),
            Command::Refresh(AppIndex(place)) => self.refresh(*place),
            Command::Begin(grace) => self.begin_step(at, *grace),
            Command::Continue => self.advance(at),
            Command::Abort => match &mut self.step {
                Step::Restore(step) => step.begun = true,
                _ => self.aborted = Some(at),
            },
        }
        true
    }

    fn can_refresh(&self, place: usize) -> bool {
        match &self.step {
            Step::Review(_) => place < self.applications.len(),
            Step::StopRuns(step) => step.proofs.get(place).is_some_and(Option::is_some),
            _ => false,
        }
    }

    fn refresh(&mut self, place: usize) {
        match (&mut self.step, self.applications.get_mut(place)) {
            (Step::Review(_), Some(scoped)) => (scoped.snapshot, scoped.read_error) = (None, None),
            (Step::StopRuns(step), _) => {
                if let Some(proof) = step.proofs.get_mut(place) {
                    *proof = None;
                }
            }
            _ => {}
        }
    }

    fn can_retry(&self, part: Part) -> bool {
        match part {
            Part::Pause(ScheduleIndex(place)) => {
                let refused = ScheduleTask::is_pause_refused;
                matches!(self.step, Step::PauseSchedules(_)) && self.schedules.get(place).is_some_and(refused)
            }
            Part::Resume(ScheduleIndex(place)) => {
                let refused = ScheduleTask::is_resume_refused;
                let restores = matches!(self.step, Step::Restore(_) | Step::Report(_));
                restores && self.schedules.get(place).is_some_and(refused)
            }
            Part::Start(RestartIndex(place)) => self.restarts().get(place).is_some_and(|start| {
                matches!(start.state, RestartState::Failed(_) | RestartState::StillActive)
            }),
            Part::Application(AppIndex(place)) => {
                let work = self.upgrade_step().and_then(|step| step.apps.get(place));
                work.filter(|work| work.has_failed()).is_some_and(|work| match self.step {
                    Step::Upgrade(_) => true,
                    Step::Report(_) => work.rolling_back,
                    _ => false,
                })
            }
        }
    }

    fn retry(&mut self, at: Timestamp, part: Part) {
        match part {
            Part::Pause(ScheduleIndex(place)) | Part::Resume(ScheduleIndex(place)) => {
                self.schedules.get_mut(place).map(ScheduleTask::retry);
            }
            Part::Start(RestartIndex(place)) => {
                if let Some(start) = self.restart_mut(Call::Start, place) {
                    start.state = RestartState::WaitingForEnd(at);
                }
            }
            Part::Application(AppIndex(place)) => {
                if let Some(work) = self.app_upgrade_mut(place) {
                    work.state = AppUpgradeState::Pending;
                }
            }
        }
    }
}
