//! Runs a stop: does what the machine asks for, writes the journal, brings back what happened.

use super::journal::{self, JournalError};
use super::{Client, clock, durability, tab_lock};
use futures::channel::mpsc;
use futures::future::LocalBoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, select};
use leptos::prelude::*;
use quiesce_api::log::GetLogs;
use quiesce_api::run::{GetRun, LatestRun, ListRuns};
use quiesce_api::{BatchResult, Endpoint, Error, Rows};
use quiesce_lifecycle::journal::{
    Body, Entry, FoldError, Header, OperationId, OperationKind, StopConfirmed, fold_stop,
};
use quiesce_lifecycle::stop::{Effect, Event, StopCall, StopInFlight, StopOperation, StopPlan};
use std::sync::Arc;

/// Why an operation cannot be shown or run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunnerError {
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It is an operation of another server: what it would read and send here means something else.
    #[error("the operation belongs to {there}, but this page is connected to {here}")]
    OtherServer {
        /// Where it belongs.
        there: String,
        /// Where the page is.
        here: String,
    },
    /// The journal has no such operation, or cannot be understood.
    #[error(transparent)]
    Fold(#[from] FoldError),
}

/// A stop that runs, or that another tab runs.
#[derive(Clone, Copy)]
pub struct RunningStop {
    /// Its state.
    pub state: RwSignal<Option<Arc<StopOperation>>>,
    /// Why it can't continue.
    pub problem: RwSignal<Option<RunnerError>>,
    /// Whether another tab acts, and this one watches.
    pub elsewhere: RwSignal<bool>,
    wishes: StoredValue<mpsc::UnboundedSender<Command>>,
}

/// What the operator wants of a running stop.
#[derive(Clone, Copy, Debug)]
enum Command {
    SendAgain(usize),
    TryNow,
    SignedIn,
}

/// Writes the beginning of a stop and gives its id. Nothing is sent unless this worked.
pub async fn begin(client: Client, plan: StopPlan, title: String) -> Result<OperationId, JournalError> {
    let id = OperationId(new_id());
    let created = clock::now();
    let header = Header {
        id: id.clone(),
        version: quiesce_lifecycle::journal::VERSION,
        kind: OperationKind::Stop,
        namespace: plan.namespace.clone(),
        server: client.server(),
        created,
        title,
        finished: false,
    };
    let body = Body::StopConfirmed(StopConfirmed { confirmed: (created, Box::new(plan)) });
    journal::begin(&header, &[Entry::new(id.clone(), 0, body)]).await?;
    client.refresh_operations().await;
    Ok(id)
}

/// Twelve characters that no other operation of this browser has.
pub(super) fn new_id() -> String {
    let part = || (js_sys::Math::random() * 2_f64.powi(30)).to_bits() >> 16;
    format!("{:012x}", (part() << 16 ^ part()) & 0xffff_ffff_ffff)
}

impl RunningStop {
    /// Takes up a stop from its journal and runs it until it is finished or the page is left. If another tab runs
    /// it, watches.
    pub fn resume(client: Client, id: OperationId) -> Self {
        let (wish, wishes) = mpsc::unbounded();
        let running = Self {
            state: RwSignal::new(None),
            problem: RwSignal::new(None),
            elsewhere: RwSignal::new(false),
            wishes: StoredValue::new(wish),
        };
        watch_signed_in(client, running);
        leptos::task::spawn_local(async move {
            if let Err(problem) = run(client, running, id, wishes).await {
                running.problem.try_set(Some(problem));
            }
        });
        on_cleanup(move || {
            if let Some(wishes) = running.wishes.try_get_value() {
                wishes.close_channel();
            }
        });
        running
    }

    /// Sends a run's stop once more, by run: the operator saw that it was not stopped.
    pub fn send_again(&self, target: usize) {
        self.command(Command::SendAgain(target));
    }

    /// Asks a server that was away now.
    pub fn try_now(&self) {
        self.command(Command::TryNow);
    }

    fn command(&self, wish: Command) {
        if let Some(wishes) = self.wishes.try_get_value() {
            let _ = wishes.unbounded_send(wish);
        }
    }
}

fn watch_signed_in(client: Client, running: RunningStop) {
    leptos::prelude::Effect::new(move |before: Option<u32>| {
        let times = client.signed_in.get();
        if before.is_some_and(|before| before != times) {
            running.command(Command::SignedIn);
        }
        times
    });
}

