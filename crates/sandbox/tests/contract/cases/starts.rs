//! Starting.

use super::{Case, case, refused};
use crate::fixtures::{arguments, customers, namespace, nothing, orders, poller, report, service};
use quiesce_api::run::{GetStatus, ProgramStatus, RunStatus, Statuses};
use quiesce_api::start::{Start, StartBatch};
use quiesce_api::{Endpoint, ProgramRef, ProgramType};

const POLLER: &str = "/v3/namespaces/default/apps/Warehouse/workers/StockPoller";

pub fn cases() -> Vec<Case> {
    vec![
        case!("a start answers nothing and the run keeps its arguments", "API 2.1, trap 24", |it| {
            it.quiet(&poller()).await;
            let known: Vec<_> = it.runs(&poller()).await.into_iter().map(|run| run.run).collect();
            let args = Some(arguments(&[("drain", "1")]));
            let start = Start { program: poller(), version: None, arguments: args };
            let answer = it.send(&start.request()).await;
            assert_eq!((answer.status, answer.body.len(), answer.get("content-type")), (200, 0, None));
            let run = it
                .until("it runs", || async {
                    let runs = it.runs(&poller()).await;
                    runs.into_iter().find(|run| !known.contains(&run.run) && run.status == RunStatus::Running)
                })
                .await;
            assert_eq!(run.runtime_arguments().and_then(|it| it.get("drain").cloned()).as_deref(), Some("1"));
            assert!(run.version.is_some());
        }),
        case!("a new run has its arguments in its record, or for a moment the system's", "API 3.1", |it| {
            let known: Vec<_> = it.runs(&report()).await.into_iter().map(|run| run.run).collect();
            let args = Some(arguments(&[("wait", "1"), ("clusterMode", "mine")]));
            it.must(&Start { program: report(), version: None, arguments: args }).await;
            let run = it
                .until("its arguments", || async {
                    let runs = it.runs(&report()).await;
                    let run = runs.into_iter().find(|run| !known.contains(&run.run))?;
                    let own = run.runtime_arguments();
                    assert!(own.is_some() || run.status == RunStatus::Pending, "{run:?}");
                    own
                })
                .await;
            assert!(run.contains_key("logical.start.time"), "{run:?}");
            assert_eq!(run.get("wait").map(String::as_str), Some("1"));
            assert_eq!(run.get("clusterMode").map(String::as_str), Some("mine"));
            it.quiet(&report()).await;
        }),
        case!("a worker that runs is not started again", "API 2.1", |it| {
            it.only(&poller(), &[]).await;
            let start = Start { program: poller(), version: None, arguments: None };
            refused(it.call(&start).await, 409, "already running");
        }),
        case!("a workflow is started as often as one likes", "API 2.1, trap 34", |it| {
            it.only(&report(), &[("wait", "300")]).await;
            it.start(&report(), &[("wait", "301")]).await;
            assert_eq!(it.alive(&report()).await.len(), 2);
            it.quiet(&report()).await;
        }),
        case!("a batch start answers one element each, in order, with the run", "API 2.2", |it| {
            it.quiet(&service()).await;
            it.only(&poller(), &[]).await;
            let missing = ProgramRef::new("default", "Warehouse", ProgramType::Worker, "Nope");
            let programs =
                vec![(service(), None), (poller(), Some(arguments(&[("drain", "2")]))), (missing, None)];
            let elements = it.must(&StartBatch { namespace: namespace(), programs }).await.good;
            let statuses: Vec<_> =
                elements.iter().map(|it| (it.status_code, it.value.run.is_some())).collect();
            assert_eq!(statuses, [(200, true), (409, false), (404, false)]);
            let run = elements.into_iter().find_map(|it| it.value.run).expect("a run");
            it.runs_now(&service(), &run).await;
            it.quiet(&service()).await;
        }),
        case!("a batch start with an application that is not there is 404 for all of it", "API 2.2", |it| {
            let start = StartBatch { namespace: namespace(), programs: vec![(nothing(), None)] };
            refused(it.call(&start).await, 404, "'applicationreference:default.nope' was not found.");
        }),
        case!("an older version is not started", "API 2.1", |it| {
            let run = it.only(&customers(), &[("wait", "60")]).await;
            it.supersede().await;
            let start = Start { program: customers(), version: run.version, arguments: None };
            refused(it.call(&start).await, 400, "Start action is only allowed on the latest version");
            it.quiet(&customers()).await;
        }),
        case!(
            "a run that misses an argument is accepted and fails",
            "README of the recordings: run-failed",
            |it| {
                it.quiet(&orders()).await;
                // The fixture has the argument saved with the application.
                let saved = "/v3/namespaces/default/apps/orders_daily/preferences";
                assert_eq!(it.raw("PUT", saved, Some("{}")).await.status, 200);
                let before = it.runs(&orders()).await.len();
                it.must(&Start { program: orders(), version: None, arguments: None }).await;
                let failed = it
                    .until("it failed", || async {
                        let runs = it.runs(&orders()).await;
                        (runs.len() > before)
                            .then(|| runs.into_iter().next())?
                            .filter(|run| run.status.is_end())
                    })
                    .await;
                assert_eq!(it.raw("PUT", saved, Some(r#"{"wait":"20"}"#)).await.status, 200);
                assert_eq!(failed.status, RunStatus::Failed);
            }
        ),
        case!(
            "status has three words and batch status an element for what is missing",
            "API 2.6, trap 33",
            |it| {
                it.quiet(&service()).await;
                it.only(&poller(), &[]).await;
                let one = it.must(&GetStatus { program: poller(), version: None }).await;
                assert_eq!(one.status, Some(ProgramStatus::Running));
                let many =
                    Statuses { namespace: namespace(), programs: vec![poller(), nothing(), service()] };
                let words: Vec<_> = it
                    .must(&many)
                    .await
                    .good
                    .into_iter()
                    .map(|it| (it.status_code, it.value.status))
                    .collect();
                assert_eq!(
                    words,
                    [(200, Some(ProgramStatus::Running)), (404, None), (200, Some(ProgramStatus::Stopped))]
                );
            }
        ),
        case!("a start of what is not there is 404", "API 2.1", |it| {
            let start = |program| Start { program, version: None, arguments: None };
            refused(
                it.call(&start(nothing())).await,
                404,
                "'applicationreference:default.nope' was not found.",
            );
            let missing = ProgramRef::new("default", "Warehouse", ProgramType::Worker, "Nope");
            refused(it.call(&start(missing)).await, 404, "Nope' was not found.");
            let other = it.raw("POST", &format!("{POLLER}/begin"), None).await;
            assert_eq!(other.status, 404, "{}", other.text());
        }),
        case!("arguments that are no object of strings are refused, and nothing starts", "API 2.1", |it| {
            it.quiet(&poller()).await;
            let before = it.runs(&poller()).await.len();
            for body in ["[1]", r#"{"drain":{}}"#, "{", r#""drain""#] {
                let answer = it.raw("POST", &format!("{POLLER}/start"), Some(body)).await;
                assert_eq!(answer.status, 500, "{body}: {}", answer.text());
            }
            for body in [
                r#"[{"appId":"Warehouse","programType":"Worker","programId":"StockPoller","runtimeargs":{"a":{}}}]"#,
                r#"[{"appId":"Warehouse","programType":"workers","programId":"StockPoller"}]"#,
                r#"[{"appId":"Warehouse","programType":"Worker"}]"#,
                "[{",
                "",
            ] {
                let answer = it.raw("POST", "/v3/namespaces/default/start", Some(body)).await;
                assert_eq!(answer.status, 400, "{body}: {}", answer.text());
            }
            assert_eq!(it.runs(&poller()).await.len(), before);
        }),
        case!("a batch start of nothing is an empty list", "API 2.2", |it| {
            let answer = it.raw("POST", "/v3/namespaces/default/start", Some("[]")).await;
            assert_eq!((answer.status, answer.text().as_str()), (200, "[]"));
        }),
        case!("a batch start does what comes before an application that is not there", "API 2.2", |it| {
            it.quiet(&service()).await;
            let start =
                StartBatch { namespace: namespace(), programs: vec![(service(), None), (nothing(), None)] };
            refused(it.call(&start).await, 404, "'applicationreference:default.nope' was not found.");
            it.until("it runs all the same", || async { it.alive(&service()).await.into_iter().next() })
                .await;
            it.quiet(&service()).await;
        }),
        case!("a service that runs is not started again", "API 2.1", |it| {
            it.only(&service(), &[]).await;
            let start = Start { program: service(), version: None, arguments: None };
            refused(it.call(&start).await, 409, "already running");
            it.quiet(&service()).await;
        }),
    ]
}
