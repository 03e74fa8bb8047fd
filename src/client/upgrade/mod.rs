//! Runs an upgrade: does what the machine asks for, writes the journal, brings back what happened.

mod backup;
mod drain;
mod effects;
mod journaled_state;
mod plugins;
mod runner;
mod snapshot;
mod snapshots;

pub use plugins::artifacts_with;

use super::journal::{self, JournalError};
use super::stop::{self as stop_runner, RunnerError, new_id};
use super::{Client, backups, clock};
use futures::channel::mpsc::{UnboundedSender, unbounded};
use leptos::prelude::*;
use quiesce_api::{Error, Response};
use quiesce_lifecycle::journal::{Body, Entry, Header, OperationId, OperationKind, UpgradePlanned, VERSION};
use quiesce_lifecycle::stop;
use quiesce_lifecycle::upgrade::{
    Call, Effect as Todo, Event, EventKind, Step, UpgradeOperation, UpgradePlan,
};
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
    /// The tab that acted is gone: the operator is asked whether this one continues.
    Orphaned,
}

/// An upgrade that runs, or that another tab runs.
#[derive(Clone, Copy)]
pub struct RunningUpgrade {
    /// Its state; shown a few times a second at most.
    pub state: RwSignal<Option<Arc<UpgradeOperation>>>,
    /// Why it can't continue.
    pub problem: RwSignal<Option<RunnerError>>,
    /// Whether this tab acts.
    pub role: RwSignal<Role>,
    /// How far the backup is, while it is being read.
    pub transfer: RwSignal<Option<Transfer>>,
    /// What the counters of a run that is recovering say so far, as text.
    pub recovering: RwSignal<Option<String>>,
    /// Entries of the journal that this console does not know.
    pub unknown: RwSignal<usize>,
    inbox: StoredValue<(OperationId, UnboundedSender<Message>)>,
}

/// What reaches the one who runs it.
enum Message {
    /// The operator decided.
    Decided(Box<Event>),
    /// The operator wants the server asked now.
    TryNow,
    /// The operator wants this tab to continue.
    TakeOver,
    /// Some of what an effect brings, begun during the stop with this number.
    Read(usize, Vec<Event>),
    /// What came of an effect, begun during the stop with this number.
    Done(usize, Todo, Vec<Event>),
    /// What came of a call.
    Answered(Call, Vec<usize>, Result<Response, Error>),
    /// What came of an effect of the stop with this number.
    Stop(usize, stop_runner::Done),
}

impl RunningUpgrade {
    /// Takes up an upgrade from its journal and runs it until it is finished or the page is left. If another tab
    /// runs it, watches.
    pub fn resume(client: Client, id: OperationId) -> Self {
        let (outbox, inbox) = unbounded();
        let running = Self {
            state: RwSignal::new(None),
            problem: RwSignal::new(None),
            role: RwSignal::new(Role::Opening),
            transfer: RwSignal::new(None),
            recovering: RwSignal::new(None),
            unknown: RwSignal::new(0),
            inbox: StoredValue::new((id.clone(), outbox.clone())),
        };
        Effect::new(move |before: Option<u32>| {
            let times = client.signed_in.get();
            if before.is_some_and(|before| before != times) {
                running.tell(EventKind::SignedIn);
            }
            times
        });
        let left = outbox.clone();
        leptos::task::spawn_local(async move {
            if let Err(problem) = runner::run(client, running, id, outbox, inbox).await {
                running.problem.try_set(Some(problem));
            }
        });
        on_cleanup(move || left.close_channel());
        running
    }

    /// Tells the machine what the operator decided. Nothing happens where this tab does not act.
    pub fn tell(&self, decided: EventKind) {
        if self.role.try_get_untracked() == Some(Role::Acts) {
            self.send(Message::Decided(Box::new(Event::new(clock::now(), decided))));
        }
    }

    /// Sends the stop of a run of this step again.
    pub fn send_again(&self, target: usize) {
        let again = stop::Event::SendAgain { at: clock::now(), target };
        self.tell(EventKind::Stop(Box::new(again)));
    }

    /// Asks a server that was away now.
    pub fn try_now(&self) {
        self.send(Message::TryNow);
    }

    /// Goes on here in place of a tab that is gone.
    pub fn take_over(&self) {
        self.send(Message::TakeOver);
    }

    fn send(&self, message: Message) {
        if let Some((_, outbox)) = self.inbox.try_get_value() {
            let _ = outbox.unbounded_send(message);
        }
    }

    /// Hands the backup to the operator once more. `false`: this browser does not keep it any more.
    pub async fn save_again(&self) -> bool {
        let (Some((id, _)), Some(Some(state))) = (self.inbox.try_get_value(), self.state.try_get_untracked())
        else {
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

/// Writes the beginning of an upgrade and gives its id. Nothing is sent unless this worked.
pub async fn begin(client: Client, plan: UpgradePlan, title: String) -> Result<OperationId, JournalError> {
    let id = OperationId(new_id());
    let created = clock::now();
    let header = Header {
        id: id.clone(),
        version: VERSION,
        kind: OperationKind::Upgrade,
        namespace: plan.namespace.clone(),
        server: client.server(),
        created,
        title,
        finished: false,
    };
    let body = Body::UpgradePlanned(UpgradePlanned { chosen: (created, Box::new(plan)) });
    journal::begin(&header, &[Entry::new(id.clone(), 0, body)]).await?;
    client.refresh_operations().await;
    Ok(id)
}
