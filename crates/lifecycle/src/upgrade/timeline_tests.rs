//! The timeline of an upgrade, by operations of the model.

use super::model::*;
use super::timeline::*;
use super::*;
use crate::journal::{Body, Entry, OperationId};
use quiesce_api::Timestamp;
use quiesce_api::run::RunStatus;
use std::cell::Cell;

fn folded(entries: &[Entry]) -> TimelineFold {
    let mut fold = TimelineFold::begin(&entries[0]).unwrap();
    entries[1..].iter().for_each(|entry| fold.take(entry));
    fold
}

fn kinds<K: Copy>(spans: &[TimeSpan<K>]) -> Vec<K> {
    spans.iter().map(|span| span.kind).collect()
}

/// Spans in a lane are in order, have a length and do not overlap; all of them are within the lane.
fn check_spans<K: Copy + PartialEq + std::fmt::Debug>(
    spans: &[TimeSpan<K>],
    from: Timestamp,
    until: Timestamp,
) {
    assert!(from <= until);
    let mut last = from;
    for span in spans {
        assert!(last <= span.from && span.from < span.until, "{spans:#?}");
        last = span.until;
    }
    assert!(last <= until, "{spans:#?}");
    let adjacent = |two: &[TimeSpan<K>]| two[0].until == two[1].from && two[0].kind == two[1].kind;
    assert!(!spans.windows(2).any(adjacent), "the same twice in a row: {spans:#?}");
    let all: i64 = spans.iter().map(TimeSpan::milliseconds).sum();
    assert!(all <= until.as_millisecond() - from.as_millisecond());
}

fn check(timeline: &UpgradeTimeline) {
    let mut last = timeline.from;
    for lane in &timeline.steps {
        assert!(last <= lane.from, "{timeline:#?}");
        check_spans(&lane.spans, lane.from, lane.until);
        last = lane.until;
    }
    assert!(last <= timeline.until, "{timeline:#?}");
    assert!(timeline.steps.is_sorted_by_key(|lane| lane.name));
    for lane in &timeline.applications {
        check_spans(&lane.spans, timeline.from, timeline.until);
    }
}

/// A world whose clock moves on with each event, as that of a browser does.
fn ticking(mut world: ModelState, fate: impl Fn(&Effect) -> Fate) -> ModelState {
    for _ in 0..5_000 {
        world.server.pass(1);
        if !world.one(&last, &fate) {
            return world;
        }
    }
    panic!("it does not end\n{}", world.story());
}

#[test]
fn the_steps_of_an_upgrade_follow_each_other_with_their_results() {
    let world = ticking(five(), good);
    let timeline = folded(&world.entries()).timeline(world.now());
    check(&timeline);
    let names: Vec<_> = timeline.steps.iter().map(|lane| lane.name).collect();
    assert_eq!(
        names,
        [
            StepName::Review,
            StepName::PauseSchedules,
            StepName::StopRuns,
            StepName::BackUp,
            StepName::Upgrade,
            StepName::Restore
        ]
    );
    assert!(timeline.steps.windows(2).all(|two| two[0].until == two[1].from));
    assert_eq!((timeline.from, timeline.until), (world.op.begun, timeline.steps[5].until));
    assert!(timeline.steps[2].spans.iter().any(|span| span.kind == UpgradeWait::Runs));
    assert_eq!(timeline.steps[1].result, Some(StepResult::Paused(1)));
    // One is drained, one is refused by the server and stays undecided.
    let phases = |place: usize| {
        let lane = timeline.applications.iter().find(|lane| lane.place == place).unwrap();
        kinds(&lane.spans)
    };
    assert!(phases(3).contains(&AppPhase::Draining), "{:?}", phases(3));
    assert_eq!(phases(4).last(), Some(&AppPhase::Undecided));
    assert_eq!(phases(0)[0], AppPhase::Queued);
}

