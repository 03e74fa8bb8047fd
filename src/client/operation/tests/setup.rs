//! A world with a confirmed operation, and the tabs that run it.

use super::fakes::World;
use crate::client::operation::runner::{self, Executor};
use crate::client::operation::running::{Message, Role, RunnerError, Running};
use crate::client::stop::StopExecutor;
use crate::routes::RouterName;
use futures::FutureExt;
use futures::channel::mpsc::UnboundedSender;
use futures::future::LocalBoxFuture;
use futures::task::ArcWake;
use leptos::prelude::*;
use quiesce_api::{ProgramRef, ProgramType, Timestamp};
use quiesce_lifecycle::findings::ServerFindings;
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::journal::{Body, Entry, Header, OperationId, StopConfirmed, VERSION, fold};
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::operation::Operation;
use quiesce_lifecycle::stop::{StopOperation, StopPlan, Target};
use quiesce_lifecycle::verdict::PastStops;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// A tab with its runner.
pub(super) struct Tab<O: Operation> {
    pub(super) running: Running<O>,
    outbox: UnboundedSender<Message<O::Event>>,
    run: LocalBoxFuture<'static, Result<(), RunnerError>>,
    pub(super) ended: Option<Result<(), RunnerError>>,
}

impl<O: Operation> Tab<O> {
    pub(super) fn open<X: Executor<O> + 'static>(world: &World, make: impl Fn() -> X + 'static) -> Self {
        let (running, inbox) = Running::new(id());
        let (_, outbox) = running.inner.get_value();
        let run = runner::run(world.ports(), running, id(), move |_| make(), inbox).boxed_local();
        Self { running, outbox, run, ended: None }
    }

    /// Lets it go on until it waits for the clock or a message. `false`: it was stopped before, after this many steps.
    pub(super) fn go_on(&mut self, steps: &mut usize) -> bool {
        let woken = Arc::new(Woken::default());
        let waker = futures::task::waker(woken.clone());
        loop {
            if self.ended.is_some() {
                return true;
            }
            if *steps == 0 {
                return false;
            }
            *steps -= 1;
            woken.0.store(false, Ordering::Relaxed);
            match self.run.poll_unpin(&mut Context::from_waker(&waker)) {
                Poll::Ready(result) => self.ended = Some(result),
                Poll::Pending if woken.0.load(Ordering::Relaxed) => {}
                Poll::Pending => return true,
            }
        }
    }

    pub(super) fn role(&self) -> Role {
        self.running.role.get_untracked()
    }

    pub(super) fn send(&self, message: Message<O::Event>) {
        self.outbox.unbounded_send(message).unwrap();
    }
}

/// Whether something can go on without the clock.
#[derive(Default)]
struct Woken(AtomicBool);

impl ArcWake for Woken {
    fn wake_by_ref(woken: &Arc<Self>) {
        woken.0.store(true, Ordering::Relaxed);
    }
}

/// As many steps as it takes.
pub(super) const ALL: usize = usize::MAX;

pub(super) fn id() -> OperationId {
    OperationId("operation".into())
}

fn program(name: &str) -> ProgramRef {
    ProgramRef::new("default", name, ProgramType::Worker, name)
}

/// A world in which the stop of these programs was confirmed; the run of program `a` is `run-of-a`.
pub(super) fn confirmed(programs: &[&str]) -> World {
    let runs: Vec<String> = programs.iter().map(|name| format!("run-of-{name}")).collect();
    let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
    let world = World::new(&runs);
    let targets = programs.iter().map(|name| Target {
        run: program(name).run(format!("run-of-{name}")),
        kind: Kind::Worker,
        record: serde_json::from_value(world.server.record(&format!("run-of-{name}"))).unwrap(),
        older: false,
        parent: None,
        facts: None,
        past: PastStops::default(),
    });
    let plan = StopPlan {
        grace: Grace::ServerDefault,
        targets: targets.collect(),
        whole: BTreeSet::new(),
        others: BTreeSet::new(),
        findings: ServerFindings::default(),
    };
    begin::<StopOperation>(&world, |at| {
        Body::StopConfirmed(StopConfirmed { confirmed: (at, Box::new(plan)) })
    });
    world
}

pub(super) fn begin<O: Operation>(world: &World, first: impl FnOnce(Timestamp) -> Body) {
    let created = world.ports().now();
    let header = Header {
        id: id(),
        version: VERSION,
        kind: O::KIND,
        namespace: "default".into(),
        server: "http://cdap".into(),
        created,
        title: String::new(),
        finished: false,
        user: None,
        continued: Vec::new(),
    };
    world.journal.headers.borrow_mut().insert(id().0, header);
    world.journal.entries.borrow_mut().push(Entry::new(id(), 0, first(created)));
}

pub(super) fn open_stop(world: &World) -> Tab<StopOperation> {
    let ports = world.ports();
    Tab::open(world, move || StopExecutor { router: RouterName::default(), ports: ports.clone() })
}

/// Lets a tab go on, and the time with it, until the operation is finished.
pub(super) fn finish(world: &World, tab: &mut Tab<StopOperation>) {
    assert!(go_on_until(world, tab, ALL, || is_finished(world)), "{:?}", tab.running.state.get_untracked());
}

/// Lets a tab go on, and the time with it, for this many steps or until something holds. `true`: it does.
pub(super) fn go_on_until<O: Operation>(
    world: &World,
    tab: &mut Tab<O>,
    mut steps: usize,
    holds: impl Fn() -> bool,
) -> bool {
    for _ in 0..400 {
        if !tab.go_on(&mut steps) {
            return false;
        }
        if holds() {
            return true;
        }
        world.clock.advance();
    }
    false
}

pub(super) fn is_finished(world: &World) -> bool {
    world.journal.headers.borrow()[&id().0].finished
}

pub(super) fn folded(world: &World) -> StopOperation {
    fold(world.journal.entries.borrow().clone()).unwrap().operation
}
