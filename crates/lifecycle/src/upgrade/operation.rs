//! The state of an upgrade, and what it does by itself.

use super::guard::{Guard, without};
use super::parts::{Start, StartState, Switch, SwitchState, Work, WorkState};
use super::plan::{Chosen, Plan};
use super::steps::{Away, Check, PuttingBack, Round, Scoped, Step, Upgrading};
use crate::backup::insert;
use crate::stop::{Drift, Standing, StopOperation, Target};
use quiesce_api::{ApplicationId, Timestamp};

/// An upgrade, from the choice on: a fold over the events of its journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpgradeOperation {
    /// What was chosen.
    pub plan: Plan,
    /// When.
    pub begun: Timestamp,
    /// What is known of each chosen application, by its place.
    pub applications: Vec<Scoped>,
    /// The schedules of the chosen applications that were on: what is paused and resumed.
    pub schedules: Vec<Switch>,
    /// The stops of this upgrade, in order.
    pub rounds: Vec<Round>,
    /// Where it is.
    pub step: Step,
    /// When the operator gave it up; what is under way is still settled.
    pub aborted: Option<Timestamp>,
    /// Whether the server is away.
    pub away: Option<Away>,
}

impl UpgradeOperation {
    /// The state right after the operator chose. Places count in the order of the applications' names.
    pub fn new(mut plan: Plan, begun: Timestamp) -> Self {
        let mut sorted: Vec<Chosen> = Vec::with_capacity(plan.applications.len());
        for chosen in plan.applications {
            insert(&mut sorted, chosen, |one, other| one.application.cmp(&other.application));
        }
        plan.applications = sorted;
        let applications = vec![Scoped::default(); plan.applications.len()];
        Self {
            plan,
            begun,
            applications,
            schedules: Vec::new(),
            rounds: Vec::new(),
            step: Step::Check(Check::default()),
            aborted: None,
            away: None,
        }
    }

    /// The applications that are not left out, with their places.
    pub fn in_scope(&self) -> impl Iterator<Item = (usize, &Chosen, &Scoped)> {
        let all = self.plan.applications.iter().zip(&self.applications).enumerate();
        all.filter(|(_, (_, scoped))| scoped.left_out.is_none())
            .map(|(at, (chosen, scoped))| (at, chosen, scoped))
    }

    pub(super) fn is_in_scope(&self, place: usize) -> bool {
        self.applications.get(place).is_some_and(|scoped| scoped.left_out.is_none())
    }

    /// The index of an application that was chosen.
    pub fn index_of(&self, application: &ApplicationId) -> Option<usize> {
        self.plan.applications.binary_search_by(|chosen| chosen.application.cmp(application)).ok()
    }

    /// The place of the application of a target.
    pub(super) fn place_of(&self, target: &Target) -> Option<usize> {
        self.index_of(&target.run.program.application)
    }

    /// The runs in scope that are alive by the newest reading: what a stop of this step stops.
    pub fn alive(&self) -> Vec<Target> {
        let mut alive = Vec::new();
        for (place, _, scoped) in self.in_scope() {
            let proof = match &self.step {
                Step::Stop(step) => step.proofs.get(place).and_then(Option::as_ref),
                _ => None,
            };
            let look = if self.rounds.is_empty() { proof.or(scoped.look.as_ref()) } else { proof };
            for target in look.into_iter().flat_map(|look| &look.alive) {
                let mut target = target.clone();
                // A later reading does not read again what a run was launched with.
                let known =
                    scoped.look.iter().flat_map(|look| &look.alive).find(|known| known.run == target.run);
                target.facts = target.facts.or_else(|| known.and_then(|known| known.facts.clone()));
                alive.push(target);
            }
        }
        alive
    }

    /// Whether every run in scope of the last stop has ended and its log is read.
    pub fn round_is_over(&self) -> bool {
        self.rounds.last().is_none_or(|round| {
            round.stop.plan.targets.iter().zip(&round.stop.runs).all(|(target, run)| {
                let out = self.place_of(target).is_none_or(|place| !self.is_in_scope(place));
                let log = !target.kind.is_real_time() || run.log_final;
                out || run.record.status.is_end() && (log || run.record.stopping.is_none())
            })
        })
    }

    /// The stop that is under way.
    pub fn current_stop(&self) -> Option<&StopOperation> {
        match &self.step {
            Step::Upgrade(step) if step.recovery.is_some() => step.recovery.as_ref()?.stop.as_ref(),
            _ => self.rounds.last().map(|round| &round.stop),
        }
    }

    pub(super) fn current_stop_mut(&mut self) -> Option<&mut StopOperation> {
        match &mut self.step {
            Step::Upgrade(step) if step.recovery.is_some() => step.recovery.as_mut()?.stop.as_mut(),
            _ => self.rounds.last_mut().map(|round| &mut round.stop),
        }
    }

    /// The applications in the upgrade, in whichever step it is known.
    pub fn upgrading(&self) -> Option<&Upgrading> {
        match &self.step {
            Step::Upgrade(step) => Some(step),
            Step::PutBack(step) | Step::Report(step) => step.upgrading.as_deref(),
            _ => None,
        }
    }

