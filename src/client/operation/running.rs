//! An operation that this tab runs, or watches: its state, and what it is told.

use super::runner::{self, Executor};
use crate::client::journal::JournalError;
use crate::client::session::Client;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use leptos::prelude::*;
use quiesce_lifecycle::journal::{FoldError, OperationId};
use quiesce_lifecycle::operation::Operation;
use quiesce_lifecycle::user::UserName;
use std::sync::Arc;

/// Why an operation can't be shown or run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunnerError {
    /// The journal can't be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It is an operation of another server: what it would read and send here means something else.
    #[error("the operation belongs to {there}, but this page is connected to {here}")]
    OtherServer {
        /// The server that it belongs to.
        there: String,
        /// The server of this page.
        here: String,
    },
    /// The journal has no such operation, or can't be understood.
    #[error(transparent)]
    Fold(#[from] FoldError),
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
    /// The tab that acted is gone: the operator is asked whether this one continues.
    Orphaned,
    /// Another user started the operation: whoever is signed in is asked whether to continue it.
    OtherUser,
}

/// What reaches a runner.
#[derive(Clone, Debug)]
pub(super) enum Message<E> {
    /// The operator decided.
    Decided(E),
    /// The operator signed in.
    SignedIn,
    /// The operator wants an unavailable server asked now.
    AskNow,
    /// The operator wants this tab, or the user who is signed in, to continue.
    TakeOver,
}

/// An operation that this tab runs, or watches.
pub struct Running<O: Operation> {
    /// Its state; shown a few times a second at most.
    pub state: RwSignal<Option<Arc<O>>>,
    /// Why it can't continue.
    pub problem: RwSignal<Option<RunnerError>>,
    /// Whether this tab acts.
    pub role: RwSignal<Role>,
    /// Who started it, while another user is signed in who has not continued it.
    pub started_by: RwSignal<Option<UserName>>,
    /// Whether requests are held back since the console is read-only.
    pub is_held: RwSignal<bool>,
    /// Entries of the journal that this console does not know.
    pub unknown: RwSignal<usize>,
    pub(super) inner: StoredValue<(OperationId, UnboundedSender<Message<O::Event>>)>,
}

#[expect(clippy::expl_impl_clone_on_copy, reason = "a derived one would need the operation to be Copy")]
impl<O: Operation> Clone for Running<O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O: Operation> Copy for Running<O> {}

impl<O: Operation> Running<O> {
    pub(super) fn new(id: OperationId) -> (Self, UnboundedReceiver<Message<O::Event>>) {
        let (outbox, inbox) = unbounded();
        let running = Self {
            state: RwSignal::new(None),
            problem: RwSignal::new(None),
            role: RwSignal::new(Role::Opening),
            started_by: RwSignal::new(None),
            is_held: RwSignal::new(false),
            unknown: RwSignal::new(0),
            inner: StoredValue::new((id, outbox)),
        };
        (running, inbox)
    }

    /// An operation as it is at a moment. Nothing runs it: what is decided reaches nobody.
    pub fn still(id: OperationId, operation: O) -> Self {
        let (running, _) = Self::new(id);
        running.state.set(Some(Arc::new(operation)));
        running.role.set(Role::Acts);
        running
    }

    /// Takes up an operation from its journal and runs it until it is settled or the page is left. If another tab runs
    /// it, watches.
    pub fn resume<X: Executor<O> + 'static>(
        client: Client,
        id: OperationId,
        make: impl Fn(UnboundedSender<X::Done>) -> X + 'static,
    ) -> Self {
        let (running, inbox) = Self::new(id.clone());
        Effect::new(move |before: Option<u32>| {
            let times = client.signed_in.get();
            if before.is_some_and(|before| before != times) {
                running.send(Message::SignedIn);
            }
            times
        });
        leptos::task::spawn_local(async move {
            if let Err(problem) = runner::run(client.ports(), running, id, make, inbox).await {
                running.problem.try_set(Some(problem));
            }
        });
        on_cleanup(move || {
            if let Some((_, outbox)) = running.inner.try_get_value() {
                outbox.close_channel();
            }
        });
        running
    }

    /// Which operation it is; `None`: nobody looks anymore.
    pub fn id(&self) -> Option<OperationId> {
        self.inner.try_get_value().map(|(id, _)| id)
    }

    /// Takes in what the operator decided. Nothing happens where this tab does not act.
    pub fn decide(&self, event: O::Event) {
        if self.role.try_get_untracked() == Some(Role::Acts) {
            self.send(Message::Decided(event));
        }
    }

    /// Asks an unavailable server now.
    pub fn try_now(&self) {
        self.send(Message::AskNow);
    }

    /// Continues here in place of a tab that is gone, or as another user.
    pub fn take_over(&self) {
        self.send(Message::TakeOver);
    }

    fn send(&self, message: Message<O::Event>) {
        if let Some((_, outbox)) = self.inner.try_get_value() {
            let _ = outbox.unbounded_send(message);
        }
    }
}
