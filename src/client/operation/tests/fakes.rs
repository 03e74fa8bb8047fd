//! Ports without a browser: a clock that stands until it is moved on, a journal in memory, locks of one process, and a
//! small server. Each gives way once before it answers, so that a runner can be ended there.

use crate::client::journal::JournalError;
use crate::client::operation::ports::{Clock, JournalStore, Lock, Locks, Ports, Progress, Transport};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use quiesce_api::{Method, Millis, Request, Response, Timestamp, TransportError};
use quiesce_lifecycle::journal::{Entry, Header, OperationId};
use quiesce_lifecycle::user::{Continuation, Identity};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// Gives way once.
async fn give_way() {
    let mut first = true;
    poll_fn(move |context| {
        if std::mem::take(&mut first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

/// When the fake clock begins, in milliseconds.
const BEGINNING: i64 = 1_000_000_000;

/// A clock that stands until [`FakeClock::advance`].
#[derive(Clone)]
pub struct FakeClock {
    now: Rc<Cell<i64>>,
    due: Rc<RefCell<Vec<i64>>>,
}

impl FakeClock {
    fn new() -> Self {
        Self { now: Rc::new(Cell::new(BEGINNING)), due: Rc::default() }
    }

    /// Moves on to the first moment that something waits for.
    pub fn advance(&self) {
        let next = self.due.borrow_mut().drain(..).filter(|due| *due > self.now.get()).min();
        self.now.set(next.unwrap_or(self.now.get() + 1_000));
    }

    /// The milliseconds since the beginning.
    pub fn passed(&self) -> i64 {
        self.now.get() - BEGINNING
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Millis(self.now.get()).timestamp()
    }

    fn sleep(&self, milliseconds: u32) -> LocalBoxFuture<'static, ()> {
        let (clock, until) = (self.clone(), self.now.get() + i64::from(milliseconds));
        poll_fn(move |_| {
            if clock.now.get() >= until {
                return Poll::Ready(());
            }
            // Whoever moves the clock polls again.
            clock.due.borrow_mut().push(until);
            Poll::Pending
        })
        .boxed_local()
    }

    fn random(&self, _: u32) -> u32 {
        0
    }
}

/// A journal in memory.
#[derive(Clone, Default)]
pub struct FakeJournal {
    pub headers: Rc<RefCell<BTreeMap<String, Header>>>,
    pub entries: Rc<RefCell<Vec<Entry>>>,
    /// How often something was appended.
    pub appends: Rc<Cell<usize>>,
    /// Whether it can't be written any more.
    pub is_full: Rc<Cell<bool>>,
}

impl JournalStore for FakeJournal {
    fn header(
        &self,
        operation: &OperationId,
    ) -> LocalBoxFuture<'static, Result<Option<Header>, JournalError>> {
        let header = self.headers.borrow().get(&operation.0).cloned();
        async move {
            give_way().await;
            Ok(header)
        }
        .boxed_local()
    }

    fn entries_from(
        &self,
        _: &OperationId,
        from: u64,
    ) -> LocalBoxFuture<'static, Result<Vec<Entry>, JournalError>> {
        let journal = self.clone();
        async move {
            give_way().await;
            Ok(journal.entries.borrow().iter().filter(|entry| entry.seq >= from).cloned().collect())
        }
        .boxed_local()
    }

    fn append(&self, entries: Vec<Entry>) -> LocalBoxFuture<'static, Result<(), JournalError>> {
        let journal = self.clone();
        async move {
            give_way().await;
            if journal.is_full.get() {
                return Err(JournalError::Failed("no space".into()));
            }
            for entry in entries {
                let next = journal.entries.borrow().len() as u64;
                assert_eq!(entry.seq, next, "a place of the journal is taken or left free");
                journal.entries.borrow_mut().push(entry);
            }
            journal.appends.set(journal.appends.get() + 1);
            give_way().await;
            Ok(())
        }
        .boxed_local()
    }

    fn mark(
        &self,
        operation: &OperationId,
        finished: bool,
    ) -> LocalBoxFuture<'static, Result<(), JournalError>> {
        let (journal, operation) = (self.clone(), operation.clone());
        async move {
            give_way().await;
            if let Some(header) = journal.headers.borrow_mut().get_mut(&operation.0) {
                header.finished = finished;
            }
            Ok(())
        }
        .boxed_local()
    }

    fn continued(
        &self,
        operation: &OperationId,
        continuation: Continuation,
    ) -> LocalBoxFuture<'static, Result<(), JournalError>> {
        let (journal, operation) = (self.clone(), operation.clone());
        async move {
            give_way().await;
            if let Some(header) = journal.headers.borrow_mut().get_mut(&operation.0) {
                header.continued.push(continuation);
            }
            Ok(())
        }
        .boxed_local()
    }

    fn persist(&self) -> LocalBoxFuture<'static, ()> {
        give_way().boxed_local()
    }
}

