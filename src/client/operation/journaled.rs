//! The state of an operation with its journal: what changes it is stored before anything follows from it.

use super::ports::Ports;
use super::running::{Role, RunnerError, Running};
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::journal::{Entry, Folded, OperationId, fold};
use quiesce_lifecycle::operation::Operation;
use std::sync::Arc;

/// How often a state is shown at most, in milliseconds.
pub(super) const THROTTLE: u32 = 200;

/// An operation with what is not yet stored and not yet shown of it.
pub(super) struct Journaled<O: Operation> {
    ports: Ports,
    id: OperationId,
    pub(super) state: Arc<O>,
    next: u64,
    unknown: usize,
    unstored: Vec<Entry>,
    shown: Option<Timestamp>,
    /// Whether the state is not the one that is shown.
    pub(super) is_unshown: bool,
}

impl<O: Operation> Journaled<O> {
    /// Reads the whole journal.
    pub(super) async fn read(ports: &Ports, id: &OperationId) -> Result<Self, RunnerError> {
        let Folded { operation, next, unknown } = fold(ports.journal.entries_from(id, 0).await?)?;
        Ok(Self {
            ports: ports.clone(),
            id: id.clone(),
            state: Arc::new(operation),
            next,
            unknown: unknown.len(),
            unstored: Vec::new(),
            shown: None,
            is_unshown: true,
        })
    }

    /// Folds what another tab has stored since.
    pub(super) async fn follow(&mut self) -> Result<(), RunnerError> {
        for entry in self.ports.journal.entries_from(&self.id, self.next).await? {
            self.next = entry.seq.saturating_add(1);
            self.is_unshown = true;
            self.unknown += usize::from(!entry.apply_to(Arc::make_mut(&mut self.state)));
        }
        Ok(())
    }

    /// Takes an event in. It is stored by [`Self::store`].
    pub(super) fn apply(&mut self, event: O::Event) {
        // Whether the server is unavailable changes the state too, and is not worth an entry.
        self.is_unshown = true;
        if Arc::make_mut(&mut self.state).apply(&event) {
            self.unstored.push(Entry::new(self.id.clone(), self.next, O::body(event)));
            self.next += 1;
        }
    }

    /// Stores what was taken in, all together.
    pub(super) async fn store(&mut self) -> Result<(), RunnerError> {
        if !self.unstored.is_empty() {
            self.ports.journal.append(std::mem::take(&mut self.unstored)).await?;
        }
        Ok(())
    }

    /// Shows the state as `shown` makes it, unless one was shown a moment ago and this one can wait. `false`: nobody
    /// looks anymore.
    pub(super) fn show(
        &mut self,
        running: &Running<O>,
        now: bool,
        shown: impl FnOnce(&Arc<O>) -> Arc<O>,
    ) -> bool {
        let recent = self.shown.is_some_and(|at| self.ports.since(at).abs() < THROTTLE.into());
        if !self.is_unshown || !now && recent {
            return !running.state.is_disposed();
        }
        (self.shown, self.is_unshown) = (Some(self.ports.now()), false);
        running.unknown.try_set(self.unknown);
        running.state.try_set(Some(shown(&self.state))).is_none()
    }

    /// Shows the state, and whether this tab acts. `false`: nobody looks anymore.
    pub(super) fn show_as(&mut self, running: &Running<O>, role: Role) -> bool {
        let changed = running.role.try_get_untracked() != Some(role);
        self.show(running, true, Arc::clone) && (!changed || running.role.try_set(role).is_none())
    }
}
