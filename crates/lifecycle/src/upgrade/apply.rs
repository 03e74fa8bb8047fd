//! What happened changes the state: the only way in which it changes.

use super::event::{
    AppEvent, BackupEvent, Call, Created, Event, EventKind, NotSent, RequestEvent, RestartEvent,
};
use super::guard::{Guard, without};
use super::look::Look;
use super::operation::UpgradeOperation;
use super::parts::{Failure, Start, StartState, SwitchState, Work, WorkState};
use super::steps::{Away, Step};
use crate::backup::Summary;
use crate::stop;
use quiesce_api::{Error, RefusalKind, Timestamp, TransportError};

impl UpgradeOperation {
    /// Takes in what happened. Says whether the state changed in a way that the journal has to keep. What cannot
    /// happen in the step that it is in changes nothing.
    pub fn apply(&mut self, event: &Event) -> bool {
        let changed = self.take(event);
        if changed {
            self.settle();
        }
        changed
    }

    fn take(&mut self, event: &Event) -> bool {
        let at = event.at;
        if let Some(error) = event.error() {
            self.note_outage(at, error);
        } else if event.ends_outage() {
            self.away = None;
        }
        match &event.kind {
            EventKind::Application(application, AppEvent::Read(result)) => {
                self.looked(at, application.0, result)
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
        let kind = error.refusal().map(|refusal| refusal.kind);
        let sign_in = kind == Some(RefusalKind::Unauthenticated);
        let away = matches!(kind, Some(RefusalKind::Unavailable | RefusalKind::TooManyRequests))
            || matches!(error, Error::Transport(_));
        if !sign_in && !away {
            self.away = None;
            return;
        }
        let (since, attempts) = match &self.away {
            Some(away) if away.sign_in == sign_in => (away.since, away.attempts.saturating_add(1)),
            _ => (at, 1),
        };
        let until = at.after(1000 * 2_u32.saturating_pow(attempts.min(5)).min(30));
        self.away = Some(Away { since, error: error.clone(), sign_in, attempts, until });
    }

    pub(super) fn is_away(&self) -> bool {
        self.away.is_some()
    }

    pub(super) fn work_mut(&mut self, place: usize) -> Option<&mut Work> {
        self.upgrading_mut()?.works.get_mut(place)
    }

    pub(super) fn start_mut(&mut self, call: Call, place: usize) -> Option<&mut Start> {
        match &mut self.step {
            Step::Upgrade(step) if call == Call::Recover => Some(&mut step.recovery.as_mut()?.start),
            Step::PutBack(step) | Step::Report(step) if call == Call::Start => step.starts.get_mut(place),
            _ => None,
        }
    }

    fn looked(&mut self, at: Timestamp, place: usize, result: &Result<Box<Look>, Error>) -> bool {
        match result {
            Ok(look) => match &mut self.step {
                Step::Check(_) => match self.applications.get_mut(place) {
                    Some(scoped) => {
                        (scoped.look, scoped.problem) = (Some(*look.clone()), None);
                        true
                    }
                    None => false,
                },
                Step::Stop(step) => match step.proofs.get_mut(place) {
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
                    if let Some(was) = scoped.look.take() {
                        (look.alive, look.schedules, look.ever_ran) =
                            (was.alive, was.schedules, was.ever_ran);
                        (look.missing, look.unread_plugins) = (was.missing, was.unread_plugins);
                    }
                    scoped.look = Some(look);
                    true
                }
                Step::Upgrade(_) | Step::PutBack(_) | Step::Report(_) => self.work_looked(at, place, look),
                Step::Pause(_) => false,
            },
            Err(_) if self.is_away() => false,
            Err(error) => {
                if let Some(work) = self.work_mut(place) {
                    let gone = error.refusal().is_some_and(|refusal| (400..500).contains(&refusal.status));
                    return match (&work.state, gone) {
                        (WorkState::Open | WorkState::Ready(_), _) => {
                            work.state = WorkState::Drifted(format!("It could not be read: {error}"));
                            true
                        }
                        (WorkState::InDoubt(_), true) => {
                            work.state =
                                WorkState::Failed(Failure { error: Some(error.clone()), still_on: None });
                            true
                        }
                        _ => {
                            work.read_at = Some(at);
                            false
                        }
                    };
                }
                let Some(scoped) = self.applications.get_mut(place) else { return false };
                scoped.tried = Some(at);
                scoped.problem.replace(error.clone()).as_ref() != Some(error)
            }
        }
    }

    /// A reading of an application right before its call, or after it.
    fn work_looked(&mut self, at: Timestamp, place: usize, look: &Look) -> bool {
        let Some(work) = self.upgrading().and_then(|upgrading| upgrading.works.get(place)) else {
            return false;
        };
        let proven = self.is_proven(place, work, look);
        let state = match &work.state {
            // A call that was given up as lost arrived all the same.
            WorkState::Open | WorkState::Ready(_) if work.told && proven => WorkState::Done,
            WorkState::Open | WorkState::Ready(_) => match self.drift(place, work, look) {
                Some(words) => WorkState::Drifted(words),
                None => WorkState::Ready(at),
            },
            WorkState::InDoubt(_) if proven => WorkState::Done,
            WorkState::InDoubt(doubt) => {
                if !doubt.is_over(at) {
                    if let Some(work) = self.work_mut(place) {
                        work.read_at = Some(at);
                    }
                    return false;
                }
                WorkState::Failed(Failure {
                    error: doubt.error.clone(),
                    still_on: Some(look.artifact.clone()),
                })
            }
            _ => return false,
        };
        let Some(work) = self.work_mut(place) else { return false };
        if state == WorkState::Done && !work.back {
            work.made = Some(look.version.clone());
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
                        switch.state =
                            if call == Call::Pause { SwitchState::Pausing } else { SwitchState::Resuming };
                    }
                }
                Call::Start | Call::Recover => {
                    if let Some(start) = self.start_mut(call, *place) {
                        let before = match &mut start.state {
                            StartState::Free(_, before) => std::mem::take(before),
                            _ => Vec::new(),
                        };
                        start.state = StartState::Underway(before);
                    }
                }
                Call::Upgrade | Call::Redeploy | Call::RollBack => {
                    if let Some(work) = self.work_mut(*place) {
                        work.state = WorkState::Underway;
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
        let (version, run) = match result {
            Ok(Some(Created::Version(version))) => (Some(version), None),
            Ok(Some(Created::Run(run))) => (None, Some(run)),
            _ => (None, None),
        };
        match call {
            Call::Pause | Call::Resume => match self.schedules.get_mut(place) {
                Some(switch) if matches!(switch.state, SwitchState::Pausing | SwitchState::Resuming) => {
                    switch.answered(at, call == Call::Resume, error);
                    true
                }
                _ => false,
            },
            Call::Start | Call::Recover => match self.start_mut(call, place) {
                Some(start) if matches!(start.state, StartState::Underway(_)) => {
                    start.answered(at, run, error);
                    true
                }
                _ => false,
            },
            Call::Upgrade | Call::Redeploy | Call::RollBack => match self.work_mut(place) {
                Some(work) if work.state == WorkState::Underway => {
                    work.told |= error.is_none_or(Error::leaves_doubt);
                    work.answered(at, version, error);
                    true
                }
                _ => false,
            },
        }
    }

    /// There is no request for these: nothing was sent.
    fn not_sent(&mut self, targets: &[usize], reason: NotSent, details: Option<&str>) -> bool {
        let mut changed = false;
        for place in targets {
            if let Some(work) = self.work_mut(*place).filter(|work| !work.is_open() && !work.is_settled()) {
                work.state = WorkState::NotSent(reason, details.map(ToOwned::to_owned));
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

    /// The journal is taken up again: whatever had an intent and no answer will get none.
    fn resume(&mut self, at: Timestamp) -> bool {
        self.away = None;
        let mut changed = false;
        if let Some(stop) = self.current_stop_mut() {
            changed |= stop.apply(&stop::Event::Resumed { at });
        }
        let lost = Error::from(TransportError::Aborted);
        for switch in &mut self.schedules {
            let on = switch.state == SwitchState::Resuming;
            if on || switch.state == SwitchState::Pausing {
                switch.answered(at, on, Some(&lost));
                changed = true;
            }
        }
        let recovery = match &mut self.step {
            Step::Upgrade(step) => step.recovery.as_mut().map(|recovery| &mut recovery.start),
            _ => None,
        };
        let mut resume = |start: &mut Start| {
            match start.state {
                StartState::Underway(_) => start.answered(at, None, Some(&lost)),
                StartState::Free(..) => start.state = StartState::Ended,
                _ => return,
            }
            changed = true;
        };
        recovery.into_iter().for_each(&mut resume);
        if let Step::PutBack(step) | Step::Report(step) = &mut self.step {
            step.starts.iter_mut().for_each(&mut resume);
        }
        for work in self.upgrading_mut().into_iter().flat_map(|upgrading| &mut upgrading.works) {
            match work.state {
                WorkState::Underway if without(Guard::CrashIsDoubt) => work.state = WorkState::Open,
                WorkState::Underway => {
                    work.told = true;
                    work.answered(at, None, Some(&lost));
                }
                WorkState::Ready(_) => work.state = WorkState::Open,
                _ => continue,
            }
            changed = true;
        }
        changed
    }
}
