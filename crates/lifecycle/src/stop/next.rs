//! What to do next, from the state alone.

use super::CallId;
use super::operation::{Away, Standing, StopOperation, StopRunState};
use super::plan::{StopCall, calls};
use quiesce_api::log::GetLogs;
use quiesce_api::run::RunStatus;
use quiesce_api::stop::StopRun;
use quiesce_api::{ProgramRef, Seconds, Timestamp};
use std::collections::BTreeSet;

/// Something that the runner does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Reads the runs of a program; brings [`super::Event::Checked`].
    Check(ProgramRef),
    /// Writes [`super::Event::Sending`] to the journal, sends, and brings [`super::Event::Answered`].
    Send {
        /// The call.
        call: CallId,
        /// What to send.
        stop: StopCall,
        /// The places of its targets.
        targets: Vec<usize>,
    },
    /// Reads the run of this target; brings [`super::Event::Read`].
    Read(usize),
    /// Reads the log of this target; brings [`super::Event::LogRead`].
    ReadLog(usize, GetLogs),
    /// Looks again after so many milliseconds.
    Wait(u32),
    /// There is nothing left to do: every run has ended or was given up.
    Done,
}

/// What the runner is doing at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InFlight {
    /// Programs being read.
    pub checks: BTreeSet<ProgramRef>,
    /// Targets whose run is being read.
    pub reads: BTreeSet<usize>,
    /// Targets whose log is being read.
    pub logs: BTreeSet<usize>,
}

impl InFlight {
    fn len(&self) -> usize {
        self.checks.len() + self.reads.len() + self.logs.len()
    }
}

/// How many reads are under way at the most: a browser opens six connections to a host.
const READS: usize = 5;
/// How many run-level calls are under way at the most.
const SENDS: usize = 4;
/// How long after a doubtful call a run that is still read alive counts as not stopped, in milliseconds. A stop that
/// was issued shows in the record within a second or two (docs/cdap-api.md#stop-propagation).
pub(super) const SETTLES: i64 = 15_000;
/// How long after a good answer, in milliseconds.
pub(super) const SLOW_TO_SHOW: i64 = 60_000;

impl StopOperation {
    /// What to do now. Reads and sends that are under way are not repeated; a call is under way from its
    /// [`super::Event::Sending`] until its answer.
    pub fn next(&self, flying: &InFlight, now: Timestamp) -> Vec<Effect> {
        if self.closed {
            return vec![Effect::Done];
        }
        match &self.away {
            Some(Away::SignIn { .. }) => return Vec::new(),
            Some(Away::Server { attempts, .. }) => return self.retry(*attempts, flying),
            None => {}
        }
        let room = READS.saturating_sub(flying.len());
        let unchecked: Vec<_> =
            self.programs().into_iter().filter(|program| !self.checked.contains(*program)).collect();
        if !unchecked.is_empty() {
            return unchecked
                .into_iter()
                .filter(|program| !flying.checks.contains(*program))
                .take(room)
                .map(|program| Effect::Check(program.clone()))
                .collect();
        }
        let mut effects = self.sends();
        let (mut reads, soonest) = self.reads(flying, now);
        reads.truncate(room);
        effects.append(&mut reads);
        if effects.is_empty() && flying.len() == 0 && self.calls.values().all(|call| call.answer.is_some()) {
            effects.push(match soonest {
                Some(after) => Effect::Wait(u32::try_from(after.max(50)).unwrap_or(u32::MAX)),
                None => Effect::Done,
            });
        }
        effects
    }

    /// While the server is away one thing is asked at a time: whatever is due first.
    fn retry(&self, attempts: u32, flying: &InFlight) -> Vec<Effect> {
        if flying.len() > 0 || self.calls.values().any(|call| call.answer.is_none()) {
            return Vec::new();
        }
        vec![Effect::Wait(1000 * 2_u32.saturating_pow(attempts.min(5)).min(30))]
    }

