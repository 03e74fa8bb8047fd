//! What to do next, from the state alone.

use super::event::Call;
use super::guard::{Guard, without};
use super::operation::UpgradeOperation;
use super::parts::{Start, StartState, Switch, SwitchState, Work, WorkState, has_passed};
use super::plan::{Plan, Way};
use super::steps::{Step, Stopping, Upgrading};
use crate::stop::{self, InFlight, StopOperation};
use quiesce_api::{ProgramRef, RunRef, Timestamp};
use std::collections::BTreeSet;

/// How much of an application is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Its latest version alone.
    Version,
    /// Also the runs of all its programs, of all versions.
    Runs,
    /// Also its plugins, its schedules and those that its runs trigger.
    Full,
}

/// Something that the runner does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Reads an application; brings [`super::Event::looked`].
    Look {
        /// Its place.
        place: usize,
        /// How much of it.
        depth: Depth,
    },
    /// Reads many applications with as few requests as prove the same; brings [`super::Event::looked`] for each, in
    /// any order. If the server is unavailable or requires a token, one event says so and the rest are still to be
    /// read.
    LookAll {
        /// Their places, ascending.
        places: Vec<usize>,
        /// How much of each.
        depth: Depth,
    },
    /// Writes [`super::Event::sending`] to the journal, sends what [`UpgradeOperation::request`] says, and brings
    /// what [`UpgradeOperation::answers`] makes of the answer.
    Send {
        /// The call.
        call: Call,
        /// The places of what it concerns.
        places: Vec<usize>,
    },
    /// Reads the state of a schedule; brings [`super::Event::schedule_read`].
    ReadSchedule(usize),
    /// Reads a run for this start; brings [`super::Event::run_read`].
    ReadRun(usize, RunRef),
    /// Reads the runs of a program for this start; brings [`super::Event::runs_read`].
    ReadRuns(usize, ProgramRef),
    /// Reads the run and the counters of an application that is recovered: brings [`super::Event::run_read`], and
    /// [`super::AppEvent::CaughtUp`] once [`super::Samples`] says so.
    Watch(usize, RunRef),
    /// What the stop of this step does; brings [`super::Event::stop`].
    Stop(stop::Effect),
    /// Reads the export and what it lacks, makes a backup of it and verifies it; brings
    /// [`super::Event::backed_up`].
    MakeBackUp,
    /// Keeps the backup in the browser and hands it to the operator; brings [`super::Event::saved`].
    SaveBackUp,
    /// Looks again after so many milliseconds.
    Wait(u32),
    /// There is nothing left to do.
    Done,
}

/// What the runner is doing at the moment, but for calls: those are known from their intents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flying {
    /// Effects that were begun and have brought nothing yet.
    pub effects: Vec<Effect>,
    /// Those of the stop.
    pub stop: InFlight,
}

/// How many reads are under way at the most: a browser opens six connections to a host.
const READS: usize = 5;
/// How many calls that turn schedules or start runs are under way at the most.
const SENDS: usize = 4;
/// How many applications whose call was answered are verified at most while the next call is made.
const VERIFIED: usize = 4;
/// How long a reading right before a call holds, in milliseconds.
const FRESH: i64 = 20_000;

/// Collects what is to do, within its limits.
struct Todo<'a> {
    flying: &'a Flying,
    now: Timestamp,
    effects: Vec<Effect>,
    soonest: Option<i64>,
    reads: usize,
    sends: usize,
}

