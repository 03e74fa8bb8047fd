//! What happened changes the state: the only way in which it changes.

use super::event::{
    AppEvent, BackupEvent, Call, Created, Event, EventKind, NotSentReason, RequestEvent, RestartEvent,
};
use super::operation::UpgradeOperation;
use super::reasons::{BackupFailure, DriftReason};
use super::resources::{AppUpgrade, AppUpgradeState, Restart, RestartState};
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

    pub(super) fn is_unavailable(&self) -> bool {
        !self.connectivity.is_up()
    }

    pub(super) fn app_upgrade_mut(&mut self, place: usize) -> Option<&mut AppUpgrade> {
        self.upgrade_step_mut()?.apps.get_mut(place)
    }

    pub(super) fn restart_mut(&mut self, call: Call, place: usize) -> Option<&mut Restart> {
        match &mut self.step {
            Step::Upgrade(step) if call == Call::Recover => Some(&mut step.drain.as_mut()?.restart),
            Step::Restore(step) | Step::Report(step) if call == Call::Start => step.restarts.get_mut(place),
            _ => None,
        }
    }

    fn application_read(
        &mut self,
        at: Timestamp,
        place: usize,
        result: &Result<Box<AppSnapshot>, Error>,
    ) -> bool {
        match result {
            Ok(look) => match &mut self.step {
                Step::Review(_) => match self.applications.get_mut(place) {
                    Some(scoped) => {
                        (scoped.snapshot, scoped.read_error) = (Some(*look.clone()), None);
                        true
                    }
                    None => false,
                },
                Step::StopRuns(step) => match step.proofs.get_mut(place) {
                    Some(proof) => {
                        *proof = Some(*look.clone());
                        true
                    }
                    None => false,
                },
                Step::BackUp(step) => {
                    step.again.retain(|again| *again != place);
                    let Some(scoped) = self.applications.get_mut(place) else { return false };
                    // What was checked of its runs and schedules stays: this reading was of the application alone.
                    let mut look = *look.clone();
                    if let Some(was) = scoped.snapshot.take() {
                        (look.alive, look.schedules, look.ever_ran) =
                            (was.alive, was.schedules, was.ever_ran);
                        (look.missing, look.unread_plugins) = (was.missing, was.unread_plugins);
                    }
                    scoped.snapshot = Some(look);
                    true
                }
                Step::Upgrade(_) | Step::Restore(_) | Step::Report(_) => {
                    self.app_upgrade_read(at, place, look)
                }
                Step::PauseSchedules(_) => false,
            },
            Err(_) if self.is_unavailable() => false,
            Err(error) => {
                if let Some(work) = self.app_upgrade_mut(place) {
                    let gone = error.refusal().is_some_and(|refusal| (400..500).contains(&refusal.status));
                    return match (&work.state, gone) {
                        (AppUpgradeState::Pending | AppUpgradeState::Ready(_), _) => {
                            work.state = AppUpgradeState::Changed(DriftReason::Unreadable(error.clone()));
                            true
                        }
                        (
                            AppUpgradeState::Request(Delivery::Acknowledged(_) | Delivery::InDoubt(_)),
                            true,
                        ) => {
                            work.state = AppUpgradeState::Request(Delivery::Disproved(Some(error.clone())));
                            work.still_on = None;
                            true
                        }
                        _ => {
                            work.read_at = Some(at);
                            false
                        }
                    };
                }
                let Some(scoped) = self.applications.get_mut(place) else { return false };
                scoped.failed_read_at = Some(at);
                scoped.read_error.replace(error.clone()).as_ref() != Some(error)
            }
        }
    }

    /// A reading of an application right before its call, or after it.
    fn app_upgrade_read(&mut self, at: Timestamp, place: usize, look: &AppSnapshot) -> bool {
        let Some(work) = self.upgrade_step().and_then(|upgrading| upgrading.apps.get(place)) else {
            return false;
        };
        let proven = self.is_proven(place, work, look);
        let awaits_effect = work.delivery().is_some_and(|delivery| delivery.answered_at().is_some());
        let before_request = matches!(work.state, AppUpgradeState::Pending | AppUpgradeState::Ready(_));
        let state = match () {
            // A call that was considered lost arrived all the same.
            () if proven && (awaits_effect || before_request && work.may_have_been_sent) => {
                AppUpgradeState::Request(Delivery::Confirmed)
            }
            () if before_request => match self.drift(place, work, look) {
                Some(reason) => AppUpgradeState::Changed(reason),
                None => AppUpgradeState::Ready(at),
            },
            () if awaits_effect => {
                let Some(work) = self.app_upgrade_mut(place) else { return false };
                work.read_at = Some(at);
                return work.no_effect(at, &look.artifact);
            }
            () => return false,
        };
        let Some(work) = self.app_upgrade_mut(place) else { return false };
        work.state = state;
        if work.is_done() && !work.rolling_back {
            work.new_version = Some(look.version.clone());
        }
        work.read_at = Some(at);
        true
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
        match result {
            Ok(summary) => (step.made, step.problem) = (Some(*summary.clone()), None),
            Err(problem) => (step.begun, step.problem) = (false, Some(Box::new(problem.clone()))),
        }
        true
    }

    fn saved(&mut self, result: &Result<(), BackupFailure>) -> bool {
        match &mut self.step {
            Step::BackUp(step) if step.made.is_some() => {
                step.saved = result.is_ok();
                step.begun &= step.saved;
                step.problem = result.clone().err().map(Box::new);
                true
            }
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
