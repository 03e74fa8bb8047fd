//! Which decisions have a meaning in which step: which buttons are available.

use super::model::*;
use super::*;
use crate::capability::Refusal;
use crate::grace::Grace;
use crate::permission::Permissions;

/// The five applications right after a step was entered.
fn entered(step: StepName) -> ModelState {
    let mut world = five();
    while world.op.step.name() != step {
        assert!(world.one(&last, &good), "{step:?} is never entered");
    }
    world
}

/// The decisions, each with its name.
fn decisions() -> Vec<(&'static str, Command)> {
    let app = AppIndex(0);
    vec![
        ("acknowledge", Command::Acknowledge(RiskClass::MayLose, 1)),
        ("exclude", Command::Exclude(app)),
        ("refresh", Command::Refresh(app)),
        ("begin", Command::Begin(Some(Grace::default()))),
        ("continue", Command::Continue),
        ("abort", Command::Abort),
        ("redeploy", Command::Redeploy(app)),
        ("drain", Command::Drain(AppIndex(3))),
        ("accept risk", Command::AcceptRisk(AppIndex(3), String::new())),
        ("roll back", Command::RollBack(app)),
        ("retry application", Command::Retry(Part::Application(AppIndex(4)))),
        ("retry schedule", Command::Retry(Part::Resume(ScheduleIndex(0)))),
        ("retry run", Command::Retry(Part::Start(RestartIndex(0)))),
        ("leave paused", Command::Skip(Part::Resume(ScheduleIndex(0)))),
        ("leave stopped", Command::Skip(Part::Start(RestartIndex(0)))),
    ]
}

fn available(world: &ModelState) -> Vec<&'static str> {
    let decisions = decisions().into_iter().filter(|(_, command)| world.op.can(command));
    decisions.map(|(name, _)| name).collect()
}

#[test]
fn a_read_only_console_offers_only_decisions_that_change_nothing_on_the_server() {
    use StepName::{BackUp, PauseSchedules, Report, Restore, Review, StopRuns, Upgrade};
    let read_only = Permissions::new(true);
    let expected: [(StepName, &[&str]); 7] = [
        (Review, &["acknowledge", "exclude", "refresh", "abort"]),
        (PauseSchedules, &["exclude"]),
        (StopRuns, &["exclude"]),
        (BackUp, &["exclude", "begin"]),
        (Upgrade, &["exclude"]),
        (Restore, &["leave paused", "leave stopped"]),
        (Report, &[]),
    ];
    for (step, left) in expected {
        let world = entered(step);
        let mut permitted = Vec::new();
        for (name, command) in decisions().into_iter().filter(|(_, command)| world.op.can(command)) {
            match world.op.permits(&command, &read_only) {
                Ok(()) => permitted.push(name),
                Err(refusal) => assert_eq!(refusal, Refusal::ReadOnly),
            }
            assert_eq!(world.op.permits(&command, &Permissions::default()), Ok(()));
        }
        assert_eq!(permitted, left, "{step:?}");
    }
}

#[test]
fn what_the_server_refused_to_the_user_is_not_sent_again_and_the_rest_is() {
    use StepName::{PauseSchedules, Restore, StopRuns, Upgrade};
    let begin = Command::Begin(Some(Grace::default()));
    let refused = |permissions: &Permissions, op: &UpgradeOperation, command: &Command| {
        op.permits(command, permissions) == Err(Refusal::Forbidden("no".to_owned()))
    };
    for (step, call) in
        [(PauseSchedules, Some(Call::Pause)), (StopRuns, None), (Upgrade, Some(Call::Upgrade))]
    {
        let op = entered(step).op;
        let request = match call {
            Some(call) => op.request(call, &[0], None),
            None => op.next_stop(Grace::default()).map(|plan| plan.calls().remove(0).0.request()),
        };
        let mut permissions = Permissions::default();
        assert!(!op.lacks_permission(&permissions));
        permissions.forbid(&request.unwrap(), "no");
        assert!(refused(&permissions, &op, &begin) && op.lacks_permission(&permissions), "{step:?}");
        assert_eq!(op.permits(&Command::Abort, &permissions), Ok(()), "an abort is never kept back");
        permissions.forget();
        assert_eq!(op.permits(&begin, &permissions), Ok(()), "{step:?}");
        permissions.read_only = true;
        assert!(!op.lacks_permission(&permissions), "a read-only console says so itself");
    }
    let op = entered(Restore).op;
    let mut permissions = Permissions::default();
    permissions.forbid(&op.request(Call::Resume, &[0], None).unwrap(), "no");
    permissions.forbid(&op.request(Call::Start, &[0], None).unwrap(), "no");
    assert_eq!(op.permits(&begin, &permissions), Ok(()), "the others are restored");
    for part in [Part::Resume(ScheduleIndex(0)), Part::Start(RestartIndex(0))] {
        assert!(refused(&permissions, &op, &Command::Retry(part)), "{part:?}");
        assert_eq!(op.permits(&Command::Skip(part), &permissions), Ok(()), "{part:?}");
    }
}

#[test]
fn a_refused_deployment_keeps_back_a_redeploy_and_a_roll_back_of_its_application_alone() {
    let op = entered(StepName::Upgrade).op;
    let [first, other] = [AppIndex(3), AppIndex(0)];
    let mut permissions = Permissions::default();
    permissions.forbid(&op.request(Call::Redeploy, &[3], None).unwrap(), "no");
    for command in [Command::Redeploy, Command::RollBack] {
        assert!(op.permits(&command(first), &permissions).is_err());
        assert_eq!(op.permits(&command(other), &permissions), Ok(()));
    }
    assert!(op.permits(&Command::AcceptRisk(first, String::new()), &permissions).is_err());
    assert_eq!(op.permits(&Command::Drain(first), &permissions), Ok(()), "it begins with a start");
}

