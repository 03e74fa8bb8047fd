//! What to do next, from the state alone.

use super::batch;
use super::event::CallId;
use super::operation::{StopOperation, StopRunState};
use super::plan::{StopCall, calls};
use super::view::StopState;
use crate::operation::{Delivery, OutageReason, has_passed, left};
use quiesce_api::log::GetLogs;
use quiesce_api::run::{LatestRuns, RunStatus};
use quiesce_api::stop::StopRun;
use quiesce_api::{ProgramRef, RunId, Seconds, Timestamp};
use std::collections::BTreeSet;

/// Something that the runner does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Reads the runs of a program; brings [`super::event::Event::Checked`].
    Check(ProgramRef),
    /// Writes [`super::event::Event::Sending`] to the journal, sends, and brings [`super::event::Event::Answered`].
    Send {
        /// The call.
        call: CallId,
        /// What to send.
        stop: StopCall,
        /// The places of its targets.
        targets: Vec<usize>,
    },
    /// Reads the latest run of each of these programs with one request. [`StopOperation::batch_read`] turns the answer
    /// into events.
    ReadLatest(LatestRuns, Vec<usize>),
    /// Reads the run of this target; brings [`super::event::Event::Read`].
    Read(usize),
    /// Reads the log of this target; brings [`super::event::Event::LogRead`].
    ReadLog(usize, GetLogs),
    /// Determines the effects again after this many milliseconds.
    Wait(u32),
    /// Nothing is left to do: every run has ended, or needs a person. The records of runs that count as not stopped can still be
    /// read.
    Done,
}

/// What the runner is doing at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopInFlight {
    /// Programs being read.
    pub checks: BTreeSet<ProgramRef>,
    /// Targets whose run is being read individually.
    pub reads: BTreeSet<usize>,
    /// The targets of each batch request under way.
    pub batches: Vec<Vec<usize>>,
    /// Targets whose log is being read.
    pub logs: BTreeSet<usize>,
    /// Targets that the last batch answer did not name: they are read individually. Not a request.
    pub unnamed: BTreeSet<usize>,
}

impl StopInFlight {
    /// How many requests for runs are under way.
    fn runs(&self) -> usize {
        self.checks.len() + self.reads.len() + self.batches.len()
    }

    /// Whether no request is under way.
    pub fn is_idle(&self) -> bool {
        self.runs() == 0 && self.logs.is_empty()
    }
}

/// How many requests for runs are under way at most: a browser opens six connections to a host.
const READS: usize = 4;
/// How many requests for logs are under way at most. Logs have connections of their own, so that they never delay
/// the reading of an end.
const LOGS: usize = 2;
/// How many run-level calls are under way at most.
const SENDS: usize = 4;
/// How often a log is read while a later reading could say more, in milliseconds.
const LOG_PACE: i64 = 3_000;
/// How long after a doubtful call a run that is still read alive counts as not stopped, in milliseconds. A stop that
/// was issued shows in the record within a second or two (docs/cdap-api.md#stop-propagation).
pub(super) const SETTLES: i64 = 15_000;
/// How long after a good answer, in milliseconds.
pub(super) const SLOW_TO_SHOW: i64 = 60_000;
/// How long after its answer the record of a run that counts as not stopped is still read, in milliseconds, and how often: a
/// busy server can write it minutes late.
const LATE: i64 = 15 * 60_000;
pub(crate) const LATE_PACE: i64 = 10_000;

impl StopOperation {
    /// What to do now. Reads and sends that are under way are not repeated; a call is under way from its
    /// [`super::event::Event::Sending`] until its answer.
    pub fn effects(&self, flying: &StopInFlight, now: Timestamp) -> Vec<Effect> {
        if self.closed {
            return vec![Effect::Done];
        }
        if let Some(outage) = self.connectivity.outage() {
            return match outage.reason {
                OutageReason::SignIn => Vec::new(),
                OutageReason::Unavailable { next, .. } => self.reconnect(next, flying, now),
            };
        }
        let room = READS.saturating_sub(flying.runs());
        if let Some(mut checks) = self.checks(flying) {
            checks.truncate(room);
            return checks;
        }
        let mut effects = self.sends();
        let (mut reads, soonest) = self.reads(flying, now);
        reads.truncate(room);
        effects.append(&mut reads);
        let (logs, soonest) = self.logs(flying, now, soonest);
        effects.extend(logs);
        if effects.is_empty() && flying.is_idle() && self.calls.values().all(|call| call.answer.is_some()) {
            effects.push(match soonest {
                Some(after) => Effect::Wait(u32::try_from(after.max(50)).unwrap_or(u32::MAX)),
                None => Effect::Done,
            });
        } else if effects.is_empty()
            && let Some(after) = soonest
        {
            // What is under way can take longer than the next read is due in.
            effects.push(Effect::Wait(u32::try_from(after.max(50)).unwrap_or(u32::MAX)));
        }
        if !effects.contains(&Effect::Done) && self.only_awaits_late_records(&effects, now) {
            effects.push(Effect::Done);
        }
        effects
    }

