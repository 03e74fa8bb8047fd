//! What is restored in which order.

use crate::journal::{Body, Entry};
use crate::upgrade::model::*;
use crate::upgrade::*;

#[test]
fn schedules_triggered_by_a_program_are_resumed_before_those_triggered_by_time() {
    let mut server = Server::new(&[("a", false), ("b", false)]);
    for (app, after) in [(0, false), (1, true)] {
        server.schedules.push(Schedule { app, on: true, paused_by: None, after });
    }
    let plan = plan(&server, false);
    let mut world = ModelState::new(server, plan);
    world.run(last, good);
    let resumed: Vec<_> = world.entries().iter().filter_map(resumed).collect();
    assert_eq!(resumed, [1, 0]);
}

fn resumed(entry: &Entry) -> Option<usize> {
    let Body::Upgrade(event) = &entry.body else { return None };
    match &event.upgrade.kind {
        EventKind::Request(RequestEvent::Sending { call: Call::Resume, targets }) => targets.first().copied(),
        _ => None,
    }
}

#[test]
fn a_run_that_counts_as_not_stopped_is_read_again_until_the_report() {
    let mut server = Server::new(&[("a", false)]);
    server.start(0, By::Before, 0);
    let plan = plan(&server, false);
    let mut world = ModelState::new(server, plan);
    while !matches!(world.op.step, Step::Restore(_)) {
        world.step();
    }
    let Step::Restore(mut restore) = world.op.step.clone() else { panic!("not in the restore") };
    restore.begun = true;
    restore.restarts[0].state = RestartState::StillActive;
    let read = Effect::ReadRun(0, restore.restarts[0].run.clone());
    world.op.step = Step::Restore(restore.clone());
    assert!(world.op.can_continue().is_ok(), "the operator does not wait for it");
    assert!(world.effects().contains(&read));
    world.op.step = Step::Report(restore);
    assert!(!world.effects().contains(&read));
}