/// The locks of all tabs.
#[derive(Clone, Default)]
pub struct FakeLocks(Rc<Cell<bool>>);

struct Held(Rc<Cell<bool>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Lock for Held {
    fn renew(&self) -> bool {
        true
    }
}

impl Locks for FakeLocks {
    fn take(&self, _: &OperationId) -> LocalBoxFuture<'static, Option<Box<dyn Lock>>> {
        let taken = self.0.clone();
        async move {
            give_way().await;
            (!taken.replace(true)).then(|| Box::new(Held(taken)) as Box<dyn Lock>)
        }
        .boxed_local()
    }
}

/// A run of the server.
struct ServerRun {
    /// When it was told to stop, in seconds.
    stopping: Option<i64>,
    /// How often it was told.
    told: u32,
}

/// How the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Up,
    Down,
    WantsToken,
    /// The console rejects every change.
    ReadOnly,
    /// Stops are carried out, and their responses are lost.
    LosesResponses,
}

/// A server with workers that end three seconds after they were told to.
#[derive(Clone)]
pub struct FakeServer {
    clock: FakeClock,
    journal: FakeJournal,
    runs: Rc<RefCell<BTreeMap<String, ServerRun>>>,
    pub health: Rc<Cell<Health>>,
    /// Whether the page knows that the console is read-only.
    pub is_known_read_only: Rc<Cell<bool>>,
    /// Who is signed in.
    pub identity: Rc<RefCell<Identity>>,
    /// The requests, each with the milliseconds since the beginning.
    pub requests: Rc<RefCell<Vec<(i64, Request)>>>,
}

impl FakeServer {
    /// How often a run was told to stop.
    pub fn told(&self, run: &str) -> u32 {
        self.runs.borrow().get(run).map_or(0, |run| run.told)
    }

    /// When requests came, in milliseconds since the beginning.
    pub fn times(&self) -> Vec<i64> {
        self.requests.borrow().iter().map(|(at, _)| *at).collect()
    }

    /// This server, for the tabs of a user.
    pub fn of(&self, identity: Identity) -> Self {
        Self { identity: Rc::new(RefCell::new(identity)), ..self.clone() }
    }

    /// This server, for the tabs of another world.
    pub fn with(self, world: &World) -> Self {
        Self { clock: world.clock.clone(), journal: world.journal.clone(), ..self }
    }

    pub fn record(&self, run: &str) -> Value {
        let runs = self.runs.borrow();
        let now = (BEGINNING + self.clock.passed()) / 1_000;
        let stopping = runs.get(run).and_then(|run| run.stopping);
        let mut record = json!({
            "runid": run, "starting": 1, "start": 2, "status": "RUNNING", "appVersion": "v1",
        });
        if let Some(stopping) = stopping {
            record["stopping"] = json!(stopping);
            let over = now >= stopping + 3;
            record["status"] = json!(if over { "KILLED" } else { "STOPPING" });
            if over {
                record["end"] = json!(stopping + 3);
            }
        }
        record
    }