    /// Whether what is left is to read the records of runs that count as not stopped.
    fn only_awaits_late_records(&self, effects: &[Effect], now: Timestamp) -> bool {
        let sends = effects.iter().any(|effect| matches!(effect, Effect::Send { .. }));
        let counts_as_not_stopped =
            |place: &usize| matches!(self.state(*place, now), StopState::NotStopped(_));
        !sends
            && self.is_finished(now)
            && self.calls.values().all(|call| call.answer.is_some())
            && self.watched(&StopInFlight::default()).iter().all(counts_as_not_stopped)
    }

    /// While the server is unavailable one request at a time is sent, which tells whether it is back.
    fn reconnect(&self, next: Timestamp, flying: &StopInFlight, now: Timestamp) -> Vec<Effect> {
        if !flying.is_idle() || self.calls.values().any(|call| call.answer.is_none()) {
            return Vec::new();
        }
        match left(next, now) {
            Some(left) => vec![Effect::Wait(left)],
            None => self.reconnect_probe().into_iter().collect(),
        }
    }

    fn reconnect_probe(&self) -> Option<Effect> {
        let unchecked = self.plan.targets.iter().map(|target| &target.run.program);
        if let Some(program) = unchecked.into_iter().find(|program| !self.checked.contains(*program)) {
            return Some(Effect::Check(program.clone()));
        }
        let open = self.runs.iter().position(|run| !run.record.status.is_end() && !is_gone(run));
        open.or_else(|| self.runs.len().checked_sub(1)).map(Effect::Read)
    }

    fn sends(&self) -> Vec<Effect> {
        let waiting = self.calls.values().filter(|call| call.answer.is_none());
        let (batches, runs): (Vec<_>, Vec<_>) =
            waiting.partition(|call| matches!(call.stop, StopCall::Batch(_)));
        if !batches.is_empty() || self.runs.iter().any(is_unread_doubt) {
            return Vec::new();
        }
        let mut out: Vec<(StopCall, Vec<usize>)> = Vec::new();
        let open = |run: &StopRunState| {
            !run.record.status.is_end()
                && run.record.status != RunStatus::Stopping
                && run.read_error.is_none()
        };
        let room = SENDS.saturating_sub(runs.len());
        // What was asked for again, and what a refused batch call did not reach: by run.
        for (place, (run, target)) in self.runs.iter().zip(&self.plan.targets).enumerate() {
            if open(run) && target.parent.is_none() && (run.again || self.was_not_reached(run)) {
                let stop = StopRun { run: target.run.clone(), graceful: self.plan.grace.graceful() };
                out.push((StopCall::Run(stop), vec![place]));
            }
        }
        if !out.is_empty() {
            return self.number(out, room);
        }
        let planned = self
            .runs
            .iter()
            .zip(&self.plan.targets)
            .enumerate()
            .filter(|(_, (run, _))| run.delivery == Delivery::NotSent && open(run))
            .map(|(place, (_, target))| (place, target));
        let mut unreachable = self.others.clone();
        for (run, target) in self.runs.iter().zip(&self.plan.targets) {
            // A batch call would reach these a second time.
            if run.delivery != Delivery::NotSent || run.record.status == RunStatus::Stopping {
                unreachable.insert(target.run.clone());
            }
        }
        let planned = calls(self.plan.grace, planned, &self.plan.whole, &unreachable);
        match planned.first() {
            // One batch call at a time: its answer decides what follows.
            Some((StopCall::Batch(_), _)) if runs.is_empty() => out.extend(planned.into_iter().take(1)),
            Some((StopCall::Batch(_), _)) => {}
            _ => out = planned,
        }
        self.number(out, room)
    }

    /// Gives the first of these calls their numbers.
    fn number(&self, calls: Vec<(StopCall, Vec<usize>)>, room: usize) -> Vec<Effect> {
        let next = self.calls.keys().next_back().map_or(0, |last| last.0.saturating_add(1));
        calls
            .into_iter()
            .take(room)
            .zip(next..)
            .map(|((stop, targets), call)| Effect::Send { call: CallId(call), stop, targets })
            .collect()
    }

