//! Carries out the effects of an upgrade.

mod backup;
mod drain;
mod executor;
mod plugins;
mod progress;
mod snapshot;
mod snapshots;

pub use plugins::artifacts_with;
pub use progress::{Transfer, UpgradeProgress};

use super::journal::JournalError;
use super::operation::{self, Running};
use super::session::Client;
use super::{backups, clock};
use executor::UpgradeExecutor;
use leptos::prelude::*;
use progress::file_of;
use quiesce_api::NamespaceId;
use quiesce_lifecycle::journal::{Body, OperationId, UpgradePlanned};
use quiesce_lifecycle::stop;
use quiesce_lifecycle::upgrade::{Event, EventKind, UpgradeOperation, UpgradePlan};
use std::ops::Deref;

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
    /// An upgrade as it is at a moment. Nothing runs it.
    pub fn still(id: OperationId, operation: UpgradeOperation) -> Self {
        let progress = UpgradeProgress { transfer: RwSignal::new(None), draining: RwSignal::new(None) };
        Self { progress, operation: Running::still(id, operation) }
    }

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
