//! What a reading of an application says: whether it may be sent, and whether its request had its effect.

use crate::operation::Delivery;
use crate::upgrade::operation::UpgradeOperation;
use crate::upgrade::reasons::DriftReason;
use crate::upgrade::resources::{AppUpgrade, AppUpgradeState};
use crate::upgrade::snapshot::AppSnapshot;
use quiesce_api::{Error, Timestamp};

impl UpgradeOperation {
    /// A reading of an application right before its call, or after it.
    pub(in crate::upgrade) fn app_upgrade_read(
        &mut self,
        at: Timestamp,
        place: usize,
        look: &AppSnapshot,
    ) -> bool {
        let Some(work) = self.upgrade_step().and_then(|upgrading| upgrading.apps.get(place)) else {
            return false;
        };
        let proven = self.is_proven(place, work, look);
        let awaits_effect = work.delivery().is_some_and(|delivery| delivery.answered_at().is_some());
        let before_request = matches!(work.state, AppUpgradeState::Pending | AppUpgradeState::Ready(_));
        let state = match () {
            // A call that was considered lost arrived all the same.
            () if proven && (awaits_effect || before_request && work.may_have_been_sent) => {
                AppUpgradeState::Request(Delivery::Confirmed)
            }
            () if before_request => match self.drift(place, work, look) {
                Some(reason) => AppUpgradeState::Changed(reason),
                None => AppUpgradeState::Ready(at),
            },
            () if awaits_effect => {
                let Some(work) = self.app_upgrade_mut(place) else { return false };
                work.read_at = Some(at);
                return work.no_effect(at, &look.artifact);
            }
            () => return false,
        };
        let Some(work) = self.app_upgrade_mut(place) else { return false };
        work.state = state;
        if work.is_done() && !work.rolling_back {
            work.new_version = Some(look.version.clone());
        }
        work.read_at = Some(at);
        true
    }

    /// Takes in that an application can't be read. `true`: it changed something that the journal has to keep.
    pub(in crate::upgrade) fn app_upgrade_unreadable(
        &mut self,
        at: Timestamp,
        place: usize,
        error: &Error,
    ) -> bool {
        let Some(work) = self.app_upgrade_mut(place) else { return false };
        let gone = error.refusal().is_some_and(|refusal| (400..500).contains(&refusal.status));
        match &work.state {
            AppUpgradeState::Pending | AppUpgradeState::Ready(_) => {
                work.state = AppUpgradeState::Changed(DriftReason::Unreadable(error.clone()));
                true
            }
            AppUpgradeState::Request(Delivery::Acknowledged(_) | Delivery::InDoubt(_)) if gone => {
                work.state = AppUpgradeState::Request(Delivery::Disproved(Some(error.clone())));
                work.still_on = None;
                true
            }
            _ => {
                work.read_at = Some(at);
                false
            }
        }
    }

    /// Whether a reading shows that an application is where its call should bring it.
    fn is_proven(&self, place: usize, work: &AppUpgrade, look: &AppSnapshot) -> bool {
        let (Some(chosen), Some(scoped)) = (self.plan.applications.get(place), self.applications.get(place))
        else {
            return false;
        };
        let Some(was) = &scoped.snapshot else { return false };
        let (artifact, version) = if work.rolling_back {
            (&was.artifact, work.new_version.as_ref().unwrap_or(&was.version))
        } else {
            (&chosen.to, &was.version)
        };
        let same = look.artifact.name == artifact.name && look.artifact.version == artifact.version;
        // Servers before 6.8 have one version only.
        same && (look.version != *version || look.version.is_snapshot())
    }

    /// Why an application is not what it must be right before its request, if so.
    fn drift(&self, place: usize, work: &AppUpgrade, look: &AppSnapshot) -> Option<DriftReason> {
        let was = self.applications.get(place)?.snapshot.as_ref()?;
        let version = work.new_version.as_ref().filter(|_| work.rolling_back).unwrap_or(&was.version);
        // Servers before 6.8 have one version only: what it is made of and its configuration tell.
        let other = look.configuration != was.configuration || look.artifact != was.artifact;
        if look.version != *version || !work.rolling_back && other {
            return Some(DriftReason::NewVersion(look.version.clone()));
        }
        let run = look.alive.first()?;
        Some(DriftReason::ActiveRun(run.run.run.clone(), run.record.status.clone()))
    }
}