    pub(super) fn upgrading_mut(&mut self) -> Option<&mut Upgrading> {
        match &mut self.step {
            Step::Upgrade(step) => Some(step),
            Step::PutBack(step) | Step::Report(step) => step.upgrading.as_deref_mut(),
            _ => None,
        }
    }

    /// The runs that are started again, once that is known.
    pub fn starts(&self) -> &[Start] {
        match &self.step {
            Step::PutBack(step) | Step::Report(step) => &step.starts,
            _ => &[],
        }
    }

    /// Whether a call of this operation is under way or in doubt.
    pub fn is_anything_open(&self) -> bool {
        let stops = self.rounds.iter().map(|round| &round.stop).chain(self.current_stop());
        let mut calls = stops.flat_map(|stop| stop.calls.values());
        let recovering = match &self.step {
            Step::Upgrade(step) => step.recovery.as_ref().is_some_and(|recovery| recovery.start.is_open()),
            _ => false,
        };
        calls.any(|call| call.answer.is_none())
            || recovering
            || self.schedules.iter().any(Switch::is_open)
            || self.upgrading().is_some_and(|upgrading| upgrading.works.iter().any(Work::is_open))
            || self.starts().iter().any(Start::is_open)
    }

    /// Settles what a state change makes possible by itself: a finished recovery, the end of an abort.
    pub(super) fn settle(&mut self) {
        self.recovery_failed();
        if let Step::Upgrade(step) = &mut self.step
            && let Some(recovery) = &mut step.recovery
            && recovery.stop.as_ref().is_some_and(is_over)
            && let Some(stop) = recovery.stop.take()
        {
            let place = recovery.application;
            step.recovery = None;
            if let Some(work) = step.works.get_mut(place) {
                work.state = WorkState::Open;
            }
            self.rounds.push(Round { stop, recovery: Some(place) });
        }
        let Some(at) = self.aborted else { return };
        if !self.is_anything_open() && !matches!(self.step, Step::PutBack(_) | Step::Report(_)) {
            self.put_back(at, true);
        }
        if let Step::PutBack(step) = &self.step
            && step.begun
            && self.can_continue().is_ok()
        {
            self.report();
        }
    }

    /// A recovery whose start came to nothing ends, and says why.
    fn recovery_failed(&mut self) {
        let Step::Upgrade(step) = &mut self.step else { return };
        let Some(recovery) = step.recovery.as_ref().filter(|recovery| recovery.stop.is_none()) else {
            return;
        };
        let words = match &recovery.start.state {
            StartState::Failed(words) => words.clone(),
            StartState::Completed(run) => format!("Run {run} completed on its own."),
            StartState::RunsAlready(run) => format!("Run {run} started since the review."),
            _ => return,
        };
        if let Some(work) = step.works.get_mut(recovery.application) {
            work.not_recovered = Some(words);
        }
        step.recovery = None;
    }

    /// Goes to the step that puts back, from whichever step it is.
    pub(super) fn put_back(&mut self, at: Timestamp, begun: bool) {
        let upgrading = match std::mem::replace(&mut self.step, Step::Check(Check::default())) {
            Step::Upgrade(mut step) => {
                if let Some(recovery) = step.recovery.take()
                    && let Some(stop) = recovery.stop
                {
                    self.rounds.push(Round { stop, recovery: Some(recovery.application) });
                }
                Some(step)
            }
            _ => None,
        };
        let mut starts: Vec<Start> = Vec::new();
        for round in &self.rounds {
            let ours = round.recovery.is_some();
            for (target, run) in round.stop.plan.targets.iter().zip(&round.stop.runs) {
                let told = !matches!(run.standing, Standing::Planned | Standing::Refused(..));
                let twice = starts.iter().any(|start| start.run == target.run);
                if told && !ours && !twice && target.parent.is_none() {
                    let place = self.place_of(target).unwrap_or(usize::MAX);
                    starts.push(Start::again(place, target.run.clone(), target.older, at));
                }
            }
            // A batch call reaches what began in the moment before it; that was our doing too.
            for drift in &round.stop.drift {
                if let Drift::AlsoStopped(run) = drift
                    && !starts.iter().any(|start| start.run == *run)
                {
                    let place = self.index_of(&run.program.application).unwrap_or(usize::MAX);
                    starts.push(Start::again(place, run.clone(), false, at));
                }
            }
        }
        if without(Guard::AbortPutsBack) && self.aborted.is_some() {
            for switch in &mut self.schedules {
                switch.state = SwitchState::LeftOff;
            }
        }
        self.step = Step::PutBack(PuttingBack { upgrading, starts, begun });
    }

    pub(super) fn report(&mut self) {
        if let Step::PutBack(step) = std::mem::replace(&mut self.step, Step::Check(Check::default())) {
            self.step = Step::Report(step);
        }
    }
}

/// Whether every run of a stop has ended and every log is read.
fn is_over(stop: &StopOperation) -> bool {
    stop.plan.targets.iter().zip(&stop.runs).all(|(target, run)| {
        let log = run.log_final || !target.kind.is_real_time() || run.record.stopping.is_none();
        run.record.status.is_end() && log
    })
}
