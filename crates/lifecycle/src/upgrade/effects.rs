//! What to do next, from the state alone.

use super::event::Call;
use super::operation::UpgradeOperation;
use super::plan::{UpgradeMethod, UpgradePlan};
use super::resources::{AppUpgrade, AppUpgradeState, Restart, RestartState, ScheduleTask, has_passed};
use super::steps::{Step, StopStep, UpgradeStep};
use crate::operation::{OutageReason, left};
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
    /// Reads an application; brings [`super::Event::application_read`].
    ReadApplication {
        /// Its place.
        place: usize,
        /// How much of it.
        depth: Depth,
    },
    /// Reads many applications with as few requests as prove the same; brings [`super::Event::application_read`] for each, in
    /// any order. If the server is unavailable or requires a token, one event says so and the rest are still to be
    /// read.
    ReadApplications {
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
    /// [`super::AppEvent::CaughtUp`] once [`super::ThroughputSamples`] says so.
    Watch(usize, RunRef),
    /// What the stop of this step does; brings [`super::Event::stop`].
    Stop(stop::Effect),
    /// Reads the export and what it lacks, makes a backup of it and verifies it; brings
    /// [`super::Event::backed_up`].
    MakeBackup,
    /// Keeps the backup in the browser and hands it to the operator; brings [`super::Event::saved`].
    SaveBackup,
    /// Looks again after this many milliseconds.
    Wait(u32),
    /// There is nothing left to do.
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
/// How many applications whose call was answered are verified at most while the next call is made.
const VERIFIED: usize = 4;
/// How long a reading right before a call holds, in milliseconds.
const FRESH: i64 = 20_000;

/// Collects what is to do, within its limits.
struct EffectPlanner<'a> {
    flying: &'a UpgradeInFlight,
    now: Timestamp,
    effects: Vec<Effect>,
    soonest: Option<i64>,
    reads: usize,
    sends: usize,
}

impl EffectPlanner<'_> {
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

    fn send(&mut self, call: Call, place: usize) {
        if self.sends > 0 {
            self.sends -= 1;
            self.effects.push(Effect::Send { call, places: vec![place] });
        }
    }

    fn stop(&mut self, stop: &StopOperation) {
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
}

