//! The state of a stop, as a fold over what happened.

use super::{CallId, Event, ServerClock, StopCall, StopPlan};
use crate::clock::Reading;
use crate::drain_log::{DrainLog, asks_again};
use crate::outcome::Outcome;
use quiesce_api::log::LogEvent;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{Error, ProgramRef, RefusalKind, Rows, RunRef, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How a run stands with the calls that were sent for it. What the server did with it is in its record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Delivery {
    /// Nothing was sent for it.
    Planned,
    /// A call is under way.
    Requested(CallId),
    /// The server said that the stop was issued. It says so before anything has stopped.
    Accepted(CallId, Timestamp),
    /// The server said no to this run.
    Refused(CallId, Error),
    /// A call that named it got no good answer: it may have got the stop request.
    InDoubt {
        /// The call.
        call: CallId,
        /// The time that it began.
        since: Timestamp,
        /// The reason.
        error: Error,
        /// Whether the run was read since.
        read: bool,
    },
}

/// A run of the operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopRunState {
    /// How it stands with the calls.
    pub delivery: Delivery,
    /// Its newest record.
    pub record: RunRecord,
    /// Why its last read failed; a 404 means that it is gone.
    pub read_error: Option<Error>,
    /// What its log said, of a real-time run that has ended.
    pub log: Option<DrainLog>,
    /// Whether the log is not read any more.
    pub log_final: bool,
    /// Whether the operator asked to send it again.
    pub again: bool,
    /// When it was last read. Not kept in the journal.
    #[serde(skip)]
    pub read_at: Option<Timestamp>,
    /// When its log was last read. Not kept in the journal.
    #[serde(skip)]
    pub log_read_at: Option<Timestamp>,
}

/// A call that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SentCall {
    /// What was sent.
    pub stop: StopCall,
    /// The places of its targets.
    pub targets: Vec<usize>,
    /// The time.
    pub sent: Timestamp,
    /// When the answer came, and whether it was a good one.
    pub answer: Option<(Timestamp, Result<(), Error>)>,
}

/// What changed between the confirmation and the sending, or was reached besides.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Drift {
    /// A run that began since. It is not stopped.
    NewRun(RunRef),
    /// A batch call told a run to stop that was not chosen: it began in the moment between.
    AlsoStopped(RunRef),
}

/// Why nothing moves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outage {
    /// The server does not answer.
    Server {
        /// The time that it began.
        since: Timestamp,
        /// How often it was tried.
        attempts: u32,
        /// What the last attempt said.
        error: Error,
    },
    /// The server wants a token.
    SignIn {
        /// The time that it began.
        since: Timestamp,
        /// What it said.
        error: Error,
    },
}

/// A stop, from its confirmation on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopOperation {
    /// What was confirmed.
    pub plan: StopPlan,
    /// The time.
    pub confirmed: Timestamp,
    /// The runs, in the order of the plan's targets.
    pub runs: Vec<StopRunState>,
    /// The calls, in the order in which they were sent.
    pub calls: BTreeMap<CallId, SentCall>,
    /// The programs that were read again after the confirmation.
    pub checked: BTreeSet<ProgramRef>,
    /// Runs of the same programs that are alive and no targets.
    pub others: BTreeSet<RunRef>,
    /// What changed.
    pub drift: Vec<Drift>,
    /// Whether the server is away.
    #[serde(skip)]
    pub outage: Option<Outage>,
    /// What is known of the server's clock.
    pub clock: ServerClock,
    /// When it came to its end: every run ended or no longer followed. Of the last event that changed something.
    pub last_change: Timestamp,
    /// Whether the operator closed it.
    pub closed: bool,
}

impl StopOperation {
    /// The state right after the operator confirmed.
    pub fn new(plan: StopPlan, confirmed: Timestamp) -> Self {
        let runs = plan.targets.iter().map(|target| StopRunState {
            delivery: Delivery::Planned,
            record: target.record.clone(),
            read_error: None,
            log: None,
            log_final: false,
            again: false,
            read_at: None,
            log_read_at: None,
        });
        Self {
            runs: runs.collect(),
            others: plan.others.clone(),
            plan,
            confirmed,
            calls: BTreeMap::new(),
            checked: BTreeSet::new(),
            drift: Vec::new(),
            outage: None,
            clock: ServerClock::default(),
            last_change: confirmed,
            closed: false,
        }
    }

    /// The programs of the targets.
    pub fn programs(&self) -> BTreeSet<&ProgramRef> {
        let mut programs = BTreeSet::new();
        programs.extend(self.plan.targets.iter().map(|target| &target.run.program));
        programs
    }

    /// Takes in what happened. Says whether the state changed in a way that the journal has to keep.
    pub fn apply(&mut self, event: &Event) -> bool {
        let changed = match event {
            Event::Checked { at, program, result } => self.check(*at, program, result),
            Event::Sending { at, call, stop, targets } => {
                for place in targets {
                    if let Some(run) = self.runs.get_mut(*place) {
                        run.delivery = Delivery::Requested(*call);
                        run.again = false;
                    }
                }
                let call_sent =
                    SentCall { stop: stop.clone(), targets: targets.clone(), sent: *at, answer: None };
                self.calls.insert(*call, call_sent);
                true
            }
            Event::Answered { at, call, result } => self.answer(*at, *call, result),
            Event::Read { at, target, result } => self.read(*at, *target, result),
            Event::LogRead { at, target, log, last } => {
                let Some(run) = self.runs.get_mut(*target) else { return false };
                run.log_read_at = Some(*at);
                let changed = run.log.as_ref() != Some(log) || run.log_final != *last;
                run.log = Some(log.clone());
                run.log_final = *last;
                changed
            }
            Event::SendAgain { target, .. } => match self.runs.get_mut(*target) {
                Some(run) if !run.record.status.is_end() && run.record.status != RunStatus::Stopping => {
                    run.again = true;
                    true
                }
                _ => false,
            },
            Event::SignedIn { .. } => {
                self.outage = None;
                false
            }
            Event::Resumed { at } => {
                self.outage = None;
                let open: Vec<_> =
                    self.calls.iter().filter(|(_, call)| call.answer.is_none()).map(|(id, _)| *id).collect();
                let lost = Error::from(quiesce_api::TransportError::Aborted);
                for call in &open {
                    self.answer(*at, *call, &Err(lost.clone()));
                }
                self.outage = None;
                !open.is_empty()
            }
            Event::Closed { .. } => !std::mem::replace(&mut self.closed, true),
        };
        if changed {
            self.last_change = event.at();
        }
        changed
    }