    /// Whether a batch call ended before it came to this run, so that it may be requested individually. Either the call was
    /// refused as a whole with a 4xx (docs/cdap-api.md#batch-stop), or its element says "not running" since the run
    /// is of a version
    /// that became an older one meanwhile (docs/cdap-api.md#superseded-versions); and the run has been read alive
    /// long after.
    fn was_not_reached(&self, run: &StopRunState) -> bool {
        let call = run.call.and_then(|call| self.calls.get(&call));
        let Some((answered, _)) =
            call.filter(|call| matches!(call.stop, StopCall::Batch(_))).and_then(|call| call.answer.as_ref())
        else {
            return false;
        };
        match &run.delivery {
            Delivery::InDoubt(doubt) if run.is_read_since => {
                let definite =
                    doubt.error.refusal().is_some_and(|refusal| (400..500).contains(&refusal.status));
                definite && has_settled(run.read_at, doubt.since, SETTLES)
            }
            Delivery::Refused(error) => {
                error.refusal().is_some_and(|refusal| refusal.status == 400)
                    && has_settled(run.read_at, *answered, SETTLES)
            }
            _ => false,
        }
    }

    /// The reads of programs that were not read since the confirmation. `None` when all were.
    fn checks(&self, flying: &StopInFlight) -> Option<Vec<Effect>> {
        let targets = self.plan.targets.iter().enumerate();
        let open: Vec<_> =
            targets.filter(|(_, target)| !self.checked.contains(&target.run.program)).collect();
        if open.is_empty() {
            return None;
        }
        let (many, few) = batch::checks(self, &open, flying);
        let mut effects = batch::requests(self, many);
        effects.extend(few.into_iter().map(|program| Effect::Check(program.clone())));
        Some(effects)
    }

    /// The reads of runs that are due, and in how many milliseconds the next one will be.
    fn reads(&self, flying: &StopInFlight, now: Timestamp) -> (Vec<Effect>, Option<i64>) {
        let watched = self.watched(flying);
        let single = |place: &usize| !batch::names(self, flying, *place);
        let singles = watched.iter().filter(|place| single(place)).count();
        let few = watched.len() - singles < batch::FEW;
        let singles = if few { watched.len() } else { singles };
        let (mut due, mut many) = (Vec::new(), Vec::new());
        let (mut soonest, mut is_due) = (None, false);
        for place in watched {
            let Some(run) = self.runs.get(place) else { continue };
            let by_itself = few || single(&place);
            let every = if flying.unnamed.contains(&place) {
                0
            } else {
                self.pace(run, by_itself.then_some(singles), now)
            };
            let age = age(run.read_at, now);
            if age < every {
                earlier(&mut soonest, every - age);
            } else if by_itself {
                due.push((age, place));
            } else {
                is_due = true;
            }
            // One that is due soon is read with those that are due now: so they come together.
            if !by_itself && age >= every / 2 {
                many.push(place);
            }
        }
        due.sort_unstable_by_key(|(age, _)| std::cmp::Reverse(*age));
        let mut effects = if is_due { batch::requests(self, many) } else { Vec::new() };
        effects.extend(due.into_iter().map(|(_, place)| Effect::Read(place)));
        (effects, soonest)
    }

    /// The logs that are due, those first that were not read for the longest time.
    fn logs(
        &self,
        flying: &StopInFlight,
        now: Timestamp,
        soonest: Option<i64>,
    ) -> (Vec<Effect>, Option<i64>) {
        let (mut due, mut soonest) = (Vec::new(), soonest);
        for (place, (run, target)) in self.runs.iter().zip(&self.plan.targets).enumerate() {
            let open = run.record.status.is_end() && target.kind.is_real_time() && !run.log_final;
            let (true, Some(stopping), Some(end)) = (open, run.record.stopping, run.record.end) else {
                continue;
            };
            if flying.logs.contains(&place) {
                continue;
            }
            let age = age(run.log_read_at, now);
            if age < LOG_PACE {
                earlier(&mut soonest, LOG_PACE - age);
            } else {
                due.push((age, place, &target.run, stopping, end));
            }
        }
        due.sort_unstable_by_key(|(age, ..)| std::cmp::Reverse(*age));
        due.truncate(LOGS.saturating_sub(flying.logs.len()));
        let read = |(_, place, run, stopping, end): (i64, usize, &quiesce_api::RunRef, Seconds, Seconds)| {
            // A minute on both sides: the driver and the server may have different clocks.
            let logs = GetLogs {
                run: run.clone(),
                start: Some(Seconds(stopping.0.saturating_sub(60))),
                stop: Some(Seconds(end.0.saturating_add(120))),
            };
            Effect::ReadLog(place, logs)
        };
        (due.into_iter().map(read).collect(), soonest)
    }