impl Todo<'_> {
    /// A reading, unless it is under way or was done less than `every` milliseconds ago.
    fn read(&mut self, last: Option<Timestamp>, every: i64, effect: Effect) {
        let age =
            last.map_or(i64::MAX, |last| self.now.as_millisecond().saturating_sub(last.as_millisecond()));
        if age < every {
            let after = every.saturating_sub(age);
            self.soonest = Some(self.soonest.map_or(after, |soonest| soonest.min(after)));
        } else if self.reads > 0 && !self.flying.effects.contains(&effect) {
            self.reads -= 1;
            self.effects.push(effect);
        }
    }

    /// The readings of many applications, each with the time of its last one: together if there are several.
    fn read_all(&mut self, due: Vec<(usize, Option<Timestamp>)>, every: i64, depth: Depth) {
        let is_due = |last: &Option<Timestamp>| last.is_none_or(|last| has_passed(last, self.now, every));
        let mut places = Vec::new();
        places.extend(due.iter().filter(|(_, last)| is_due(last)).map(|(place, _)| *place));
        places.retain(|place| !self.is_being_read(*place, depth));
        // A server that was unavailable is asked for one application first.
        if places.len() > 1 && self.reads > 1 {
            self.reads -= 1;
            self.effects.push(Effect::LookAll { places, depth });
            return;
        }
        for (place, last) in due {
            if last.is_some_and(|last| !has_passed(last, self.now, every)) || places.contains(&place) {
                self.read(last, every, Effect::Look { place, depth });
            }
        }
    }

    fn is_being_read(&self, place: usize, depth: Depth) -> bool {
        self.flying.effects.iter().any(|effect| match effect {
            Effect::Look { place: one, depth: as_far } => *one == place && *as_far == depth,
            Effect::LookAll { places, depth: as_far } => {
                *as_far == depth && places.binary_search(&place).is_ok()
            }
            _ => false,
        })
    }

    fn send(&mut self, call: Call, place: usize) {
        if self.sends > 0 {
            self.sends -= 1;
            self.effects.push(Effect::Send { call, places: vec![place] });
        }
    }

    fn stop(&mut self, stop: &StopOperation) {
        for effect in stop.next(&self.flying.stop, self.now) {
            match effect {
                stop::Effect::Done => {}
                stop::Effect::Wait(milliseconds) => {
                    let after = i64::from(milliseconds);
                    self.soonest = Some(self.soonest.map_or(after, |soonest| soonest.min(after)));
                }
                effect => self.effects.push(Effect::Stop(effect)),
            }
        }
    }
}

impl UpgradeOperation {
    /// What to do now. Reads that are under way are not repeated; a call is under way from its intent until its
    /// answer.
    pub fn next(&self, flying: &Flying, now: Timestamp) -> Vec<Effect> {
        let mut reads = READS.saturating_sub(flying.effects.len());
        let mut sends = SENDS;
        if let Some(away) = &self.away {
            let idle = flying.effects.is_empty() && !self.is_anything_under_way();
            let left = away.until.as_millisecond().saturating_sub(now.as_millisecond());
            if away.sign_in || !idle {
                return Vec::new();
            }
            if left > 0 {
                return vec![Effect::Wait(u32::try_from(left).unwrap_or(u32::MAX))];
            }
            // One thing says whether it is back.
            (reads, sends) = (1, 1);
        }
        let mut todo = Todo { flying, now, effects: Vec::new(), soonest: None, reads, sends };
        match &self.step {
            Step::Check(_) => {
                let unread = self.in_scope().filter(|(_, _, it)| it.look.is_none() && it.problem.is_none());
                todo.read_all(unread.map(|(place, ..)| (place, None)).collect(), 0, Depth::Full);
            }
            Step::Pause(step) => self.pause(step.begun, &mut todo),
            Step::Stop(step) => self.stop(step, &mut todo),
            Step::BackUp(step) if step.begun && self.aborted.is_none() => {
                for place in &step.again {
                    let tried = self.applications.get(*place).and_then(|scoped| scoped.tried);
                    todo.read(tried, 3_000, Effect::Look { place: *place, depth: Depth::Version });
                }
                if step.again.is_empty() && step.made.is_none() {
                    todo.read(None, 0, Effect::MakeBackUp);
                } else if step.again.is_empty() && !step.saved {
                    todo.read(None, 0, Effect::SaveBackUp);
                }
            }
            Step::BackUp(_) => {}
            Step::Upgrade(step) => self.upgrade(step, &mut todo),
            Step::PutBack(step) | Step::Report(step) => {
                if step.begun {
                    starts(&step.starts, Call::Start, &mut todo);
                    self.resume_schedules(&step.starts, &mut todo);
                }
                if let (Step::Report(_), Some(upgrading)) = (&self.step, &step.upgrading) {
                    self.upgrade(upgrading, &mut todo);
                }
            }
        }
        let Todo { mut effects, soonest, .. } = todo;
        if self.away.is_some() {
            effects.truncate(1);
        }
        if effects.is_empty() && flying.effects.is_empty() {
            match soonest {
                Some(after) => effects.push(Effect::Wait(u32::try_from(after.max(50)).unwrap_or(u32::MAX))),
                None if matches!(self.step, Step::Report(_)) && !self.is_anything_open() => {
                    effects.push(Effect::Done);
                }
                None => {}
            }
        }
        effects
    }

