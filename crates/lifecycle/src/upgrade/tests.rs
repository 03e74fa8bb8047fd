//! What the machine does, one sentence each.

use super::model::*;
use super::*;
use crate::journal::{OperationKind, fold};
use crate::operation::Delivery;
use quiesce_api::run::RunStatus;
use std::time::Instant;

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

#[test]
fn an_operation_of_this_kind_is_known_in_lists() {
    let kind: OperationKind = serde_json::from_str("\"Upgrade\"").unwrap();
    assert_eq!(kind, OperationKind::Upgrade);
}

#[test]
fn a_thousand_applications_go_into_five_megabytes_of_journal_and_are_folded_at_once() {
    let mut world = fleet(1_000);
    world.run(last, good);
    assert!(world.server.runs.iter().all(|run| run.by == By::Us || run.record.status == RunStatus::Killed));
    let entries = world.entries();
    let texts: Vec<_> = entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let began = Instant::now();
    let mut timeline = TimelineFold::begin(&entries[0]).unwrap();
    entries[1..].iter().for_each(|entry| timeline.take(entry));
    let lanes = timeline.timeline(world.now()).applications.len();
    println!("timeline with {lanes} applications in {:?}", began.elapsed());
    let began = Instant::now();
    let folded = fold::<UpgradeOperation>(entries).unwrap();
    println!("{} entries, {bytes} bytes, folded in {:?}", texts.len(), began.elapsed());
    assert!(bytes < 5_000_000, "{bytes}");
    assert_eq!(
        folded.operation.upgrade_step().unwrap().apps.iter().filter(|work| work.is_upgraded()).count(),
        1000
    );
}