    /// The runs that are read again and again, but those that are being read.
    fn watched(&self, flying: &StopInFlight) -> Vec<usize> {
        let mut sent = BTreeSet::new();
        if self.plan.targets.iter().any(|target| target.parent.is_some()) {
            let runs = self.runs.iter().zip(&self.plan.targets);
            let runs = runs.filter(|(run, _)| run.delivery != Delivery::NotSent);
            sent.extend(runs.map(|(_, target)| &target.run.run));
        }
        let mut busy = flying.reads.clone();
        busy.extend(flying.batches.iter().flatten());
        let open = (0..self.runs.len()).filter(|place| !busy.contains(place));
        open.filter(|place| self.is_watched(*place, &sent)).collect()
    }

    /// Whether reading this run again can say anything that matters.
    fn is_watched(&self, place: usize, sent: &BTreeSet<&RunId>) -> bool {
        let (Some(run), Some(target)) = (self.runs.get(place), self.plan.targets.get(place)) else {
            return false;
        };
        if run.record.status.is_end() || is_gone(run) {
            return false;
        }
        if run.record.status == RunStatus::Stopping || run.read_error.is_some() {
            return true;
        }
        match &run.delivery {
            // It ends with its workflow, if that is stopped.
            Delivery::NotSent => target.parent.as_ref().is_some_and(|parent| sent.contains(parent)),
            Delivery::InFlight | Delivery::Confirmed | Delivery::Disproved(_) => false,
            Delivery::Acknowledged(at) => !has_settled(run.read_at, *at, LATE),
            Delivery::InDoubt(doubt) => !has_settled(run.read_at, doubt.since, LATE),
            Delivery::Refused(_) => {
                let call = run.call.and_then(|call| self.calls.get(&call));
                let batch = call.is_some_and(|call| matches!(call.stop, StopCall::Batch(_)));
                let answered = call.and_then(|call| call.answer.as_ref());
                answered
                    .is_some_and(|(at, _)| !has_settled(run.read_at, *at, if batch { SETTLES } else { 0 }))
            }
        }
    }

    /// How long after the last answer a run is read again, in milliseconds. `singles` is how many runs are read
    /// individually, if this is one of them: often while its state must change soon, seldom in a long wait, and never
    /// more than about 20 requests a second in all. One of a batch costs next to nothing.
    fn pace(&self, run: &StopRunState, singles: Option<usize>, now: Timestamp) -> i64 {
        let waited = run.record.stopping.map(|stopping| self.clock.now(now).0.saturating_sub(stopping.0));
        let answered = run.delivery.answered_at();
        let is_late = answered.is_some_and(|answered| has_settled(run.read_at, answered, SLOW_TO_SHOW));
        match (waited, singles) {
            (None, _) if is_late => LATE_PACE,
            (None, None) => 1_000,
            (Some(..60), None) => 1_500,
            (Some(60..600), None) => 2_000,
            (Some(_), None) => 5_000,
            (waited, Some(singles)) => {
                let spread = i64::try_from(singles).unwrap_or(i64::MAX).saturating_mul(50);
                let wait = match waited {
                    None => 1_000,
                    Some(..60) => 2_000,
                    Some(60..600) => 5_000,
                    Some(_) => 15_000,
                };
                spread.max(wait)
            }
        }
    }
}

/// How long ago it was read, in milliseconds.
fn age(last: Option<Timestamp>, now: Timestamp) -> i64 {
    last.map_or(i64::MAX, |last| now.as_millisecond().saturating_sub(last.as_millisecond()))
}

fn earlier(soonest: &mut Option<i64>, after: i64) {
    *soonest = Some(soonest.map_or(after, |soonest| soonest.min(after)));
}

/// The server says that the run or its application is not there, or may not be read. A 500 is neither: it is asked
/// again.
pub(super) fn is_gone(run: &StopRunState) -> bool {
    let refusal = run.read_error.as_ref().and_then(quiesce_api::Error::refusal);
    refusal.is_some_and(|refusal| (400..500).contains(&refusal.status))
}

fn is_unread_doubt(run: &StopRunState) -> bool {
    matches!(run.delivery, Delivery::InDoubt(_)) && !run.is_read_since && !is_gone(run)
}

/// Whether a read came this many milliseconds after the moment.
pub(super) fn has_settled(read: Option<Timestamp>, since: Timestamp, after: i64) -> bool {
    read.is_some_and(|read| has_passed(since, read, after))
}
