//! When the operator has to acknowledge a risk, one sentence each.

use super::model::*;
use super::*;
use quiesce_api::artifact::{Artifact, PluginRef};
use quiesce_api::{ApplicationId, NamespaceId, ProgramId};

#[test]
fn a_risk_is_acknowledged_with_its_number_and_again_when_the_number_changes() {
    let mut world = five();
    for place in 0..5 {
        world.carry_out(&Effect::ReadApplication { place, depth: Depth::Full }, Fate::Good);
    }
    let risks = world.op.risks();
    let classes: Vec<_> = risks.iter().map(|risk| (risk.class, risk.count)).collect();
    assert_eq!(classes, [(RiskClass::CannotTell, 1), (RiskClass::InterruptsWork, 3)]);
    for risk in &risks {
        world.feed(Event::command(world.now(), Command::Acknowledge(risk.class, risk.count)));
    }
    assert_eq!(world.op.can_continue(), Ok(()));
    world.server.start(1, By::Another, 1);
    world.feed(Event::command(world.now(), Command::Refresh(AppIndex(1))));
    assert_eq!(world.op.can_continue(), Err(Blocker::Unread(1)));
    world.carry_out(&Effect::ReadApplication { place: 1, depth: Depth::Full }, Fate::Good);
    assert_eq!(world.op.can_continue(), Err(Blocker::Unacknowledged(1)));
}

#[test]
fn missing_plugins_are_a_risk_in_groups_and_unread_ones_are_unknown_until_their_applications_are_excluded() {
    let mut world = five();
    for place in 0..5 {
        world.carry_out(&Effect::ReadApplication { place, depth: Depth::Full }, Fate::Good);
    }
    let plugin = PluginRef { kind: "action".into(), name: "Wait".into() };
    let artifact = Artifact { name: "ghost".into(), version: "1.0.0".into(), scope: "USER".into() };
    let missing = MissingPlugin { plugin: plugin.clone(), artifact, incompatible: false };
    for place in [0, 2] {
        world.op.applications[place].snapshot.as_mut().unwrap().missing = vec![missing.clone()];
    }
    world.op.applications[1].snapshot.as_mut().unwrap().unread_plugins = vec![plugin];
    assert_eq!(world.op.missing_plugins(), [(missing, vec![0, 2])]);
    assert_eq!(world.op.unread_plugins(), [1]);
    let count = |op: &UpgradeOperation| {
        op.risks().iter().find(|risk| risk.class == RiskClass::MissingPlugin).map(|risk| risk.count)
    };
    assert_eq!(count(&world.op), Some(2));
    for place in [0, 2, 1] {
        world.feed(Event::command(world.now(), Command::Exclude(AppIndex(place))));
    }
    assert_eq!((count(&world.op), world.op.unread_plugins()), (None, Vec::new()));
}

#[test]
fn schedules_outside_that_wait_for_a_run_are_a_risk_until_their_application_is_in_the_upgrade() {
    let mut world = five();
    for place in 0..5 {
        world.carry_out(&Effect::ReadApplication { place, depth: Depth::Full }, Fate::Good);
    }
    let inside = world.op.plan.applications[1].application.clone();
    let look = world.op.applications[0].snapshot.as_mut().unwrap();
    let after = look.alive[0].run.program.program.clone();
    let (here, other) = (NamespaceId::from("default"), NamespaceId::from("other"));
    let onward =
        |namespace: &NamespaceId, application: &ApplicationId, after: &ProgramId| TriggeredSchedule {
            namespace: namespace.clone(),
            application: application.clone(),
            schedule: "s".into(),
            after: after.clone(),
        };
    look.sets_off = vec![
        onward(&here, &inside, &after),
        onward(&here, &"outside".into(), &"idle".into()),
        onward(&other, &inside, &after),
        onward(&here, &"outside".into(), &after),
    ];
    let triggered = |op: &UpgradeOperation| {
        let risks = op.risks();
        risks.into_iter().find(|risk| risk.class == RiskClass::SetsOff).map(|risk| risk.count)
    };
    assert_eq!(triggered(&world.op), Some(2));
    world.feed(Event::command(world.now(), Command::Exclude(AppIndex(1))));
    assert_eq!(triggered(&world.op), Some(3));
    world.feed(Event::command(world.now(), Command::Exclude(AppIndex(0))));
    assert_eq!(triggered(&world.op), None);
}