    /// What is asked when a wait while the server was away is over: one read, which says whether it is back.
    pub fn knock(&self) -> Option<Effect> {
        let unchecked = self.programs().into_iter().find(|program| !self.checked.contains(*program));
        if let Some(program) = unchecked {
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
            .filter(|(_, (run, _))| run.standing == Standing::Planned && open(run))
            .map(|(place, (_, target))| (place, target));
        let mut unreachable = self.others.clone();
        for (run, target) in self.runs.iter().zip(&self.plan.targets) {
            // A batch call would reach these a second time.
            if run.standing != Standing::Planned || run.record.status == RunStatus::Stopping {
                unreachable.insert(target.run.clone());
            }
        }
        let planned = calls(&self.plan.namespace, self.plan.grace, planned, &self.plan.whole, &unreachable);
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

    /// Whether a batch call ended before it came to this run, so that it may be told by itself. Either the call was
    /// refused as a whole with a 4xx (docs/cdap-api.md#batch-stop), or its element says "not running" since the run
    /// is of a version
    /// that became an older one meanwhile (docs/cdap-api.md#superseded-versions); and the run has been read alive
    /// long after.
    fn was_not_reached(&self, run: &StopRunState) -> bool {
        let batch = |call: &CallId| {
            self.calls.get(call).filter(|call| matches!(call.stop, StopCall::Batch(_)))?.answer.as_ref()
        };
        match &run.standing {
            Standing::InDoubt { call, since, error, read: true } if batch(call).is_some() => {
                let definite = error.refusal().is_some_and(|refusal| (400..500).contains(&refusal.status));
                definite && has_settled(run.read_at, *since, SETTLES)
            }
            Standing::Refused(call, error) => {
                error.refusal().is_some_and(|refusal| refusal.status == 400)
                    && batch(call).is_some_and(|(at, _)| has_settled(run.read_at, *at, SETTLES))
            }
            _ => false,
        }
    }

    /// The reads that are due, and in how many milliseconds the next one will be.
    fn reads(&self, flying: &InFlight, now: Timestamp) -> (Vec<Effect>, Option<i64>) {
        let mut due: Vec<(i64, Effect)> = Vec::new();
        let mut soonest: Option<i64> = None;
        let alive = self.runs.iter().filter(|run| !run.record.status.is_end()).count();
        let mut consider = |last: Option<Timestamp>, every: i64, effect: Effect| {
            let age =
                last.map_or(i64::MAX, |last| now.as_millisecond().saturating_sub(last.as_millisecond()));
            if age >= every {
                due.push((age, effect));
            } else {
                let after = every.saturating_sub(age);
                soonest = Some(soonest.map_or(after, |soonest: i64| soonest.min(after)));
            }
        };
        for (place, (run, target)) in self.runs.iter().zip(&self.plan.targets).enumerate() {
            if !run.record.status.is_end() {
                if !flying.reads.contains(&place) && self.is_watched(place) {
                    consider(run.read_at, self.pace(run, alive, now), Effect::Read(place));
                }
            } else if target.kind.is_real_time() && !run.log_final && !flying.logs.contains(&place) {
                let (Some(stopping), Some(end)) = (run.record.stopping, run.record.end) else { continue };
                // A minute on both sides: the driver and the server may have different clocks.
                let logs = GetLogs {
                    run: target.run.clone(),
                    start: Some(Seconds(stopping.0.saturating_sub(60))),
                    stop: Some(Seconds(end.0.saturating_add(120))),
                };
                consider(run.log_read_at, 3_000, Effect::ReadLog(place, logs));
            }
        }
        due.sort_unstable_by_key(|(age, _)| std::cmp::Reverse(*age));
        (due.into_iter().map(|(_, effect)| effect).collect(), soonest)
    }

    /// Whether reading this run again can say anything that matters.
    fn is_watched(&self, place: usize) -> bool {
        let (Some(run), Some(target)) = (self.runs.get(place), self.plan.targets.get(place)) else {
            return false;
        };
        if is_gone(run) {
            return false;
        }
        if run.record.status == RunStatus::Stopping || run.read_error.is_some() {
            return true;
        }
        let since = |call: &CallId| self.calls.get(call).and_then(|call| Some(call.answer.as_ref()?.0));
        match &run.standing {
            // It ends with its workflow, if that is stopped.
            Standing::Planned => target.parent.as_ref().is_some_and(|parent| {
                let parent = self.plan.targets.iter().position(|target| target.run.run == *parent);
                parent
                    .and_then(|parent| self.runs.get(parent))
                    .is_some_and(|it| it.standing != Standing::Planned)
            }),
            Standing::Requested(_) => false,
            Standing::Accepted(_, at) => !has_settled(run.read_at, *at, SLOW_TO_SHOW),
            Standing::InDoubt { since, .. } => !has_settled(run.read_at, *since, SETTLES),
            Standing::Refused(call, _) => {
                let batch = self.calls.get(call).is_some_and(|call| matches!(call.stop, StopCall::Batch(_)));
                since(call).is_some_and(|at| !has_settled(run.read_at, at, if batch { SETTLES } else { 0 }))
            }
        }
    }

    /// How often a run is read, in milliseconds: often while its state must change soon, seldom in a long wait, and
    /// never more than about 20 reads a second in all.
    fn pace(&self, run: &StopRunState, alive: usize, now: Timestamp) -> i64 {
        let spread = i64::try_from(alive).unwrap_or(i64::MAX).saturating_mul(50);
        let wait = match run.record.stopping {
            None => 1_000,
            Some(stopping) => match self.clock.now(now).0.saturating_sub(stopping.0) {
                ..60 => 2_000,
                60..600 => 5_000,
                _ => 15_000,
            },
        };
        spread.max(wait)
    }
}

/// The server says that the run or its application is not there, or may not be read. A 500 is neither: it is asked
/// again.
pub(super) fn is_gone(run: &StopRunState) -> bool {
    let refusal = run.read_error.as_ref().and_then(quiesce_api::Error::refusal);
    refusal.is_some_and(|refusal| (400..500).contains(&refusal.status))
}

fn is_unread_doubt(run: &StopRunState) -> bool {
    matches!(&run.standing, Standing::InDoubt { read: false, .. }) && !is_gone(run)
}

/// Whether a read came so many milliseconds after the moment.
pub(super) fn has_settled(read: Option<Timestamp>, since: Timestamp, after: i64) -> bool {
    read.is_some_and(|read| read.as_millisecond().saturating_sub(since.as_millisecond()) >= after)
}