#[test]
fn each_step_offers_its_own_decisions_and_no_others() {
    use StepName::{BackUp, PauseSchedules, Report, Restore, Review, StopRuns, Upgrade};
    let expected: [(StepName, &[&str]); 7] = [
        (Review, &["acknowledge", "exclude", "refresh", "abort"]),
        (PauseSchedules, &["exclude", "begin", "abort"]),
        (StopRuns, &["exclude", "begin", "abort"]),
        (BackUp, &["exclude", "begin", "abort"]),
        (Upgrade, &["exclude", "begin", "abort", "redeploy", "drain", "accept risk"]),
        (Restore, &["begin", "abort", "leave paused", "leave stopped"]),
        (Report, &["roll back"]),
    ];
    for (step, decisions) in expected {
        assert_eq!(available(&entered(step)), decisions, "{step:?}");
    }
}

#[test]
fn a_decision_without_a_meaning_changes_nothing() {
    for step in &StepName::ALL[1..] {
        let world = entered(*step);
        for (name, command) in decisions().into_iter().filter(|(_, command)| !world.op.can(command)) {
            let mut op = world.op.clone();
            assert!(!op.apply(&Event::command(world.now(), command)), "{name} in {step:?}");
            assert_eq!(op, world.op, "{name} in {step:?}");
        }
    }
}

#[test]
fn an_upgrade_is_aborted_once_and_then_restores_automatically() {
    let mut world = entered(StepName::StopRuns);
    world.feed(Event::command(world.now(), Command::Abort));
    let Step::Restore(step) = &world.op.step else { panic!("{:?}", world.op.step) };
    assert!(step.begun);
    assert!(!world.op.can(&Command::Abort) && !world.op.can(&Command::Begin(None)));
}

#[test]
fn an_abort_in_the_restore_begins_it() {
    let mut world = entered(StepName::Restore);
    world.feed(Event::command(world.now(), Command::Abort));
    assert!(matches!(&world.op.step, Step::Restore(step) if step.begun));
    assert_eq!(world.op.aborted, None);
    assert!(!world.op.can(&Command::Abort));
}

#[test]
fn work_is_begun_once() {
    for step in [StepName::PauseSchedules, StepName::Upgrade, StepName::Restore] {
        let mut world = entered(step);
        world.feed(Event::command(world.now(), Command::Begin(None)));
        assert!(!world.op.can(&Command::Begin(None)), "{step:?}");
    }
    let mut world = entered(StepName::StopRuns);
    let begin = Command::Begin(Some(Grace::default()));
    assert!(!world.op.can(&Command::Begin(None)), "a stop needs a grace");
    world.feed(Event::command(world.now(), begin.clone()));
    assert!(!world.op.can(&begin), "a stop is still going on");
}

#[test]
fn a_reading_after_the_stop_can_be_repeated() {
    assert!(!entered(StepName::Review).op.can(&Command::Refresh(AppIndex(5))), "the index is out of range");
    let mut world = entered(StepName::StopRuns);
    let proofs = |world: &ModelState| match &world.op.step {
        Step::StopRuns(step) => step.proofs.iter().flatten().count(),
        _ => panic!("{:?}", world.op.step),
    };
    while proofs(&world) < 5 {
        assert!(world.one(&last, &good));
    }
    let refresh = Command::Refresh(AppIndex(0));
    assert!(world.op.can(&refresh));
    world.feed(Event::command(world.now(), refresh.clone()));
    assert!(proofs(&world) == 4 && !world.op.can(&refresh));
    assert_eq!(world.op.can_continue(), Err(Blocker::NotReread(1)));
    assert!(!world.op.can(&Command::Refresh(AppIndex(5))), "the index is out of range");
}

#[test]
fn a_failed_upgrade_is_retried_in_its_step_and_a_failed_roll_back_in_the_report() {
    let mut world = five();
    let failed = |world: &ModelState| world.op.upgrade_step().is_some_and(|step| step.apps[4].has_failed());
    while !failed(&world) {
        assert!(world.one(&last, &good));
    }
    let retry = Command::Retry(Part::Application(AppIndex(4)));
    assert!(world.op.can(&retry));
    world.run(last, good);
    assert!(failed(&world) && !world.op.can(&retry), "nothing is upgraded after the restore");
}

#[test]
fn with_every_application_excluded_only_an_abort_leads_on_and_its_restore_ends() {
    let mut world = entered(StepName::BackUp);
    for place in 0..5 {
        world.feed(Event::command(world.now(), Command::Exclude(AppIndex(place))));
    }
    assert_eq!(world.op.can_continue(), Err(Blocker::NothingInScope));
    assert!(world.op.can(&Command::Abort));
    world.feed(Event::command(world.now(), Command::Abort));
    // Without any further decision of the operator.
    world.run(|_| usize::MAX, good);
    assert_eq!(world.op.step.name(), StepName::Report);
}

#[test]
fn a_decision_is_read_from_the_journal_as_it_was_written() {
    let parts = [
        Part::Application(AppIndex(1)),
        Part::Pause(ScheduleIndex(2)),
        Part::Resume(ScheduleIndex(3)),
        Part::Start(RestartIndex(4)),
    ];
    let parts = parts.into_iter().flat_map(|part| [Command::Retry(part), Command::Skip(part)]);
    for command in decisions().into_iter().map(|(_, command)| command).chain(parts) {
        let event = Event::command(at(1), command);
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(Event::read(&written), Some(event), "{written}");
    }
}