#[test]
fn a_finished_upgrade_does_not_grow() {
    let world = ticking(five(), good);
    let fold = folded(&world.entries());
    let later = world.now().after(86_400_000);
    assert_eq!(fold.timeline(later), fold.timeline(world.now()));
    let begun = TimelineFold::begin(&world.entries()[0]).unwrap().timeline(later);
    assert_eq!((begun.until, begun.steps.len()), (later, 1));
}

#[test]
fn every_beginning_of_a_journal_has_a_timeline() {
    let lossy = |effect: &Effect| match effect {
        Effect::Send { call: Call::Upgrade | Call::Pause, .. } => Fate::LostAfter,
        Effect::Send { call: Call::Start, .. } => Fate::CrashAfter,
        _ => Fate::Good,
    };
    for world in [ticking(five(), good), ticking(five(), lossy), ticking(refused(), good)] {
        let entries = world.entries();
        let mut fold = TimelineFold::begin(&entries[0]).unwrap();
        for entry in &entries[1..] {
            fold.take(entry);
            let Body::Upgrade(event) = &entry.body else { panic!() };
            for now in [event.upgrade.at, event.upgrade.at.after(5_000)] {
                check(&fold.timeline(now));
            }
        }
        assert_eq!(fold.operation().step.name(), StepName::Report);
        assert_eq!(fold.next(), entries.len() as u64);
    }
}

#[test]
fn a_clock_that_is_set_back_makes_no_span_run_backwards() {
    let world = ticking(five(), good);
    let mut entries = world.entries();
    let middle = entries.len() / 2;
    for entry in &mut entries[middle..] {
        let Body::Upgrade(event) = &mut entry.body else { panic!() };
        let back = event.upgrade.at.as_millisecond() - 3_600_000;
        event.upgrade.at = Timestamp::from_millisecond(back).unwrap();
    }
    check(&folded(&entries).timeline(world.now()));
}

#[test]
fn only_the_targets_of_an_event_change_their_phase() {
    // The same by events that could change any.
    let mut rolled_back = ticking(fleet(5), good);
    for run in &mut rolled_back.server.runs {
        run.record.status = RunStatus::Killed;
    }
    for place in [1, 3, 0] {
        rolled_back.feed(Event::command(rolled_back.now(), Command::RollBack(AppIndex(place))));
    }
    let rolled_back = ticking(rolled_back, good);
    for world in [ticking(five(), good), ticking(refused(), good), rolled_back] {
        let fold = folded(&world.entries());
        let mut all = TimelineFold::begin(&world.entries()[0]).unwrap();
        world.entries()[1..].iter().for_each(|entry| all.take_all(entry));
        assert_eq!(fold.timeline(world.now()), all.timeline(world.now()));
    }
}

#[test]
fn whatever_the_operator_and_the_server_do_one_remainder_decides_as_all_do() {
    for seed in 0..300_u64 {
        let random = Cell::new(seed);
        // Knuth's linear congruential generator (MMIX).
        let below = |most: usize| {
            random.set(
                random.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407),
            );
            usize::try_from(random.get() >> 33).unwrap() % most.max(1)
        };
        let choose = |decisions: &[Event]| below(decisions.len());
        let fate = |_: &Effect| [Fate::Good, Fate::Good, Fate::Good, Fate::LostAfter, Fate::Away][below(5)];
        let mut world = match seed % 3 {
            0 => five(),
            1 => refused(),
            _ => fleet(7),
        };
        for _ in 0..300 {
            world.server.pass(1);
            if below(40) == 0 {
                let app = below(world.server.apps.len());
                world.server.start(app, By::Another, 0);
            }
            if below(40) == 0 {
                let app = AppIndex(below(world.server.apps.len()));
                world.feed(Event::command(world.now(), Command::Exclude(app)));
            }
            let is_stuck = world.effects().is_empty() && decisions(&world).is_empty();
            if is_stuck || !world.one(&choose, &fate) {
                break;
            }
        }
        let entries = world.entries();
        let mut fold = TimelineFold::begin(&entries[0]).unwrap();
        let mut all = fold.clone();
        for entry in &entries[1..] {
            fold.take(entry);
            all.take_all(entry);
            let (fold, all) = (fold.timeline(world.now()), all.timeline(world.now()));
            assert_eq!(fold, all, "{seed}: {entry:?}\n{}", world.story());
        }
    }
}

