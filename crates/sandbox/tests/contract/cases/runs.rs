//! Reading runs and their logs.

use super::{Case, case};
use crate::fixtures::{customers, namespace, nothing, poller, report, service};
use quiesce_api::log::{GetLogs, LogDirection, PageLogs};
use quiesce_api::run::{
    GetRun, GetStatus, LatestRuns, ListRuns, ProgramStatus, RunCounts, RunRecord, RunStatus, Statuses,
};
use std::cmp::Reverse;

/// Runs come by the second of their start, and within a second in the order of their ids.
fn newest_first<'a>(runs: impl Iterator<Item = &'a RunRecord>) {
    let runs: Vec<_> = runs.map(|run| (Reverse(run.starting), run.run.as_str())).collect();
    assert!(runs.is_sorted(), "{runs:?}");
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("runs come active first, newest first, and can be filtered and limited", "3.2", |it| {
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
        case!("batch runs give the latest run of each program", "3.2", |it| {
            it.quiet(&service()).await;
            let run = it.only(&poller(), &[]).await;
            let programs = vec![poller(), nothing()];
            let elements = it.must(&LatestRuns { namespace: namespace(), programs }).await.good;
            let found: Vec<_> = elements.iter().map(|it| (it.status_code, it.value.runs.len())).collect();
            assert_eq!(found, [(200, 1), (404, 0)]);
            let latest = elements.first().and_then(|it| it.value.runs.first()).map(|it| &it.run);
            assert_eq!(latest, Some(&run.run));
        }),
        case!("a run of an older version is seen by the run list only", "1.7, 2.6, 3.2, trap 15", |it| {
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
        case!("a log is a list of lines with the time in milliseconds", "6.1, trap 30", |it| {
            let run = it.only(&report(), &[("wait", "1")]).await;
            let ended = it.record(&report(), &run, |it| it.status.is_end()).await;
            let page = PageLogs {
                run: report().run(run.run.clone()),
                direction: LogDirection::Next,
                most: Some(5),
                from: None,
            };
            let lines = it
                .until("the log has lines", || async {
                    let lines = it.must(&page).await.good;
                    (!lines.is_empty()).then_some(lines)
                })
                .await;
            assert!(lines.len() <= 5);
            for line in &lines {
                assert!(line.log.timestamp.0 / 1000 >= ended.starting.0 - 60, "{line:?}");
                assert!(!line.offset.is_empty());
            }
            let whole = GetLogs { run: report().run(run.run), start: Some(ended.starting), stop: None };
            assert!(it.must(&whole).await.is_whole());
        }),
    ]
}
