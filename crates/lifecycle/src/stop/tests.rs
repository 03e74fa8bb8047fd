//! What the machine does, one sentence each.

use super::model::*;
use super::*;
use crate::grace::Grace;
use crate::user::Continuation;
use quiesce_api::Seconds;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::stop::StopRun;

fn good() -> (Fate, bool) {
    (Fate::Good, false)
}

/// Two programs with one run each, one with two, one with a run of an older version.
fn fleet() -> Model {
    Model::new(vec![
        (program("one"), record("a1", "new"), 3),
        (program("two"), record("b1", "new"), 4),
        (program("two"), record("b2", "new"), 5),
        (program("old"), record("c1", "older"), 2),
    ])
}

#[test]
fn whole_programs_go_in_one_batch_and_older_versions_by_run() {
    let calls = plan(&fleet(), Grace::UntilDrained).calls();
    let targets: Vec<_> =
        calls.iter().map(|(call, targets)| (call.request().to_string(), targets.clone())).collect();
    assert_eq!(
        targets,
        [
            ("POST /v3/namespaces/default/stop?graceful".to_owned(), vec![0, 1, 2]),
            (
                "POST /v3/namespaces/default/apps/old/workers/Program/runs/c1/stop?graceful".to_owned(),
                vec![3]
            ),
        ]
    );
}

#[test]
fn programs_of_two_namespaces_go_in_a_batch_each() {
    let mut plan = plan(&fleet(), Grace::UntilDrained);
    plan.targets[0].run.program.namespace = "retail".into();
    plan.whole = plan.targets.iter().map(|target| target.run.program.clone()).collect();
    let batches: Vec<_> =
        plan.calls().into_iter().filter(|(call, _)| matches!(call, StopCall::Batch(_))).collect();
    let sent: Vec<_> =
        batches.iter().map(|(call, targets)| (call.request().target, targets.clone())).collect();
    assert_eq!(
        sent,
        [
            ("/v3/namespaces/default/stop?graceful".to_owned(), vec![1, 2]),
            ("/v3/namespaces/retail/stop?graceful".to_owned(), vec![0]),
        ]
    );
    let text = serde_json::to_value(&plan).unwrap();
    assert!(text["namespace"].is_null());
    assert_eq!(serde_json::from_value::<StopPlan>(text).unwrap(), plan);
}

#[test]
fn one_of_several_runs_is_stopped_by_run_so_that_the_others_live() {
    let model = fleet();
    let mut plan = plan(&model, Grace::ServerDefault);
    plan.targets.retain(|target| target.run.run.as_str() == "b1");
    plan.others.insert(program("two").run("b2"));
    let calls = plan.calls();
    assert!(matches!(calls.as_slice(), [(StopCall::Run(_), _)]));
    let mut runner = Runner::new(model, plan);
    runner.run(100, good);
    assert_eq!(runner.model.find(&program("two").run("b2")).unwrap().told, 0);
    assert_eq!(runner.model.find(&program("two").run("b1")).unwrap().record.status, RunStatus::Killed);
}

#[test]
fn only_now_uses_the_program_level_and_its_versioned_form() {
    let calls = plan(&fleet(), Grace::Now).calls();
    let mut targets: Vec<_> = calls.iter().map(|(call, _)| call.request().target).collect();
    targets.sort();
    assert_eq!(
        targets,
        [
            "/v3/namespaces/default/apps/old/versions/older/workers/Program/stop",
            "/v3/namespaces/default/apps/one/workers/Program/stop",
            "/v3/namespaces/default/apps/two/workers/Program/stop",
        ]
    );
}

#[test]
fn batches_name_twenty_programs_at_the_most() {
    let runs = (0..45).map(|n| (program(&format!("p{n}")), record(&format!("r{n}"), "new"), 1)).collect();
    let calls = plan(&Model::new(runs), Grace::ServerDefault).calls();
    let sizes: Vec<_> = calls.iter().map(|(_, targets)| targets.len()).collect();
    assert_eq!(sizes, [20, 20, 5]);
}

