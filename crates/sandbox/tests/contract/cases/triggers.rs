//! Schedules that wait for the end of other programs.

use super::{Case, TEXT, answered, case, refused};
use crate::fixtures::{SCRATCH, customers, namespace, orders, scratch};
use crate::target::Target;
use quiesce_api::schedule::{
    AddSchedule, DeleteSchedule, GetSchedule, ListTriggered, Schedule, ScheduleRef, ScheduleState,
    ScheduledProgram, SwitchSchedule,
};
use quiesce_api::{Endpoint, ProgramRef};
use serde_json::{Value, json};

const SCHEDULES: &str = "/v3/namespaces/default/apps/contract_scratch/schedules";
const WAITING: &str = "/v3/namespaces/default/schedules/trigger-type/program-status";

fn named(name: &str) -> ScheduleRef {
    ScheduleRef { namespace: namespace(), application: SCRATCH.into(), name: name.to_owned() }
}

fn after(program: &ProgramRef) -> Value {
    json!({
        "type": "PROGRAM_STATUS",
        "programId": {
            "namespace": program.namespace,
            "application": program.application,
            "version": "-SNAPSHOT",
            "type": "WORKFLOW",
            "entity": "PROGRAM",
            "program": program.program,
        },
        "programStatuses": ["COMPLETED", "KILLED"],
    })
}

fn add(name: &str, trigger: Value) -> AddSchedule {
    let program = ScheduledProgram { program_name: scratch().program, program_type: scratch().program_type };
    AddSchedule { schedule: named(name), program, trigger }
}

