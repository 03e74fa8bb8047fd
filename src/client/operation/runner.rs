//! Runs an operation in this tab, or watches the tab that does.

use super::journaled::{Journaled, THROTTLE};
use super::ports::{Lock, Ports};
use super::running::{Message, Role, RunnerError, Running};
use crate::client::clock::{self, Moment};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, LocalBoxFuture, select};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use leptos::prelude::{GetUntracked, Set};
use quiesce_api::Timestamp;
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::operation::{Operation, Timing};
use quiesce_lifecycle::user::{Continuation, UserName};
use std::sync::Arc;

/// How long is waited at most before the lock is renewed, in milliseconds.
const TICK: u32 = 2_000;
/// How long another tab is looked at before its state is looked at again, in milliseconds.
const WATCH: u32 = 1_000;

/// Knows what the effects of an operation mean, and carries them out.
pub trait Executor<O: Operation> {
    /// What an effect brings.
    type Done: 'static;

    /// Called before the effects are determined: what belongs to an earlier part of the operation is dropped.
    fn look(&mut self, _state: &O, _in_flight: &mut O::InFlight) {}

    /// Prepares an effect. Nothing of its work is begun: the event that announces it is stored first.
    fn prepare<'a>(
        &'a mut self,
        state: &'a O,
        in_flight: &'a mut O::InFlight,
        effect: O::Effect,
    ) -> LocalBoxFuture<'a, Prepared<O::Event, Self::Done>>;

    /// Turns what an effect brought into events.
    fn finish(&mut self, state: &O, in_flight: &mut O::InFlight, done: Self::Done) -> Vec<O::Event>;

    /// Called when the operator decided something.
    fn decided(&mut self, _event: &O::Event) {}

    /// The state as it is shown.
    fn shown(&self, state: &Arc<O>) -> Arc<O> {
        state.clone()
    }
}

/// An effect that is about to be carried out.
pub struct Prepared<E, D> {
    /// The event that announces it, or that says why it is not carried out.
    pub event: Option<E>,
    /// The work, if there is any.
    pub work: Option<LocalBoxFuture<'static, D>>,
}

/// Runs an operation until nobody looks anymore. `make` makes what carries out effects; it is given a way to hand over a
/// part of what an effect brings before it ends.
pub(super) async fn run<O: Operation, X: Executor<O>>(
    ports: Ports,
    running: Running<O>,
    id: OperationId,
    make: impl Fn(UnboundedSender<X::Done>) -> X,
    mut inbox: UnboundedReceiver<Message<O::Event>>,
) -> Result<(), RunnerError> {
    belongs_here(&ports, &id).await?;
    loop {
        let Some(lock) = watch(&ports, &running, &id, &mut inbox).await? else { return Ok(()) };
        // Another tab may have stored something until it let go.
        let mut journaled: Journaled<O> = Journaled::read(&ports, &id).await?;
        if !journaled.state.is_settled(ports.now()) {
            ports.journal.persist().await;
        }
        journaled.apply(O::resumed(ports.now()));
        journaled.store().await?;
        if !journaled.show_as(&running, Role::Acts) {
            return Ok(());
        }
        let (hand_over, partial) = unbounded();
        let mut runner = Runner {
            ports: ports.clone(),
            running,
            id: id.clone(),
            journaled,
            executor: make(hand_over),
            in_flight: O::InFlight::default(),
            work: FuturesUnordered::new(),
            partial,
            postponed: Vec::new(),
            asks_now: false,
            early: None,
            finished: None,
            is_of_other_user: false,
        };
        // `false`: another tab took it, or another user signed in.
        if runner.act(&*lock, &mut inbox).await? {
            return Ok(());
        }
    }
}

/// Whether an operation belongs to the server of this page.
async fn belongs_here(ports: &Ports, id: &OperationId) -> Result<(), RunnerError> {
    let here = ports.transport.server().await;
    match ports.journal.header(id).await? {
        Some(header) if header.server != here => Err(RunnerError::OtherServer { there: header.server, here }),
        _ => Ok(()),
    }
}

/// The user who started an operation, if another one is signed in who has not continued it.
async fn started_by_another(ports: &Ports, id: &OperationId) -> Result<Option<UserName>, RunnerError> {
    let header = ports.journal.header(id).await?;
    Ok(header.and_then(|header| header.started_by_another(&ports.transport.identity()).cloned()))
}

/// Notes that whoever is signed in continues an operation of another user.
async fn note_continuation(ports: &Ports, id: &OperationId) -> Result<(), RunnerError> {
    let user = ports.transport.identity().name().cloned();
    Ok(ports.journal.continued(id, Continuation { at: ports.now(), user }).await?)
}

