//! The runner over fake ports: what is stored before what is sent, and what becomes of a runner that is ended anywhere.

mod fakes;

use super::runner::{self, Executor, Prepared};
use super::running::{Message, Role, RunnerError, Running};
use crate::client::stop::StopExecutor;
use crate::routes::RouterName;
use fakes::{Health, World};
use futures::FutureExt;
use futures::channel::mpsc::UnboundedSender;
use futures::future::LocalBoxFuture;
use futures::task::ArcWake;
use leptos::prelude::*;
use quiesce_api::{Method, ProgramRef, ProgramType, Timestamp};
use quiesce_lifecycle::findings::ServerFindings;
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::journal::{
    Body, Entry, Header, OperationId, StopConfirmed, UpgradePlanned, VERSION, fold,
};
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::operation::Operation;
use quiesce_lifecycle::stop::{Event, StopOperation, StopPlan, StopState, Target};
use quiesce_lifecycle::upgrade::{self, Effect, UpgradeInFlight, UpgradeOperation, UpgradePlan};
use quiesce_lifecycle::user::{Identity, UserName};
use quiesce_lifecycle::verdict::PastStops;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// A tab with its runner.
struct Tab<O: Operation> {
    running: Running<O>,
    outbox: UnboundedSender<Message<O::Event>>,
    run: LocalBoxFuture<'static, Result<(), RunnerError>>,
    ended: Option<Result<(), RunnerError>>,
}

