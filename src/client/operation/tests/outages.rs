//! Servers that are unavailable, require a sign-in or become read-only.

use super::fakes::{Health, World};
use super::setup::{ALL, confirmed, finish, folded, go_on_until, open_stop};
use crate::client::operation::running::Message;
use leptos::prelude::*;
use quiesce_api::Method;
use quiesce_lifecycle::stop::StopState;

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
