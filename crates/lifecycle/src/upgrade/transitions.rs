//! What happened changes the state: the only way in which it changes.

use super::event::{
    AppEvent, BackupEvent, Call, Created, Event, EventKind, NotSentReason, RequestEvent, RestartEvent,
};
use super::operation::UpgradeOperation;
use super::resources::{
    AppUpgrade, AppUpgradeFailure, AppUpgradeState, Restart, RestartState, ScheduleTaskState,
};
use super::snapshot::AppSnapshot;
use super::steps::{Outage, Step};
use crate::backup::Summary;
use crate::stop;
use quiesce_api::{Error, RefusalKind, Timestamp, TransportError};

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
            self.note_outage(at, error);
        } else if event.ends_outage() {
            self.outage = None;
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

    /// Notes whether the server is unavailable or requires a token.
    fn note_outage(&mut self, at: Timestamp, error: &Error) {
        if !error.is_unrelated_to_request() {
            self.outage = None;
            return;
        }
        let sign_in = error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::Unauthenticated);
        let (since, attempts) = match &self.outage {
            Some(away) if away.sign_in == sign_in => (away.since, away.attempts.saturating_add(1)),
            _ => (at, 1),
        };
        let until = at.after(1000 * 2_u32.saturating_pow(attempts.min(5)).min(30));
        self.outage = Some(Outage { since, error: error.clone(), sign_in, attempts, until });
    }

    pub(super) fn is_unavailable(&self) -> bool {
        self.outage.is_some()
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
                            work.state = AppUpgradeState::Changed(format!("It could not be read: {error}"));
                            true
                        }
                        (AppUpgradeState::InDoubt(_), true) => {
                            work.state = AppUpgradeState::Failed(AppUpgradeFailure {
                                error: Some(error.clone()),
                                still_on: None,
                            });
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
        let state = match &work.state {
            // A call that was considered lost arrived all the same.
            AppUpgradeState::Pending | AppUpgradeState::Ready(_) if work.may_have_been_sent && proven => {
                AppUpgradeState::Done
            }
            AppUpgradeState::Pending | AppUpgradeState::Ready(_) => match self.drift(place, work, look) {
                Some(words) => AppUpgradeState::Changed(words),
                None => AppUpgradeState::Ready(at),
            },
            AppUpgradeState::InDoubt(_) if proven => AppUpgradeState::Done,
            AppUpgradeState::InDoubt(doubt) => {
                if !doubt.is_over(at) {
                    if let Some(work) = self.app_upgrade_mut(place) {
                        work.read_at = Some(at);
                    }
                    return false;
                }
                AppUpgradeState::Failed(AppUpgradeFailure {
                    error: doubt.error.clone(),
                    still_on: Some(look.artifact.clone()),
                })
            }
            _ => return false,
        };
        let Some(work) = self.app_upgrade_mut(place) else { return false };
        if state == AppUpgradeState::Done && !work.rolling_back {
            work.new_version = Some(look.version.clone());
        }
        work.state = state;
        work.read_at = Some(at);
        true
    }

    fn sending(&mut self, call: Call, targets: &[usize]) -> bool {
        for place in targets {
            match call {
                Call::Pause | Call::Resume => {
                    if let Some(switch) = self.schedules.get_mut(*place) {
                        switch.state = if call == Call::Pause {
                            ScheduleTaskState::Pausing
                        } else {
                            ScheduleTaskState::Resuming
                        };
                    }
                }
                Call::Start | Call::Recover => {
                    if let Some(start) = self.restart_mut(call, *place) {
                        let before = match &mut start.state {
                            RestartState::MayStart(_, before) => std::mem::take(before),
                            _ => Vec::new(),
                        };
                        start.state = RestartState::InFlight(before);
                    }
                }
                Call::Upgrade | Call::Redeploy | Call::RollBack => {
                    if let Some(work) = self.app_upgrade_mut(*place) {
                        work.state = AppUpgradeState::InFlight;
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
            Call::Pause | Call::Resume => match self.schedules.get_mut(place) {
                Some(switch)
                    if matches!(switch.state, ScheduleTaskState::Pausing | ScheduleTaskState::Resuming) =>
                {
                    switch.answered(at, call == Call::Resume, error);
                    true
                }
                _ => false,
            },
            Call::Start | Call::Recover => match self.restart_mut(call, place) {
                Some(start) if matches!(start.state, RestartState::InFlight(_)) => {
                    start.answered(at, run, error);
                    true
                }
                _ => false,
            },
            Call::Upgrade | Call::Redeploy | Call::RollBack => match self.app_upgrade_mut(place) {
                Some(work) if work.state == AppUpgradeState::InFlight => {
                    work.may_have_been_sent |= error.is_none_or(Error::leaves_doubt);
                    work.answered(at, error);
                    true
                }
                _ => false,
            },
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

    fn backed_up(&mut self, result: &Result<Box<Summary>, String>) -> bool {
        let Step::BackUp(step) = &mut self.step else { return false };
        match result {
            Ok(summary) => (step.made, step.problem) = (Some(*summary.clone()), None),
            Err(problem) => (step.begun, step.problem) = (false, Some(problem.clone())),
        }
        true
    }

    fn saved(&mut self, result: &Result<(), String>) -> bool {
        match &mut self.step {
            Step::BackUp(step) if step.made.is_some() => {
                step.saved = result.is_ok();
                step.begun &= step.saved;
                step.problem = result.clone().err();
                true
            }
            _ => false,
        }
    }

    /// The journal is resumed: whatever had an intent and no answer will get none.
    fn resume(&mut self, at: Timestamp) -> bool {
        self.outage = None;
        let mut changed = false;
        if let Some(stop) = self.current_stop_mut() {
            changed |= stop.apply(&stop::Event::Resumed { at });
        }
        let lost = Error::from(TransportError::Aborted);
        for switch in &mut self.schedules {
            let on = switch.state == ScheduleTaskState::Resuming;
            if on || switch.state == ScheduleTaskState::Pausing {
                switch.answered(at, on, Some(&lost));
                changed = true;
            }
        }
        let recovery = match &mut self.step {
            Step::Upgrade(step) => step.drain.as_mut().map(|recovery| &mut recovery.restart),
            _ => None,
        };
        let mut resume = |start: &mut Restart| {
            match start.state {
                RestartState::InFlight(_) => start.answered(at, None, Some(&lost)),
                RestartState::MayStart(..) => start.state = RestartState::Ended,
                _ => return,
            }
            changed = true;
        };
        recovery.into_iter().for_each(&mut resume);
        if let Step::Restore(step) | Step::Report(step) = &mut self.step {
            step.restarts.iter_mut().for_each(&mut resume);
        }
        for work in self.upgrade_step_mut().into_iter().flat_map(|upgrading| &mut upgrading.apps) {
            match work.state {
                AppUpgradeState::InFlight => {
                    work.may_have_been_sent = true;
                    work.answered(at, Some(&lost));
                }
                AppUpgradeState::Ready(_) => work.state = AppUpgradeState::Pending,
                _ => continue,
            }
            changed = true;
        }
        changed
    }
}