impl<O: Operation> Tab<O> {
    fn open<X: Executor<O> + 'static>(world: &World, make: impl Fn() -> X + 'static) -> Self {
        let (running, inbox) = Running::new(id());
        let (_, outbox) = running.inner.get_value();
        let run = runner::run(world.ports(), running, id(), move |_| make(), inbox).boxed_local();
        Self { running, outbox, run, ended: None }
    }

    /// Lets it go on until it waits for the clock or a message. `false`: it was stopped before, after this many steps.
    fn go_on(&mut self, steps: &mut usize) -> bool {
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

    fn role(&self) -> Role {
        self.running.role.get_untracked()
    }

    fn send(&self, message: Message<O::Event>) {
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
const ALL: usize = usize::MAX;

fn id() -> OperationId {
    OperationId("operation".into())
}

fn program(name: &str) -> ProgramRef {
    ProgramRef::new("default", name, ProgramType::Worker, name)
}

/// A world in which the stop of these programs was confirmed; the run of program `a` is `run-of-a`.
fn confirmed(programs: &[&str]) -> World {
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

fn begin<O: Operation>(world: &World, first: impl FnOnce(Timestamp) -> Body) {
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

fn open_stop(world: &World) -> Tab<StopOperation> {
    let ports = world.ports();
    Tab::open(world, move || StopExecutor { router: RouterName::default(), ports: ports.clone() })
}

/// Lets a tab go on, and the time with it, until the operation is finished.
fn finish(world: &World, tab: &mut Tab<StopOperation>) {
    assert!(go_on_until(world, tab, ALL, || is_finished(world)), "{:?}", tab.running.state.get_untracked());
}

/// Lets a tab go on, and the time with it, for this many steps or until something holds. `true`: it does.
fn go_on_until<O: Operation>(
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

fn is_finished(world: &World) -> bool {
    world.journal.headers.borrow()[&id().0].finished
}

fn folded(world: &World) -> StopOperation {
    fold(world.journal.entries.borrow().clone()).unwrap().operation
}

#[test]
fn a_stop_is_run_to_its_end_and_each_run_is_told_once() {
    let world = confirmed(&["a", "b", "c"]);
    finish(&world, &mut open_stop(&world));
    for run in ["run-of-a", "run-of-b", "run-of-c"] {
        assert_eq!(world.server.told(run), 1, "{run}");
    }
    let (stop, now) = (folded(&world), world.ports().now());
    assert!((0..3).all(|place| stop.state(place, now) == StopState::Ended));
}

#[test]
fn a_tab_that_is_closed_at_any_moment_leaves_a_journal_from_which_nothing_is_sent_twice() {
    let (mut ended, mut not_stopped) = (0, 0);
    for after in 0.. {
        let world = confirmed(&["a", "b"]);
        let mut tab = open_stop(&world);
        if go_on_until(&world, &mut tab, after, || is_finished(&world)) {
            break;
        }
        drop(tab);
        finish(&world, &mut open_stop(&world));
        let (stop, now) = (folded(&world), world.ports().now());
        for (place, run) in ["run-of-a", "run-of-b"].into_iter().enumerate() {
            match world.server.told(run) {
                0 => {
                    // Its intent was stored, and it was closed before it was sent: the operator is told.
                    let view = stop.state(place, now);
                    let reads_on = matches!(view, StopState::InDoubt(_) | StopState::NotStopped(_));
                    assert!(reads_on, "{view:?}, closed after {after} steps");
                    not_stopped += 1;
                }
                told => {
                    assert_eq!(told, 1, "{run}, closed after {after} steps");
                    assert_eq!(stop.state(place, now), StopState::Ended, "closed after {after} steps");
                    ended += 1;
                }
            }
        }
    }
    assert!(ended >= 40 && not_stopped > 0, "{ended} ended, {not_stopped} not stopped");
}

#[test]
fn a_run_whose_stop_was_not_sent_is_stopped_when_the_operator_sends_it_again() {
    let world = confirmed(&["a"]);
    let mut tab = open_stop(&world);
    let intent = || folded(&world).calls.len() == 1;
    assert!(go_on_until(&world, &mut tab, ALL, intent));
    // As if it had been closed between the intent and the request.
    drop(tab);
    let world = World { server: confirmed(&["a"]).server.with(&world), ..world };
    let mut tab = open_stop(&world);
    finish(&world, &mut tab);
    assert_eq!(world.server.told("run-of-a"), 0);
    tab.send(Message::Decided(Event::SendAgain { at: world.ports().now(), target: 0 }));
    let ended = || folded(&world).state(0, world.ports().now()) == StopState::Ended;
    assert!(go_on_until(&world, &mut tab, ALL, ended));
    assert_eq!(world.server.told("run-of-a"), 1);
}

#[test]
fn what_comes_together_is_stored_together() {
    let world = confirmed(&["a", "b", "c"]);
    let mut tab = open_stop(&world);
    let sent = || folded(&world).calls.len() == 3;
    assert!(go_on_until(&world, &mut tab, ALL, sent));
    let entries = world.journal.entries.borrow();
    let intents = entries
        .iter()
        .filter(|entry| matches!(StopOperation::event(&entry.body), Some(Event::Sending { .. })));
    assert_eq!(intents.count(), 3);
    // The beginning is there; what was checked, the three intents, and the responses.
    assert!(world.journal.appends.get() <= 4, "{} writes", world.journal.appends.get());
}

#[test]
fn nothing_is_sent_when_the_journal_cannot_be_written() {
    let world = confirmed(&["a"]);
    let mut tab = open_stop(&world);
    tab.go_on(&mut 6);
    world.journal.is_full.set(true);
    go_on_until(&world, &mut tab, ALL, || false);
    assert!(matches!(tab.ended, Some(Err(RunnerError::Journal(_)))), "{:?}", tab.ended);
    assert_eq!(world.server.told("run-of-a"), 0);
}

#[test]
fn a_lost_response_is_settled_by_reading_and_never_by_sending_again() {
    let world = confirmed(&["a"]);
    world.server.health.set(Health::LosesResponses);
    finish(&world, &mut open_stop(&world));
    assert_eq!(world.server.told("run-of-a"), 1);
    assert_eq!(folded(&world).state(0, world.ports().now()), StopState::Ended);
}

#[test]
fn an_unavailable_server_is_asked_once_after_2_4_8_16_and_30_seconds() {
    let world = confirmed(&["a", "b"]);
    world.server.health.set(Health::Down);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 95_000);
    let times = world.server.times();
    let last = times.iter().rposition(|at| *at == times[0]).unwrap();
    let waits: Vec<i64> = times[last..].windows(2).map(|pair| (pair[1] - pair[0] + 500) / 1_000).collect();
    assert_eq!(waits[..], [4, 8, 16, 30, 30], "{times:?}");
    world.server.health.set(Health::Up);
    finish(&world, &mut tab);
    assert_eq!((world.server.told("run-of-a"), world.server.told("run-of-b")), (1, 1));
}

#[test]
fn an_unavailable_server_is_asked_at_once_when_the_operator_wants_it() {
    let world = confirmed(&["a"]);
    world.server.health.set(Health::Down);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 20_000);
    let before = world.server.times().len();
    tab.send(Message::AskNow);
    tab.go_on(&mut ALL.clone());
    assert_eq!(world.server.times().len(), before + 1);
}

#[test]
fn nothing_is_sent_with_an_expired_session_until_the_operator_signs_in() {
    let world = confirmed(&["a"]);
    world.server.health.set(Health::WantsToken);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 60_000);
    assert_eq!(world.server.times().len(), 1, "{:?}", world.server.times());
    world.server.health.set(Health::Up);
    tab.send(Message::SignedIn);
    finish(&world, &mut tab);
    assert_eq!(world.server.told("run-of-a"), 1);
}

/// The stops that reached the console.
fn stops(world: &World) -> usize {
    world.server.requests.borrow().iter().filter(|(_, request)| request.method == Method::Post).count()
}

#[test]
fn a_console_that_becomes_read_only_is_sent_no_change_after_the_first_refusal() {
    let world = confirmed(&["a"]);
    world.server.health.set(Health::ReadOnly);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 60_000);
    assert_eq!(stops(&world), 1);
    assert!(tab.running.is_held.get_untracked());
    assert_eq!(folded(&world).state(0, world.ports().now()), StopState::Planned, "nothing was carried out");
    world.server.health.set(Health::Up);
    finish(&world, &mut tab);
    assert_eq!(world.server.told("run-of-a"), 1);
    assert!(!tab.running.is_held.get_untracked());
}

#[test]
fn a_console_that_is_known_to_be_read_only_is_sent_no_change_and_reads_on() {
    let world = confirmed(&["a"]);
    world.server.health.set(Health::ReadOnly);
    world.server.is_known_read_only.set(true);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 60_000);
    assert_eq!(stops(&world), 0);
    assert!(!world.server.times().is_empty() && tab.running.is_held.get_untracked());
    assert_eq!(world.journal.entries.borrow().len(), 2, "the beginning, and the reading before the stop");
}