#[test]
fn every_run_is_told_once_and_ends_with_its_record() {
    let model = fleet();
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    runner.run(200, good);
    let now = at(runner.model.now);
    assert_eq!(runner.sent.len(), 2);
    assert!(runner.model.runs.iter().all(|run| run.told == 1));
    for view in runner.op.views(now) {
        assert_eq!((view.state, view.outcome.applied_grace), (StopState::Ended, Some(300)));
    }
    assert!(runner.op.is_finished(now));
    let summary = crate::text::stop::summary(&runner.op, None, now);
    assert!(summary.contains("4 of 4 runs ended") && !summary.contains(" by "), "{summary}");
    let mut header = crate::report::tests::header();
    header.user = Some("alice".into());
    header.continued.push(Continuation { at: at(BEGAN), user: Some("bob".into()) });
    let named = crate::text::stop::summary(&runner.op, Some(&header), now);
    let lines = format!("Started by alice\nContinued by bob, {}\n", at(BEGAN));
    assert_eq!(named.replace(&lines, ""), summary);
    assert!(named.contains(&lines), "{named}");
}

#[test]
fn a_run_that_is_stopping_already_is_watched_and_not_told_again() {
    let mut model = fleet();
    model.runs[0].record.status = RunStatus::Stopping;
    model.runs[0].record.stopping = Some(Seconds(BEGAN - 10));
    model.runs[0].record.terminate = Some(Seconds(BEGAN + 290));
    model.runs[0].takes = 30;
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    runner.run(300, good);
    assert_eq!(runner.model.runs[0].told, 0);
    assert_eq!(runner.op.state(0, at(runner.model.now)), StopState::Ended);
}

#[test]
fn what_began_since_the_confirmation_is_left_alone_and_said() {
    let mut model = fleet();
    let plan = plan(&model, Grace::ServerDefault);
    model.runs.push(ModelRun { program: program("one"), record: record("a9", "new"), takes: 1, told: 0 });
    let mut runner = Runner::new(model, plan);
    runner.run(200, good);
    assert_eq!(runner.op.drift, [Drift::NewRun(program("one").run("a9"))]);
    assert_eq!(runner.model.runs.last().unwrap().told, 0);
    let by_run = runner
        .sent
        .iter()
        .any(|call| matches!(call, StopCall::Run(StopRun { run, .. }) if run.run.as_str() == "a1"));
    assert!(by_run, "a batch call would have reached the new run");
}

#[test]
fn what_had_ended_before_is_said_and_nothing_is_sent_for_it() {
    let mut model = fleet();
    let plan = plan(&model, Grace::ServerDefault);
    model.runs[0].record.status = RunStatus::Completed;
    model.runs[0].record.end = Some(Seconds(BEGAN));
    let mut runner = Runner::new(model, plan);
    runner.run(200, good);
    assert_eq!(runner.op.state(0, at(runner.model.now)), StopState::EndedBefore);
    assert_eq!(runner.model.runs[0].told, 0);
}

/// The stop of the fleet whose batch call has this fate.
fn after_a_batch(fate: impl Fn() -> Fate) -> Runner {
    let model = fleet();
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    // Three programs are read first; the fourth request is the batch call.
    let mut step = 0;
    runner.run(300, move || {
        step += 1;
        (if step == 4 { fate() } else { Fate::Good }, false)
    });
    runner
}

#[test]
fn after_an_aborted_batch_every_run_is_read_and_the_rest_is_told_by_run() {
    let runner = after_a_batch(|| Fate::AbortedAfter(1));
    let now = at(runner.model.now);
    assert!(
        runner.op.views(now).iter().all(|view| view.state == StopState::Ended),
        "{:#?}",
        runner.op.views(now)
    );
    assert!(runner.model.runs.iter().all(|run| run.told == 1));
}

#[test]
fn a_batch_that_ends_with_a_403_is_refused_for_the_program_that_it_names_alone() {
    let runner = after_a_batch(|| Fate::ForbiddenAfter(1));
    let now = at(runner.model.now);
    let refused = StopState::Refused(refusal(403, &forbidden(&program("two"))));
    let states: Vec<_> = (0..4).map(|place| runner.op.state(place, now)).collect();
    assert_eq!(states, [StopState::Ended, refused.clone(), refused, StopState::Ended]);
    let told: Vec<_> = runner.model.runs.iter().map(|run| run.told).collect();
    assert_eq!(told, [1, 0, 0, 1], "what is refused is not sent again");
}

