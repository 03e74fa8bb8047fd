//! Carries out the effects of an upgrade.

mod backup;
mod drain;
mod executor;
mod plugins;
mod snapshot;
mod snapshots;

pub use plugins::artifacts_with;

use super::journal::JournalError;
use super::operation::{self, Running};
use super::{Client, backups, clock};
use executor::UpgradeExecutor;
use leptos::prelude::*;
use quiesce_api::NamespaceId;
use quiesce_lifecycle::journal::{Body, OperationId, UpgradePlanned};
use quiesce_lifecycle::stop;
use quiesce_lifecycle::upgrade::{CatchUpProgress, Event, EventKind, Step, UpgradeOperation, UpgradePlan};
use std::ops::Deref;

/// What is being read at the moment and how far it is: the export in bytes, then what it lacks in requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Bytes of the export so far.
    pub bytes: u64,
    /// Bytes of the export in all, where the server says it.
    pub of_bytes: Option<u64>,
    /// Requests for what the export lacks that are answered.
    pub extras: usize,
    /// All of them; 0 while the export is read.
    pub of_extras: usize,
}

/// What is shown of effects that take long.
#[derive(Clone, Copy)]
pub struct UpgradeProgress {
    /// How far the backup is, while it is being read.
    pub transfer: RwSignal<Option<Transfer>>,
    /// What the counters of a run that is draining say so far.
    pub draining: RwSignal<Option<CatchUpProgress>>,
}

/// An upgrade that this tab runs, or watches.
#[derive(Clone, Copy)]
pub struct RunningUpgrade {
    /// What is shown of effects that take long.
    pub progress: UpgradeProgress,
    operation: Running<UpgradeOperation>,
}

impl Deref for RunningUpgrade {
    type Target = Running<UpgradeOperation>;

    fn deref(&self) -> &Running<UpgradeOperation> {
        &self.operation
    }
}

/// Takes up an upgrade from its journal.
pub fn resume(client: Client, id: OperationId) -> RunningUpgrade {
    let progress = UpgradeProgress { transfer: RwSignal::new(None), draining: RwSignal::new(None) };
    let of = id.clone();
    let make = move |partial| UpgradeExecutor::new(client.ports(), of.clone(), progress, partial);
    RunningUpgrade { progress, operation: Running::resume(client, id, make) }
}

impl RunningUpgrade {
    /// Takes in what the operator decided. Nothing happens where this tab does not act.
    pub fn tell(&self, decided: EventKind) {
        self.operation.decide(Event::new(clock::now(), decided));
    }

    /// Sends the stop of a run of this step again.
    pub fn send_again(&self, target: usize) {
        let again = stop::Event::SendAgain { at: clock::now(), target };
        self.tell(EventKind::Stop(Box::new(again)));
    }

    /// Hands the backup to the operator once more. `false`: this browser does not keep it anymore.
    pub async fn save_again(&self) -> bool {
        let (Some(id), Some(Some(state))) = (self.id(), self.state.try_get_untracked()) else {
            return false;
        };
        match (file_of(&state), backups::read(&id).await) {
            (Some(file), Ok(Some(archive))) => {
                backups::download(file, "application/zip", &archive);
                true
            }
            _ => false,
        }
    }
}

/// The name of the backup's file, once there is one.
fn file_of(state: &UpgradeOperation) -> Option<&str> {
    match (&state.step, state.upgrade_step()) {
        (_, Some(upgrading)) => Some(&upgrading.backup().summary().file),
        (Step::BackUp(step), _) => step.made.as_ref().map(|made| made.file.as_str()),
        _ => None,
    }
}

/// Stores the beginning of an upgrade and gives its ID. Nothing is sent unless this worked.
pub async fn begin(
    client: Client,
    namespace: NamespaceId,
    plan: UpgradePlan,
    title: String,
) -> Result<OperationId, JournalError> {
    let first = |at| Body::UpgradePlanned(UpgradePlanned { chosen: (at, Box::new(plan)) });
    operation::begin::<UpgradeOperation>(client, namespace, title, first).await
}