#[test]
fn a_second_tab_watches_and_continues_a_stop_when_the_first_is_closed() {
    let world = confirmed(&["a"]);
    let mut first = open_stop(&world);
    assert!(go_on_until(&world, &mut first, ALL, || world.server.told("run-of-a") == 1));
    let mut second = open_stop(&world);
    go_on_until(&world, &mut second, 200, || false);
    assert_eq!((first.role(), second.role()), (Role::Acts, Role::Watches));
    let shown = second.running.state.get_untracked().unwrap();
    assert_eq!(*shown, folded(&world), "it shows what the first has stored");
    drop(first);
    finish(&world, &mut second);
    assert_eq!((second.role(), world.server.told("run-of-a")), (Role::Acts, 1));
}

#[test]
fn an_operation_of_another_server_is_not_run() {
    let world = confirmed(&["a"]);
    world.journal.headers.borrow_mut().get_mut(&id().0).unwrap().server = "http://other".into();
    let mut tab = open_stop(&world);
    tab.go_on(&mut ALL.clone());
    assert!(matches!(tab.ended, Some(Err(RunnerError::OtherServer { .. }))));
    assert_eq!(world.server.times(), Vec::<i64>::new());
}

/// Makes `alice` the one who started the operation, and somebody else the one who is signed in.
fn started_by_alice(world: &World, signed_in: Identity) {
    world.journal.headers.borrow_mut().get_mut(&id().0).unwrap().user = Some("alice".into());
    world.server.identity.replace(signed_in);
}

fn bob() -> Identity {
    Identity::Named("bob".into())
}

/// Who continued the operation, as the journal has it.
fn continued(world: &World) -> Vec<Option<UserName>> {
    let headers = world.journal.headers.borrow();
    headers[&id().0].continued.iter().map(|it| it.user.clone()).collect()
}

#[test]
fn another_user_is_asked_before_the_operation_continues_and_the_journal_names_both() {
    let world = confirmed(&["a"]);
    started_by_alice(&world, bob());
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 20_000);
    assert_eq!(tab.role(), Role::OtherUser);
    assert_eq!(tab.running.started_by.get_untracked(), Some("alice".into()));
    assert_eq!((world.server.times().len(), world.journal.entries.borrow().len()), (0, 1));
    tab.send(Message::TakeOver);
    finish(&world, &mut tab);
    assert_eq!((tab.role(), world.server.told("run-of-a")), (Role::Acts, 1));
    assert_eq!(continued(&world), [Some("bob".into())]);
}

#[test]
fn an_operation_that_another_user_has_not_continued_is_free_for_its_own_user_in_another_tab() {
    let world = confirmed(&["a"]);
    started_by_alice(&world, bob());
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 5_000);
    let alice = World { server: world.server.of(Identity::Named("alice".into())), ..world.clone() };
    let mut other = open_stop(&alice);
    finish(&alice, &mut other);
    assert_eq!((other.role(), world.server.told("run-of-a")), (Role::Acts, 1));
    assert_eq!(continued(&world), []);
}

