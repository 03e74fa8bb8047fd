//! What is not there, and what is asked wrongly.

use super::{Case, TEXT, answered, case, refused};
use crate::fixtures::{namespace, nothing, poller};
use quiesce_api::application::{GetApplication, ListApplications, ListPrograms};
use quiesce_api::run::{GetRun, GetStatus, ListRuns};
use quiesce_api::stop::{Graceful, StopBatch, StopProgram, StopRun};
use quiesce_api::{ProgramRef, ProgramType};

const STOP: &str = "/v3/namespaces/default/stop";

pub fn cases() -> Vec<Case> {
    vec![
        case!("a path that is none is 404 without a content type", "API 0.5", |it| {
            answered(
                &it.raw("GET", "/v3/nope", None).await,
                404,
                None,
                "Problem accessing: /v3/nope. Reason: Not Found",
            );
        }),
        case!("a method that is none is 405 and says the path", "API 0.5", |it| {
            let target = "/v3/namespaces/default/apps/Warehouse/workers/StockPoller/status";
            answered(&it.raw("DELETE", target, None).await, 405, None, target);
        }),
        case!("a namespace that is not there is 404", "API 7.1, 4.1", |it| {
            refused(
                it.call(&ListApplications::all("nope".into())).await,
                404,
                "'namespace:nope' was not found.",
            );
            let programs = ListPrograms { namespace: "nope".into(), program_type: ProgramType::Worker };
            refused(it.call(&programs).await, 404, "nope");
        }),
        case!("an application that is not there is 404", "API 4.2", |it| {
            let app = GetApplication { namespace: namespace(), application: "nope".into(), version: None };
            refused(it.call(&app).await, 404, "'applicationreference:default.nope' was not found.");
        }),
        case!("a program that is not there is 404", "API 2.6", |it| {
            let program = ProgramRef::new("default", "Warehouse", ProgramType::Worker, "Nope");
            refused(it.call(&GetStatus { program, version: None }).await, 404, "was not found");
        }),
        case!("a type in the singular is 400 in a path", "API 0.4, trap 19", |it| {
            let target = "/v3/namespaces/default/apps/Warehouse/worker/StockPoller/status";
            answered(&it.raw("GET", target, None).await, 400, TEXT, "Unknown category name 'worker'");
        }),
        case!("a run that is not there is 404 to read", "API 3.2", |it| {
            let run = poller().run("11111111-e705-11f1-8b0f-02fc00000001");
            refused(it.call(&GetRun { run }).await, 404, "No run record found");
        }),
        case!("runs in a state that is none are 500", "API 3.2, trap 27", |it| {
            let target = "/v3/namespaces/default/apps/Warehouse/workers/StockPoller/runs";
            let answer = it.raw("GET", &format!("{target}?status=bogus"), None).await;
            answered(&answer, 500, TEXT, "No enum constant io.cdap.cdap.proto.ProgramRunStatus.BOGUS");
            assert_eq!(it.raw("GET", &format!("{target}?status="), None).await.status, 500);
            answered(
                &it.raw("GET", &format!("{target}?limit=x"), None).await,
                500,
                None,
                "Error in executing request",
            );
            assert_eq!(it.raw("GET", &format!("{target}?start=x"), None).await.status, 400);
            assert_eq!(it.raw("GET", &format!("{target}?start=20&end=10"), None).await.status, 400);
        }),
        case!("stopping what does not run is 400", "API 1.7, trap 11", |it| {
            it.quiet(&poller()).await;
            let stop = StopProgram { program: poller(), version: None };
            refused(it.call(&stop).await, 400, "is not running");
        }),
        case!("stopping a program of an application that is not there is 404", "API 1.7", |it| {
            let stop = StopProgram { program: nothing(), version: None };
            refused(it.call(&stop).await, 404, "'applicationreference:default.nope' was not found.");
        }),
        case!("stopping a run that is not there is 400, not 404", "API 1.8, trap 13", |it| {
            let run = poller().run("11111111-e705-11f1-8b0f-02fc00000001");
            let stop = StopRun { run, graceful: Graceful::Absent };
            refused(it.call(&stop).await, 400, "is not running");
        }),
        case!(
            "stopping a run by a name that is no id is 400 and not the JSON that it says",
            "API 1.8, trap 21",
            |it| {
                let target = "/v3/namespaces/default/apps/Warehouse/workers/StockPoller/runs/zzz/stop";
                let answer = it.raw("POST", target, None).await;
                answered(&answer, 400, Some("application/json"), "Invalid UUID string: zzz");
            }
        ),
        case!("a stop with a body that is no object is 500", "API 1.7, trap 16", |it| {
            let target = "/v3/namespaces/default/apps/Warehouse/workers/StockPoller/stop";
            assert_eq!(it.raw("POST", target, Some("[1]")).await.status, 500);
        }),
        case!("a batch stop of nothing is an empty list", "API 1.9", |it| {
            answered(&it.raw("POST", STOP, Some("[]")).await, 200, Some("application/json"), "[]");
        }),
        case!("a batch stop that cannot be read is 400 for all of it", "API 1.9", |it| {
            answered(&it.raw("POST", STOP, None).await, 400, TEXT, "Request body is invalid json");
            answered(&it.raw("POST", STOP, Some("[{")).await, 400, TEXT, "Request body is invalid json");
            let plural = r#"[{"appId":"Warehouse","programType":"workers","programId":"StockPoller"}]"#;
            answered(&it.raw("POST", STOP, Some(plural)).await, 400, TEXT, "Must provide valid appId");
            assert_eq!(it.raw("POST", STOP, Some("[null]")).await.status, 500);
        }),
        case!("a batch stop of a program that is not there is an element of 404", "API 1.9", |it| {
            let programs = vec![ProgramRef::new("default", "Warehouse", ProgramType::Worker, "Nope")];
            let stop = StopBatch { namespace: namespace(), programs, graceful: Graceful::Absent };
            let elements = it.must(&stop).await.good;
            assert_eq!(elements.iter().map(|it| it.status_code).collect::<Vec<_>>(), [404]);
        }),
        case!(
            "a batch stop of an application that is not there is 404 for all of it",
            "API 1.9, trap 9",
            |it| {
                let stop = StopBatch {
                    namespace: namespace(),
                    programs: vec![nothing()],
                    graceful: Graceful::Absent,
                };
                refused(it.call(&stop).await, 404, "'applicationreference:default.nope' was not found.");
            }
        ),
        case!("runs of a program that is not there are 404", "API 3.2", |it| {
            assert_eq!(
                it.call(&ListRuns::of(nothing())).await.expect_err("a refusal").refusal().map(|it| it.status),
                Some(404)
            );
        }),
    ]
}
