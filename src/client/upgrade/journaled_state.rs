//! The state of an upgrade with its journal: what changes it is written before anything follows from it.

use super::{Role, RunningUpgrade};
use crate::client::stop::RunnerError;
use crate::client::{clock, journal};
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Body, Entry, OperationId, fold_upgrade};
use quiesce_lifecycle::upgrade::{Event, UpgradeOperation};
use std::sync::Arc;

/// How often a state is shown at most, in milliseconds.
pub(super) const THROTTLE_MS: u32 = 200;

/// An upgrade with what is not yet written and not yet shown of it.
pub(super) struct JournaledUpgrade {
    pub(super) id: OperationId,
    pub(super) state: Arc<UpgradeOperation>,
    next: u64,
    unwritten: Vec<Entry>,
    running: RunningUpgrade,
    shown: i64,
    /// Whether the state is not the one that is shown.
    pub(super) unshown: bool,
}

impl JournaledUpgrade {
    /// Reads the whole journal.
    pub(super) async fn read(id: &OperationId, running: RunningUpgrade) -> Result<Self, RunnerError> {
        let folded = fold_upgrade(journal::entries(id).await?)?;
        running.unknown.try_set(folded.unknown.len());
        let (state, next, id) = (Arc::new(folded.upgrade), folded.next, id.clone());
        Ok(Self { id, state, next, unwritten: Vec::new(), running, shown: 0, unshown: true })
    }

    /// Folds on what another tab has written since.
    pub(super) async fn follow(&mut self) -> Result<(), RunnerError> {
        for entry in journal::entries_from(&self.id, self.next).await? {
            self.next = entry.seq.saturating_add(1);
            self.unshown = true;
            if let Body::Upgrade(event) = &entry.body {
                Arc::make_mut(&mut self.state).apply(&event.upgrade);
            } else {
                self.running.unknown.try_update(|unknown| *unknown += 1);
            }
        }
        Ok(())
    }

    /// Takes an event in. It is on disk after [`Self::write`].
    pub(super) fn apply(&mut self, event: Event) {
        // Whether the server is away changes the state too, and is not worth an entry.
        self.unshown = true;
        if Arc::make_mut(&mut self.state).apply(&event) {
            self.unwritten.push(Entry::new(self.id.clone(), self.next, Body::from(event)));
            self.next += 1;
        }
    }

    /// Writes what was taken in, all in one transaction.
    pub(super) async fn write(&mut self) -> Result<(), RunnerError> {
        if !self.unwritten.is_empty() {
            journal::append(&self.unwritten).await?;
            self.unwritten.clear();
        }
        Ok(())
    }

    /// Shows the state, unless the last one was shown a moment ago and this one can wait. `false`: nobody looks any
    /// more.
    pub(super) fn show(&mut self, now: bool) -> bool {
        let time = clock::milliseconds();
        if !self.unshown || !now && (time - self.shown).abs() < THROTTLE_MS.into() {
            return !self.running.state.is_disposed();
        }
        (self.shown, self.unshown) = (time, false);
        self.running.state.try_set(Some(self.state.clone())).is_none()
    }

    /// Says whether this tab acts. `false`: nobody looks any more.
    pub(super) fn set_role(&self, role: Role) -> bool {
        self.running.role.try_get_untracked() == Some(role) || self.running.role.try_set(role).is_none()
    }
}