#[test]
fn a_batch_that_ends_with_a_403_for_no_program_leaves_all_in_doubt() {
    let model = fleet();
    let plan = plan(&model, Grace::ServerDefault);
    let mut op = StopOperation::new(plan, at(BEGAN));
    let (stop, targets) = op.plan.calls().remove(0);
    op.apply(&Event::Sending { at: at(BEGAN), call: CallId(0), stop, targets });
    let result = Err(refusal(403, "not authorized on entity 'namespace:default'"));
    op.apply(&Event::Answered { at: at(BEGAN), call: CallId(0), result });
    assert!((0..3).all(|place| matches!(op.state(place, at(BEGAN)), StopState::InDoubt(_))));
}

#[test]
fn a_lost_answer_is_settled_by_reading_and_never_by_sending_again() {
    let model = fleet();
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    let mut checks = 3;
    runner.run(400, move || {
        checks -= 1;
        (if checks == -1 { Fate::LostAfter } else { Fate::Good }, false)
    });
    assert!(runner.model.runs.iter().all(|run| run.told == 1));
    let now = at(runner.model.now);
    assert!(runner.op.views(now).iter().all(|view| view.state == StopState::Ended));
}

#[test]
fn a_call_that_never_arrived_is_sent_again_only_when_the_operator_asks() {
    let model = Model::new(vec![(program("one"), record("a1", "new"), 3)]);
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    let mut step = 0;
    runner.run(200, move || {
        step += 1;
        (if step == 2 { Fate::LostBefore } else { Fate::Good }, false)
    });
    let now = at(runner.model.now);
    assert!(matches!(runner.op.state(0, now), StopState::NotStopped(_)), "{:?}", runner.op.state(0, now));
    assert!(runner.op.is_finished(now));
    assert_eq!(runner.sent.len(), 1);
    runner.feed(Event::SendAgain { at: now, target: 0 });
    runner.run(200, good);
    assert_eq!(runner.sent.len(), 2);
    assert_eq!(runner.op.state(0, at(runner.model.now)), StopState::Ended);
}

/// A run whose stop the server has accepted, and the record that it will have.
fn accepted() -> (StopOperation, RunRecord) {
    let mut model = Model::new(vec![(program("one"), record("a1", "new"), 3)]);
    let mut op = StopOperation::new(plan(&model, Grace::ServerDefault), at(BEGAN));
    let result = Ok(vec![model.runs[0].record.clone()]);
    op.apply(&Event::Checked { at: at(BEGAN), program: program("one"), result });
    let (stop, targets) = op.plan.calls().remove(0);
    op.apply(&Event::Sending { at: at(BEGAN), call: CallId(0), stop: stop.clone(), targets });
    let result = model.call(&stop, Fate::Good);
    op.apply(&Event::Answered { at: at(BEGAN), call: CallId(0), result });
    model.pass(3);
    (op, model.runs[0].record.clone())
}

#[test]
fn a_stop_that_a_busy_server_records_late_counts_as_not_stopped_until_then() {
    let (mut op, ended) = accepted();
    let not_stopped = StopState::NotStopped(NotStoppedReason::NoEffect);
    for second in [61, 120, 890] {
        op.apply(&Event::Read { at: at(BEGAN + second), target: 0, result: Ok(record("a1", "new")) });
        assert_eq!(op.state(0, at(BEGAN + second)), not_stopped);
        let next = |after| op.effects(&StopInFlight::default(), at(BEGAN + second + after));
        assert_eq!(next(0), [Effect::Wait(10_000), Effect::Done]);
        assert_eq!(next(10), [Effect::Read(0), Effect::Done]);
    }
    op.apply(&Event::Read { at: at(BEGAN + 900), target: 0, result: Ok(ended) });
    assert_eq!(op.state(0, at(BEGAN + 900)), StopState::Ended);
}