/// Waits for the lock, and shows what another tab does meanwhile. An operation of another user waits until whoever is
/// signed in continues it; the lock is free meanwhile. `None`: nobody looks anymore.
async fn watch<O: Operation>(
    ports: &Ports,
    running: &Running<O>,
    id: &OperationId,
    inbox: &mut UnboundedReceiver<Message<O::Event>>,
) -> Result<Option<Box<dyn Lock>>, RunnerError> {
    // A page that was just loaded anew may wait for itself to let go.
    for tries in 0..3_u32 {
        if let Some(lock) = ports.locks.take(id).await {
            if started_by_another(ports, id).await?.is_none() {
                return Ok(Some(lock));
            }
            break;
        }
        ports.sleep(100 * (tries + 1)).await;
    }
    let mut journaled: Journaled<O> = Journaled::read(ports, id).await?;
    let mut role = Role::Watches;
    let mut message = None;
    loop {
        journaled.follow().await?;
        // Only taking it shows whether it is free; it is given back at once, so that the tab that had it can have it
        // again while the operator thinks.
        let lock = ports.locks.take(id).await;
        let other = started_by_another(ports, id).await?;
        // Only who was shown that another user started it has confirmed it.
        let takes_over =
            matches!(message, Some(Message::TakeOver)) && (other.is_none() || role == Role::OtherUser);
        role = match (&lock, &other) {
            (None, _) => Role::Watches,
            (Some(_), Some(_)) => Role::OtherUser,
            (Some(_), None) => Role::Orphaned,
        };
        let is_settled = journaled.state.is_settled(ports.now());
        if lock.is_some() && (takes_over || is_settled || other.is_none() && O::CONTINUES_IN_ANOTHER_TAB) {
            if other.is_some() && takes_over {
                note_continuation(ports, id).await?;
            }
            return Ok(lock);
        }
        drop(lock);
        running.started_by.try_set(other.filter(|_| role == Role::OtherUser));
        if !journaled.show_as(running, role) {
            return Ok(None);
        }
        message = match select(inbox.next(), ports.sleep(WATCH)).await {
            Either::Left((None, _)) => return Ok(None),
            Either::Left((message, _)) => message,
            Either::Right(_) => None,
        };
    }
}

/// What acts, with what it is doing.
struct Runner<O: Operation, X: Executor<O>> {
    ports: Ports,
    running: Running<O>,
    id: OperationId,
    journaled: Journaled<O>,
    executor: X,
    in_flight: O::InFlight,
    work: FuturesUnordered<LocalBoxFuture<'static, X::Done>>,
    /// Parts of what effects bring, handed over before they end.
    partial: UnboundedReceiver<X::Done>,
    /// What the operator decided and the operation can't take in yet.
    postponed: Vec<O::Event>,
    /// Whether an unavailable server is asked now.
    asks_now: bool,
    /// The next attempt at an unavailable server, and how many milliseconds it comes early, so that many consoles do
    /// not come at the same moment.
    early: Option<(Timestamp, u32)>,
    finished: Option<bool>,
    /// Whether another user has signed in: what is under way ends, and nothing begins.
    is_of_other_user: bool,
}

/// What woke the runner.
enum Woken<E, D> {
    Message(Option<Message<E>>),
    Done(D),
    Time,
}

impl<O: Operation, X: Executor<O>> Runner<O, X> {
    /// Acts until nobody looks anymore. `false`: another tab acts, or another user has to be asked.
    async fn act(
        &mut self,
        lock: &dyn Lock,
        inbox: &mut UnboundedReceiver<Message<O::Event>>,
    ) -> Result<bool, RunnerError> {
        loop {
            if !lock.renew() {
                return Ok(false);
            }
            if self.is_of_other_user && self.work.is_empty() {
                self.journaled.store().await?;
                return Ok(false);
            }
            let wait = self.tick().await?;
            if !self.show(false) {
                return Ok(true);
            }
            let wait = if self.journaled.is_unshown { wait.min(THROTTLE) } else { wait };
            let mut woken = self.next(inbox, wait).await;
            // What came together is stored together.
            loop {
                match woken {
                    Woken::Message(None) => return Ok(true),
                    Woken::Message(Some(message)) => self.handle(message).await?,
                    Woken::Done(done) => self.finish(done),
                    Woken::Time => {}
                }
                match self.ready(inbox) {
                    Some(next) => woken = next,
                    None => break,
                }
            }
        }
    }

    /// Waits for what comes first; no longer than this many milliseconds.
    async fn next(
        &mut self,
        inbox: &mut UnboundedReceiver<Message<O::Event>>,
        wait: u32,
    ) -> Woken<O::Event, X::Done> {
        let mut timer = self.ports.sleep(wait).fuse();
        futures::select_biased! {
            message = inbox.next() => Woken::Message(message),
            part = self.partial.select_next_some() => Woken::Done(part),
            done = self.work.select_next_some() => Woken::Done(done),
            () = timer => Woken::Time,
        }
    }

