//! What to do next, from the state alone.

use super::event::Call;
use super::operation::UpgradeOperation;
use super::resources::{Restart, RestartState, ScheduleTask};
use super::steps::Step;
use crate::operation::has_passed;
use crate::operation::{Delivery, OutageReason, left};
use crate::stop::{self, StopInFlight, StopOperation};
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
    /// Reads an application; brings [`super::event::Event::application_read`].
    ReadApplication {
        /// Its place.
        place: usize,
        /// How much of it.
        depth: Depth,
    },
    /// Reads many applications with as few requests as prove the same; brings [`super::event::Event::application_read`] for each, in
    /// any order. If the server is unavailable or requires a token, one event says so and the rest are still to be
    /// read.
    ReadApplications {
        /// Their places, ascending.
        places: Vec<usize>,
        /// How much of each.
        depth: Depth,
    },
    /// Writes [`super::event::Event::sending`] to the journal, sends what [`UpgradeOperation::request`] says, and brings
    /// what [`UpgradeOperation::answers`] makes of the answer.
    Send {
        /// The call.
        call: Call,
        /// The places of what it concerns.
        places: Vec<usize>,
    },
    /// Reads the state of a schedule; brings [`super::event::Event::schedule_read`].
    ReadSchedule(usize),
    /// Reads a run for this start; brings [`super::event::Event::run_read`].
    ReadRun(usize, RunRef),
    /// Reads the runs of a program for this start; brings [`super::event::Event::runs_read`].
    ReadRuns(usize, ProgramRef),
    /// Reads the run and the counters of an application that is recovered: brings [`super::event::Event::run_read`], and
    /// [`super::event::AppEvent::CaughtUp`] once [`super::catch_up::ThroughputSamples`] says so.
    Watch(usize, RunRef),
    /// What the stop of this step does; brings [`super::event::Event::stop`].
    Stop(stop::Effect),
    /// Reads the export and what it lacks, makes a backup of it and verifies it; brings
    /// [`super::event::Event::backed_up`].
    MakeBackup,
    /// Keeps the backup in the browser and hands it to the operator; brings [`super::event::Event::saved`].
    SaveBackup,
    /// Determines the effects again after this many milliseconds.
    Wait(u32),
    /// Nothing is left to do.
    Done,
}

/// What the runner is doing at the moment, but for calls: those are known from their intents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpgradeInFlight {
    /// Effects that were begun and have brought nothing yet.
    pub effects: Vec<Effect>,
    /// Those of the stop.
    pub stop: StopInFlight,
}

/// How many reads are under way at most: a browser opens six connections to a host.
const READS: usize = 5;
/// How many calls that turn schedules or start runs are under way at most.
const SENDS: usize = 4;
/// How long a reading right before a call holds, in milliseconds.
pub(super) const FRESH: i64 = 20_000;

/// Collects what is to do, within its limits.
pub(super) struct EffectPlanner<'a> {
    flying: &'a UpgradeInFlight,
    pub(super) now: Timestamp,
    pub(super) effects: Vec<Effect>,
    soonest: Option<i64>,
    reads: usize,
    sends: usize,
}

