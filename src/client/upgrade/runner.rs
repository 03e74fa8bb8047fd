//! Acts on an upgrade, or watches the tab that does.

use super::drain::Counting;
use super::effects::BackupCache;
use super::journaled_state::{JournaledUpgrade, THROTTLE_MS};
use super::plugins::ServerPlugins;
use super::{Message, Role, RunningUpgrade};
use crate::client::stop::{RunnerError, belongs_here, mark};
use crate::client::{Client, clock, durability, tab_lock};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender};
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use quiesce_lifecycle::journal::OperationId;
use quiesce_lifecycle::stop::StopInFlight;
use quiesce_lifecycle::upgrade::{
    Command, Effect, Event, EventKind, Step, UpgradeInFlight, UpgradeOperation,
};
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

/// How long is waited at most before the lease is renewed, in milliseconds.
const TICK: u32 = 2_000;

pub(super) async fn run(
    client: Client,
    running: RunningUpgrade,
    id: OperationId,
    outbox: UnboundedSender<Message>,
    mut inbox: UnboundedReceiver<Message>,
) -> Result<(), RunnerError> {
    belongs_here(client, &id).await?;
    loop {
        let Some(held) = watch(running, &id, &mut inbox).await? else { return Ok(()) };
        // Another tab may have written until it let go.
        let mut book = JournaledUpgrade::read(&id, running).await?;
        if !is_over(&book.state) {
            durability::request().await;
        }
        book.apply(Event::new(clock::now(), EventKind::Resumed));
        book.write().await?;
        if !book.show(true) || !book.set_role(Role::Acts) {
            return Ok(());
        }
        let mut hands = Runner {
            client,
            running,
            book,
            outbox: outbox.clone(),
            flying: UpgradeInFlight::default(),
            stop: 0,
            later: Vec::new(),
            kept: Rc::default(),
            plugins: Rc::default(),
            counting: Rc::default(),
            hurry: false,
            finished: None,
        };
        // `false`: another tab took it.
        if hands.act(&held, &mut inbox).await? {
            return Ok(());
        }
    }
}

/// Waits for the right to act, and shows what another tab does meanwhile. `None`: nobody looks any more.
async fn watch(
    running: RunningUpgrade,
    id: &OperationId,
    inbox: &mut UnboundedReceiver<Message>,
) -> Result<Option<tab_lock::TabLock>, RunnerError> {
    // A page that was just loaded anew may wait for itself to let go.
    for tries in 0..3_u32 {
        if let Some(held) = tab_lock::take(&id.0).await {
            return Ok(Some(held));
        }
        clock::sleep(100 * (tries + 1)).await;
    }
    let mut book = JournaledUpgrade::read(id, running).await?;
    let mut role = Role::Watches;
    loop {
        if !book.show(true) || !book.set_role(role) {
            return Ok(None);
        }
        let message = match select(inbox.next(), pin!(clock::sleep(1_000))).await {
            Either::Left((None, _)) => return Ok(None),
            Either::Left((message, _)) => message,
            Either::Right(_) => None,
        };
        book.follow().await?;
        // Only taking it shows whether it is free; it is given back at once, so that the tab that had
        // it can have it again while the operator thinks.
        let held = tab_lock::take(&id.0).await;
        role = if held.is_some() { Role::Orphaned } else { Role::Watches };
        if held.is_some() && (matches!(message, Some(Message::TakeOver)) || is_over(&book.state)) {
            return Ok(held);
        }
    }
}

/// Whether nothing is left to do.
fn is_over(state: &UpgradeOperation) -> bool {
    matches!(state.step, Step::Report(_)) && !state.has_open_requests()
}

/// What acts, with what it is doing.
pub(super) struct Runner {
    pub(super) client: Client,
    pub(super) running: RunningUpgrade,
    pub(super) book: JournaledUpgrade,
    pub(super) outbox: UnboundedSender<Message>,
    pub(super) flying: UpgradeInFlight,
    /// Which stop is under way; what comes of another is dropped.
    pub(super) stop: usize,
    /// What the operator decided while a call of the last stop had no answer yet: it would find no way to it.
    later: Vec<Event>,
    pub(super) kept: Rc<BackupCache>,
    /// The plugins that the server has, as far as the check asked for them.
    pub(super) plugins: Rc<ServerPlugins>,
    pub(super) counting: Rc<RefCell<Option<Counting>>>,
    /// Whether a server that is away is asked now.
    hurry: bool,
    finished: Option<bool>,
}

