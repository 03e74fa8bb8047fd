//! What the step knows, what keeps it from its end, and what can be done with an application in it.

use super::drain::DrainAndRetry;
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::plan::UpgradePlan;
use crate::upgrade::reasons::Blocker;
use crate::upgrade::resources::{AppUpgrade, AppUpgradeState};
use crate::upgrade::steps::back_up::VerifiedBackup;
use crate::upgrade::steps::step::Step;
use crate::upgrade::steps::stop_runs::RunsEnded;

/// The step in which applications are upgraded. It can only be made from every run ended and a verified
/// backup.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpgradeStep {
    ended: RunsEnded,
    backup: VerifiedBackup,
    /// The applications, by their places.
    pub apps: Vec<AppUpgrade>,
    /// The application that is recovered first. Nothing is upgraded meanwhile.
    pub drain: Option<DrainAndRetry>,
    /// Whether the operator began.
    pub begun: bool,
}

impl UpgradeStep {
    /// The proof that every run had ended.
    pub fn ended(&self) -> &RunsEnded {
        &self.ended
    }

    /// The backup.
    pub fn backup(&self) -> &VerifiedBackup {
        &self.backup
    }

    pub(in crate::upgrade) fn new(plan: &UpgradePlan, ended: RunsEnded, backup: VerifiedBackup) -> Self {
        let mut apps = Vec::with_capacity(plan.applications.len());
        apps.extend(plan.applications.iter().map(|chosen| AppUpgrade::new(chosen.way)));
        Self { ended, backup, apps, drain: None, begun: false }
    }

    pub(in crate::upgrade) fn blocker(&self, op: &UpgradeOperation) -> Result<(), Blocker> {
        if self.drain.is_some() {
            return Err(Blocker::Draining);
        }
        let apps = self.apps.iter().enumerate();
        let open = apps.filter(|(place, work)| op.is_in_scope(*place) && !work.is_settled());
        Blocker::unless_none(open, Blocker::NotUpgraded)
    }
}

impl UpgradeOperation {
    /// The applications in the upgrade, in whichever step it is known.
    pub fn upgrade_step(&self) -> Option<&UpgradeStep> {
        match &self.step {
            Step::Upgrade(step) => Some(step),
            Step::Restore(step) | Step::Report(step) => step.upgrade.as_deref(),
            _ => None,
        }
    }

    pub(in crate::upgrade) fn upgrade_step_mut(&mut self) -> Option<&mut UpgradeStep> {
        match &mut self.step {
            Step::Upgrade(step) => Some(step),
            Step::Restore(step) | Step::Report(step) => step.upgrade.as_deref_mut(),
            _ => None,
        }
    }

    pub(in crate::upgrade) fn app_upgrade_mut(&mut self, place: usize) -> Option<&mut AppUpgrade> {
        self.upgrade_step_mut()?.apps.get_mut(place)
    }

    /// An application whose request is neither open nor done, in the step that upgrades.
    pub(in crate::upgrade) fn undecided(&self, place: usize) -> Option<&AppUpgrade> {
        let Step::Upgrade(step) = &self.step else { return None };
        step.apps.get(place).filter(|work| self.aborted.is_none() && !work.is_open() && !work.is_upgraded())
    }

    /// Whether an application can be rolled back: here, or from the report.
    pub(in crate::upgrade) fn can_roll_back(&self, place: usize) -> bool {
        matches!(self.step, Step::Upgrade(_) | Step::Report(_))
            && self
                .upgrade_step()
                .and_then(|step| step.apps.get(place))
                .is_some_and(|work| work.is_upgraded() && !work.is_open())
    }

    pub(in crate::upgrade) fn roll_back(&mut self, place: usize) {
        if let Some(work) = self.app_upgrade_mut(place) {
            (work.rolling_back, work.may_have_been_sent, work.state) =
                (true, false, AppUpgradeState::Pending);
        }
    }
}