    /// What is asked when a wait is over while the stop of this step finds the server away.
    pub fn knock(&self) -> Option<Effect> {
        let stop = self.current_stop().filter(|stop| matches!(stop.away, Some(stop::Away::Server { .. })))?;
        stop.knock().map(Effect::Stop)
    }

    fn is_anything_under_way(&self) -> bool {
        let switching =
            |switch: &Switch| matches!(switch.state, SwitchState::Pausing | SwitchState::Resuming);
        let starting = |start: &Start| matches!(start.state, StartState::Underway(_));
        let working = |work: &Work| work.state == WorkState::Underway;
        let recovering = match &self.step {
            Step::Upgrade(step) => step.recovery.as_ref().is_some_and(|recovery| starting(&recovery.start)),
            _ => false,
        };
        recovering
            || self.schedules.iter().any(switching)
            || self.starts().iter().any(starting)
            || self.upgrading().is_some_and(|upgrading| upgrading.works.iter().any(working))
    }

    fn pause(&self, begun: bool, todo: &mut Todo<'_>) {
        let under_way = |switch: &&Switch| switch.state == SwitchState::Pausing;
        todo.sends = todo.sends.saturating_sub(self.schedules.iter().filter(under_way).count());
        for (place, switch) in self.schedules.iter().enumerate() {
            match &switch.state {
                SwitchState::On
                    if begun && self.aborted.is_none() && self.is_in_scope(switch.application) =>
                {
                    todo.send(Call::Pause, place);
                }
                SwitchState::PauseInDoubt(_) => todo.read(switch.read_at, 2_000, Effect::ReadSchedule(place)),
                _ => {}
            }
        }
    }

    fn stop(&self, step: &Stopping, todo: &mut Todo<'_>) {
        if self.aborted.is_some() {
            return;
        }
        if let Some(round) = self.rounds.last() {
            todo.stop(&round.stop);
        }
        let waits_for_operator = self.rounds.is_empty() && !self.alive().is_empty();
        if waits_for_operator || !self.round_is_over() {
            return;
        }
        let unproven = self.in_scope().filter(|(at, ..)| step.proofs.get(*at).is_some_and(Option::is_none));
        todo.read_all(unproven.map(|(place, _, it)| (place, it.tried)).collect(), 3_000, Depth::Runs);
    }

