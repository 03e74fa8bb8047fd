//! The applications of an upgrade, and those that are still in it.

use super::operation::UpgradeOperation;
use super::plan::PlannedApp;
use super::snapshot::AppSnapshot;
use super::steps::Step;
use crate::stop::{StopOperation, Target};
use quiesce_api::{ApplicationId, Error, NamespaceId, ProgramRef, Timestamp};

/// What is known of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AppInScope {
    /// What it was when it was checked: what the backup must have, and what must not change before its upgrade.
    pub snapshot: Option<AppSnapshot>,
    /// Why it could not be read last.
    pub read_error: Option<Error>,
    /// When the operator excluded it. What was done to it is restored.
    pub excluded: Option<Timestamp>,
    /// When it was last tried in vain to read it. Not kept in the journal.
    pub failed_read_at: Option<Timestamp>,
}

/// A stop of this upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StopRound {
    /// The stop.
    pub stop: StopOperation,
    /// The application that was recovered, whose run is stopped again.
    pub drained: Option<usize>,
}

impl UpgradeOperation {
    /// The applications that are not excluded, with their places.
    pub fn in_scope(&self) -> impl Iterator<Item = (usize, &PlannedApp, &AppInScope)> {
        let all = self.plan.applications.iter().zip(&self.applications).enumerate();
        all.filter(|(_, (_, scoped))| scoped.excluded.is_none())
            .map(|(at, (chosen, scoped))| (at, chosen, scoped))
    }

    pub(super) fn is_in_scope(&self, place: usize) -> bool {
        self.applications.get(place).is_some_and(|scoped| scoped.excluded.is_none())
    }

    /// Whether an application is in scope.
    pub fn includes(&self, namespace: &NamespaceId, application: &ApplicationId) -> bool {
        self.index_of(namespace, application).is_some_and(|place| self.is_in_scope(place))
    }

    /// The index of an application that was chosen.
    pub fn index_of(&self, namespace: &NamespaceId, application: &ApplicationId) -> Option<usize> {
        self.plan.applications.binary_search_by(|chosen| chosen.cmp_id(namespace, application)).ok()
    }

    /// The index of the application of a program.
    pub(crate) fn index_of_program(&self, program: &ProgramRef) -> Option<usize> {
        self.index_of(&program.namespace, &program.application)
    }

    /// The index of the application of a target.
    pub fn index_of_target(&self, target: &Target) -> Option<usize> {
        self.index_of_program(&target.run.program)
    }

    /// Whether an application can be excluded: not while its request is open, and not after it is upgraded.
    pub(super) fn can_exclude(&self, place: usize) -> bool {
        let may = match &self.step {
            Step::Review(_) | Step::PauseSchedules(_) | Step::StopRuns(_) | Step::BackUp(_) => true,
            Step::Upgrade(step) => {
                let drains = step.drain.as_ref().is_some_and(|it| it.application == place);
                step.apps.get(place).is_some_and(|work| !work.is_open() && !work.is_upgraded()) && !drains
            }
            Step::Restore(_) | Step::Report(_) => false,
        };
        may && self.is_in_scope(place)
    }
}
