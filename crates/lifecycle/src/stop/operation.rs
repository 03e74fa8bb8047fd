//! The state of a stop, as a fold over what happened.

use super::event::{CallId, Event};
use super::plan::{StopCall, StopPlan};
use crate::clock::Reading;
use crate::clock::ServerClock;
use crate::drain_log::{DrainLog, asks_again};
use crate::operation::{Connectivity, Delivery};
use crate::outcome::Outcome;
use quiesce_api::log::LogEvent;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{Error, ProgramRef, Rows, RunRef, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A run of the operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StopRunState {
    /// Its last stop request. What the server did with it is in its record.
    pub delivery: Delivery,
    /// The last call that named it.
    pub call: Option<CallId>,
    /// Whether it was read since its request came into doubt.
    pub is_read_since: bool,
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
    pub read_at: Option<Timestamp>,
    /// When its log was last read. Not kept in the journal.
    pub log_read_at: Option<Timestamp>,
}

/// A call that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Drift {
    /// A run that began since. It is not stopped.
    NewRun(RunRef),
    /// A batch call told a run to stop that was not chosen: it began in the moment between.
    AlsoStopped(RunRef),
}

/// A stop, from its confirmation on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// Whether the server can be reached. Not kept in the journal.
    pub connectivity: Connectivity,
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
            delivery: Delivery::NotSent,
            call: None,
            is_read_since: false,
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
            connectivity: Connectivity::default(),
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
                        // It is sent again only when readings show no effect of the last one.
                        run.delivery.disprove();
                        run.delivery.send();
                        (run.call, run.is_read_since, run.again) = (Some(*call), false, false);
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
                self.connectivity.restore();
                false
            }
            Event::Resumed { at } => {
                self.connectivity.restore();
                let open: Vec<_> =
                    self.calls.iter().filter(|(_, call)| call.answer.is_none()).map(|(id, _)| *id).collect();
                let lost = Error::from(quiesce_api::TransportError::Aborted);
                for call in &open {
                    self.answer(*at, *call, &Err(lost.clone()));
                }
                self.connectivity.restore();
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
            Err(error) if self.connectivity.take_error(at, error) => return false,
            Err(error) => {
                for (target, run) in self.plan.targets.iter().zip(&mut self.runs) {
                    if target.run.program == *program {
                        run.read_error = Some(error.clone());
                    }
                }
                return self.checked.insert(program.clone());
            }
        };
        self.connectivity.restore();
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

    fn read(&mut self, at: Timestamp, place: usize, result: &Result<RunRecord, Error>) -> bool {
        if let Err(error) = result
            && self.connectivity.take_error(at, error)
        {
            return false;
        }
        self.connectivity.restore();
        let sent = match self.runs.get(place) {
            Some(run) if run.delivery != Delivery::NotSent => {
                run.call.and_then(|call| self.calls.get(&call)).map(|call| call.sent)
            }
            _ => None,
        };
        let Some(run) = self.runs.get_mut(place) else { return false };
        run.read_at = Some(at);
        let mut changed = false;
        if let Delivery::InDoubt(doubt) = &run.delivery
            && at >= doubt.since
        {
            changed = !std::mem::replace(&mut run.is_read_since, true);
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
