//! Restore: the stopped runs are started again, then the paused schedules are resumed.

use super::review::ReviewStep;
use super::step::Step;
use super::upgrade::UpgradeStep;
use crate::operation::Delivery;
use crate::stop::Drift;
use crate::upgrade::effects::EffectPlanner;
use crate::upgrade::event::{Call, Part, RestartIndex, ScheduleIndex};
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::reasons::Blocker;
use crate::upgrade::resources::{Restart, RestartState, ScheduleTask, ScheduleTaskState};
use crate::upgrade::scope::StopRound;
use quiesce_api::Timestamp;

/// What is restored, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RestoreStep {
    /// What went before, if it came so far.
    pub upgrade: Option<Box<UpgradeStep>>,
    /// The runs that are started again.
    pub restarts: Vec<Restart>,
    /// Whether the operator began.
    pub begun: bool,
}

impl RestoreStep {
    pub(super) fn effects(&self, op: &UpgradeOperation, todo: &mut EffectPlanner<'_>) {
        if !self.begun {
            return;
        }
        todo.starts(&self.restarts, Call::Start);
        // The report is final, unless the operator tries again.
        if matches!(op.step, Step::Restore(_)) {
            todo.still_active(&self.restarts);
        }
        todo.settle_schedules(&op.schedules);
        if !self.restarts.iter().all(Restart::is_settled) {
            return;
        }
        // Schedules that a program triggers are resumed first, so that they are ready when it runs again.
        let waits = |schedule: &ScheduleTask| schedule.is_open() || schedule.is_paused();
        let first = op.schedules.iter().any(|schedule| waits(schedule) && !schedule.triggered_by.is_empty());
        for (place, schedule) in op.schedules.iter().enumerate() {
            if schedule.is_paused() && schedule.triggered_by.is_empty() != first {
                todo.send(Call::Resume, place);
            }
        }
    }

    pub(super) fn blocker(&self, op: &UpgradeOperation) -> Result<(), Blocker> {
        let starts = self.restarts.iter().filter(|start| !start.is_settled()).map(|_| ());
        let off = |schedule: &&ScheduleTask| schedule.is_open() || schedule.is_paused();
        let off = op.schedules.iter().filter(off).map(|_| ());
        Blocker::unless_none(starts.chain(off), Blocker::NotRestored)
    }
}

impl UpgradeOperation {
    /// The runs that are started again, once that is known.
    pub fn restarts(&self) -> &[Restart] {
        match &self.step {
            Step::Restore(step) | Step::Report(step) => &step.restarts,
            _ => &[],
        }
    }

    pub(in crate::upgrade) fn restart_mut(&mut self, call: Call, place: usize) -> Option<&mut Restart> {
        match &mut self.step {
            Step::Upgrade(step) if call == Call::Recover => Some(&mut step.drain.as_mut()?.restart),
            Step::Restore(step) | Step::Report(step) if call == Call::Start => step.restarts.get_mut(place),
            _ => None,
        }
    }

    /// Whether a part can be left as it is: a schedule suspended, a run not started.
    pub(in crate::upgrade) fn can_skip(&self, part: Part) -> bool {
        let restores = matches!(self.step, Step::Restore(_) | Step::Report(_));
        restores
            && match part {
                Part::Resume(ScheduleIndex(place)) => self
                    .schedules
                    .get(place)
                    .is_some_and(|schedule| schedule.is_paused() || schedule.is_resume_refused()),
                Part::Start(RestartIndex(place)) => self
                    .restarts()
                    .get(place)
                    .is_some_and(|start| !start.is_open() && start.became().is_none()),
                Part::Pause(_) | Part::Application(_) => false,
            }
    }

    pub(in crate::upgrade) fn skip(&mut self, part: Part) {
        match part {
            Part::Resume(ScheduleIndex(place)) => {
                if let Some(schedule) = self.schedules.get_mut(place) {
                    schedule.state = ScheduleTaskState::LeftSuspended;
                }
            }
            Part::Start(RestartIndex(place)) => {
                if let Some(start) = self.restart_mut(Call::Start, place) {
                    start.state = RestartState::Skipped;
                }
            }
            Part::Pause(_) | Part::Application(_) => {}
        }
    }

    /// Goes to the step that restores, from whichever step it is.
    pub(in crate::upgrade) fn enter_restore(&mut self, at: Timestamp, begun: bool) {
        let upgrading = match std::mem::replace(&mut self.step, Step::Review(ReviewStep::default())) {
            Step::Upgrade(mut step) => {
                if let Some(drain) = step.drain.take()
                    && let Some(stop) = drain.stop
                {
                    self.stop_rounds.push(StopRound { stop, drained: Some(drain.application) });
                }
                Some(step)
            }
            _ => None,
        };
        let mut starts: Vec<Restart> = Vec::new();
        for round in &self.stop_rounds {
            let ours = round.drained.is_some();
            for (target, run) in round.stop.plan.targets.iter().zip(&round.stop.runs) {
                let told = !matches!(run.delivery, Delivery::NotSent | Delivery::Refused(_));
                let twice = starts.iter().any(|start| start.run == target.run);
                if told && !ours && !twice && target.parent.is_none() {
                    starts.push(Restart::again(target.run.clone(), target.older, at));
                }
            }
            // A batch call reaches what began in the moment before it; that was our doing too.
            for drift in &round.stop.drift {
                if let Drift::AlsoStopped(run) = drift
                    && !starts.iter().any(|start| start.run == *run)
                {
                    starts.push(Restart::again(run.clone(), false, at));
                }
            }
        }
        self.step = Step::Restore(RestoreStep { upgrade: upgrading, restarts: starts, begun });
    }
}
