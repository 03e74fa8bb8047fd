//! Reading runs and their logs.

use super::{Case, case, refused};
use crate::fixtures::{customers, namespace, nothing, poller, report, service};
use quiesce_api::Seconds;
use quiesce_api::run::{
    GetRun, GetStatus, LatestRuns, ListRuns, ProgramStatus, RunCounts, RunRecord, RunStatus, Statuses,
};
use std::cmp::Reverse;

/// Runs come by the second of their start; within a second a real server has no order.
fn newest_first<'a>(runs: impl Iterator<Item = &'a RunRecord>) {
    let runs: Vec<_> = runs.map(|run| Reverse(run.starting)).collect();
    assert!(runs.is_sorted(), "{runs:?}");
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("runs come active first, newest first, and can be filtered and limited", "API 3.2", |it| {
            let first = it.only(&report(), &[("wait", "300")]).await;
            let second = it.start(&report(), &[("wait", "301")]).await;
            let runs = it.runs(&report()).await;
            let mut alive: Vec<_> = runs.iter().take(2).map(|it| it.run.clone()).collect();
            newest_first(runs.iter().take_while(|run| !run.status.is_end()));
            newest_first(runs.iter().skip_while(|run| !run.status.is_end()));
            alive.sort();
            let mut started = [first.run.clone(), second.run.clone()];
            started.sort();
            assert_eq!(alive, started);
            let running = ListRuns { status: Some(RunStatus::Running), ..ListRuns::of(report()) };
            assert_eq!(it.must(&running).await.good.len(), 2);
            let limited = ListRuns { limit: Some(1), ..ListRuns::of(report()) };
            assert_eq!(it.must(&limited).await.good.len(), 1);
            let one = it.must(&GetRun { run: report().run(first.run.clone()) }).await;
            assert_eq!((one.run, one.status), (first.run, RunStatus::Running));
            it.quiet(&report()).await;
        }),
        case!("batch runs give the latest run of each program", "API 3.2", |it| {
            it.quiet(&service()).await;
            let run = it.only(&poller(), &[]).await;
            let programs = vec![poller(), nothing()];
            let elements = it.must(&LatestRuns { namespace: namespace(), programs }).await.good;
            let found: Vec<_> = elements.iter().map(|it| (it.status_code, it.value.runs.len())).collect();
            assert_eq!(found, [(200, 1), (404, 0)]);
            let latest = elements.first().and_then(|it| it.value.runs.first()).map(|it| &it.run);
            assert_eq!(latest, Some(&run.run));
        }),
        case!("a run of an older version is seen by the run list only", "API 1.7, 2.6, 3.2, trap 15", |it| {
            let run = it.only(&customers(), &[("wait", "600")]).await;
            it.supersede().await;
            let status = it.must(&GetStatus { program: customers(), version: None }).await;
            assert_eq!(status.status, Some(ProgramStatus::Stopped));
            let batch = Statuses { namespace: namespace(), programs: vec![customers()] };
            let batch = it.must(&batch).await.good.into_iter().next().and_then(|it| it.value.status);
            assert_eq!(batch, Some(ProgramStatus::Stopped));
            let latest = LatestRuns { namespace: namespace(), programs: vec![customers()] };
            let latest = it.must(&latest).await.good;
            assert_eq!(latest.first().map(|it| (it.status_code, it.value.runs.len())), Some((200, 0)));
            let counts = RunCounts { namespace: namespace(), programs: vec![customers()] };
            let counts = it.must(&counts).await.good;
            assert!(counts.first().and_then(|it| it.value.run_count) > Some(0));
            let versioned = GetStatus { program: customers(), version: run.version.clone() };
            assert_eq!(it.must(&versioned).await.status, Some(ProgramStatus::Running));
            assert_eq!(it.alive(&customers()).await.len(), 1);
            it.quiet(&customers()).await;
        }),
        case!("runs are found by when they began", "API 3.2 start, end", |it| {
            let run = it.only(&report(), &[("wait", "300")]).await;
            let between = async |start, end| {
                let list = ListRuns { start: Some(start), end: Some(end), ..ListRuns::of(report()) };
                it.must(&list).await.good.into_iter().map(|it| it.run).collect::<Vec<_>>()
            };
            let at = run.starting.0;
            assert!(between(Seconds(at), Seconds(at + 1)).await.contains(&run.run));
            assert!(!between(Seconds(at + 1), Seconds(at + 2)).await.contains(&run.run));
            assert!(!between(Seconds(0), Seconds(at)).await.contains(&run.run));
            let runs = "/v3/namespaces/default/apps/Warehouse/workflows/StockReport/runs";
            assert!(it.json("GET", &format!("{runs}?start=&end=&status=ALL"), None).await.is_array());
            it.quiet(&report()).await;
        }),
        case!("the runs of one version, and how many", "API 3.2", |it| {
            let run = it.only(&customers(), &[("wait", "600")]).await;
            it.supersede().await;
            let of_version = ListRuns { version: run.version.clone(), ..ListRuns::of(customers()) };
            let alive: Vec<_> = it.must(&of_version).await.good.into_iter().map(|it| it.run).collect();
            assert!(alive.contains(&run.run));
            let latest = ListRuns { version: Some("-SNAPSHOT".into()), ..ListRuns::of(customers()) };
            assert!(it.must(&latest).await.good.is_empty());
            let program = "/v3/namespaces/default/apps/customers_sync/workflows/DataPipelineWorkflow";
            let count = it.json("GET", &format!("{program}/runcount"), None).await;
            let all = it.runs(&customers()).await.len();
            assert!(all == 100 || count == all, "{count} and {all}");
            let nope = ListRuns {
                version: Some("11111111-e705-11f1-8b0f-02fc00000001".into()),
                ..ListRuns::of(customers())
            };
            assert_eq!(it.call(&nope).await.expect_err("a refusal").refusal().map(|it| it.status), Some(404));
            it.quiet(&customers()).await;
        }),
        case!("more than a hundred programs are not counted in one call", "API 3.2 runcount", |it| {
            let counts = RunCounts { namespace: namespace(), programs: vec![poller(); 101] };
            let words = "101 programs found in the request, the maximum number supported is 100";
            refused(it.call(&counts).await, 400, words);
            let counts = RunCounts { namespace: namespace(), programs: vec![nothing()] };
            let counts: Vec<_> = it
                .must(&counts)
                .await
                .good
                .into_iter()
                .map(|it| (it.status_code, it.value.run_count))
                .collect();
            assert_eq!(counts, [(404, None)]);
        }),
        case!("where a program runs is told while it runs", "API 2.8, 2.9", |it| {
            let stock = "/v3/namespaces/default/apps/Warehouse/services/Stock";
            it.only(&service(), &[]).await;
            let info = it.json("GET", &format!("{stock}/live-info"), None).await;
            assert_eq!((&info["type"], &info["runtime"]), (&"Service".into(), &"in-memory".into()));
            let instances = it.json("GET", &format!("{stock}/instances"), None).await;
            assert_eq!(instances, serde_json::json!({"requested": 1, "provisioned": 1}));
            it.quiet(&service()).await;
            let info = it.json("GET", &format!("{stock}/live-info"), None).await;
            assert!(info["runtime"].is_null());
        }),
    ]
}
