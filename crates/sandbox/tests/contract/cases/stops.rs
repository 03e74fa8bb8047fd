//! Stopping, and what it really gave.

use super::{Case, case, refused};
use crate::fixtures::{clicks, customers, namespace, nothing, poller, report, service};
use quiesce_api::log::GetLogs;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::stop::{Graceful, StopBatch, StopProgram, StopRun};
use quiesce_api::{Endpoint, ProgramRef, ProgramType};

fn stopping(run: &RunRecord) -> bool {
    run.stopping.is_some()
}

fn ended(run: &RunRecord) -> bool {
    run.status.is_end()
}

pub fn cases() -> Vec<Case> {
    vec![
        case!(
            "a run-level stop gives the server's 300 s whatever is asked, and ends as killed",
            "API 1.2, 1.3, 1.4",
            |it| {
                for graceful in [Graceful::Absent, Graceful::Seconds(20), Graceful::Unlimited] {
                    let run = it.only(&poller(), &[("drain", "2")]).await;
                    let stop = StopRun { run: poller().run(run.run.clone()), graceful };
                    let answer = it.send(&stop.request()).await;
                    assert_eq!(
                        (answer.status, answer.body.len(), answer.get("content-type")),
                        (200, 0, None)
                    );
                    let told = it.record(&poller(), &run, stopping).await;
                    assert_eq!(told.applied_grace(), Some(300), "{graceful:?}");
                    let end = it.record(&poller(), &run, ended).await;
                    assert_eq!(end.status, RunStatus::Killed);
                    assert!(end.end < end.terminate);
                }
            }
        ),
        case!("a program-level stop gives 0 s, with graceful too", "API 1.3, traps 3 and 4", |it| {
            let run = it.only(&poller(), &[("drain", "1")]).await;
            let target = "/v3/namespaces/default/apps/Warehouse/workers/StockPoller/stop?graceful";
            assert_eq!(it.raw("POST", target, None).await.status, 200);
            assert_eq!(it.record(&poller(), &run, stopping).await.applied_grace(), Some(0));
            it.record(&poller(), &run, ended).await;
        }),
        case!("a batch stop gives 300 s and names the run", "API 1.3, 1.9", |it| {
            let run = it.only(&poller(), &[("drain", "1")]).await;
            let stop =
                StopBatch { namespace: namespace(), programs: vec![poller()], graceful: Graceful::Unlimited };
            let elements = it.must(&stop).await.good;
            assert_eq!(elements.len(), 1);
            assert_eq!(elements.first().and_then(|it| it.value.run.clone()), Some(run.run.clone()));
            assert_eq!(it.record(&poller(), &run, stopping).await.applied_grace(), Some(300));
            it.record(&poller(), &run, ended).await;
        }),
        case!(
            "a second stop changes no deadline, and only at run level it is refused",
            "API 1.4, 1.8, traps 6 and 12",
            |it| {
                let run = it.only(&poller(), &[("drain", "8")]).await;
                let first = StopRun { run: poller().run(run.run.clone()), graceful: Graceful::Absent };
                it.must(&first).await;
                let told = it.record(&poller(), &run, stopping).await;
                refused(it.call(&first).await, 400, "is not running");
                it.must(&StopProgram { program: poller(), version: None }).await;
                let batch = StopBatch {
                    namespace: namespace(),
                    programs: vec![poller()],
                    graceful: Graceful::Absent,
                };
                assert_eq!(it.must(&batch).await.good.first().map(|it| it.status_code), Some(200));
                let again = it.record(&poller(), &run, stopping).await;
                assert_eq!((again.stopping, again.terminate), (told.stopping, told.terminate));
                it.record(&poller(), &run, ended).await;
            }
        ),
        case!("a batch stop answers one element a run", "API 1.9, trap 8", |it| {
            let first = it.only(&report(), &[("wait", "300")]).await;
            let second = it.start(&report(), &[("wait", "301")]).await;
            let third = it.start(&report(), &[("wait", "302")]).await;
            let stop =
                StopBatch { namespace: namespace(), programs: vec![report()], graceful: Graceful::Absent };
            let mut runs: Vec<_> =
                it.must(&stop).await.good.into_iter().filter_map(|it| it.value.run).collect();
            runs.sort();
            let mut started = [first.run, second.run, third.run];
            started.sort();
            assert_eq!(runs, started);
            it.quiet(&report()).await;
        }),
        case!("a batch stop of several answers each by itself", "API 1.9", |it| {
            it.quiet(&report()).await;
            it.quiet(&service()).await;
            let run = it.only(&poller(), &[("drain", "1")]).await;
            let missing = ProgramRef::new("default", "Warehouse", ProgramType::Worker, "Nope");
            let programs = vec![report(), service(), poller(), missing];
            let stop = StopBatch { namespace: namespace(), programs, graceful: Graceful::Seconds(300) };
            let elements = it.must(&stop).await.good;
            assert_eq!(elements.iter().map(|it| it.status_code).collect::<Vec<_>>(), [400, 400, 200, 404]);
            it.record(&poller(), &run, ended).await;
        }),
        case!(
            "a batch stop with an application that is not there stops what came before it and nothing after",
            "API 1.9, trap 9",
            |it| {
                it.only(&service(), &[]).await;
                let run = it.only(&poller(), &[("drain", "1")]).await;
                let programs = vec![poller(), nothing(), service()];
                let stop = StopBatch { namespace: namespace(), programs, graceful: Graceful::Absent };
                refused(it.call(&stop).await, 404, "'applicationreference:default.nope' was not found.");
                it.record(&poller(), &run, ended).await;
                let left = it.alive(&service()).await;
                assert_eq!(left.iter().map(|run| &run.status).collect::<Vec<_>>(), [&RunStatus::Running]);
                it.quiet(&service()).await;
            }
        ),
        case!(
            "a run of an older version is reached by its run, not by its program",
            "API 1.7, trap 15",
            |it| {
                let run = it.only(&customers(), &[("wait", "600")]).await;
                it.supersede().await;
                let program = StopProgram { program: customers(), version: None };
                refused(it.call(&program).await, 400, "is not running");
                let batch = StopBatch {
                    namespace: namespace(),
                    programs: vec![customers()],
                    graceful: Graceful::Absent,
                };
                assert_eq!(it.must(&batch).await.good.first().map(|it| it.status_code), Some(400));
                it.must(&StopRun { run: customers().run(run.run.clone()), graceful: Graceful::Absent }).await;
                assert_eq!(it.record(&customers(), &run, stopping).await.applied_grace(), Some(300));
                it.record(&customers(), &run, ended).await;
            }
        ),
        case!("the versioned stop reaches an older version and gives 0 s", "API 1.7", |it| {
            let run = it.only(&customers(), &[("wait", "600")]).await;
            it.supersede().await;
            it.must(&StopProgram { program: customers(), version: run.version.clone() }).await;
            assert_eq!(it.record(&customers(), &run, stopping).await.applied_grace(), Some(0));
            it.record(&customers(), &run, ended).await;
        }),
        case!("a program-level stop reaches all runs of the program", "API 1.7, trap 14", |it| {
            it.only(&report(), &[("wait", "300")]).await;
            it.start(&report(), &[("wait", "301")]).await;
            it.must(&StopProgram { program: report(), version: None }).await;
            it.until("none is left", || async { it.alive(&report()).await.is_empty().then_some(()) }).await;
            for run in it.runs(&report()).await.into_iter().take(2) {
                assert_eq!((&run.status, run.applied_grace()), (&RunStatus::Killed, Some(0)));
            }
        }),
        case!(
            "a program that is named twice in a batch is stopped once and answered twice",
            "API 1.9",
            |it| {
                let run = it.only(&poller(), &[("drain", "4")]).await;
                let stop = StopBatch {
                    namespace: namespace(),
                    programs: vec![poller(), poller()],
                    graceful: Graceful::Absent,
                };
                let told: Vec<_> =
                    it.must(&stop).await.good.into_iter().map(|it| (it.status_code, it.value.run)).collect();
                assert_eq!(told, [(200, Some(run.run.clone())), (200, Some(run.run.clone()))]);
                it.record(&poller(), &run, ended).await;
            }
        ),
        case!("a run that has ended is not running", "API 1.7, 1.8, trap 11", |it| {
            let run = it.only(&poller(), &[]).await;
            it.quiet(&poller()).await;
            let stop = StopRun { run: poller().run(run.run), graceful: Graceful::Absent };
            refused(it.call(&stop).await, 400, "is not running");
            let batch =
                StopBatch { namespace: namespace(), programs: vec![poller()], graceful: Graceful::Absent };
            let elements = it.must(&batch).await.good;
            assert_eq!(elements.iter().map(|it| it.status_code).collect::<Vec<_>>(), [400]);
            assert!(elements.first().is_some_and(|it| it.value.run.is_none()));
        }),
        case!(
            "a stopped real-time run ends as killed, and its log tells of it",
            "API 1.4, 6.1; docs/loss.md",
            |it| {
                let run = it.streaming(&clicks()).await;
                it.must(&StopRun { run: clicks().run(run.run.clone()), graceful: Graceful::Absent }).await;
                assert_eq!(it.record(&clicks(), &run, stopping).await.applied_grace(), Some(300));
                assert_eq!(it.record(&clicks(), &run, ended).await.status, RunStatus::Killed);
                let logs = GetLogs { run: clicks().run(run.run), start: Some(run.starting), stop: None };
                it.until("the log says killed", || async {
                    let lines = it.must(&logs).await.good;
                    lines.iter().any(|line| line.log.message == "Pipeline 'clicks_live' killed").then_some(())
                })
                .await;
            }
        ),
    ]
}
