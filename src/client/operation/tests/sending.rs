//! What is stored before what is sent, and what becomes of a runner that is ended anywhere.

use super::fakes::{Health, World};
use super::setup::{ALL, confirmed, finish, folded, go_on_until, is_finished, open_stop};
use crate::client::operation::running::{Message, RunnerError};
use quiesce_lifecycle::operation::Operation;
use quiesce_lifecycle::stop::{Event, StopOperation, StopState};

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
