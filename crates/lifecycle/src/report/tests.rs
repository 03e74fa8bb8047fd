//! Reports, one sentence each.

use super::*;
use crate::journal::{OperationId, OperationKind, VERSION};
use crate::operation::Delivery;
use crate::upgrade::AppUpgradeState;
use crate::upgrade::model::{self, By, Fate, ModelState, Server};
use crate::upgrade::{Command, Effect, UpgradeCounts};
use quiesce_api::Error;

/// The header of an upgrade that nobody is known to have started.
pub(crate) fn header() -> Header {
    Header {
        id: OperationId("u".to_owned()),
        version: VERSION,
        kind: OperationKind::Upgrade,
        namespace: "default".into(),
        server: "here".to_owned(),
        created: Timestamp::from_second(0).unwrap(),
        title: String::new(),
        finished: false,
        user: None,
        continued: Vec::new(),
    }
}

/// A batch pipeline with a schedule, whose upgrade has no answer, and a real-time one that is redeployed.
pub(super) fn told(fate: impl Fn(&Effect) -> Fate) -> (ModelState, Report) {
    let mut server = Server::new(&[("clicks", true), ("orders", false)]);
    server.start(0, By::Before, 0);
    server.start(1, By::Before, 0);
    server.schedules.push(model::Schedule { app: 1, on: true, paused_by: None, after: false });
    let plan = model::plan(&server, false);
    let mut world = ModelState::new(server, plan);
    world.run(|decisions| decisions.len().wrapping_sub(1), fate);
    let report = Report::of(&header(), &world.entries()).unwrap();
    for sent in &report.calls {
        assert_eq!(sent.succeeded, sent.answer.split("; ").all(|answer| answer == "200"), "{sent:?}");
    }
    (world, report)
}

pub(super) fn lost(effect: &Effect) -> Fate {
    match effect {
        Effect::Send { call: Call::Upgrade, .. } => Fate::LostAfter,
        _ => Fate::Good,
    }
}

#[test]
fn a_report_tells_what_became_of_each_application_run_and_schedule() {
    let (world, report) = told(lost);
    assert_eq!(report.sentence, "2 of 2 applications upgraded.");
    let counts = world.op.counts();
    assert_eq!(counts, UpgradeCounts { all: 2, upgraded: 2, ..UpgradeCounts::default() });
    assert!(counts.is_good());
    let rows: Vec<_> =
        report.applications.iter().map(|it| (it.name.as_str(), it.way, it.result.as_str())).collect();
    assert_eq!(rows, [("clicks", "redeploy", "Upgraded"), ("orders", "upgrade", "Upgraded")]);
    assert_eq!((report.applications[1].before.as_str(), report.applications[1].after.as_str()), ("v1", "v2"));
    assert_eq!(report.runs.len(), 2);
    assert_eq!(report.runs[0].before, "Cannot tell");
    assert!(report.runs[0].after.starts_with("No loss expected: The log shows"), "{}", report.runs[0].after);
    assert_eq!(
        (report.runs[0].outcome.starts_with("Drained in 3"), report.runs[0].applied),
        (true, Some(300))
    );
    assert_eq!(report.runs[0].put_back, "Running as r3");
    assert_eq!(report.schedules[0].name, "orders/s0");
    assert_eq!((report.schedules[0].result.as_str(), report.schedules[0].off), ("Paused and resumed", false));
}

#[test]
fn every_call_stands_there_with_its_answer_and_one_that_had_none_says_so() {
    let (_, report) = told(lost);
    let calls: Vec<_> =
        report.calls.iter().map(|sent| format!("{} → {}", sent.request, sent.answer)).collect();
    let apps = "POST /v3/namespaces/default/apps";
    assert_eq!(
        calls,
        [
            format!("{apps}/orders/schedules/s0/disable → 200"),
            "POST /v3/namespaces/default/stop → 200".to_owned(),
            "PUT /v3/namespaces/default/apps/clicks → 200".to_owned(),
            format!("{apps}/orders/upgrade → the server does not answer ()"),
            "POST /v3/namespaces/default/start → 200".to_owned(),
            "POST /v3/namespaces/default/start → 200".to_owned(),
            format!("{apps}/orders/schedules/s0/enable → 200"),
        ]
    );
}

#[test]
fn events_are_listed_in_order() {
    let (_, report) = told(lost);
    let happened: Vec<_> = report.happened.iter().map(|line| line.words.as_str()).collect();
    let expected = [
        "Selected: 2 applications",
        "Acknowledged: 1 run may lose data; it can't be ruled out yet",
        "Acknowledged: 1 run interrupted",
        "Pause schedules",
        "Schedule orders/s0: Paused",
        "Stop runs",
        "Stop requested for 2 runs",
        "Back up",
        "Backup b.zip made: 2 applications, SHA-256 ",
        "Backup saved",
        "Upgrade",
        "clicks: Upgraded",
        "orders: Upgraded",
        "Restore",
        "Schedule orders/s0: Paused and resumed",
        "Report",
    ];
    let mut rest = happened.iter();
    for words in expected {
        assert!(rest.any(|line| line.starts_with(words)), "{words} in {happened:#?}");
    }
    assert!(report.happened.is_sorted_by_key(|line| line.at));
}

