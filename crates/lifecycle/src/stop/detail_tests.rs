//! What is counted, sent and told in detail, one sentence each.

use super::model::*;
use super::*;
use crate::grace::Grace;
use crate::operation::{Operation, Timing};
use quiesce_api::{Seconds, run::RunStatus};
use std::collections::BTreeSet;

/// A stop of this many programs with one run each, every one of them checked.
fn checked(programs: usize) -> Runner {
    let runs: Vec<_> =
        (0..programs).map(|n| (program(&format!("p{n}")), record(&format!("r{n}"), "new"), 3)).collect();
    let model = Model::new(runs);
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    for run in runner.model.runs.clone() {
        let result = Ok(vec![run.record]);
        runner.feed(Event::Checked { at: at(BEGAN), program: run.program, result });
    }
    runner
}

fn sends(runner: &Runner) -> Vec<(CallId, StopCall, Vec<usize>)> {
    let effects = runner.op.effects(&runner.flying, at(runner.model.now));
    let sends = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send { call, stop, targets } => Some((call, stop, targets)),
        _ => None,
    });
    sends.collect()
}

#[test]
fn requests_of_each_kind_count_towards_the_four_that_are_under_way() {
    let runs = ["a", "b", "c"].map(|name| (program(name), record(name, "new"), 3)).to_vec();
    let model = Model::new(runs);
    let op = StopOperation::new(plan(&model, Grace::ServerDefault), at(BEGAN));
    let flying = StopInFlight {
        checks: BTreeSet::from([program("other")]),
        reads: BTreeSet::from([7]),
        batches: vec![vec![8]],
        ..StopInFlight::default()
    };
    assert_eq!(op.effects(&flying, at(BEGAN)), [Effect::Check(program("a"))]);
    assert!(!flying.is_idle() && StopInFlight::default().is_idle());
}

#[test]
fn a_second_batch_waits_for_the_answer_of_the_first_and_for_the_reading_of_its_runs() {
    let mut runner = checked(25);
    let [(call, stop, targets)] = &sends(&runner)[..] else { panic!("one batch") };
    assert_eq!(targets.len(), 20);
    let (call, stop, targets) = (*call, stop.clone(), targets.clone());
    runner.feed(Event::Sending { at: at(BEGAN), call, stop, targets: targets.clone() });
    assert_eq!(sends(&runner), [], "it has no answer");
    runner.feed(Event::Answered { at: at(BEGAN), call, result: Err(refusal(500, "internal error")) });
    assert_eq!(sends(&runner), [], "what it did is not read yet");
    for target in targets {
        let record = runner.model.runs[target].record.clone();
        runner.feed(Event::Read { at: at(BEGAN + 1), target, result: Ok(record) });
    }
    let [(_, _, targets)] = &sends(&runner)[..] else { panic!("the rest") };
    assert_eq!(targets.len(), 5);
}

#[test]
fn a_reading_is_a_change_only_if_it_says_something_else() {
    let mut runner = checked(1);
    let read = |record| Event::Read { at: at(BEGAN + 1), target: 0, result: Ok(record) };
    let same = runner.model.runs[0].record.clone();
    let stopping = quiesce_api::run::RunRecord {
        status: RunStatus::Stopping,
        stopping: Some(Seconds(BEGAN)),
        ..same.clone()
    };
    assert!(!runner.op.apply(&read(same)));
    assert!(runner.op.apply(&read(stopping)));
}

#[test]
fn runs_that_need_a_person_are_counted() {
    let mut runner = checked(3);
    for place in [0, 2] {
        runner.op.runs[place].read_error = Some(refusal(404, "No run record"));
    }
    let counts = runner.op.counts(at(BEGAN));
    assert_eq!((counts.all, counts.trouble, counts.open), (3, 2, 1));
}

#[test]
fn the_preview_names_no_run_that_has_ended_or_is_stopping() {
    let runs = ["a", "b", "c", "d"].map(|name| (program(name), record(name, "new"), 3)).to_vec();
    let mut plan = plan(&Model::new(runs), Grace::ServerDefault);
    plan.targets[0].record.status = RunStatus::Stopping;
    plan.targets[1].record.stopping = Some(Seconds(BEGAN));
    plan.targets[2].record.status = RunStatus::Completed;
    let places: Vec<_> = plan.calls().into_iter().flat_map(|(_, places)| places).collect();
    assert_eq!(places, [3]);
    assert_eq!(plan.namespaces(), BTreeSet::from([&"default".into()]));
}

#[test]
fn the_runner_learns_when_to_look_again_and_when_the_stop_is_complete() {
    let timing = <StopOperation as Operation>::timing;
    assert!(matches!(timing(&Effect::Wait(300)), Some(Timing::Wait(300))));
    assert!(matches!(timing(&Effect::Done), Some(Timing::Done)));
    assert!(timing(&Effect::Read(0)).is_none());
    let mut runner = checked(1);
    assert!(!runner.op.is_settled(at(BEGAN)));
    runner.run(100, || (Fate::Good, false));
    assert!(runner.op.is_settled(at(runner.model.now)));
}
