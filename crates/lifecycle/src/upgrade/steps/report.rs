//! Report: the upgrade is complete. Applications can still be rolled back, and what failed can be tried again.

use super::restore::RestoreStep;
use crate::upgrade::effects::EffectPlanner;
use crate::upgrade::operation::UpgradeOperation;

pub(super) fn effects(step: &RestoreStep, op: &UpgradeOperation, todo: &mut EffectPlanner<'_>) {
    step.effects(op, todo);
    if let Some(upgrading) = &step.upgrade {
        upgrading.effects(op, todo);
    }
}