    /// Carries out a request. Before one that stops something its intent has to be in the journal.
    fn answer(&self, request: &Request) -> (u16, Value) {
        let path = request.target.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        if let (Method::Post, [.., "runs", run, "stop"]) = (request.method, parts.as_slice()) {
            let intents = self.journal.entries.borrow();
            let intents = serde_json::to_string(&*intents).unwrap();
            let intent = format!("\"run\":\"{run}\"}},\"graceful\"");
            assert!(intents.contains("\"Sending\"") && intents.contains(&intent), "{intents}");
            let now = (BEGINNING + self.clock.passed()) / 1_000;
            let mut runs = self.runs.borrow_mut();
            let Some(run) = runs.get_mut(*run) else { return (404, json!("no such run")) };
            run.told += 1;
            run.stopping.get_or_insert(now);
            return (200, Value::Null);
        }
        match parts.as_slice() {
            [.., "runs", run] => (200, self.record(run)),
            [.., program, "runs"] => (200, json!([self.record(&format!("run-of-{program}"))])),
            _ => (404, json!("not found")),
        }
    }
}

impl Transport for FakeServer {
    fn send(
        &self,
        request: Request,
        _: u32,
        _: Progress,
    ) -> LocalBoxFuture<'static, Result<Response, quiesce_api::Error>> {
        let server = self.clone();
        async move {
            give_way().await;
            server.requests.borrow_mut().push((server.clock.passed(), request.clone()));
            let response = |status: u16, body: &Value| Response {
                status,
                headers: Vec::new(),
                body: body.to_string().into_bytes(),
                cut: None,
            };
            let lost = TransportError::Unreachable("connection refused".into());
            let health = server.health.get();
            let answer = match health {
                Health::Down => Err(lost.into()),
                Health::WantsToken => Ok(response(401, &Value::Null)),
                Health::ReadOnly if request.method == Method::Post => {
                    server.is_known_read_only.set(true);
                    let headers = vec![("x-quiesce-error".to_owned(), "read_only".to_owned())];
                    Ok(Response { headers, ..response(403, &Value::Null) })
                }
                Health::LosesResponses if request.method == Method::Post => {
                    server.answer(&request);
                    Err(lost.into())
                }
                Health::Up | Health::ReadOnly | Health::LosesResponses => {
                    let (status, body) = server.answer(&request);
                    Ok(response(status, &body))
                }
            };
            give_way().await;
            answer
        }
        .boxed_local()
    }

    fn server(&self) -> LocalBoxFuture<'static, String> {
        std::future::ready("http://cdap".to_owned()).boxed_local()
    }

    fn identity(&self) -> Identity {
        self.identity.borrow().clone()
    }

    fn requires_sign_in(&self) -> bool {
        self.health.get() == Health::WantsToken
    }

    fn is_read_only(&self) -> bool {
        self.is_known_read_only.get() && self.health.get() == Health::ReadOnly
    }
}

/// A server, and a browser with its journal: what tabs share.
#[derive(Clone)]
pub struct World {
    pub clock: FakeClock,
    pub journal: FakeJournal,
    pub server: FakeServer,
    pub locks: FakeLocks,
}

impl World {
    /// A server with these runs.
    pub fn new(runs: &[&str]) -> Self {
        let (clock, journal) = (FakeClock::new(), FakeJournal::default());
        let runs = runs.iter().map(|run| ((*run).to_owned(), ServerRun { stopping: None, told: 0 }));
        let server = FakeServer {
            clock: clock.clone(),
            journal: journal.clone(),
            runs: Rc::new(RefCell::new(runs.collect())),
            health: Rc::new(Cell::new(Health::Up)),
            is_known_read_only: Rc::default(),
            identity: Rc::new(RefCell::new(Identity::Anonymous)),
            requests: Rc::default(),
        };
        Self { clock, journal, server, locks: FakeLocks::default() }
    }

    pub fn ports(&self) -> Ports {
        Ports {
            transport: Rc::new(self.server.clone()),
            journal: Rc::new(self.journal.clone()),
            clock: Rc::new(self.clock.clone()),
            locks: Rc::new(self.locks.clone()),
        }
    }
}