    /// What has come already.
    fn ready(
        &mut self,
        inbox: &mut UnboundedReceiver<Message<O::Event>>,
    ) -> Option<Woken<O::Event, X::Done>> {
        if let Some(message) = inbox.next().now_or_never() {
            return Some(Woken::Message(message));
        }
        let part = self.partial.next().now_or_never().flatten();
        part.or_else(|| self.work.next().now_or_never().flatten()).map(Woken::Done)
    }

    /// Begins what is to do now, and says after how many milliseconds to look again.
    async fn tick(&mut self) -> Result<u32, RunnerError> {
        // A refusal that arrives after the sign-in is one of the session before.
        if self.journaled.state.requires_sign_in() && !self.ports.transport.requires_sign_in() {
            self.signed_in().await?;
        }
        if self.is_of_other_user {
            self.journaled.store().await?;
            return Ok(TICK);
        }
        self.executor.look(&self.journaled.state, &mut self.in_flight);
        let now = self.moment();
        let (mut wait, mut over) = (TICK, false);
        let mut effects = self.journaled.state.effects(&self.in_flight, now);
        self.asks_now = false;
        effects.retain(|effect| match O::timing(effect) {
            Some(Timing::Wait(milliseconds)) => {
                wait = milliseconds.min(TICK);
                false
            }
            Some(Timing::Done) => {
                over = true;
                false
            }
            None => true,
        });
        // A read-only console rejects every change: no intent is written, and what was read stays current.
        let is_held = effects.iter().any(O::is_change) && self.ports.transport.is_read_only();
        effects.retain(|effect| !(is_held && O::is_change(effect)));
        if self.running.is_held.try_get_untracked() == Some(!is_held) {
            self.running.is_held.try_set(is_held);
        }
        let mut work = Vec::with_capacity(effects.len());
        for effect in effects {
            let prepared = self.executor.prepare(&self.journaled.state, &mut self.in_flight, effect).await;
            if let Some(event) = prepared.event {
                self.journaled.apply(event);
            }
            work.extend(prepared.work);
        }
        // What came and every intent are stored before anything is sent: nothing of `work` was polled yet.
        self.journaled.store().await?;
        self.work.extend(work);
        if self.finished != Some(over) && self.postponed.is_empty() {
            self.ports.journal.mark(&self.id, over).await?;
            self.finished = Some(over);
        }
        Ok(wait)
    }

    /// The moment for which the effects are determined.
    fn moment(&mut self) -> Timestamp {
        let now = self.ports.now();
        let Some(next) = self.journaled.state.next_attempt() else {
            self.early = None;
            return now;
        };
        if self.asks_now {
            return now.max(next);
        }
        let early = match self.early {
            Some((known, early)) if known == next => early,
            _ => {
                let wait = clock::millis_between(Moment::Browser(now), Moment::Browser(next));
                self.ports.clock.random(u32::try_from(wait / 4).unwrap_or(0))
            }
        };
        self.early = Some((next, early));
        now.after(early)
    }

    /// The operator signed in: the operation continues, unless it is another one's.
    async fn signed_in(&mut self) -> Result<(), RunnerError> {
        let other = started_by_another(&self.ports, &self.id).await?;
        self.is_of_other_user = other.is_some() && !self.journaled.state.is_settled(self.ports.now());
        if self.is_of_other_user {
            self.running.started_by.try_set(other);
            self.running.role.try_set(Role::OtherUser);
        } else {
            self.journaled.apply(O::signed_in(self.ports.now()));
        }
        Ok(())
    }

    async fn handle(&mut self, message: Message<O::Event>) -> Result<(), RunnerError> {
        match message {
            Message::Decided(event) => {
                if started_by_another(&self.ports, &self.id).await?.is_some() {
                    note_continuation(&self.ports, &self.id).await?;
                }
                self.ports.journal.persist().await;
                self.executor.decided(&event);
                self.postponed.push(event);
                self.take_postponed();
                self.show(true);
            }
            Message::SignedIn => self.signed_in().await?,
            Message::AskNow => self.asks_now = true,
            Message::TakeOver => {}
        }
        Ok(())
    }

    fn finish(&mut self, done: X::Done) {
        for event in self.executor.finish(&self.journaled.state, &mut self.in_flight, done) {
            self.journaled.apply(event);
        }
        self.take_postponed();
    }

    /// Takes in what the operator decided, as far as the operation accepts it now.
    fn take_postponed(&mut self) {
        for event in std::mem::take(&mut self.postponed) {
            if self.journaled.state.accepts(&event) {
                self.journaled.apply(event);
            } else {
                self.postponed.push(event);
            }
        }
    }

    fn show(&mut self, now: bool) -> bool {
        let executor = &self.executor;
        self.journaled.show(&self.running, now, |state| executor.shown(state))
    }
}
