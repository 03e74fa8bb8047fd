//! Schedules.

use super::{Case, TEXT, answered, case, refused};
use crate::fixtures::{SCRATCH, namespace, poller, scratch};
use crate::target::Target;
use quiesce_api::application::GetApplication;
use quiesce_api::deploy::Deploy;
use quiesce_api::schedule::{
    FilterSchedules, GetNextRuns, GetSchedule, GetScheduleState, ListSchedules, NextRuns, ReEnableSchedules,
    Schedule, ScheduleRef, ScheduleState, SwitchSchedule,
};
use quiesce_api::upgrade::{Candidates, Upgrade};
use quiesce_api::{Endpoint, Millis, ProgramRef, ProgramType};

const SCHEDULES: &str = "/v3/namespaces/default/apps/contract_scratch/schedules";

fn named(name: &str) -> ScheduleRef {
    ScheduleRef { namespace: namespace(), application: SCRATCH.into(), name: name.to_owned() }
}

fn switch(on: bool) -> SwitchSchedule {
    SwitchSchedule { schedule: named("dataPipelineSchedule"), on }
}

async fn schedule(it: &Target) -> Schedule {
    it.must(&GetSchedule { schedule: named("dataPipelineSchedule") }).await
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("an application's schedules are made suspended", "API 5.1, trap 49", |it| {
            it.scratch("invoices_monthly").await;
            let list = ListSchedules { namespace: namespace(), application: SCRATCH.into() };
            let all = it.must(&list).await;
            assert!(all.is_whole());
            assert_eq!(all.good, [schedule(it).await]);
            let one = schedule(it).await;
            assert_eq!((one.name.as_str(), one.status.as_str()), ("dataPipelineSchedule", "SUSPENDED"));
            assert_eq!(one.program.program_name, scratch().program);
            assert!(one.last_update_time.is_some());
            let state = it.must(&GetScheduleState { schedule: named("dataPipelineSchedule") }).await;
            assert_eq!(state.status, "SUSPENDED");
        }),
        case!(
            "a schedule is switched on once, and the words are no JSON",
            "API 5.2, traps 21 and 48",
            |it| {
                it.scratch("invoices_monthly").await;
                let before = schedule(it).await;
                let answer = it.send(&switch(true).request()).await;
                answered(&answer, 200, Some("application/json"), "OK");
                assert_eq!(answer.body.len(), 2);
                let after = schedule(it).await;
                assert_eq!(after.status, "SCHEDULED");
                assert!(after.last_update_time >= before.last_update_time);
                refused(it.call(&switch(true)).await, 409, "dataPipelineSchedule' is already enabled");
            }
        ),
        case!("a schedule is switched off once", "API 5.2, trap 48", |it| {
            it.scratch("invoices_monthly").await;
            refused(it.call(&switch(false)).await, 409, "dataPipelineSchedule' is already disabled");
            it.must(&switch(true)).await;
            it.must(&switch(false)).await;
            assert_eq!(schedule(it).await.status, "SUSPENDED");
        }),
        case!("a schedule that is not there is 404, and an action that is none 400", "API 5.2", |it| {
            it.scratch("invoices_monthly").await;
            let words = "'schedule:default.contract_scratch.nope' was not found.";
            refused(it.call(&GetSchedule { schedule: named("nope") }).await, 404, words);
            refused(it.call(&GetScheduleState { schedule: named("nope") }).await, 404, words);
            refused(it.call(&SwitchSchedule { schedule: named("nope"), on: false }).await, 404, words);
            let answer = it.raw("POST", &format!("{SCHEDULES}/dataPipelineSchedule/pause"), None).await;
            answered(
                &answer,
                400,
                TEXT,
                "Action for schedules may only be 'enable', 'disable', 'suspend', or 'resume'",
            );
            let nope = ListSchedules { namespace: namespace(), application: "nope".into() };
            refused(it.call(&nope).await, 404, "nope");
        }),
        case!("schedules are filtered by their state and trigger, in exact words", "API 5.2", |it| {
            it.scratch("invoices_monthly").await;
            let of = |state| FilterSchedules { namespace: namespace(), application: SCRATCH.into(), state };
            assert_eq!(it.must(&of(ScheduleState::Suspended)).await.good.len(), 1);
            assert_eq!(it.must(&of(ScheduleState::Scheduled)).await.good.len(), 0);
            for bad in ["schedule-status=scheduled", "schedule-status=", "trigger-type=TIME", "trigger-type="]
            {
                assert_eq!(it.raw("GET", &format!("{SCHEDULES}?{bad}"), None).await.status, 400, "{bad}");
            }
            let timed = it.json("GET", &format!("{SCHEDULES}?trigger-type=time"), None).await;
            assert_eq!(timed.as_array().map(Vec::len), Some(1));
            let others = it.json("GET", &format!("{SCHEDULES}?trigger-type=program-status"), None).await;
            assert_eq!(others.as_array().map(Vec::len), Some(0));
        }),
        case!("a schedule that is on says when it fires next, one that is off does not", "API 5.2", |it| {
            it.scratch("invoices_monthly").await;
            assert!(it.must(&GetNextRuns { program: scratch() }).await.good.is_empty());
            it.must(&switch(true)).await;
            let next = it.must(&GetNextRuns { program: scratch() }).await.good;
            let updated = schedule(it).await.last_update_time.expect("a time");
            assert!(next.iter().all(|next| next.time.0 > updated.0 && next.time.0 % 60_000 == 0));
            assert_eq!(next.len(), 1);
            let nope = ProgramRef::new("default", "nope", ProgramType::Workflow, "DataPipelineWorkflow");
            let many = NextRuns { namespace: namespace(), programs: vec![scratch(), nope] };
            let many: Vec<_> = it
                .must(&many)
                .await
                .good
                .into_iter()
                .map(|it| (it.status_code, it.value.schedules))
                .collect();
            assert_eq!(many, [(200, next), (404, Vec::new())]);
        }),
        case!("one program without schedules spoils the whole list", "API 5.2, trap 51", |it| {
            let many = NextRuns { namespace: namespace(), programs: vec![scratch(), poller()] };
            refused(it.call(&many).await, 500, "Worker is not a SchedulableProgramType");
        }),
        case!("what was switched off in a window is switched on again", "API 5.2, trap 50", |it| {
            it.scratch("invoices_monthly").await;
            it.must(&switch(true)).await;
            it.must(&switch(false)).await;
            let Millis(at) = schedule(it).await.last_update_time.expect("a time");
            let before =
                ReEnableSchedules { namespace: namespace(), from: Millis(at - 1), until: Millis(at) };
            it.must(&before).await;
            assert_eq!(schedule(it).await.status, "SUSPENDED");
            let window =
                ReEnableSchedules { namespace: namespace(), from: Millis(at), until: Millis(at + 1) };
            it.must(&window).await;
            assert_eq!(schedule(it).await.status, "SCHEDULED");
        }),
        case!("a deployment turns a schedule off, unless it is told to let it be", "API 4.3", |it| {
            it.scratch("invoices_monthly").await;
            let like = GetApplication { namespace: namespace(), application: SCRATCH.into(), version: None };
            let like = it.must(&like).await;
            for (update_schedules, status) in [(Some(false), "SCHEDULED"), (None, "SUSPENDED")] {
                let _ = it.call(&switch(true)).await;
                let deploy = Deploy {
                    namespace: namespace(),
                    application: SCRATCH.into(),
                    artifact: like.artifact.clone(),
                    config: serde_json::from_str(&like.configuration).ok(),
                    update_schedules,
                    change: None,
                };
                it.must(&deploy).await;
                assert_eq!(schedule(it).await.status, status);
            }
            it.no_scratch().await;
        }),
        case!("an upgrade leaves a schedule on", "API 4.7, trap 43", |it| {
            it.scratch("invoices_monthly").await;
            it.must(&switch(true)).await;
            let candidates = Candidates::default();
            it.must(&Upgrade { namespace: namespace(), application: SCRATCH.into(), candidates }).await;
            assert_eq!(schedule(it).await.status, "SCHEDULED");
            it.no_scratch().await;
        }),
    ]
}
