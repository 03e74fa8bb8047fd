//! How long a call stays in doubt, and what continues meanwhile, one sentence each.

use crate::journal::{Entry, fold};
use crate::operation::Delivery;
use crate::upgrade::model::*;
use crate::upgrade::*;
use quiesce_api::Error;
use quiesce_api::artifact::Artifact;

#[test]
fn a_lost_answer_is_settled_by_reading_back_and_nothing_else_is_sent_meanwhile() {
    let mut world = five();
    world.run(last, |effect| match effect {
        Effect::Send { call: Call::Upgrade, places } if places[..] == [0] => Fate::Late,
        Effect::Send { call: Call::Upgrade, places } if places[..] == [1] => Fate::LostBefore,
        _ => Fate::Good,
    });
    let works = &world.op.upgrade_step().unwrap().apps;
    assert!(works[0].is_upgraded());
    let (error, still_on) = failure(&world, 1);
    assert!(!error.unwrap().is_answer() && still_on.unwrap().version.as_str() == OLD);
    assert_eq!((world.server.apps[0].made, world.server.apps[1].made), (1, 0));
}

/// Pipelines that nothing runs in, each with the fate of its upgrade.
fn side_by_side(fates: &'static [Fate]) -> ModelState {
    let names: [&'static str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let apps: Vec<_> = names[..fates.len()].iter().map(|name| (*name, false)).collect();
    let server = Server::new(&apps);
    let plan = plan(&server, false);
    let mut world = ModelState::new(server, plan);
    world.run(last, |effect| match effect {
        Effect::Send { call: Call::Upgrade, places } => fates[places[0]],
        _ => Fate::Good,
    });
    world
}

/// An event of an application's upgrade.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Noted {
    Sent,
    Answered,
    Read,
}

/// The upgrade event that an entry holds, with the applications that it concerns.
fn noted(entry: &Entry) -> Option<(Noted, Vec<usize>, i64)> {
    let crate::journal::Body::Upgrade(event) = &entry.body else { return None };
    let (noted, targets) = match &event.upgrade.kind {
        EventKind::Request(RequestEvent::Sending { call: Call::Upgrade, targets }) => {
            (Noted::Sent, targets.clone())
        }
        EventKind::Request(RequestEvent::Answered { call: Call::Upgrade, target, .. }) => {
            (Noted::Answered, vec![*target])
        }
        EventKind::Application(application, AppEvent::Read(_)) => (Noted::Read, vec![application.0]),
        _ => return None,
    };
    Some((noted, targets, event.upgrade.at.as_second()))
}

/// The events of one application, each with the seconds since its intent.
fn of_application(world: &ModelState, place: usize) -> Vec<(Noted, i64)> {
    let mut events = Vec::new();
    let mut sent = None;
    for (noted, targets, at) in world.entries().iter().filter_map(noted) {
        if targets != [place] {
            continue;
        }
        if noted == Noted::Sent {
            sent = Some(at);
        }
        if let Some(sent) = sent {
            events.push((noted, at - sent));
        }
    }
    events
}

/// Why an application is not upgraded, and the artifact that it is still on.
fn failure(world: &ModelState, place: usize) -> (Option<&Error>, Option<&Artifact>) {
    let work = &world.op.upgrade_step().unwrap().apps[place];
    match work.delivery() {
        Some(Delivery::Disproved(error)) => (error.as_ref(), work.still_on.as_ref()),
        _ => panic!("{:?}", work.state),
    }
}

#[test]
fn a_failure_that_the_server_answered_is_settled_within_seconds_and_holds_nobody_up() {
    use Fate::{Fails, FailsAfter, Good};
    let world = side_by_side(&[Fails, Good, FailsAfter, Good]);
    let works = &world.op.upgrade_step().unwrap().apps;
    assert_eq!(works.iter().map(AppUpgrade::is_upgraded).collect::<Vec<_>>(), [false, true, true, true]);
    assert_eq!(failure(&world, 0).0.unwrap().refusal().unwrap().message, "no");
    let first = of_application(&world, 0);
    assert!(matches!(first[..], [(Noted::Sent, 0), (Noted::Answered, 0), (Noted::Read, 5..=8)]), "{first:?}");
    assert_eq!(settled(&world).last(), Some(&0), "the others are upgraded before it is settled");
}

#[test]
fn a_lost_answer_has_a_minute_and_nothing_else_is_sent_meanwhile() {
    let world = side_by_side(&[Fate::LostBefore, Fate::Good]);
    let first = of_application(&world, 0);
    assert!(matches!(first[..], [.., (Noted::Read, 60..=66)]), "{first:?}");
    assert_eq!(settled(&world), [0, 1]);
}

/// The applications in the order in which a reading after their call settled them.
fn settled(world: &ModelState) -> Vec<usize> {
    let (mut sent, mut settled) = (Vec::new(), Vec::new());
    for (noted, targets, _) in world.entries().iter().filter_map(noted) {
        match noted {
            Noted::Sent => sent.extend(targets),
            Noted::Read if sent.contains(&targets[0]) => settled.extend(targets),
            _ => {}
        }
    }
    settled
}

#[test]
fn at_most_four_applications_are_verified_while_the_next_call_goes_out() {
    let world = side_by_side(&[Fate::Hollow; 6]);
    let mut open: usize = 0;
    let mut most = 0;
    let mut sent = Vec::new();
    for (noted, targets, _) in world.entries().iter().filter_map(noted) {
        match noted {
            Noted::Sent => {
                open += 1;
                sent.push(targets[0]);
            }
            Noted::Read if sent.contains(&targets[0]) => open -= 1,
            _ => {}
        }
        most = most.max(open);
    }
    assert_eq!(most, 4);
}

#[test]
fn a_journal_from_before_folds_to_the_same_end() {
    // As it was written: an answered 500, and the one reading after a minute that settled it.
    let mut world = side_by_side(&[Fate::Fails]);
    let mut entries = world.entries();
    let mut answered = false;
    for entry in &mut entries {
        let noted = noted(entry).map(|(noted, ..)| noted);
        let crate::journal::Body::Upgrade(event) = &mut entry.body else { continue };
        answered |= noted == Some(Noted::Answered);
        if noted == Some(Noted::Read) && answered {
            event.upgrade.at = event.upgrade.at.after(60_000);
        }
    }
    let mut folded = fold::<UpgradeOperation>(entries).unwrap().operation;
    kept(&mut folded);
    kept(&mut world.op);
    assert_eq!(folded.upgrade_step().unwrap().apps, world.op.upgrade_step().unwrap().apps);
    assert!(folded.step.name() == StepName::Report && failure(&world, 0).1.is_some());
}
