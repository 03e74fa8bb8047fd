//! What the machine does, one sentence each.

use super::model::*;
use super::*;
use crate::grace::Grace;
use crate::journal::{Entry, OperationKind, fold_upgrade};
use quiesce_api::artifact::{Artifact, PluginRef};
use quiesce_api::run::RunStatus;
use quiesce_api::{ApplicationId, Endpoint, Error, NamespaceId, ProgramId, Response};
use std::time::Instant;

fn good(_: &Effect) -> Fate {
    Fate::Good
}

/// The decision that comes last: what the operator would rather do, such as to recover first.
fn last(decisions: &[Event]) -> usize {
    decisions.len().wrapping_sub(1)
}

/// A batch pipeline with two runs, one that is scheduled, one with a run of an older version, a real-time one that
/// is redeployed, and one that the server refuses.
fn five() -> ModelState {
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
fn five_applications_are_stopped_backed_up_upgraded_and_put_back_in_one_go() {
    let mut world = five();
    world.run(last, good);
    world.at_the_end();
    assert_eq!(world.wrong, None, "{}", world.story());
    let made: Vec<_> = world.server.apps.iter().map(|app| app.made).collect();
    assert_eq!(made, [1, 1, 1, 1, 0]);
    let works = &world.op.upgrade_step().unwrap().apps;
    assert!(works[..4].iter().all(AppUpgrade::is_upgraded));
    assert!(
        matches!(&works[4].state, AppUpgradeState::Refused(error) if error.refusal().unwrap().status == 501)
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
fn refused() -> ModelState {
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
fn what_the_server_refuses_can_be_redeployed_only_when_its_log_is_good_or_the_operator_says_so() {
    let mut world = refused();
    let UnprocessedData::Possible { words, .. } = world.op.unprocessed_data(0) else { panic!() };
    assert!(words.starts_with("May lose data. The log has no line from the driver"), "{words}");
    assert_eq!(world.op.effects(&UpgradeInFlight::default(), world.now()), [], "nothing is sent");
    let mut anyway = world.clone();
    anyway.feed(Event::command(anyway.now(), Command::AcceptRisk(AppIndex(0), words)));
    anyway.run(last, good);
    assert!(anyway.op.upgrade_step().unwrap().apps[0].is_upgraded());
    world.feed(Event::command(world.now(), Command::Drain(AppIndex(0))));
    world.run(last, good);
    assert!(world.op.upgrade_step().unwrap().apps[0].is_upgraded());
    assert_eq!(world.op.stop_rounds.len(), 2);
    assert_eq!(world.op.unprocessed_data(0), UnprocessedData::None);
}

#[test]
fn what_ran_before_and_was_not_stopped_here_is_not_redeployed_without_a_word() {
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
    assert_eq!(world.server.apps[0].made, 0, "left out, since it was neither recovered nor acknowledged");
    assert_eq!(world.server.apps[1].made, 1, "it never ran");
}

#[test]
fn an_application_that_is_left_out_is_put_back_and_never_sent() {
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
fn a_risk_is_acknowledged_with_its_number_and_again_when_the_number_changes() {
    let mut world = five();
    for place in 0..5 {
        world.carry_out(&Effect::ReadApplication { place, depth: Depth::Full }, Fate::Good);
    }
    let risks = world.op.risks();
    let labels: Vec<_> = risks.iter().map(|risk| risk.label.split(':').next().unwrap()).collect();
    assert_eq!(labels, ["1 run may lose data; it can't be ruled out yet", "3 runs interrupted"]);
    for risk in &risks {
        world.feed(Event::command(world.now(), Command::Acknowledge(risk.class, risk.count)));
    }
    assert_eq!(world.op.can_continue(), Ok(()));
    world.server.start(1, By::Another, 1);
    world.feed(Event::command(world.now(), Command::Refresh(AppIndex(1))));
    assert_eq!(world.op.can_continue(), Err("1 application is not checked yet.".into()));
    world.carry_out(&Effect::ReadApplication { place: 1, depth: Depth::Full }, Fate::Good);
    assert_eq!(world.op.can_continue(), Err("Acknowledge 1 risk to continue.".into()));
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
    let names = |places: &[usize]| -> Vec<ApplicationId> {
        places.iter().map(|place| world.op.plan.applications[*place].application.clone()).collect()
    };
    let (both, unread) = (names(&[0, 2]), names(&[1]));
    assert_eq!(world.op.missing_plugins(), [(missing, both.clone())]);
    assert_eq!(world.op.unread_plugins(), unread);
    let count = |op: &UpgradeOperation| {
        op.risks().iter().find(|risk| risk.class == RiskClass::MissingPlugin).map(|risk| risk.count)
    };
    assert_eq!(count(&world.op), Some(2));
    for application in both.iter().chain(&unread) {
        let place = world.op.index_of(application).unwrap();
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
    let (here, other) = (world.op.plan.namespace.clone(), NamespaceId::from("other"));
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
    let label = |op: &UpgradeOperation| {
        let risks = op.risks();
        risks.into_iter().find(|risk| risk.class == RiskClass::SetsOff).map(|risk| risk.label)
    };
    let words = "schedules outside this upgrade may be triggered by a stopped run";
    assert_eq!(label(&world.op), Some(format!("2 {words}")));
    world.feed(Event::command(world.now(), Command::Exclude(AppIndex(1))));
    assert_eq!(label(&world.op), Some(format!("3 {words}")));
    world.feed(Event::command(world.now(), Command::Exclude(AppIndex(0))));
    assert_eq!(label(&world.op), None);
}

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
    assert!(
        matches!(&works[1].state, AppUpgradeState::Failed(why) if why.still_on.as_ref().unwrap().version.as_str() == OLD && !why.error.as_ref().unwrap().is_answer())
    );
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

fn failure(world: &ModelState, place: usize) -> &AppUpgradeFailure {
    match &world.op.upgrade_step().unwrap().apps[place].state {
        AppUpgradeState::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failure_that_the_server_answered_is_settled_within_seconds_and_holds_nobody_up() {
    use Fate::{Fails, FailsAfter, Good};
    let world = side_by_side(&[Fails, Good, FailsAfter, Good]);
    let works = &world.op.upgrade_step().unwrap().apps;
    assert_eq!(works.iter().map(AppUpgrade::is_upgraded).collect::<Vec<_>>(), [false, true, true, true]);
    assert_eq!(failure(&world, 0).error.as_ref().unwrap().refusal().unwrap().message, "no");
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
fn a_call_without_a_request_is_not_sent_and_can_be_tried_again() {
    let mut world = refused();
    let UnprocessedData::Possible { words, .. } = world.op.unprocessed_data(0) else { panic!() };
    world.feed(Event::command(world.now(), Command::AcceptRisk(AppIndex(0), words)));
    let reason = NotSentReason::NoBackup;
    let event = Event::not_sent(world.now(), Call::Redeploy, vec![0], reason, Some("why".into()));
    world.feed(event);
    let work = |world: &ModelState| world.op.upgrade_step().unwrap().apps[0].clone();
    assert_eq!(work(&world).state, AppUpgradeState::NotSent(reason, Some("why".into())));
    assert!(!work(&world).may_have_been_sent && work(&world).has_failed());
    assert!(world.op.effects(&UpgradeInFlight::default(), world.now()).is_empty(), "nothing more is sent");
    world.crash(true);
    assert_eq!(work(&world).state, AppUpgradeState::NotSent(reason, Some("why".into())));
    let report = crate::report::Report::of(&world.entries(), "here").unwrap();
    assert!(
        report.calls.iter().all(|sent| sent.request.method != quiesce_api::Method::Put),
        "{:?}",
        report.calls
    );
    assert_eq!(
        report.applications[0].result,
        "Not sent: this browser doesn't have the backup any more (why)."
    );
    world.feed(Event::command(world.now(), Command::Retry(Part::Application(AppIndex(0)))));
    world.run(last, good);
    assert!(work(&world).is_upgraded());
    assert_eq!(world.op.request(Call::Redeploy, &[0], Some("no JSON")), None);
}

#[test]
fn a_failure_can_be_tried_again_or_left_out_while_the_rest_goes_on() {
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
    let mut folded = fold_upgrade(entries).unwrap().upgrade;
    kept(&mut folded);
    kept(&mut world.op);
    assert_eq!(folded.upgrade_step().unwrap().apps, world.op.upgrade_step().unwrap().apps);
    assert!(folded.step_number() == 7 && failure(&world, 0).still_on.is_some());
}

#[test]
fn every_call_is_a_request_and_its_answer_is_an_event_for_each_place() {
    let mut world = five();
    world.run(last, good);
    let op = &world.op;
    let line = |call, places: &[usize], configuration| {
        let request = op.request(call, places, configuration).unwrap();
        format!("{request} {}", request.body.as_deref().unwrap_or_default())
    };
    let apps = "/v3/namespaces/default/apps";
    assert_eq!(line(Call::Pause, &[0], None), format!("POST {apps}/b_scheduled/schedules/s0/disable "));
    assert_eq!(line(Call::Upgrade, &[0], None), format!("POST {apps}/a_two_runs/upgrade "));
    let start = r#"[{"appId":"a_two_runs","programType":"Workflow","programId":"DataPipelineWorkflow","runtimeargs":{"id":"1"}}]"#;
    assert_eq!(line(Call::Start, &[0], None), format!("POST /v3/namespaces/default/start {start}"));
    let deploy = |version| {
        format!(
            r#"PUT {apps}/d_clicks {{"artifact":{{"name":"cdap-data-streams","version":"{version}","scope":"SYSTEM"}},"config":{{"a":1}},"app.deploy.update.schedules":false}}"#
        )
    };
    assert_eq!(line(Call::Redeploy, &[3], Some("{\"a\":1}")), deploy(NEW));
    assert_eq!(line(Call::RollBack, &[3], Some("{\"a\":1}")), deploy(OLD));

    let now = world.now();
    let answer = |call, places: &[usize], status, body: &str| {
        let events = op.answers(now, call, places, Ok(Response::new(status, body.to_owned())));
        outcome(events.into_iter().next().unwrap()).1
    };
    let upgraded =
        r#"{"statusCode":200,"appId":{"namespace":"default","application":"a_two_runs","version":"v9"}}"#;
    assert_eq!(answer(Call::Upgrade, &[0], 200, upgraded), Ok(Some(Created::Version("v9".into()))));
    assert_eq!(answer(Call::Upgrade, &[0], 501, "no").unwrap_err().refusal().unwrap().status, 501);
    let started = r#"[{"appId":"a_two_runs","programType":"Workflow","programId":"DataPipelineWorkflow","statusCode":200,"runId":"r9"}]"#;
    assert_eq!(answer(Call::Start, &[0], 200, started), Ok(Some(Created::Run("r9".into()))));
    assert!(matches!(answer(Call::Start, &[0], 200, "[]"), Err(Error::Undecodable(_))));
    assert_eq!(answer(Call::Resume, &[0], 200, "OK"), Ok(None));
    assert_eq!(answer(Call::Redeploy, &[3], 200, "Deploy Complete"), Ok(None));
}

#[test]
fn in_one_call_for_many_each_has_its_own_answer_and_who_is_not_named_is_in_doubt() {
    let server = Server::new(&[("a", false), ("b", false), ("c", false)]);
    let plan = plan(&server, true);
    let op = UpgradeOperation::new(plan, at(BEGAN));
    let request = op.request(Call::Upgrade, &[0, 1, 2], None).unwrap();
    assert_eq!(request.body.as_deref(), Some(r#"[{"name":"a"},{"name":"b"},{"name":"c"}]"#));
    let body = r#"[{"statusCode":200,"appId":{"namespace":"default","application":"b","version":"v9"}},
        {"statusCode":500,"error":"internal","appId":{"namespace":"default","application":"a","version":"v1"}},"#;
    let events = op.answers(at(BEGAN), Call::Upgrade, &[0, 1, 2], Ok(Response::new(200, body)));
    let answers: Vec<_> = events.into_iter().map(outcome).collect();
    assert_eq!(answers.iter().map(|(target, _)| *target).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(answers[1].1, Ok(Some(Created::Version("v9".into()))));
    assert!(answers[0].1.as_ref().unwrap_err().leaves_doubt());
    assert!(matches!(answers[2].1, Err(Error::Undecodable(_))));
}

fn outcome(event: Event) -> (usize, Result<Option<Created>, Error>) {
    match event.kind {
        EventKind::Request(RequestEvent::Answered { target, result, .. }) => (target, result),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_roll_back_deploys_what_was_saved_once_nothing_runs() {
    let mut world = five();
    world.run(last, good);
    world.feed(Event::command(world.now(), Command::RollBack(AppIndex(0))));
    world.run(last, good);
    let of = |world: &ModelState, place: usize| world.op.upgrade_step().unwrap().apps[place].state.clone();
    assert!(
        matches!(of(&world, 0), AppUpgradeState::Changed(why) if why.contains("started since the review"))
    );
    world.feed(Event::command(world.now(), Command::RollBack(AppIndex(1))));
    world.run(last, good);
    assert_eq!(of(&world, 1), AppUpgradeState::Done);
    assert_eq!((world.server.apps[1].artifact, world.server.apps[1].made), (OLD, 2));
    assert!(!world.op.upgrade_step().unwrap().apps[1].is_upgraded());
}

#[test]
fn schedules_that_a_program_sets_off_go_on_before_those_that_the_time_sets_off() {
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
fn a_list_of_runs_that_is_not_whole_is_no_reading() {
    let world = five();
    let app = &world.server.apps[0];
    let detail = serde_json::json!({
        "name": "a", "appVersion": "v1", "configuration": "{}",
        "artifact": {"name": "cdap-data-pipeline", "version": OLD, "scope": "SYSTEM"},
    });
    let mut look = AppSnapshot::begin(&serde_json::from_value(detail).unwrap());
    let list = quiesce_api::run::ListRuns::of(program(app));
    let cut =
        list.read(&Response::new(200, r#"[{"runid":"x","starting":1,"status":"RUNNING","version":"v0"},"#));
    assert!(look.take_runs(&program(app), &cut.unwrap()).is_err());
    let bad = list.read(&Response::new(200, r#"[{"runid":7}]"#)).unwrap();
    assert!(look.take_runs(&program(app), &bad).is_err());
    assert!(look.alive.is_empty());
    let whole = r#"[{"runid":"x","starting":1,"status":"RUNNING","version":"v0"},{"runid":"y","starting":1,"status":"KILLED"}]"#;
    look.take_runs(&program(app), &list.read(&Response::new(200, whole)).unwrap()).unwrap();
    assert_eq!((look.alive.len(), look.alive[0].older, look.ever_ran), (1, true, true));
}

#[test]
fn the_triggers_of_a_schedule_are_found_however_deep_they_are() {
    let schedules = serde_json::json!([
        {"namespace": "default", "application": "a", "name": "s", "program": {"programName": "p", "programType": "WORKFLOW"},
         "status": "SCHEDULED", "trigger": {"type": "AND", "triggers": [
            {"type": "TIME", "cronExpression": "0 * * * *"},
            {"type": "PROGRAM_STATUS", "programId": {"namespace": "default", "application": "b"}}]}},
        {"namespace": "default", "application": "a", "name": "off", "program": {"programName": "p", "programType": "WORKFLOW"},
         "status": "SUSPENDED", "trigger": {"type": "TIME"}},
    ]);
    let rows = quiesce_api::schedule::ListSchedules { namespace: "default".into(), application: "a".into() };
    let rows = rows.read(&Response::new(200, schedules.to_string())).unwrap();
    let mut look = five().server.look(0, Depth::Version);
    look.take_schedules(&rows).unwrap();
    assert_eq!(look.schedules.len(), 1);
    assert_eq!(look.schedules[0].after, [ApplicationId::from("b")]);
}

#[test]
fn the_list_of_steps_says_where_it_is_and_what_each_waits_for() {
    let mut world = five();
    let states = |world: &ModelState| world.op.steps().iter().map(|step| step.state).collect::<Vec<_>>();
    assert_eq!(states(&world)[..3], [StepState::Done, StepState::Now, StepState::Locked]);
    assert_eq!(world.op.steps()[5].words, "Waiting for a verified backup");
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
    let folded = fold_upgrade(entries).unwrap();
    println!("{} entries, {bytes} bytes, folded in {:?}", texts.len(), began.elapsed());
    assert!(bytes < 5_000_000, "{bytes}");
    assert_eq!(
        folded.upgrade.upgrade_step().unwrap().apps.iter().filter(|work| work.is_upgraded()).count(),
        1000
    );
}