/// The schedules of [`SCRATCH`] that wait for a program, by name.
async fn waiting(it: &Target, program: ProgramRef, state: Option<ScheduleState>) -> Vec<String> {
    let list = it.must(&ListTriggered { program, state }).await;
    assert!(list.is_whole());
    let own = list.good.into_iter().filter(|it| it.application == scratch().application);
    let mut names: Vec<_> = own.map(|it: Schedule| it.name).collect();
    names.sort();
    names
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("a schedule is added suspended, once, and deleted once", "API 5.2", |it| {
            it.scratch("invoices_monthly").await;
            it.must(&add("after-orders", after(&orders()))).await;
            let added = it.must(&GetSchedule { schedule: named("after-orders") }).await;
            assert_eq!((added.status.as_str(), added.description.as_str()), ("SUSPENDED", ""));
            assert_eq!(added.namespace, namespace());
            let trigger = json!({
                "programId": {
                    "application": "orders_daily",
                    "version": "-SNAPSHOT",
                    "type": "Workflow",
                    "program": "DataPipelineWorkflow",
                    "namespace": "default",
                    "entity": "PROGRAM",
                },
                "programStatuses": ["COMPLETED", "KILLED"],
                "type": "PROGRAM_STATUS",
            });
            assert_eq!(added.trigger, trigger);
            let words = "'schedule:default.contract_scratch.after-orders' already exists";
            refused(it.call(&add("after-orders", after(&orders()))).await, 409, words);
            it.must(&DeleteSchedule { schedule: named("after-orders") }).await;
            let words = "'schedule:default.contract_scratch.after-orders' was not found.";
            refused(it.call(&DeleteSchedule { schedule: named("after-orders") }).await, 404, words);
        }),
        case!("what waits for a program is listed, alone or in a group, on or off", "API 5.2", |it| {
            it.scratch("invoices_monthly").await;
            let time = json!({"type": "TIME", "cronExpression": "0 0 1 1 *"});
            it.must(&add("alone", after(&orders()))).await;
            it.must(&add("either", json!({"type": "OR", "triggers": [after(&orders()), time]}))).await;
            it.must(&add("new-year", time)).await;
            it.must(&SwitchSchedule { schedule: named("either"), on: true }).await;
            assert_eq!(waiting(it, orders(), None).await, ["alone", "either"]);
            assert_eq!(waiting(it, orders(), Some(ScheduleState::Scheduled)).await, ["either"]);
            assert_eq!(waiting(it, orders(), Some(ScheduleState::Suspended)).await, ["alone"]);
            assert_eq!(waiting(it, customers(), None).await, [""; 0]);
            let of = |states: &str| {
                format!("{}&trigger-program-statuses={states}", {
                    ListTriggered { program: orders(), state: None }.request().target
                })
            };
            let failed = it.json("GET", &of("FAILED"), None).await;
            assert_eq!(failed, json!([]));
            let killed = it.json("GET", &of("FAILED,KILLED"), None).await;
            assert_eq!(killed.as_array().map(Vec::len), Some(2));
            assert_eq!(it.raw("GET", &of("NOPE"), None).await.status, 400);
            for (kind, count) in [("time", 2), ("or", 1), ("program-status", 1), ("and", 0)] {
                let of = it.json("GET", &format!("{SCHEDULES}?trigger-type={kind}"), None).await;
                assert_eq!(of.as_array().map(Vec::len), Some(count), "{kind}");
            }
            it.no_scratch().await;
            assert_eq!(waiting(it, orders(), None).await, [""; 0]);
        }),
        case!("what is asked of a program has to name it whole, in the words of paths", "API 5.2", |it| {
            let words = "trigger-namespace-id=default&trigger-app-name=orders_daily";
            let program = "trigger-program-name=DataPipelineWorkflow";
            for (query, text) in [
                (String::new(), "Must specify trigger-namespace-id as a query param"),
                (format!("{words}&{program}"), "Must specify trigger-program-type as a query param"),
                (
                    format!("{words}&trigger-program-type=workflows"),
                    "Must specify trigger-program-name as a query param",
                ),
                (
                    format!("{words}&{program}&trigger-program-type=workflow"),
                    "Unknown category name 'workflow'.",
                ),
                (
                    format!("{words}&{program}&trigger-program-type=workflows&schedule-status=on"),
                    "Invalid schedule status 'on'. Must be one of SCHEDULED,SUSPENDED.",
                ),
            ] {
                answered(&it.raw("GET", &format!("{WAITING}?{query}"), None).await, 400, TEXT, text);
            }
            // Neither the program nor the namespace of the path has to be there.
            let nope = ProgramRef { application: "nope".into(), ..orders() };
            assert_eq!(waiting(it, nope, None).await, [""; 0]);
        }),
        case!("a schedule that cannot be added says what is missing", "API 5.2", |it| {
            it.scratch("invoices_monthly").await;
            let program = json!({"programName": "DataPipelineWorkflow", "programType": "WORKFLOW"});
            let trigger = json!({"type": "TIME", "cronExpression": "0 1 1 1 *"});
            let path = format!("{SCHEDULES}/x");
            for (body, status, text) in [
                (json!({"trigger": trigger}), 400, "No program was specified for the schedule"),
                (json!({"program": program}), 400, "No trigger was specified for the schedule"),
                (
                    json!({"program": program, "trigger": trigger, "name": "y"}),
                    400,
                    "Schedule name in the body of the request (y) does not match the schedule name in the path \
                     parameter (x)",
                ),
                (
                    json!({"program": {"programName": "DataPipelineWorkflow"}, "trigger": trigger}),
                    400,
                    "No program type was specified for the schedule",
                ),
                (
                    json!({"program": {"programName": "Nope", "programType": "WORKFLOW"}, "trigger": trigger}),
                    404,
                    ".workflow.Nope' was not found.",
                ),
                (
                    json!({"program": program, "trigger": {"type": "TIME", "cronExpression": "x"}}),
                    500,
                    "Invalid cron entry format in 'x'.",
                ),
            ] {
                let answer = it.raw("PUT", &path, Some(&body.to_string())).await;
                answered(&answer, status, TEXT, text);
            }
            it.no_scratch().await;
            let missing =
                "'programreference:default.contract_scratch.workflow.DataPipelineWorkflow' was not found.";
            refused(it.call(&add("x", trigger)).await, 404, missing);
        }),
    ]
}
