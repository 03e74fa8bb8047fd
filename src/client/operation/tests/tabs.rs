//! A second tab with the same operation, and a console of another server.

use super::fakes::World;
use super::setup::{ALL, Tab, begin, confirmed, finish, folded, go_on_until, id, open_stop};
use crate::client::operation::runner::{Executor, Prepared};
use crate::client::operation::running::{Message, Role, RunnerError};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Body, UpgradePlanned};
use quiesce_lifecycle::upgrade::{self, Effect, UpgradeInFlight, UpgradeOperation, UpgradePlan};
use serde_json::json;

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
