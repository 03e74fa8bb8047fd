//! What the machine does, one sentence each.

use super::model::*;
use super::*;
use crate::grace::Grace;
use crate::journal::{Entry, OperationKind, fold};
use crate::operation::Delivery;
use crate::text::upgrade::unprocessed_data;
use crate::verdict::Verdict;
use quiesce_api::run::RunStatus;
use std::time::Instant;

pub(super) fn good(_: &Effect) -> Fate {
    Fate::Good
}

/// The decision that comes last: what the operator would rather do, such as to recover first.
pub(super) fn last(decisions: &[Event]) -> usize {
    decisions.len().wrapping_sub(1)
}

/// A batch pipeline with two runs, one that is scheduled, one with a run of an older version, a real-time one that
/// is redeployed, and one that the server refuses.
pub(super) fn five() -> ModelState {
    let names = ["a_two_runs", "b_scheduled", "c_older", "d_clicks", "e_refused"];
    let mut server = Server::new(&names.map(|name| (name, matches!(&name[..1], "d" | "e"))));
    for app in [0, 0, 2, 3] {
        server.start(app, By::Before, 0);
    }
    server.runs[3].drains = false;
    server.apps[2].version = 2;
    server.schedules.push(Schedule { app: 1, on: true, paused_by: None, after: false });
    let mut plan = plan(&server, false);
    plan.applications[4].way = UpgradeMethod::Upgrade;
    ModelState::new(server, plan)
}

#[test]
fn five_applications_are_stopped_backed_up_upgraded_and_restored_in_one_go() {
    let mut world = five();
    world.run(last, good);
    world.at_the_end();
    assert_eq!(world.wrong, None, "{}", world.story());
    let made: Vec<_> = world.server.apps.iter().map(|app| app.made).collect();
    assert_eq!(made, [1, 1, 1, 1, 0]);
    let works = &world.op.upgrade_step().unwrap().apps;
    assert!(works[..4].iter().all(AppUpgrade::is_upgraded));
    assert!(
        matches!(works[4].delivery(), Some(Delivery::Refused(error)) if error.refusal().unwrap().status == 501)
    );
    assert_eq!(works[3].risk_accepted, None, "it was recovered, and drained then");
    // Each run again with its own arguments; the run of the older version in the new one.
    let again: Vec<_> = world.op.restarts().iter().map(|start| start.arguments.clone().unwrap()).collect();
    let ids: Vec<_> = again.iter().map(|arguments| arguments["id"].clone()).collect();
    assert_eq!(ids, ["1", "2", "3", "4"]);
    assert!(again.iter().all(|arguments| arguments.len() == 1), "without the server's own");
    assert!(world.op.restarts()[2].superseded);
    assert!(world.op.restarts().iter().all(|start| matches!(start.state, RestartState::Running(_))));
    assert!(world.server.schedules[0].on);
}

#[test]
fn many_applications_are_read_together_and_after_an_outage_one_first() {
    let mut world = five();
    let all = Effect::ReadApplications { places: vec![0, 1, 2, 3, 4], depth: Depth::Full };
    assert_eq!(world.op.effects(&UpgradeInFlight::default(), world.now()), std::slice::from_ref(&all));
    let mut flying = UpgradeInFlight { effects: vec![all], ..UpgradeInFlight::default() };
    assert_eq!(world.op.effects(&flying, world.now()), []);
    // Readings come while the others are under way.
    world.carry_out(&Effect::ReadApplication { place: 1, depth: Depth::Full }, Fate::Good);
    assert_eq!(world.op.effects(&flying, world.now()), []);
    world.carry_out(&Effect::ReadApplication { place: 0, depth: Depth::Full }, Fate::Away);
    flying.effects.clear();
    assert!(matches!(world.op.effects(&flying, world.now()).as_slice(), [Effect::Wait(_)]));
    world.server.pass(60);
    let first = Effect::ReadApplication { place: 0, depth: Depth::Full };
    assert_eq!(world.op.effects(&flying, world.now()), std::slice::from_ref(&first));
    world.carry_out(&first, Fate::Good);
    let rest = Effect::ReadApplications { places: vec![2, 3, 4], depth: Depth::Full };
    assert_eq!(world.op.effects(&flying, world.now()), [rest]);
}

/// A real-time pipeline whose stop left something, that the server refused to upgrade, and that is to be redeployed.
pub(super) fn refused() -> ModelState {
    let mut server = Server::new(&[("a", true)]);
    server.start(0, By::Before, 0);
    server.runs[0].drains = false;
    let mut plan = plan(&server, false);
    plan.applications[0].way = UpgradeMethod::Upgrade;
    let mut world = ModelState::new(server, plan);
    while !matches!(&world.op.step, Step::Upgrade(step) if step.apps[0].is_settled()) {
        world.step();
    }
    world.feed(Event::command(world.now(), Command::Redeploy(AppIndex(0))));
    world
}

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
    let crate::journal::Body::Upgrade(event) = &entry.body else { return None };
    match &event.upgrade.kind {
        EventKind::Request(RequestEvent::Sending { call: Call::Resume, targets }) => targets.first().copied(),
        _ => None,
    }
}

#[test]
fn the_list_of_steps_says_where_it_is_and_what_each_waits_for() {
    let mut world = five();
    let states = |world: &ModelState| world.op.steps().iter().map(|step| step.state).collect::<Vec<_>>();
    assert_eq!(states(&world)[..3], [StepState::Done, StepState::Now, StepState::Locked]);
    assert_eq!(world.op.steps()[0].result, Some(StepResult::Selected(5)));
    assert_eq!(world.op.steps()[1].result, None);
    world.feed(Event::command(world.now(), Command::Abort));
    assert_eq!(world.op.steps()[4].state, StepState::PassedOver);
    assert_eq!(states(&world)[7], StepState::Now);
}

#[test]
fn an_operation_of_this_kind_is_known_in_lists() {
    let kind: OperationKind = serde_json::from_str("\"Upgrade\"").unwrap();
    assert_eq!(kind, OperationKind::Upgrade);
}

#[test]
fn a_thousand_applications_go_into_five_megabytes_of_journal_and_are_folded_at_once() {
    let names: Vec<&'static str> =
        (0..1000).map(|n| &*format!("application_with_a_name_{n:04}").leak()).collect();
    let apps: Vec<_> = names.iter().map(|name| (*name, false)).collect();
    let mut server = Server::new(&apps);
    for app in 0..1000 {
        if app % 5 == 0 {
            server.start(app, By::Before, 0);
        }
        if app % 2 == 0 {
            server.schedules.push(Schedule { app, on: true, paused_by: None, after: false });
        }
    }
    let plan = plan(&server, false);
    let mut world = ModelState::new(server, plan);
    world.run(last, good);
    assert!(world.server.runs.iter().all(|run| run.by == By::Us || run.record.status == RunStatus::Killed));
    let entries = world.entries();
    let texts: Vec<_> = entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let began = Instant::now();
    let folded = fold::<UpgradeOperation>(entries).unwrap();
    println!("{} entries, {bytes} bytes, folded in {:?}", texts.len(), began.elapsed());
    assert!(bytes < 5_000_000, "{bytes}");
    assert_eq!(
        folded.operation.upgrade_step().unwrap().apps.iter().filter(|work| work.is_upgraded()).count(),
        1000
    );
}