/// Whether an operation belongs to the server that this page is before.
pub(super) async fn belongs_here(client: Client, id: &OperationId) -> Result<(), RunnerError> {
    let here = client.known_server().await;
    match journal::header(id).await? {
        Some(header) if header.server != here => Err(RunnerError::OtherServer { there: header.server, here }),
        _ => Ok(()),
    }
}

/// How often a state is shown at most, in milliseconds.
const SHOWN: u32 = 200;

/// A stop with what is not yet written and not yet shown of it.
struct JournaledStop {
    id: OperationId,
    stop: Arc<StopOperation>,
    next: u64,
    unwritten: Vec<Entry>,
    running: RunningStop,
    shown: i64,
    unshown: bool,
}

impl JournaledStop {
    async fn read(id: &OperationId, running: RunningStop) -> Result<Self, RunnerError> {
        let folded = fold_stop(journal::entries(id).await?)?;
        let (stop, next) = (Arc::new(folded.stop), folded.next);
        Ok(Self { id: id.clone(), stop, next, unwritten: Vec::new(), running, shown: 0, unshown: true })
    }

    /// Takes an event in. It is on disk after [`Self::write`].
    fn take(&mut self, event: Event) {
        self.unshown = true;
        if Arc::make_mut(&mut self.stop).apply(&event) {
            self.unwritten.push(Entry::new(self.id.clone(), self.next, Body::from(event)));
            self.next += 1;
        }
    }

    /// Writes what was taken in, all in one transaction.
    async fn write(&mut self) -> Result<(), RunnerError> {
        if !self.unwritten.is_empty() {
            journal::append(&self.unwritten).await?;
            self.unwritten.clear();
        }
        Ok(())
    }

    /// Shows the state, unless the last one was shown a moment ago. `false`: nobody looks any more.
    fn show(&mut self) -> bool {
        let time = clock::milliseconds();
        if !self.unshown || (time - self.shown).abs() < i64::from(SHOWN) {
            return !self.running.state.is_disposed();
        }
        (self.shown, self.unshown) = (time, false);
        let mut stop = self.stop.clone();
        clock::share(&mut Arc::make_mut(&mut stop).clock);
        self.running.state.try_set(Some(stop)).is_none()
    }
}

async fn run(
    client: Client,
    running: RunningStop,
    id: OperationId,
    mut wishes: mpsc::UnboundedReceiver<Command>,
) -> Result<(), RunnerError> {
    belongs_here(client, &id).await?;
    let mut book = JournaledStop::read(&id, running).await?;
    book.show();
    let held = loop {
        if let Some(held) = tab_lock::take(&id.0).await {
            break held;
        }
        if running.elsewhere.try_set(true).is_some() {
            return Ok(());
        }
        clock::sleep(1_000).await;
        book = JournaledStop::read(&id, running).await?;
        if !book.show() {
            return Ok(());
        }
    };
    running.elsewhere.try_set(false);
    // Another tab may have written until it let go.
    book = JournaledStop::read(&id, running).await?;
    if !book.stop.is_finished(clock::now()) {
        durability::request().await;
    }
    book.take(Event::Resumed { at: clock::now() });
    book.write().await?;
    let (mut flying, mut hurry) = (StopInFlight::default(), false);
    let mut work: FuturesUnordered<LocalBoxFuture<'static, Done>> = FuturesUnordered::new();
    loop {
        if !held.renew() || !book.show() {
            return Ok(());
        }
        let mut wait = None;
        let now = clock::now();
        let now = if hurry { book.stop.connectivity.next_attempt().unwrap_or(now).max(now) } else { now };
        hurry = false;
        for effect in book.stop.effects(&flying, now) {
            match effect {
                Effect::Wait(milliseconds) => wait = Some(milliseconds),
                Effect::Done => {
                    finish(client, &id).await?;
                    wait = Some(60_000);
                }
                effect => start(client, &mut book, &mut flying, &mut work, effect),
            }
        }
        // What came and every intent are on disk before anything is sent: nothing of `work` was polled yet.
        book.write().await?;
        let pause = wait.unwrap_or(60_000).min(if book.unshown { SHOWN } else { 60_000 });
        let mut timer = clock::sleep(pause).boxed_local().fuse();
        select! {
            done = work.select_next_some() => {
                let mut next = Some(done);
                // What came together is written and shown together.
                while let Some(done) = next {
                    for event in done.finish(&book.stop, &mut flying) {
                        book.take(event);
                    }
                    next = work.next().now_or_never().flatten();
                }
            }
            wish = wishes.next() => match wish {
                None => return Ok(()),
                Some(Command::SendAgain(target)) => {
                    durability::request().await;
                    reopen(client, &id).await?;
                    book.take(Event::SendAgain { at: clock::now(), target });
                }
                Some(Command::SignedIn) => book.take(Event::SignedIn { at: clock::now() }),
                Some(Command::TryNow) => hurry = true,
            },
            () = timer => {}
        }
    }
}