impl EffectPlanner<'_> {
    /// A reading, unless it is under way or was done less than `every` milliseconds ago.
    pub(super) fn read(&mut self, last: Option<Timestamp>, every: i64, effect: Effect) {
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
    pub(super) fn read_all(&mut self, due: Vec<(usize, Option<Timestamp>)>, every: i64, depth: Depth) {
        let is_due = |last: &Option<Timestamp>| last.is_none_or(|last| has_passed(last, self.now, every));
        let mut places = Vec::new();
        places.extend(due.iter().filter(|(_, last)| is_due(last)).map(|(place, _)| *place));
        places.retain(|place| !self.is_being_read(*place, depth));
        // A server that was unavailable is asked for one application first.
        if places.len() > 1 && self.reads > 1 {
            self.reads -= 1;
            self.effects.push(Effect::ReadApplications { places, depth });
            return;
        }
        for (place, last) in due {
            if last.is_some_and(|last| !has_passed(last, self.now, every)) || places.contains(&place) {
                self.read(last, every, Effect::ReadApplication { place, depth });
            }
        }
    }

    fn is_being_read(&self, place: usize, depth: Depth) -> bool {
        self.flying.effects.iter().any(|effect| match effect {
            Effect::ReadApplication { place: one, depth: as_far } => *one == place && *as_far == depth,
            Effect::ReadApplications { places, depth: as_far } => {
                *as_far == depth && places.binary_search(&place).is_ok()
            }
            _ => false,
        })
    }

    pub(super) fn send(&mut self, call: Call, place: usize) {
        if self.sends > 0 {
            self.sends -= 1;
            self.effects.push(Effect::Send { call, places: vec![place] });
        }
    }

    pub(super) fn stop(&mut self, stop: &StopOperation) {
        for effect in stop.effects(&self.flying.stop, self.now) {
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

    /// Reads the schedules of which it is unknown what a request did, and counts the requests in flight.
    pub(super) fn settle_schedules(&mut self, schedules: &[ScheduleTask]) {
        for (place, schedule) in schedules.iter().enumerate() {
            if schedule.is_in_flight() {
                self.sends = self.sends.saturating_sub(1);
            } else if schedule.is_open() {
                self.read(schedule.read_at, 2_000, Effect::ReadSchedule(place));
            }
        }
    }

    /// The starts: one at a time for each program, so that a run that appears can only be of one.
    pub(super) fn starts(&mut self, list: &[Restart], call: Call) {
        let mut busy: BTreeSet<&ProgramRef> = BTreeSet::new();
        for (place, start) in list.iter().enumerate() {
            let program = &start.run.program;
            let waits =
                matches!(start.state, RestartState::Ended | RestartState::MayStart(..)) || start.is_open();
            if waits && !busy.insert(program) {
                continue;
            }
            match &start.state {
                RestartState::WaitingForEnd(_) => {
                    self.read(start.read_at, 2_000, Effect::ReadRun(place, start.run.clone()));
                }
                RestartState::MayStart(at, _) if !has_passed(*at, self.now, FRESH) => self.send(call, place),
                RestartState::Ended | RestartState::MayStart(..) => {
                    self.read(start.read_at, 1_000, Effect::ReadRuns(place, program.clone()));
                }
                RestartState::Request(delivery, _) if *delivery != Delivery::InFlight => {
                    self.read(start.read_at, 2_000, Effect::ReadRuns(place, program.clone()));
                }
                RestartState::Started(run, _) => {
                    self.read(start.read_at, 2_000, Effect::ReadRun(place, program.run(run.clone())));
                }
                _ => {}
            }
        }
    }

    /// Reads the runs that count as not stopped: a busy server can write minutes late that they were.
    pub(super) fn still_active(&mut self, list: &[Restart]) {
        for (place, start) in list.iter().enumerate() {
            if start.state == RestartState::StillActive {
                self.read(start.read_at, stop::LATE_PACE, Effect::ReadRun(place, start.run.clone()));
            }
        }
    }
}

impl UpgradeOperation {
    /// What to do now. Reads that are under way are not repeated; a call is under way from its intent until its
    /// answer.
    pub fn effects(&self, flying: &UpgradeInFlight, now: Timestamp) -> Vec<Effect> {
        let mut reads = READS.saturating_sub(flying.effects.len());
        let mut sends = SENDS;
        if let Some(outage) = self.connectivity.outage() {
            let mut deliveries = self.deliveries();
            let idle =
                flying.effects.is_empty() && deliveries.all(|delivery| *delivery != Delivery::InFlight);
            let OutageReason::Unavailable { next, .. } = outage.reason else { return Vec::new() };
            if !idle {
                return Vec::new();
            }
            if let Some(left) = left(next, now) {
                return vec![Effect::Wait(left)];
            }
            // One thing says whether it is back.
            (reads, sends) = (1, 1);
        }
        let mut todo = EffectPlanner { flying, now, effects: Vec::new(), soonest: None, reads, sends };
        self.step_effects(&mut todo);
        let EffectPlanner { mut effects, soonest, .. } = todo;
        if !self.connectivity.is_up() {
            effects.truncate(1);
        }
        if effects.is_empty() && flying.effects.is_empty() {
            match soonest {
                Some(after) => effects.push(Effect::Wait(u32::try_from(after.max(50)).unwrap_or(u32::MAX))),
                None if matches!(self.step, Step::Report(_)) && !self.has_open_requests() => {
                    effects.push(Effect::Done);
                }
                None => {}
            }
        }
        effects
    }
}
