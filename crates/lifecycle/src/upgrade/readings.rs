//! What a reading of a schedule or of runs says of what was sent for them.

use super::event::Call;
use super::operation::UpgradeOperation;
use super::reasons::RestartFailure;
use super::resources::{Restart, RestartState};
use super::snapshot::RunSummary;
use super::steps::Step;
use crate::kind::Kind;
use crate::stop::Target;
use crate::verdict::PastStops;
use quiesce_api::run::RunRecord;
use quiesce_api::{Error, RunId, Timestamp};

impl UpgradeOperation {
    pub(super) fn schedule_read(
        &mut self,
        at: Timestamp,
        place: usize,
        result: &Result<bool, Error>,
    ) -> bool {
        let Some(schedule) = self.schedules.get_mut(place) else { return false };
        schedule.read_at = Some(at);
        match result {
            Ok(is_enabled) => schedule.read(*is_enabled),
            Err(error) => schedule.read_failed(error),
        }
    }

    pub(super) fn run_read(
        &mut self,
        at: Timestamp,
        place: usize,
        result: &Result<Box<RunRecord>, Error>,
    ) -> bool {
        let recovering = matches!(&self.step, Step::Upgrade(_));
        let call = if recovering { Call::Recover } else { Call::Start };
        let away = self.is_unavailable();
        // A run that is started as it was has what the run had that was stopped.
        let mut facts = None;
        if let Step::Upgrade(step) = &self.step
            && let Some(recovery) = &step.drain
        {
            let known = self.stop_rounds.iter().rev().flat_map(|round| &round.stop.plan.targets);
            let mut same = known.filter(|known| known.run.program == recovery.restart.run.program);
            facts = same.find_map(|known| known.facts.clone());
        }
        let Some(start) = self.restart_mut(call, place) else { return false };
        let record = match result {
            Ok(record) => record,
            Err(error) => {
                start.read_at = Some(at);
                let gone = error.refusal().is_some_and(|refusal| matches!(refusal.status, 403 | 404));
                if gone && !away {
                    start.state = RestartState::Failed(RestartFailure::Unreadable(error.clone()));
                }
                return gone && !away;
            }
        };
        if let RestartState::Running(run) = &start.state
            && record.run == *run
            && record.status.is_end()
            && recovering
        {
            start.state = RestartState::Failed(RestartFailure::Ended(run.clone(), record.status.clone()));
            return true;
        }
        let changed = start.run_read(at, record);
        let (application, program) = (start.application, start.run.program.clone());
        if let RestartState::Running(run) = &start.state
            && recovering
            && changed
        {
            let target = Target {
                run: program.run(run.clone()),
                kind: Kind::RealTimePipeline,
                record: *record.clone(),
                older: false,
                parent: None,
                facts,
                past: PastStops::default(),
            };
            if let Step::Upgrade(step) = &mut self.step
                && let Some(recovery) = step.drain.as_mut().filter(|it| it.application == application)
            {
                recovery.target = Some(target);
            }
        }
        changed
    }

    pub(super) fn runs_read(
        &mut self,
        at: Timestamp,
        place: usize,
        result: &Result<Vec<RunSummary>, Error>,
    ) -> bool {
        let call = if matches!(&self.step, Step::Upgrade(_)) { Call::Recover } else { Call::Start };
        let away = self.is_unavailable();
        let mut ours: Vec<RunId> = Vec::new();
        ours.extend(self.restarts().iter().filter_map(Restart::became).cloned());
        let Some(start) = self.restart_mut(call, place) else { return false };
        match result {
            Ok(seen) => start.runs_read(at, seen, &ours),
            Err(error) if !away => {
                start.read_at = Some(at);
                let gone = error.refusal().is_some_and(|refusal| matches!(refusal.status, 403 | 404));
                if gone {
                    start.state = RestartState::Failed(RestartFailure::Unreadable(error.clone()));
                }
                gone
            }
            Err(_) => false,
        }
    }
}