    fn upgrade(&self, step: &Upgrading, todo: &mut Todo<'_>) {
        let (mut unanswered, mut verifying) = (false, 0);
        for (place, work) in step.works.iter().enumerate() {
            unanswered |= work.is_unanswered();
            if let WorkState::InDoubt(doubt) = &work.state {
                verifying += 1;
                let look = Effect::Look { place, depth: Depth::Version };
                todo.read(work.read_at, doubt.read_again_after(), look);
            }
        }
        unanswered &= !without(Guard::OneUnanswered);
        if let Some(recovery) = &step.recovery {
            match (&recovery.stop, &recovery.target) {
                _ if self.aborted.is_some() && !recovery.start.is_open() => {}
                (Some(again), _) => todo.stop(again),
                (None, Some(target)) => {
                    let watch = Effect::Watch(recovery.application, target.run.clone());
                    todo.read(recovery.start.read_at, 5_000, watch);
                }
                (None, None) if unanswered => {}
                (None, None) => starts(std::slice::from_ref(&recovery.start), Call::Recover, todo),
            }
            return;
        }
        if unanswered || verifying >= VERIFIED || !step.begun || self.aborted.is_some() {
            return;
        }
        let due = |place: usize, work: &Work| {
            matches!(work.state, WorkState::Open | WorkState::Ready(_))
                && (work.back || self.is_in_scope(place) && matches!(self.step, Step::Upgrade(_)))
                && self.gate_is_open(place, work)
        };
        let call = |work: &Work| match (work.back, work.way) {
            (true, _) => Call::RollBack,
            (false, Way::Upgrade) => Call::Upgrade,
            (false, Way::Redeploy) => Call::Redeploy,
        };
        let Some((first, work)) = step.works.iter().enumerate().find(|(place, work)| due(*place, work))
        else {
            return;
        };
        let mut batch = vec![first];
        let first_call = call(work);
        if self.plan.list && first_call == Call::Upgrade {
            let rest = step.works.iter().enumerate().skip(first + 1);
            let same = rest.filter(|(place, work)| call(work) == first_call && due(*place, work));
            batch.extend(same.map(|(place, _)| place).take(Plan::LIST - 1));
        }
        let fresh = |place: &&usize| {
            step.works.get(**place).is_some_and(
                |work| matches!(work.state, WorkState::Ready(at) if !has_passed(at, todo.now, FRESH)),
            )
        };
        if batch.iter().filter(fresh).count() == batch.len() {
            todo.effects.push(Effect::Send { call: first_call, places: batch });
            return;
        }
        let stale: Vec<usize> = batch.iter().filter(|place| !fresh(place)).copied().collect();
        for place in stale {
            todo.read(None, 0, Effect::Look { place, depth: Depth::Runs });
        }
    }

    /// Schedules go on when every start is settled: those that a program sets off first, so that they are ready
    /// when what sets them off runs again.
    fn resume_schedules(&self, list: &[Start], todo: &mut Todo<'_>) {
        for (place, switch) in self.schedules.iter().enumerate() {
            match &switch.state {
                SwitchState::ResumeInDoubt(_) | SwitchState::PauseInDoubt(_) => {
                    todo.read(switch.read_at, 2_000, Effect::ReadSchedule(place));
                }
                _ => {}
            }
        }
        if !without(Guard::SchedulesLast) && !list.iter().all(Start::is_settled) {
            return;
        }
        let under_way = |switch: &&Switch| switch.state == SwitchState::Resuming;
        todo.sends = todo.sends.saturating_sub(self.schedules.iter().filter(under_way).count());
        let waits = |switch: &Switch| switch.is_open() || switch.state == SwitchState::Paused;
        let first = self.schedules.iter().any(|switch| waits(switch) && !switch.after.is_empty());
        for (place, switch) in self.schedules.iter().enumerate() {
            if switch.state == SwitchState::Paused && switch.after.is_empty() != first {
                todo.send(Call::Resume, place);
            }
        }
    }
}

/// The starts: one at a time for each program, so that a run that appears can only be of one.
fn starts(list: &[Start], call: Call, todo: &mut Todo<'_>) {
    let mut busy: BTreeSet<&ProgramRef> = BTreeSet::new();
    for (place, start) in list.iter().enumerate() {
        let program = &start.run.program;
        let waits = matches!(start.state, StartState::Ended | StartState::Free(..)) || start.is_open();
        if waits && !busy.insert(program) {
            continue;
        }
        match &start.state {
            StartState::Waiting(_) => {
                todo.read(start.read_at, 2_000, Effect::ReadRun(place, start.run.clone()));
            }
            StartState::Free(at, _) if !has_passed(*at, todo.now, FRESH) => todo.send(call, place),
            StartState::Ended | StartState::Free(..) => {
                todo.read(start.read_at, 1_000, Effect::ReadRuns(place, program.clone()));
            }
            StartState::InDoubt(..) => {
                todo.read(start.read_at, 2_000, Effect::ReadRuns(place, program.clone()));
            }
            StartState::Started(run, _) => {
                todo.read(start.read_at, 2_000, Effect::ReadRun(place, program.run(run.clone())));
            }
            _ => {}
        }
    }
}
