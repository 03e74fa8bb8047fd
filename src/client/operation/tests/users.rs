//! Another user than the one who started an operation.

use super::fakes::{Health, World};
use super::setup::{ALL, confirmed, finish, go_on_until, id, is_finished, open_stop};
use crate::client::operation::running::{Message, Role};
use leptos::prelude::*;
use quiesce_lifecycle::stop::Event;
use quiesce_lifecycle::user::{Identity, UserName};

/// Lets `alice` start the operation, and signs in another user.
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
