//! Runs an upgrade: does what the machine asks for, writes the journal, brings back what happened.

use super::journal::JournalError;
use super::runner::RunnerError;
use super::{Client, clock};
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::upgrade::{Event, Plan, UpgradeOperation};
use std::sync::Arc;

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

/// Whether this tab acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The journal is being read.
    Opening,
    /// This tab acts.
    Acts,
    /// Another tab acts, and this one watches.
    Watches,
    /// The tab that acted is gone: the operator is asked whether this one goes on.
    Orphaned,
}

/// An upgrade that runs, or that another tab runs.
#[derive(Clone, Copy)]
pub struct Running {
    /// Its state; shown a few times a second at the most.
    pub state: RwSignal<Option<Arc<UpgradeOperation>>>,
    /// Why it cannot go on.
    pub problem: RwSignal<Option<RunnerError>>,
    /// Whether this tab acts.
    pub role: RwSignal<Role>,
    /// How far the backup is, while it is being read.
    pub transfer: RwSignal<Option<Transfer>>,
    /// What the counters of a run that is recovering say so far, in words.
    pub recovering: RwSignal<Option<String>>,
    /// Entries of the journal that this console does not know.
    pub unknown: RwSignal<usize>,
}

impl Running {
    /// Takes up an upgrade from its journal and runs it until it is finished or the page is left. If another tab
    /// runs it, watches.
    pub fn resume(client: Client, id: OperationId) -> Self {
        let _ = (client, id);
        Self {
            state: RwSignal::new(None),
            problem: RwSignal::new(None),
            role: RwSignal::new(Role::Opening),
            transfer: RwSignal::new(None),
            recovering: RwSignal::new(None),
            unknown: RwSignal::new(0),
        }
    }

    /// Tells the machine what the operator decided. Nothing happens where this tab does not act.
    pub fn tell(&self, decided: impl FnOnce(Timestamp) -> Event) {
        let _ = decided(clock::now());
    }

    /// Asks a server that was away now.
    pub fn try_now(&self) {}

    /// Goes on here in place of a tab that is gone.
    pub fn take_over(&self) {}

    /// Hands the backup to the operator once more. `false`: this browser does not keep it any more.
    pub async fn save_again(&self) -> bool {
        false
    }
}

/// Writes the beginning of an upgrade and gives its id. Nothing is sent unless this worked.
pub async fn begin(client: Client, plan: Plan, title: String) -> Result<OperationId, JournalError> {
    let _ = (client, plan, title);
    Err(JournalError::Failed("not there yet".to_owned()))
}