#[test]
fn a_report_names_who_started_and_who_continued_with_the_times() {
    let (world, anonymous) = told(lost);
    let user = Some(UserName::from("alice"));
    let after = |milliseconds| world.op.begun.after(milliseconds);
    let continued = vec![
        Continuation { at: after(1_500), user: Some("bob".into()) },
        Continuation { at: anonymous.last.after(1), user: None },
    ];
    let by_users = Header { user, continued, ..header() };
    let report = Report::of(&by_users, &world.entries()).unwrap();
    let lines: Vec<_> = report.happened.iter().filter(|line| !anonymous.happened.contains(line)).collect();
    let lines: Vec<_> = lines.iter().map(|line| (line.words.as_str(), line.at)).collect();
    assert_eq!(
        lines,
        [
            ("Started by alice", report.began),
            ("Continued by bob", after(1_500)),
            ("Continued by another user", anonymous.last.after(1)),
        ]
    );
    assert!(report.happened.is_sorted_by_key(|line| line.at));
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!((&json["user"], &json["continued"][0]["user"]), (&"alice".into(), &"bob".into()));
    assert!(json["continued"][0]["at"].is_number());
    assert!(!anonymous.json().contains("user"), "a report without names is as it was");
}

#[test]
fn a_report_has_the_times_of_steps_applications_and_runs() {
    let (_, report) = told(lost);
    let steps: Vec<_> = report.steps.iter().map(|step| step.step).collect();
    assert_eq!(steps, ["Review", "Pause schedules", "Stop runs", "Back up", "Upgrade", "Restore"]);
    let stopped = &report.steps[2];
    assert_eq!(stopped.result, "2 runs ended");
    assert!(stopped.spans.iter().any(|span| span.waited_for == "Runs"), "{stopped:?}");
    let orders = &report.applications[1];
    assert!(orders.spans.iter().any(|span| span.waited_for == "Verification"), "{orders:?}");
    let times = &report.runs[0].times;
    assert_eq!(times.spans.last().map(|span| span.waited_for), Some("Stopping"));
    assert_eq!(times.spans.last().map(|span| span.until), times.ended);
    assert!(times.deadline > times.ended);
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!(json["steps"][2]["step"], "Stop runs");
    assert!(json["steps"][2]["spans"][0]["from"].is_number());
    assert!(json["applications"][1]["spans"].is_array() && json["runs"][0]["times"]["ended"].is_number());
    assert!(json.get("timeline").is_none());
}

#[test]
fn an_unconfirmed_batch_stop_may_have_stopped_other_runs() {
    let (_, report) = told(|effect| match effect {
        Effect::Stop(stop::Effect::Send { .. }) => Fate::LostAfter,
        _ => Fate::Good,
    });
    assert!(report.sentence.starts_with("2 of 2 applications upgraded. A batch stop was not confirmed"));
}

#[test]
fn an_aborted_upgrade_names_the_schedules_that_stay_paused() {
    let mut server = Server::new(&[("orders", false)]);
    server.schedules.push(model::Schedule { app: 0, on: true, paused_by: None, after: false });
    let plan = model::plan(&server, false);
    let mut world = ModelState::new(server, plan);
    while !matches!(world.op.step, crate::upgrade::Step::StopRuns(_)) {
        world.step();
    }
    world.feed(Event::command(world.now(), Command::Abort));
    world.run(
        |_| 0,
        |effect| match effect {
            Effect::Send { call: Call::Resume, .. } => Fate::No,
            _ => Fate::Good,
        },
    );
    let report = Report::of(&header(), &world.entries()).unwrap();
    assert_eq!(
        report.sentence,
        "0 of 1 application upgraded. Aborted by the operator. 1 schedule is still paused."
    );
    let counts = world.op.counts();
    let expected = UpgradeCounts { all: 1, unchanged: 1, paused_schedules: 1, ..UpgradeCounts::default() };
    assert_eq!(counts, expected);
    assert!(!counts.is_good());
    assert!(report.schedules[0].off && report.applications[0].look);
    let result = &report.schedules[0].result;
    assert!(result.starts_with("Could not be resumed: 403 Forbidden"), "{result}");
}

#[test]
fn a_refusal_is_shown_without_its_message_where_that_is_shown_separately() {
    let refusal = |message: &str| {
        let kind = quiesce_api::RefusalKind::ServerError;
        let message = message.to_owned();
        Error::Refused(quiesce_api::Refusal { status: 500, kind, message, auth_uris: Vec::new() })
    };
    let mut world = told(|_| Fate::Good).0;
    let crate::upgrade::Step::Report(step) = &mut world.op.step else { panic!() };
    let work = &mut step.upgrade.as_mut().unwrap().apps[1];
    work.state = AppUpgradeState::Request(Delivery::Refused(refusal("Plugin named 'Wait' not found.")));
    assert_eq!(work.error(), Some(&refusal("Plugin named 'Wait' not found.")));
    assert_eq!(timeline::work(work), "Refused: 500 Internal Server Error: Plugin named 'Wait' not found.");
    assert_eq!(timeline::work_without_message(work), "Refused: 500 Internal Server Error");
}

#[test]
fn a_report_is_json_that_is_read_again_and_keeps_what_this_console_does_not_know() {
    let (world, _) = told(|_| Fate::Good);
    let mut entries = world.entries();
    let unknown = r#"{"v":9,"operation":"u","seq":7,"body":{"upgrade":{"what":"Danced"}}}"#;
    entries.push(serde_json::from_str(unknown).unwrap());
    let report = Report::of(&header(), &entries).unwrap();
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!(json["quiesce"], 1);
    assert!(!report.json().contains("docs/"), "the evidence is not a chapter of the docs");
    assert_eq!(
        json["unknown"][0].to_string(),
        serde_json::from_str::<serde_json::Value>(unknown).unwrap().to_string()
    );
    assert_eq!(json["applications"][1]["name"], "orders");
    assert_eq!(Report::of(&header(), &[]).unwrap_err(), FoldError::Empty);
}