    fn check(&mut self, at: Timestamp, program: &ProgramRef, result: &Result<Vec<RunRecord>, Error>) -> bool {
        let records = match result {
            Ok(records) => records,
            Err(error) if self.note_outage(at, error) => return false,
            Err(error) => {
                self.outage = None;
                for (target, run) in self.plan.targets.iter().zip(&mut self.runs) {
                    if target.run.program == *program {
                        run.read_error = Some(error.clone());
                    }
                }
                return self.checked.insert(program.clone());
            }
        };
        self.outage = None;
        let mut others = BTreeSet::new();
        for record in records {
            let place = self
                .plan
                .targets
                .iter()
                .position(|target| target.run.program == *program && target.run.run == record.run);
            match place.and_then(|place| self.runs.get_mut(place)) {
                Some(run) => {
                    run.record = record.clone();
                    run.read_error = None;
                    run.read_at = Some(at);
                }
                None if record.status.is_end() => {}
                None => {
                    others.insert(program.run(record.run.clone()));
                }
            }
        }
        for run in others.difference(&self.plan.others) {
            self.drift.push(Drift::NewRun(run.clone()));
        }
        self.others.retain(|run| run.program != *program);
        self.others.extend(others);
        self.checked.insert(program.clone())
    }

    pub(super) fn set_delivery(&mut self, place: usize, standing: Delivery) {
        if let Some(run) = self.runs.get_mut(place) {
            run.delivery = standing;
        }
    }

    fn read(&mut self, at: Timestamp, place: usize, result: &Result<RunRecord, Error>) -> bool {
        if let Err(error) = result
            && self.note_outage(at, error)
        {
            return false;
        }
        self.outage = None;
        let sent = match self.runs.get(place).map(|run| &run.delivery) {
            Some(
                Delivery::Requested(call)
                | Delivery::Accepted(call, _)
                | Delivery::Refused(call, _)
                | Delivery::InDoubt { call, .. },
            ) => self.calls.get(call).map(|call| call.sent),
            _ => None,
        };
        let Some(run) = self.runs.get_mut(place) else { return false };
        run.read_at = Some(at);
        let mut changed = false;
        if let Delivery::InDoubt { since, read, .. } = &mut run.delivery
            && at >= *since
            && !*read
        {
            *read = true;
            changed = true;
        }
        match result {
            Ok(record) => {
                if let (None, Some(written), Some(sent)) = (run.record.stopping, record.stopping, sent) {
                    // Another's stop may be older than our call: then the range would be empty and is left alone.
                    self.clock.learn(Reading::Seconds(written), sent, at);
                }
                changed |= run.record != *record || run.read_error.is_some();
                run.record = record.clone();
                run.read_error = None;
            }
            Err(error) => {
                changed |= run.read_error.as_ref() != Some(error);
                run.read_error = Some(error.clone());
            }
        }
        changed
    }

    /// Records an outage or an expired session. `true`: the error says nothing else.
    pub(super) fn note_outage(&mut self, at: Timestamp, error: &Error) -> bool {
        if !error.is_unrelated_to_request() {
            return false;
        }
        if error.refusal().is_none_or(|refusal| refusal.kind != RefusalKind::Unauthenticated) {
            self.count_attempt(at, error);
        } else if !matches!(self.outage, Some(Outage::SignIn { .. })) {
            self.outage = Some(Outage::SignIn { since: at, error: error.clone() });
        }
        true
    }

    fn count_attempt(&mut self, at: Timestamp, error: &Error) {
        let (since, attempts) = match &self.outage {
            Some(Outage::Server { since, attempts, .. }) => (*since, attempts.saturating_add(1)),
            _ => (at, 1),
        };
        self.outage = Some(Outage::Server { since, attempts, error: error.clone() });
    }

    /// The outcome of a run by its record and its log.
    pub fn outcome(&self, place: usize, at: Timestamp) -> Option<Outcome> {
        let (target, run) = (self.plan.targets.get(place)?, self.runs.get(place)?);
        Some(Outcome::of(&run.record, target.kind, run.log.as_ref(), Some(self.clock.now(at))))
    }

    /// The event that a read of a run's log is. `Err` when the server is away: then it is asked again.
    pub fn log_event(
        &self,
        place: usize,
        at: Timestamp,
        result: &Result<Rows<LogEvent>, Error>,
    ) -> Option<Event> {
        let run = self.runs.get(place)?;
        let (stopping, end) = (run.record.stopping?, run.record.end?);
        let log = DrainLog::from_result(result, stopping);
        let last = !asks_again(Some(&log), end, self.clock.now(at));
        Some(Event::LogRead { at, target: place, log, last })
    }
}
