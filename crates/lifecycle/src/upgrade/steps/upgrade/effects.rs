//! What the step does next: it settles what is open, then prepares and sends the next request.

use super::step::UpgradeStep;
use crate::operation::has_passed;
use crate::upgrade::effects::{Depth, Effect, EffectPlanner, FRESH};
use crate::upgrade::event::Call;
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::plan::UpgradePlan;
use crate::upgrade::resources::{AppUpgrade, AppUpgradeState};
use crate::upgrade::steps::step::Step;

/// How many applications whose request was answered are verified at most while the next request is sent.
const VERIFIED: usize = 4;

impl UpgradeStep {
    pub(in crate::upgrade::steps) fn effects(&self, op: &UpgradeOperation, todo: &mut EffectPlanner<'_>) {
        let (mut unanswered, mut verifying) = (false, 0);
        for (place, work) in self.apps.iter().enumerate() {
            unanswered |= work.is_unanswered();
            if let Some(every) = work.read_again_after() {
                verifying += 1;
                todo.read(work.read_at, every, Effect::ReadApplication { place, depth: Depth::Version });
            }
        }
        if let Some(drain) = &self.drain {
            match (&drain.stop, &drain.target) {
                _ if op.aborted.is_some() && !drain.restart.is_open() => {}
                (Some(again), _) => todo.stop(again),
                (None, Some(target)) => {
                    let watch = Effect::Watch(drain.application, target.run.clone());
                    todo.read(drain.restart.read_at, 5_000, watch);
                }
                (None, None) if unanswered => {}
                (None, None) => todo.starts(std::slice::from_ref(&drain.restart), Call::Recover),
            }
            return;
        }
        if unanswered || verifying >= VERIFIED || !self.begun || op.aborted.is_some() {
            return;
        }
        let due = |place: usize, work: &AppUpgrade| {
            matches!(work.state, AppUpgradeState::Pending | AppUpgradeState::Ready(_))
                && (work.rolling_back || op.is_in_scope(place) && matches!(op.step, Step::Upgrade(_)))
                && op.may_redeploy(place, work)
        };
        let Some((first, work)) = self.apps.iter().enumerate().find(|(place, work)| due(*place, work)) else {
            return;
        };
        let mut batch = vec![first];
        let first_call = work.call();
        if op.plan.list && first_call == Call::Upgrade {
            let rest = self.apps.iter().enumerate().skip(first + 1);
            // One call is of one namespace.
            let namespace = |place: usize| op.plan.applications.get(place).map(|chosen| &chosen.namespace);
            let same = rest.filter(|(place, work)| {
                work.call() == first_call && due(*place, work) && namespace(*place) == namespace(first)
            });
            batch.extend(same.map(|(place, _)| place).take(UpgradePlan::MAX_PER_CALL - 1));
        }
        let fresh = |place: &&usize| {
            self.apps.get(**place).is_some_and(
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
}
