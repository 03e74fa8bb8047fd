//! One thing that is left to do in a step, and for which the step waits whatever becomes of the others: [`Remainder`].
//!
//! Whom an upgrade waits for depends on all its applications, so that asking after each event takes a time that grows
//! with the square of their number. As long as one that was found before is still left, the answer is the same.

use super::event::{AppEvent, Event, EventKind};
use super::operation::UpgradeOperation;
use super::resources::{AppUpgradeState, ScheduleTask};
use super::steps::Step;
use super::timeline::UpgradeWait;
use crate::stop::StopOperation;
use quiesce_api::Timestamp;

/// Something that is left to do, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remainder {
    Application(usize),
    Schedule(usize),
    Restart(usize),
    /// A run of the current stop.
    Run(usize),
}

impl Remainder {
    /// One for which the upgrade waits in this way: from the middle of what is left, so that it lasts in whichever order
    /// the rest is done.
    pub(super) fn find(op: &UpgradeOperation, at: Timestamp, wait: UpgradeWait) -> Option<Self> {
        if wait == UpgradeWait::Operator {
            return None;
        }
        let left = candidates(op, at);
        let (before, after) = left.split_at(left.len() / 2);
        after.iter().chain(before).copied().find(|it| it.wait(op, at) == Some(wait))
    }

    /// Whom the upgrade waits for, if this alone decides it.
    pub(super) fn wait(self, op: &UpgradeOperation, at: Timestamp) -> Option<UpgradeWait> {
        let waits = match (&op.step, self) {
            (Step::Review(_), Self::Application(place)) => {
                op.is_in_scope(place) && op.applications.get(place)?.snapshot.is_none()
            }
            (Step::PauseSchedules(step), Self::Schedule(place)) => {
                let schedule = op.schedules.get(place)?;
                let left = schedule.is_open() || !schedule.is_suspended();
                step.begun && left && op.is_in_scope(schedule.application)
            }
            (Step::StopRuns(_), Self::Run(place)) => {
                let stop = op.current_stop()?;
                let is_left = place < stop.runs.len() && !stop.closed && !stop.is_finished_run(place, at);
                return is_left.then_some(UpgradeWait::Runs);
            }
            (Step::StopRuns(step), Self::Application(place)) => {
                op.is_in_scope(place) && step.proofs.get(place)?.is_none()
            }
            (Step::Upgrade(step), Self::Application(place)) => {
                let work = step.apps.get(place)?;
                let is_pending = || work.state == AppUpgradeState::Pending && op.may_redeploy(place, work);
                let goes_on = step.begun && step.drain.is_none() && op.is_in_scope(place);
                goes_on && (work.is_open() || is_pending())
            }
            (Step::Restore(step), Self::Restart(place)) => {
                step.begun && !step.restarts.get(place)?.is_settled()
            }
            (Step::Restore(step), Self::Schedule(place)) => {
                step.begun && is_unrestored(op.schedules.get(place)?)
            }
            (Step::Report(_), Self::Application(place)) => {
                let work = op.upgrade_step()?.apps.get(place)?;
                work.rolling_back && !work.is_settled()
            }
            _ => false,
        };
        waits.then_some(UpgradeWait::Server)
    }

    /// Whether an event leaves everything else as it is that the wait depends on. Only while applications are read again
    /// after a stop, more than one thing counts: an active run.
    pub(super) fn outlasts(self, op: &UpgradeOperation, event: &Event) -> bool {
        let (Step::StopRuns(step), Self::Application(_)) = (&op.step, self) else { return true };
        let EventKind::Application(read, AppEvent::Read(_)) = &event.kind else { return false };
        let look = step.proofs.get(read.0).and_then(Option::as_ref);
        look.is_none_or(|look| look.alive.is_empty())
    }
}

fn is_unrestored(schedule: &ScheduleTask) -> bool {
    schedule.is_open() || schedule.is_paused()
}

/// What may be left in the current step.
fn candidates(op: &UpgradeOperation, at: Timestamp) -> Vec<Remainder> {
    let schedules = |is_left: fn(&ScheduleTask) -> bool| {
        let schedules = op.schedules.iter().enumerate();
        schedules.filter(move |(_, it)| is_left(it)).map(|(place, _)| Remainder::Schedule(place))
    };
    match &op.step {
        Step::Review(_) => {
            let applications = op.applications.iter().enumerate();
            let unread = applications.filter(|(_, scoped)| scoped.snapshot.is_none());
            unread.map(|(place, _)| Remainder::Application(place)).collect()
        }
        Step::PauseSchedules(_) => schedules(|it| !it.is_suspended()).collect(),
        Step::StopRuns(step) => {
            let open = op.current_stop().filter(|stop| !stop.closed);
            let runs = |stop| unfinished(stop, at).map(Remainder::Run).collect();
            let runs: Vec<_> = open.map_or_else(Vec::new, runs);
            if !runs.is_empty() {
                return runs;
            }
            let proofs = step.proofs.iter().enumerate().filter(|(_, proof)| proof.is_none());
            proofs.map(|(place, _)| Remainder::Application(place)).collect()
        }
        Step::Upgrade(step) if step.drain.is_some() => Vec::new(),
        Step::BackUp(_) => Vec::new(),
        Step::Upgrade(_) | Step::Report(_) => {
            let apps = op.upgrade_step().into_iter().flat_map(|step| &step.apps).enumerate();
            let unsettled = apps.filter(|(_, work)| !work.is_settled());
            unsettled.map(|(place, _)| Remainder::Application(place)).collect()
        }
        Step::Restore(step) => {
            let restarts = step.restarts.iter().enumerate().filter(|(_, restart)| !restart.is_settled());
            let restarts = restarts.map(|(place, _)| Remainder::Restart(place));
            restarts.chain(schedules(is_unrestored)).collect()
        }
    }
}

fn unfinished(stop: &StopOperation, at: Timestamp) -> impl Iterator<Item = usize> {
    (0..stop.runs.len()).filter(move |place| !stop.is_finished_run(*place, at))
}