#[test]
fn another_user_who_signs_in_after_an_expiry_is_asked_before_anything_is_sent() {
    let world = confirmed(&["a", "b"]);
    started_by_alice(&world, Identity::Named("alice".into()));
    world.server.health.set(Health::WantsToken);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 10_000);
    let before = world.server.times().len();
    world.server.health.set(Health::Up);
    world.server.identity.replace(bob());
    tab.send(Message::SignedIn);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 40_000);
    assert_eq!((tab.role(), world.server.times().len()), (Role::OtherUser, before));
    tab.send(Message::TakeOver);
    finish(&world, &mut tab);
    assert_eq!((world.server.told("run-of-a"), world.server.told("run-of-b")), (1, 1));
    assert_eq!(continued(&world), [Some("bob".into())]);
}

#[test]
fn the_same_user_who_signs_in_after_an_expiry_is_not_asked() {
    let world = confirmed(&["a"]);
    started_by_alice(&world, Identity::Named("alice".into()));
    world.server.health.set(Health::WantsToken);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 10_000);
    world.server.health.set(Health::Up);
    tab.send(Message::SignedIn);
    finish(&world, &mut tab);
    assert_eq!((world.server.told("run-of-a"), continued(&world)), (1, vec![]));
}

#[test]
fn a_refusal_that_arrives_after_the_sign_in_does_not_hold_the_operation_up() {
    let world = confirmed(&["a"]);
    world.server.health.set(Health::WantsToken);
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || world.clock.passed() > 10_000);
    // The sign-in is over, and no message comes after the refusal.
    world.server.health.set(Health::Up);
    finish(&world, &mut tab);
    assert_eq!(world.server.told("run-of-a"), 1);
}

#[test]
fn a_settled_operation_is_shown_to_another_user_without_asking_and_a_decision_is_recorded() {
    let world = confirmed(&["a"]);
    finish(&world, &mut open_stop(&world));
    started_by_alice(&world, bob());
    let mut tab = open_stop(&world);
    go_on_until(&world, &mut tab, ALL, || is_finished(&world));
    assert_eq!((tab.role(), continued(&world)), (Role::Acts, vec![]));
    tab.send(Message::Decided(Event::SendAgain { at: world.ports().now(), target: 0 }));
    go_on_until(&world, &mut tab, 200, || false);
    assert_eq!(continued(&world), [Some("bob".into())]);
}

/// Carries out nothing.
struct Idle;

impl Executor<UpgradeOperation> for Idle {
    type Done = ();

    fn prepare<'a>(
        &'a mut self,
        _: &'a UpgradeOperation,
        _: &'a mut UpgradeInFlight,
        _: Effect,
    ) -> LocalBoxFuture<'a, Prepared<upgrade::Event, ()>> {
        std::future::ready(Prepared { event: None, work: None }).boxed_local()
    }

    fn finish(&mut self, _: &UpgradeOperation, _: &mut UpgradeInFlight, (): ()) -> Vec<upgrade::Event> {
        Vec::new()
    }
}

#[test]
fn an_upgrade_continues_in_another_tab_only_when_the_operator_takes_over() {
    let world = World::new(&[]);
    let artifact = json!({ "name": "cdap-data-pipeline", "version": "6.10.0", "scope": "SYSTEM" });
    let plan = json!({
        "namespace": "default", "candidates": { "scopes": [], "allow_snapshot": false }, "list": false,
        "applications": [{
            "application": "a", "version": "v1", "from": artifact, "to": artifact, "way": "Upgrade",
        }],
        "findings": {},
    });
    let plan: UpgradePlan = serde_json::from_value(plan).unwrap();
    begin::<UpgradeOperation>(&world, |at| {
        Body::UpgradePlanned(UpgradePlanned { chosen: (at, Box::new(plan)) })
    });
    let mut first = Tab::open(&world, || Idle);
    first.go_on(&mut ALL.clone());
    let mut second = Tab::open(&world, || Idle);
    go_on_until(&world, &mut second, 200, || false);
    assert_eq!((first.role(), second.role()), (Role::Acts, Role::Watches));
    drop(first);
    go_on_until(&world, &mut second, 200, || false);
    assert_eq!(second.role(), Role::Orphaned);
    second.send(Message::TakeOver);
    go_on_until(&world, &mut second, 200, || false);
    assert_eq!(second.role(), Role::Acts);
}