#[test]
fn the_work_for_an_event_does_not_grow_with_the_number_of_applications() {
    let readings = [64, 256, 1_024].map(|applications| {
        let mut world = fleet(applications);
        world.run(last, good);
        let entries = world.entries();
        let fold = folded(&entries);
        assert!(entries.len() > 9 * applications, "each application has its events");
        fold.readings
    });
    println!("{readings:?}");
    // With four times the applications, what is left is halved twice more often in each of six steps.
    assert!(readings[1] <= readings[0] + 20 && readings[2] <= readings[1] + 20, "{readings:?}");
    assert!(readings[0] < 64, "{readings:?}");
}

#[test]
fn an_aborted_upgrade_skips_the_steps_between() {
    let mut world = five();
    while !matches!(world.op.step, Step::StopRuns(_)) {
        world.server.pass(1);
        world.step();
    }
    world.feed(Event::command(world.now(), Command::Abort));
    let world = ticking(world, good);
    let timeline = folded(&world.entries()).timeline(world.now());
    check(&timeline);
    let names: Vec<_> = timeline.steps.iter().map(|lane| lane.name).collect();
    assert_eq!(names, [StepName::Review, StepName::PauseSchedules, StepName::StopRuns, StepName::Restore]);
    assert_eq!(timeline.applications, []);
}

#[test]
fn a_closed_console_is_not_time_of_the_server() {
    let mut world = five();
    world.server.pass(1);
    world.step();
    let closed = world.now();
    let mut entries = world.entries();
    assert!(entries.len() > 1, "an application is read");
    world.server.pass(600);
    let resumed = Event::new(world.now(), EventKind::Resumed);
    entries.push(Entry::new(OperationId("u".into()), entries.len() as u64, Body::from(resumed)));
    let timeline = folded(&entries).timeline(world.now().after(7_000));
    check(&timeline);
    let review = &timeline.steps[0];
    assert_eq!(TimeSpan::total(&review.spans, &UpgradeWait::Console), Some(600));
    assert_eq!(review.spans.iter().find(|span| span.kind == UpgradeWait::Console).unwrap().from, closed);
    assert_eq!(TimeSpan::total(&review.spans, &UpgradeWait::Runs), None);
}

#[test]
fn a_roll_back_from_the_report_is_in_the_timeline() {
    let mut world = ticking(five(), good);
    for run in &mut world.server.runs {
        run.record.status = RunStatus::Killed;
    }
    world.server.pass(60);
    let before = folded(&world.entries()).timeline(world.now());
    world.feed(Event::command(world.now(), Command::RollBack(AppIndex(0))));
    let world = ticking(world, good);
    let timeline = folded(&world.entries()).timeline(world.now());
    check(&timeline);
    assert!(timeline.until > before.until);
    assert_eq!(timeline.steps.last().map(|lane| lane.name), Some(StepName::Report));
}

#[test]
fn the_longest_applications_come_first_without_the_wait_for_their_turn() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let span = |kind, from, until| TimeSpan { kind, from: at(from), until: at(until) };
    let lanes = vec![
        AppLane {
            place: 0,
            spans: vec![span(AppPhase::Queued, 0, 900), span(AppPhase::Requested, 900, 910)],
        },
        AppLane { place: 1, spans: vec![span(AppPhase::Requested, 0, 60)] },
        AppLane { place: 2, spans: vec![span(AppPhase::Requested, 60, 70)] },
    ];
    let timeline = UpgradeTimeline { from: at(0), until: at(910), steps: Vec::new(), applications: lanes };
    let places: Vec<_> = timeline.longest(2).iter().map(|lane| lane.place).collect();
    assert_eq!(places, [1, 0]);
}
