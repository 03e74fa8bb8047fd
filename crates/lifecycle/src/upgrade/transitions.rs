//! What happened changes the state: the only way in which it changes.

use super::event::{
    AppEvent, BackupEvent, Call, Created, Event, EventKind, NotSentReason, RequestEvent, RestartEvent,
};
use super::operation::UpgradeOperation;
use super::reasons::BackupFailure;
use super::resources::{AppUpgradeState, Restart, RestartState};
use super::snapshot::AppSnapshot;
use super::steps::Step;
use crate::backup::Summary;
use crate::operation::Delivery;
use crate::stop;
use quiesce_api::{Error, Timestamp, TransportError};

impl UpgradeOperation {
    /// Takes in what happened. Says whether the state changed in a way that the journal has to keep. What cannot
    /// happen in the step that it is in changes nothing.
    pub fn apply(&mut self, event: &Event) -> bool {
        let changed = self.transition(event);
        if changed {
            self.settle();
        }
        changed
    }

    fn transition(&mut self, event: &Event) -> bool {
        let at = event.at;
        if let Some(error) = event.error() {
            self.connectivity.take_error(at, error);
        } else if event.ends_outage() {
            self.connectivity.restore();
        }
        match &event.kind {
            EventKind::Application(application, AppEvent::Read(result)) => {
                self.application_read(at, application.0, result)
            }
            EventKind::Application(application, AppEvent::CaughtUp) => self.caught_up(at, application.0),
            EventKind::ScheduleRead(schedule, result) => self.schedule_read(at, schedule.0, result),
            EventKind::Restart(restart, RestartEvent::RunRead(result)) => {
                self.run_read(at, restart.0, result)
            }
            EventKind::Restart(restart, RestartEvent::RunsRead(result)) => {
                self.runs_read(at, restart.0, result)
            }
            EventKind::Request(RequestEvent::Sending { call, targets }) => self.sending(*call, targets),
            EventKind::Request(RequestEvent::Answered { call, target, result }) => {
                self.answered(at, *call, *target, result)
            }
            EventKind::Request(RequestEvent::NotSent { targets, reason, details, .. }) => {
                self.not_sent(targets, *reason, details.as_deref())
            }
            EventKind::Stop(stop) => self.current_stop_mut().is_some_and(|current| current.apply(stop)),
            EventKind::Backup(BackupEvent::Made(result)) => self.backed_up(result),
            EventKind::Backup(BackupEvent::Saved(result)) => self.saved(result),
            EventKind::Command(command) => self.command(at, command),
            EventKind::SignedIn => {
                if let Some(stop) = self.current_stop_mut() {
                    stop.apply(&stop::Event::SignedIn { at });
                }
                false
            }
            EventKind::Resumed => self.resume(at),
        }
    }

    fn application_read(
        &mut self,
        at: Timestamp,
        place: usize,
        result: &Result<Box<AppSnapshot>, Error>,
    ) -> bool {
        match result {
            Ok(snapshot) => match &mut self.step {
                Step::Review(_) => self.reviewed(place, snapshot),
                Step::PauseSchedules(_) => false,
                Step::StopRuns(step) => step.take_reading(place, snapshot),
                Step::BackUp(_) => self.read_for_backup(place, snapshot),
                Step::Upgrade(_) | Step::Restore(_) | Step::Report(_) => {
                    self.app_upgrade_read(at, place, snapshot)
                }
            },
            Err(_) if !self.connectivity.is_up() => false,
            Err(error) if self.app_upgrade_mut(place).is_some() => {
                self.app_upgrade_unreadable(at, place, error)
            }
            Err(error) => {
                let Some(scoped) = self.applications.get_mut(place) else { return false };
                scoped.failed_read_at = Some(at);
                scoped.read_error.replace(error.clone()).as_ref() != Some(error)
            }
        }
    }

    fn sending(&mut self, call: Call, targets: &[usize]) -> bool {
        for place in targets {
            match call {
                Call::Pause | Call::Resume => {
                    if let Some(schedule) = self.schedules.get_mut(*place) {
                        schedule.sending(call == Call::Resume);
                    }
                }
                Call::Start | Call::Recover => {
                    if let Some(start) = self.restart_mut(call, *place) {
                        start.sending();
                    }
                }
                Call::Upgrade | Call::Redeploy | Call::RollBack => {
                    if let Some(work) = self.app_upgrade_mut(*place) {
                        work.state = AppUpgradeState::Request(Delivery::InFlight);
                    }
                }
            }
        }
        true
    }

    fn answered(
        &mut self,
        at: Timestamp,
        call: Call,
        place: usize,
        result: &Result<Option<Created>, Error>,
    ) -> bool {
        let error = result.as_ref().err();
        let run = match result {
            Ok(Some(Created::Run(run))) => Some(run),
            _ => None,
        };
        match call {
            Call::Pause | Call::Resume => {
                self.schedules.get_mut(place).is_some_and(|schedule| schedule.answered(at, error))
            }
            Call::Start | Call::Recover => {
                self.restart_mut(call, place).is_some_and(|start| start.answered(at, run, error))
            }
            Call::Upgrade | Call::Redeploy | Call::RollBack => {
                self.app_upgrade_mut(place).is_some_and(|work| work.answered(at, error))
            }
        }
    }

    /// There is no request for these: nothing was sent.
    fn not_sent(&mut self, targets: &[usize], reason: NotSentReason, details: Option<&str>) -> bool {
        let mut changed = false;
        for place in targets {
            if let Some(work) =
                self.app_upgrade_mut(*place).filter(|work| !work.is_open() && !work.is_settled())
            {
                work.state = AppUpgradeState::NotSent(reason, details.map(ToOwned::to_owned));
                changed = true;
            }
        }
        changed
    }

    fn backed_up(&mut self, result: &Result<Box<Summary>, BackupFailure>) -> bool {
        let Step::BackUp(step) = &mut self.step else { return false };
        step.made(result);
        true
    }

    fn saved(&mut self, result: &Result<(), BackupFailure>) -> bool {
        match &mut self.step {
            Step::BackUp(step) => step.saved(result),
            _ => false,
        }
    }

    /// The journal is resumed: whatever had an intent and no answer will get none.
    fn resume(&mut self, at: Timestamp) -> bool {
        self.connectivity.restore();
        let mut changed = false;
        if let Some(stop) = self.current_stop_mut() {
            changed |= stop.apply(&stop::Event::Resumed { at });
        }
        let lost = Error::from(TransportError::Aborted);
        for schedule in &mut self.schedules {
            changed |= schedule.answered(at, Some(&lost));
        }
        let recovery = match &mut self.step {
            Step::Upgrade(step) => step.drain.as_mut().map(|recovery| &mut recovery.restart),
            _ => None,
        };
        let mut resume = |start: &mut Restart| match start.state {
            RestartState::MayStart(..) => {
                start.state = RestartState::Ended;
                changed = true;
            }
            _ => changed |= start.answered(at, None, Some(&lost)),
        };
        recovery.into_iter().for_each(&mut resume);
        if let Step::Restore(step) | Step::Report(step) = &mut self.step {
            step.restarts.iter_mut().for_each(&mut resume);
        }
        for work in self.upgrade_step_mut().into_iter().flat_map(|upgrading| &mut upgrading.apps) {
            match work.state {
                AppUpgradeState::Ready(_) => {
                    work.state = AppUpgradeState::Pending;
                    changed = true;
                }
                _ => changed |= work.answered(at, Some(&lost)),
            }
        }
        changed
    }
}