#[test]
fn a_run_that_shows_no_stop_for_15_minutes_is_not_read_any_more() {
    let (mut op, _) = accepted();
    op.apply(&Event::Read { at: at(BEGAN + 900), target: 0, result: Ok(record("a1", "new")) });
    assert_eq!(op.effects(&StopInFlight::default(), at(BEGAN + 999)), [Effect::Done]);
}

#[test]
fn a_401_waits_for_the_operator_and_goes_on_where_it_was() {
    let model = fleet();
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    let mut step = 0;
    runner.run(300, move || {
        step += 1;
        (if step == 4 { Fate::Unauthenticated } else { Fate::Good }, false)
    });
    assert!(runner.model.runs.iter().all(|run| run.told == 1));
    let now = at(runner.model.now);
    assert!(runner.op.views(now).iter().all(|view| view.state == StopState::Ended));
}

#[test]
fn a_run_past_its_deadline_is_not_an_end() {
    let mut model = fleet();
    model.runs[0].takes = 1_000;
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    runner.run(250, good);
    let now = at(runner.model.now);
    assert!(runner.model.now < BEGAN + 1_000);
    assert_eq!(runner.op.state(0, now), StopState::PastDeadline);
    assert!(!runner.op.is_finished(now));
    runner.run(2_000, good);
    let now = at(runner.model.now);
    assert_eq!(runner.op.state(0, now), StopState::Ended);
    assert!(runner.op.view(0, now).unwrap().outcome.overdue > Some(0));
}

#[test]
fn a_server_whose_clock_is_ten_minutes_ahead_gets_the_right_countdown() {
    let mut model = Model::new(vec![(program("one"), record("a1", "new"), 100)]);
    model.ahead = 600;
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    runner.run(12, good);
    let now = at(runner.model.now);
    let left = runner.op.view(0, now).unwrap().left.unwrap();
    let true_left = runner.model.runs[0].record.terminate.unwrap().0 - (runner.model.now + 600);
    assert!((left - true_left).abs() <= 2, "{left} is not about {true_left}");
}

#[test]
fn reads_a_thousand_runs_in_a_few_requests_a_round() {
    let runs =
        (0..1_000).map(|n| (program(&format!("p{n:04}")), record(&format!("r{n}"), "new"), 20)).collect();
    let model = Model::new(runs);
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    runner.run(2_000, good);
    let seconds = usize::try_from(runner.model.now - BEGAN).unwrap();
    let now = at(runner.model.now);
    assert!((0..1_000).all(|place| runner.op.state(place, now) == StopState::Ended));
    assert_eq!(runner.reads, 0, "no run is read by itself");
    assert_eq!(runner.sent.len(), 50);
    assert!(runner.batches <= 4 * (seconds + 2), "{} requests in {seconds} s", runner.batches);
}

#[test]
fn reads_a_run_of_a_superseded_version_individually() {
    let mut runs: Vec<_> =
        (0..5).map(|n| (program(&format!("p{n}")), record(&format!("r{n}"), "new"), 5)).collect();
    runs.push((program("old"), record("old", "older"), 5));
    let model = Model::new(runs);
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    runner.run(200, good);
    let now = at(runner.model.now);
    assert!(runner.batches > 0 && runner.reads > 0);
    assert!((0..6).all(|place| runner.op.state(place, now) == StopState::Ended));
}

#[test]
fn falls_back_to_single_reads_when_a_batch_answer_cannot_be_used() {
    let runs = (0..6).map(|n| (program(&format!("p{n}")), record(&format!("r{n}"), "new"), 5)).collect();
    let model = Model::new(runs);
    let plan = plan(&model, Grace::ServerDefault);
    let mut runner = Runner::new(model, plan);
    runner.run(200, || (Fate::AbortedAfter(0), false));
    let now = at(runner.model.now);
    assert!(runner.reads >= 6);
    assert!(runner.model.runs.iter().all(|run| run.told == 1));
    assert!((0..6).all(|place| runner.op.state(place, now) == StopState::Ended));
}