impl UpgradeOperation {
    /// What to do now. Reads that are under way are not repeated; a call is under way from its intent until its
    /// answer.
    pub fn effects(&self, flying: &UpgradeInFlight, now: Timestamp) -> Vec<Effect> {
        let mut reads = READS.saturating_sub(flying.effects.len());
        let mut sends = SENDS;
        if let Some(outage) = self.connectivity.outage() {
            let idle = flying.effects.is_empty() && !self.has_work_in_flight();
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
        match &self.step {
            Step::Review(_) => {
                let unread =
                    self.in_scope().filter(|(_, _, it)| it.snapshot.is_none() && it.read_error.is_none());
                todo.read_all(unread.map(|(place, ..)| (place, None)).collect(), 0, Depth::Full);
            }
            Step::PauseSchedules(step) => self.pause(step.begun, &mut todo),
            Step::StopRuns(step) => self.stop(step, &mut todo),
            Step::BackUp(step) if step.begun && self.aborted.is_none() => {
                for place in &step.again {
                    let tried = self.applications.get(*place).and_then(|scoped| scoped.failed_read_at);
                    todo.read(tried, 3_000, Effect::ReadApplication { place: *place, depth: Depth::Version });
                }
                if step.again.is_empty() && step.made.is_none() {
                    todo.read(None, 0, Effect::MakeBackup);
                } else if step.again.is_empty() && !step.saved {
                    todo.read(None, 0, Effect::SaveBackup);
                }
            }
            Step::BackUp(_) => {}
            Step::Upgrade(step) => self.upgrade(step, &mut todo),
            Step::Restore(step) | Step::Report(step) => {
                if step.begun {
                    starts(&step.restarts, Call::Start, &mut todo);
                    self.resume_schedules(&step.restarts, &mut todo);
                }
                if let (Step::Report(_), Some(upgrading)) = (&self.step, &step.upgrade) {
                    self.upgrade(upgrading, &mut todo);
                }
            }
        }
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

    fn has_work_in_flight(&self) -> bool {
        let recovering = match &self.step {
            Step::Upgrade(step) => {
                step.drain.as_ref().is_some_and(|recovery| recovery.restart.is_in_flight())
            }
            _ => false,
        };
        recovering
            || self.schedules.iter().any(ScheduleTask::is_in_flight)
            || self.restarts().iter().any(Restart::is_in_flight)
            || self
                .upgrade_step()
                .is_some_and(|upgrading| upgrading.apps.iter().any(AppUpgrade::is_in_flight))
    }

    fn pause(&self, begun: bool, todo: &mut EffectPlanner<'_>) {
        self.settle_schedules(todo);
        for (place, schedule) in self.schedules.iter().enumerate() {
            if schedule.is_enabled()
                && begun
                && self.aborted.is_none()
                && self.is_in_scope(schedule.application)
            {
                todo.send(Call::Pause, place);
            }
        }
    }

    fn stop(&self, step: &StopStep, todo: &mut EffectPlanner<'_>) {
        if self.aborted.is_some() {
            return;
        }
        if let Some(round) = self.stop_rounds.last() {
            todo.stop(&round.stop);
        }
        let waits_for_operator = self.stop_rounds.is_empty() && !self.active_runs().is_empty();
        if waits_for_operator || !self.stop_round_is_over() {
            return;
        }
        let unproven = self.in_scope().filter(|(at, ..)| step.proofs.get(*at).is_some_and(Option::is_none));
        todo.read_all(
            unproven.map(|(place, _, it)| (place, it.failed_read_at)).collect(),
            3_000,
            Depth::Runs,
        );
    }

    fn upgrade(&self, step: &UpgradeStep, todo: &mut EffectPlanner<'_>) {
        let (mut unanswered, mut verifying) = (false, 0);
        for (place, work) in step.apps.iter().enumerate() {
            unanswered |= work.is_unanswered();
            if let Some(every) = work.read_again_after() {
                verifying += 1;
                todo.read(work.read_at, every, Effect::ReadApplication { place, depth: Depth::Version });
            }
        }
        if let Some(recovery) = &step.drain {
            match (&recovery.stop, &recovery.target) {
                _ if self.aborted.is_some() && !recovery.restart.is_open() => {}
                (Some(again), _) => todo.stop(again),
                (None, Some(target)) => {
                    let watch = Effect::Watch(recovery.application, target.run.clone());
                    todo.read(recovery.restart.read_at, 5_000, watch);
                }
                (None, None) if unanswered => {}
                (None, None) => starts(std::slice::from_ref(&recovery.restart), Call::Recover, todo),
            }
            return;
        }
        if unanswered || verifying >= VERIFIED || !step.begun || self.aborted.is_some() {
            return;
        }
        let due = |place: usize, work: &AppUpgrade| {
            matches!(work.state, AppUpgradeState::Pending | AppUpgradeState::Ready(_))
                && (work.rolling_back || self.is_in_scope(place) && matches!(self.step, Step::Upgrade(_)))
                && self.may_redeploy(place, work)
        };
        let call = |work: &AppUpgrade| match (work.rolling_back, work.method) {
            (true, _) => Call::RollBack,
            (false, UpgradeMethod::Upgrade) => Call::Upgrade,
            (false, UpgradeMethod::Redeploy) => Call::Redeploy,
        };
        let Some((first, work)) = step.apps.iter().enumerate().find(|(place, work)| due(*place, work)) else {
            return;
        };
        let mut batch = vec![first];
        let first_call = call(work);
        if self.plan.list && first_call == Call::Upgrade {
            let rest = step.apps.iter().enumerate().skip(first + 1);
            let same = rest.filter(|(place, work)| call(work) == first_call && due(*place, work));
            batch.extend(same.map(|(place, _)| place).take(UpgradePlan::MAX_PER_CALL - 1));
        }
        let fresh = |place: &&usize| {
            step.apps.get(**place).is_some_and(
                |work| matches!(work.state, AppUpgradeState::Ready(at) if !has_passed(at, todo.now, FRESH)),
            )
        };
        if batch.iter().filter(fresh).count() == batch.len() {
            todo.effects.push(Effect::Send { call: first_call, places: batch });
            return;
        }
        let stale: Vec<usize> = batch.iter().filter(|place| !fresh(place)).copied().collect();
        for place in stale {
            todo.read(None, 0, Effect::ReadApplication { place, depth: Depth::Runs });
        }
    }

    /// Schedules continue when every start is settled: those that a program triggers first, so that they are ready
    /// when what triggers them runs again.
    fn resume_schedules(&self, list: &[Restart], todo: &mut EffectPlanner<'_>) {
        self.settle_schedules(todo);
        if !list.iter().all(Restart::is_settled) {
            return;
        }
        let waits = |schedule: &ScheduleTask| schedule.is_open() || schedule.is_paused();
        let first =
            self.schedules.iter().any(|schedule| waits(schedule) && !schedule.triggered_by.is_empty());
        for (place, schedule) in self.schedules.iter().enumerate() {
            if schedule.is_paused() && schedule.triggered_by.is_empty() != first {
                todo.send(Call::Resume, place);
            }
        }
    }

    /// Reads the schedules of which it is unknown what a request did, and counts the requests in flight.
    fn settle_schedules(&self, todo: &mut EffectPlanner<'_>) {
        for (place, schedule) in self.schedules.iter().enumerate() {
            if schedule.is_in_flight() {
                todo.sends = todo.sends.saturating_sub(1);
            } else if schedule.is_open() {
                todo.read(schedule.read_at, 2_000, Effect::ReadSchedule(place));
            }
        }
    }
}

/// The starts: one at a time for each program, so that a run that appears can only be of one.
fn starts(list: &[Restart], call: Call, todo: &mut EffectPlanner<'_>) {
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
                todo.read(start.read_at, 2_000, Effect::ReadRun(place, start.run.clone()));
            }
            RestartState::MayStart(at, _) if !has_passed(*at, todo.now, FRESH) => todo.send(call, place),
            RestartState::Ended | RestartState::MayStart(..) => {
                todo.read(start.read_at, 1_000, Effect::ReadRuns(place, program.clone()));
            }
            RestartState::Request(..) if !start.is_in_flight() => {
                todo.read(start.read_at, 2_000, Effect::ReadRuns(place, program.clone()));
            }
            RestartState::Started(run, _) => {
                todo.read(start.read_at, 2_000, Effect::ReadRun(place, program.run(run.clone())));
            }
            _ => {}
        }
    }
}
