//! What a reading of a schedule or of runs says of what was sent for them.

use super::event::Call;
use super::operation::UpgradeOperation;
use super::resources::Restart;
use super::snapshot::RunSummary;
use super::steps::Step;
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
        let drains = matches!(self.step, Step::Upgrade(_));
        let call = if drains { Call::Recover } else { Call::Start };
        let up = self.connectivity.is_up();
        let Some(start) = self.restart_mut(call, place) else { return false };
        let record = match result {
            Ok(record) => record,
            Err(error) => return start.read_failed(at, error, up),
        };
        if drains && self.drain_ended(record) {
            return true;
        }
        let changed = self.restart_mut(call, place).is_some_and(|start| start.run_read(at, record));
        if drains && changed {
            self.note_draining_run(record);
        }
        changed
    }

    pub(super) fn runs_read(
        &mut self,
        at: Timestamp,
        place: usize,
        result: &Result<Vec<RunSummary>, Error>,
    ) -> bool {
        let call = if matches!(self.step, Step::Upgrade(_)) { Call::Recover } else { Call::Start };
        let up = self.connectivity.is_up();
        let mut ours: Vec<RunId> = Vec::new();
        ours.extend(self.restarts().iter().filter_map(Restart::became).cloned());
        let Some(start) = self.restart_mut(call, place) else { return false };
        match result {
            Ok(seen) => start.runs_read(at, seen, &ours),
            Err(error) => start.read_failed(at, error, up),
        }
    }
}
