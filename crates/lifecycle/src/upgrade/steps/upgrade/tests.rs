//! Redeploying, draining, excluding, retrying and rolling back, one sentence each.

use crate::grace::Grace;
use crate::operation::Delivery;
use crate::text::upgrade::unprocessed_data;
use crate::upgrade::model::*;
use crate::upgrade::*;
use crate::verdict::Verdict;
use quiesce_api::run::RunStatus;

#[test]
fn a_run_that_has_recovered_gets_time_to_stop_though_the_first_stop_gave_none() {
    let mut world = refused();
    world.op.stop_rounds[0].stop.plan.grace = Grace::Now;
    world.feed(Event::command(world.now(), Command::Drain(AppIndex(0))));
    world.run(last, good);
    assert_eq!(world.op.stop_rounds[1].stop.plan.grace, Grace::default());
}

#[test]
fn what_the_server_refuses_can_be_redeployed_only_when_its_log_is_good_or_the_operator_accepts_the_risk() {
    let mut world = refused();
    let data = world.op.unprocessed_data(0);
    assert!(
        matches!(&data, UnprocessedData::Possible(worst) if worst.verdict == Verdict::MayLose),
        "{data:?}"
    );
    assert_eq!(world.op.effects(&UpgradeInFlight::default(), world.now()), [], "nothing is sent");
    let mut anyway = world.clone();
    anyway.feed(Event::command(anyway.now(), Command::AcceptRisk(AppIndex(0), unprocessed_data(&data))));
    anyway.run(last, good);
    assert!(anyway.op.upgrade_step().unwrap().apps[0].is_upgraded());
    world.feed(Event::command(world.now(), Command::Drain(AppIndex(0))));
    world.run(last, good);
    assert!(world.op.upgrade_step().unwrap().apps[0].is_upgraded());
    assert_eq!(world.op.stop_rounds.len(), 2);
    assert_eq!(world.op.unprocessed_data(0), UnprocessedData::None);
}

#[test]
fn what_ran_before_and_was_not_stopped_here_is_not_redeployed_unless_acknowledged() {
    let mut server = Server::new(&[("a", true), ("b", true)]);
    server.start(0, By::Before, 0);
    server.runs[0].record.status = RunStatus::Killed;
    let plan = plan(&server, false);
    let mut world = ModelState::new(server, plan);
    // The first backup lacks it, so that the application alone is read again.
    let first = std::cell::Cell::new(true);
    world.run(
        |decisions| {
            let first = |is: fn(&Command) -> bool| {
                decisions.iter().position(|it| matches!(&it.kind, EventKind::Command(command) if is(command)))
            };
            let begin = first(|command| matches!(command, Command::Begin(_)));
            begin.or(first(|command| matches!(command, Command::Exclude(_)))).unwrap_or(last(decisions))
        },
        |effect| if *effect == Effect::MakeBackup && first.take() { Fate::Hollow } else { Fate::Good },
    );
    assert_eq!(world.server.apps[0].made, 0, "excluded, since it was neither recovered nor acknowledged");
    assert_eq!(world.server.apps[1].made, 1, "it never ran");
}

#[test]
fn an_excluded_application_is_restored_and_never_upgraded() {
    let mut world = five();
    while !matches!(world.op.step, Step::BackUp(_)) {
        world.step();
    }
    world.feed(Event::command(world.now(), Command::Exclude(AppIndex(1))));
    world.run(last, good);
    assert_eq!(world.server.apps[1].made, 0);
    assert!(world.server.schedules[0].on);
}

#[test]
fn a_failure_can_be_retried_or_excluded_while_the_rest_continues() {
    let server = Server::new(&[("a", false), ("b", false), ("c", false)]);
    let plan = plan(&server, false);
    let mut world = ModelState::new(server, plan);
    while !matches!(&world.op.step, Step::Upgrade(step) if step.begun) {
        world.step();
    }
    let no = Event::sending(world.now(), Call::Upgrade, vec![0]);
    world.feed(no);
    world.feed(Event::answered(world.now(), Call::Upgrade, 0, Err(refusal(403))));
    world.feed(Event::sending(world.now(), Call::Upgrade, vec![1]));
    let mut out = world.clone();
    out.feed(Event::command(out.now(), Command::Exclude(AppIndex(0))));
    assert!(out.op.applications[0].excluded.is_some());
    world.feed(Event::command(world.now(), Command::Retry(Part::Application(AppIndex(0)))));
    assert_eq!(world.op.upgrade_step().unwrap().apps[0].state, AppUpgradeState::Pending);
}

#[test]
fn a_roll_back_deploys_what_was_saved_once_nothing_runs() {
    let mut world = five();
    world.run(last, good);
    world.feed(Event::command(world.now(), Command::RollBack(AppIndex(0))));
    world.run(last, good);
    let of = |world: &ModelState, place: usize| world.op.upgrade_step().unwrap().apps[place].state.clone();
    assert!(matches!(of(&world, 0), AppUpgradeState::Changed(DriftReason::ActiveRun(..))));
    world.feed(Event::command(world.now(), Command::RollBack(AppIndex(1))));
    world.run(last, good);
    assert_eq!(of(&world, 1), AppUpgradeState::Request(Delivery::Confirmed));
    assert_eq!((world.server.apps[1].artifact, world.server.apps[1].made), (OLD, 2));
    assert!(!world.op.upgrade_step().unwrap().apps[1].is_upgraded());
}