/// What came of an effect.
pub(super) enum Done {
    Event(Box<Event>),
    Latest(Vec<usize>, Result<Rows<BatchResult<LatestRun>>, Error>),
    Log(usize, Result<Rows<quiesce_api::log::LogEvent>, Error>),
}

impl Done {
    pub(super) fn finish(self, stop: &StopOperation, flying: &mut StopInFlight) -> Vec<Event> {
        match self {
            Self::Event(event) => {
                match &*event {
                    Event::Checked { program, .. } => {
                        flying.checks.remove(program);
                    }
                    Event::Read { target, .. } => {
                        flying.reads.remove(target);
                        flying.unnamed.remove(target);
                    }
                    _ => {}
                }
                vec![*event]
            }
            Self::Latest(places, result) => stop.batch_read(flying, clock::now(), &places, result),
            Self::Log(target, result) => {
                flying.logs.remove(&target);
                stop.log_event(target, clock::now(), &result).into_iter().collect()
            }
        }
    }
}

fn start(
    client: Client,
    book: &mut JournaledStop,
    flying: &mut StopInFlight,
    work: &mut FuturesUnordered<LocalBoxFuture<'static, Done>>,
    effect: Effect,
) {
    if let Some(sending) = intent(&effect) {
        book.take(sending);
    }
    work.extend(carry_out(client, &book.stop, flying, effect));
}

/// What the journal has to have before an effect is carried out.
pub(super) fn intent(effect: &Effect) -> Option<Event> {
    let Effect::Send { call, stop, targets } = effect else { return None };
    let (stop, targets) = (stop.clone(), targets.clone());
    Some(Event::Sending { at: clock::now(), call: *call, stop, targets })
}

/// Carries out an effect of a stop. What it waits for comes back as [`Done`].
pub(super) fn carry_out(
    client: Client,
    stop: &StopOperation,
    flying: &mut StopInFlight,
    effect: Effect,
) -> Option<LocalBoxFuture<'static, Done>> {
    let event = |event| Done::Event(Box::new(event));
    Some(match effect {
        Effect::Check(program) => {
            flying.checks.insert(program.clone());
            async move {
                let result = client.call(&ListRuns::of(program.clone())).await.map(|rows| rows.good);
                event(Event::Checked { at: clock::now(), program, result })
            }
            .boxed_local()
        }
        Effect::Read(target) => {
            let run = stop.plan.targets.get(target)?.run.clone();
            flying.reads.insert(target);
            async move {
                let result = client.call(&GetRun { run }).await;
                event(Event::Read { at: clock::now(), target, result })
            }
            .boxed_local()
        }
        Effect::ReadLatest(read, places) => {
            flying.batches.push(places.clone());
            async move { Done::Latest(places, client.call(&read).await) }.boxed_local()
        }
        Effect::ReadLog(target, logs) => {
            flying.logs.insert(target);
            async move { Done::Log(target, read_log(client, &logs).await) }.boxed_local()
        }
        Effect::Send { call, stop, .. } => async move {
            let result = send(client, &stop).await;
            event(Event::Answered { at: clock::now(), call, result })
        }
        .boxed_local(),
        Effect::Wait(_) | Effect::Done => return None,
    })
}

async fn read_log(client: Client, logs: &GetLogs) -> Result<Rows<quiesce_api::log::LogEvent>, Error> {
    client.call(logs).await
}

async fn send(client: Client, stop: &StopCall) -> Result<Rows<quiesce_api::stop::StopResult>, Error> {
    match stop {
        StopCall::Run(stop) => client.call(stop).await.map(|()| Rows::default()),
        StopCall::Program(stop) => client.call(stop).await.map(|()| Rows::default()),
        StopCall::Batch(stop) => {
            let answer = client.send(stop.request()).await?;
            stop.read(&answer)
        }
    }
}

async fn finish(client: Client, id: &OperationId) -> Result<(), RunnerError> {
    mark(client, id, true).await
}

async fn reopen(client: Client, id: &OperationId) -> Result<(), RunnerError> {
    mark(client, id, false).await
}

pub(super) async fn mark(client: Client, id: &OperationId, finished: bool) -> Result<(), RunnerError> {
    if let Some(header) = journal::header(id).await?
        && header.finished != finished
    {
        journal::update(&Header { finished, ..header }).await?;
        client.refresh_operations().await;
    }
    Ok(())
}
