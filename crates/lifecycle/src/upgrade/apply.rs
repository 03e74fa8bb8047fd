//! What happened changes the state: the only way in which it changes.

use super::event::{Call, Event, What};
use super::guard::{Guard, without};
use super::operation::UpgradeOperation;
use super::parts::{Failure, Start, StartState, SwitchState, Work, WorkState};
use super::steps::{Away, Step};
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
        if let Some(error) = &event.error {
            self.note_outage(at, error);
        } else if matches!(
            event.what,
            What::Looked
                | What::Answered
                | What::ScheduleRead
                | What::RunRead
                | What::RunsRead
                | What::SignedIn
        ) {
            self.away = None;
        }
        match event.what {
            What::Looked => self.looked(event),
            What::Sending => self.sending(event),
            What::Answered => self.answered(event),
            What::NotSent => self.not_sent(event),
            What::ScheduleRead => self.schedule_read(event),
            What::RunRead => self.run_read(event),
            What::RunsRead => self.runs_read(event),
            What::Stop => match (&event.stop, self.current_stop_mut()) {
                (Some(stop), Some(current)) => current.apply(stop),
                _ => false,
            },
            What::BackedUp => self.backed_up(event),
            What::Saved => match &mut self.step {
                Step::BackUp(step) if step.made.is_some() => {
                    step.saved = event.words.is_none();
                    step.begun &= step.saved;
                    step.problem.clone_from(&event.words);
                    true
                }
                _ => false,
            },
            What::Acknowledged => match (&mut self.step, event.risk) {
                (Step::Check(step), Some(risk)) => {
                    step.acknowledged.retain(|(known, _)| *known != risk);
                    if event.place > 0 {
                        step.acknowledged.push((risk, event.place));
                    }
                    true
                }
                _ => false,
            },
            What::LeftOut => self.leave_out(event),
            What::Retry => self.retry(event),
            What::Redeploy | What::GoOnAnyway | What::Recover | What::CaughtUp => self.decide(event),
            What::Skip => self.skip(event),
            What::RollBack => {
                let begun = matches!(self.step, Step::Upgrade(_) | Step::Report(_));
                let Some(work) = self.work_mut(event.place) else { return false };
                if !begun || !work.is_upgraded() || work.is_open() {
                    return false;
                }
                (work.back, work.told, work.state) = (true, false, WorkState::Open);
                true
            }
            What::LookAgain => match (&mut self.step, self.applications.get_mut(event.place)) {
                (Step::Check(_), Some(scoped)) => {
                    (scoped.look, scoped.problem) = (None, None);
                    true
                }
                (Step::Stop(step), Some(_)) => match step.proofs.get_mut(event.place) {
                    Some(proof) => proof.take().is_some(),
                    None => false,
                },
                _ => false,
            },
            What::Begin => self.begin(event),
            What::Continue => self.can_continue().is_ok() && self.go_on(at),
            What::Abort => match &mut self.step {
                Step::Report(_) => false,
                Step::PutBack(step) => !std::mem::replace(&mut step.begun, true),
                _ => self.aborted.replace(at).is_none(),
            },
            What::SignedIn => {
                if let Some(stop) = self.current_stop_mut() {
                    stop.apply(&stop::Event::SignedIn { at });
                }
                false
            }
            What::Resumed => self.resume(at),
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

    fn looked(&mut self, event: &Event) -> bool {
        let place = event.place;
        match (&event.look, &event.error) {
            (Some(look), _) => match &mut self.step {
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
                Step::Upgrade(_) | Step::PutBack(_) | Step::Report(_) => {
                    self.work_looked(event.at, place, look)
                }
                Step::Pause(_) => false,
            },
            (None, Some(_)) if self.is_away() => false,
            (None, Some(error)) => {
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
                            work.read_at = Some(event.at);
                            false
                        }
                    };
                }
                let Some(scoped) = self.applications.get_mut(place) else { return false };
                scoped.tried = Some(event.at);
                scoped.problem.replace(error.clone()).as_ref() != Some(error)
            }
            (None, None) => false,
        }
    }

    /// A reading of an application right before its call, or after it.
    fn work_looked(&mut self, at: Timestamp, place: usize, look: &super::look::Look) -> bool {
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

    fn sending(&mut self, event: &Event) -> bool {
        let Some(call) = event.call else { return false };
        for place in &event.places {
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

    fn answered(&mut self, event: &Event) -> bool {
        let (Some(call), at, error) = (event.call, event.at, event.error.as_ref()) else { return false };
        match call {
            Call::Pause | Call::Resume => match self.schedules.get_mut(event.place) {
                Some(switch) if matches!(switch.state, SwitchState::Pausing | SwitchState::Resuming) => {
                    switch.answered(at, call == Call::Resume, error);
                    true
                }
                _ => false,
            },
            Call::Start | Call::Recover => match self.start_mut(call, event.place) {
                Some(start) if matches!(start.state, StartState::Underway(_)) => {
                    start.answered(at, event.run.as_ref(), error);
                    true
                }
                _ => false,
            },
            Call::Upgrade | Call::Redeploy | Call::RollBack => match self.work_mut(event.place) {
                Some(work) if work.state == WorkState::Underway => {
                    work.told |= error.is_none_or(Error::leaves_doubt);
                    work.answered(at, event.version.as_ref(), error);
                    true
                }
                _ => false,
            },
        }
    }

    /// There is no request for these: nothing was sent.
    fn not_sent(&mut self, event: &Event) -> bool {
        let Some(reason) = event.not_sent else { return false };
        let mut changed = false;
        for place in &event.places {
            if let Some(work) = self.work_mut(*place).filter(|work| !work.is_open() && !work.is_settled()) {
                work.state = WorkState::NotSent(reason, event.words.clone());
                changed = true;
            }
        }
        changed
    }

    fn backed_up(&mut self, event: &Event) -> bool {
        let Step::BackUp(step) = &mut self.step else { return false };
        if let Some(summary) = &event.backup {
            (step.made, step.problem) = (Some(*summary.clone()), None);
        } else {
            (step.begun, step.problem) = (false, event.words.clone());
        }
        true
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