impl Runner {
    /// Acts until nobody looks any more. `false`: another tab acts.
    async fn act(
        &mut self,
        held: &tab_lock::TabLock,
        inbox: &mut UnboundedReceiver<Message>,
    ) -> Result<bool, RunnerError> {
        loop {
            if !held.renew() {
                return Ok(false);
            }
            let wait = self.tick().await?;
            if !self.book.show(false) {
                return Ok(true);
            }
            let wait = if self.book.unshown { wait.min(THROTTLE_MS) } else { wait };
            let Either::Left((message, _)) = select(inbox.next(), pin!(clock::sleep(wait))).await else {
                continue;
            };
            let Some(mut message) = message else { return Ok(true) };
            if matches!(message, Message::Decided(_)) {
                durability::request().await;
            }
            // What came together is written together.
            loop {
                self.handle(message);
                match inbox.next().now_or_never() {
                    Some(Some(next)) => message = next,
                    Some(None) => return Ok(true),
                    None => break,
                }
            }
        }
    }

    /// Does what is to do now, and says after how many milliseconds to look again.
    async fn tick(&mut self) -> Result<u32, RunnerError> {
        let number = number_of_stop(&self.book.state);
        if number != self.stop {
            (self.stop, self.flying.stop) = (number, StopInFlight::default());
        }
        let mut now = clock::now();
        if self.hurry
            && let Some(next) = self.book.state.next_attempt()
        {
            now = now.max(next);
        }
        let (mut wait, mut over) = (TICK, false);
        let mut todo = Vec::new();
        for effect in self.book.state.effects(&self.flying, now) {
            match effect {
                Effect::Wait(milliseconds) => wait = milliseconds,
                Effect::Done => over = true,
                effect => todo.push(effect),
            }
        }
        self.hurry = false;
        let mut work = Vec::with_capacity(todo.len());
        for effect in todo {
            work.extend(self.prepare(effect).await);
        }
        // Every intent is on disk before anything is sent.
        self.book.write().await?;
        for effect in work {
            leptos::task::spawn_local(effect);
        }
        if self.finished != Some(over) && self.later.is_empty() {
            mark(self.client, &self.book.id, over).await?;
            self.finished = Some(over);
        }
        Ok(wait.min(TICK))
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Decided(event) => {
                if matches!(event.kind, EventKind::Command(Command::Refresh(_))) {
                    self.plugins.clear();
                }
                self.later.push(*event);
                self.decide();
                self.book.show(true);
            }
            Message::TryNow => self.hurry = true,
            Message::TakeOver => {}
            Message::Read(number, events) => self.take_readings(number, events),
            Message::Done(number, effect, events) => {
                self.flying.effects.retain(|flying| *flying != effect);
                match effect {
                    Effect::ReadApplication { .. } | Effect::ReadApplications { .. } => {
                        self.take_readings(number, events);
                    }
                    _ => self.take(events),
                }
            }
            Message::Answered(call, places, answer) => {
                let events = self.book.state.answers(clock::now(), call, &places, answer);
                self.take(events);
            }
            Message::Stop(number, done) => {
                if let Some(stop) = self.book.state.current_stop().filter(|_| number == self.stop) {
                    let events = done.finish(stop, &mut self.flying.stop);
                    self.take(events.into_iter().map(Event::stop).collect());
                    self.decide();
                }
            }
        }
    }

    /// Takes in readings of applications, unless another stop has begun since: they say nothing of its runs.
    fn take_readings(&mut self, number: usize, events: Vec<Event>) {
        if number == number_of_stop(&self.book.state) {
            self.take(events);
        }
    }

    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            self.book.apply(event);
        }
    }

    /// Takes in what the operator decided, unless it begins another stop while a call of the last has no answer.
    fn decide(&mut self) {
        let stop = self.book.state.current_stop();
        let waits = stop.is_some_and(|stop| stop.calls.values().any(|call| call.answer.is_none()));
        for event in std::mem::take(&mut self.later) {
            if waits && matches!(event.kind, EventKind::Command(Command::Begin(_) | Command::Drain(_))) {
                self.later.push(event);
            } else {
                self.book.apply(event);
            }
        }
    }
}

/// Which stop is under way.
pub(super) fn number_of_stop(state: &UpgradeOperation) -> usize {
    let recovering = state.upgrade_step().and_then(|upgrading| upgrading.drain.as_ref());
    state.stop_rounds.len() * 2 + usize::from(recovering.is_some_and(|recovery| recovery.stop.is_some()))
}
