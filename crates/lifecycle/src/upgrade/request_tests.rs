//! What is sent for each call, and what answers and readings become, one sentence each.

use super::model::*;
use super::*;
use crate::backup::Problem;
use quiesce_api::{ApplicationId, Endpoint, Error, Response};

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
fn a_call_without_a_request_is_not_sent_and_can_be_tried_again() {
    let mut world = refused();
    world.feed(Event::command(world.now(), Command::AcceptRisk(AppIndex(0), "May lose data.".into())));
    let reason = NotSentReason::NoBackup;
    let event = Event::not_sent(world.now(), Call::Redeploy, vec![0], reason, Some("why".into()));
    world.feed(event);
    let work = |world: &ModelState| world.op.upgrade_step().unwrap().apps[0].clone();
    assert_eq!(work(&world).state, AppUpgradeState::NotSent(reason, Some("why".into())));
    assert!(!work(&world).may_have_been_sent && work(&world).has_failed());
    assert!(world.op.effects(&UpgradeInFlight::default(), world.now()).is_empty(), "nothing more is sent");
    world.crash(true);
    assert_eq!(work(&world).state, AppUpgradeState::NotSent(reason, Some("why".into())));
    let report = crate::report::Report::of(&crate::report::tests::header(), &world.entries()).unwrap();
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
fn failures_of_a_backup_are_journaled_as_facts_and_sentences_of_older_journals_are_kept() {
    let failure = BackupFailure::ExtraUnread("artifacts.json".into(), refusal(500));
    for event in [
        Event::backed_up(at(BEGAN), Err(failure)),
        Event::backed_up(at(BEGAN), Err(BackupFailure::ExportInvalid(Problem::NoArchive))),
        Event::saved(at(BEGAN), Err(BackupFailure::PageClosed)),
    ] {
        assert_eq!(Event::read(&serde_json::to_value(&event).unwrap()), Some(event));
    }
    let old = serde_json::json!({"at": 1_795_870_800_000_i64, "what": "Saved", "words": "No room."});
    let event = Event::read(&old).unwrap();
    let EventKind::Backup(BackupEvent::Saved(Err(failure))) = &event.kind else { panic!("{event:?}") };
    assert_eq!(*failure, BackupFailure::Recorded("No room.".into()));
    assert_eq!(serde_json::to_value(&event).unwrap(), old);
    let empty = serde_json::json!({"at": 1_795_870_800_000_i64, "what": "BackedUp"});
    assert_eq!(Event::read(&empty), None);
}
