//! Metrics and logs.

use super::{Case, case, refused};
use crate::fixtures::{SCRATCH, clicks, filler, orders, poller, report, scratch};
use crate::target::Target;
use quiesce_api::log::{GetLogText, GetLogs, LogDirection, LogEvent, PageLogs};
use quiesce_api::metrics::{Metrics, QueryManyMetrics, QueryMetrics, QueryMetricsByRun};
use quiesce_api::run::RunRecord;
use quiesce_api::{ProgramRef, ProgramType, Rows, RunRef, Seconds};
use serde_json::{Value, json};

const MODES: [&str; 3] = [
    "user.streaming.atleastonce.checkpointing.count",
    "user.streaming.atleastonce.store.count",
    "user.streaming.atleastonce.disabled.count",
];
const QUERY: &str = "/v3/metrics/query";

/// A run that has ended, once its log has more than a line.
async fn logged(it: &Target) -> (RunRef, Rows<LogEvent>) {
    let run = it.only(&report(), &[("wait", "1")]).await;
    let ended = it.record(&report(), &run, |it| it.status.is_end()).await;
    let run = report().run(run.run);
    let whole = GetLogs { run: run.clone(), start: Some(ended.starting), stop: None };
    let lines = it
        .until("the log has lines", || async {
            let lines = it.must(&whole).await;
            (!lines.good.is_empty()).then_some(lines)
        })
        .await;
    (run, lines)
}

/// The counters of records of some stages.
fn counters(stages: &[&str]) -> Vec<String> {
    let of = |stage: &&str| ["in", "out", "error"].map(|what| format!("user.{stage}.records.{what}"));
    stages.iter().flat_map(of).collect()
}

/// Has a real-time pipeline write some records into a table.
async fn fill_table(it: &Target) {
    it.delete("contract_filler").await;
    it.deploy_changed("contract_filler", "clicks_live", |config| {
        let sink = json!({
            "name": "KVTable", "type": "batchsink",
            "artifact": { "name": "core-plugins", "version": "2.13.0", "scope": "SYSTEM" },
            "properties": { "name": "contract_table", "key.field": "page", "value.field": "page" },
        });
        config["stages"][1]["plugin"] = sink;
    })
    .await;
    let run = it.streaming(&filler()).await;
    let query = QueryMetrics::of_run(&filler().run(run.run), counters(&["Clicks", "Discard"]));
    let counted = it
        .until("records are written", || async {
            let counted = it.must(&query).await;
            counted.total("user.Discard.records.out").is_some().then_some(counted)
        })
        .await;
    assert!(counted.total("user.Discard.records.in") >= counted.total("user.Discard.records.out"));
    assert_eq!(counted.total("user.Clicks.records.in"), None);
    it.delete("contract_filler").await;
}

/// A run of a batch pipeline that waits, and copies that table; its record.
async fn copy_table(it: &Target) -> RunRecord {
    it.no_scratch().await;
    it.deploy_changed(SCRATCH, "orders_daily", |config| {
        let stages = &mut config["stages"];
        stages[0]["plugin"]["properties"]["seconds"] = json!("1");
        stages[1]["plugin"]["properties"]["name"] = json!("contract_table");
        stages[2]["plugin"]["properties"]["name"] = json!("contract_copy");
        config["schedule"] = Value::Null;
    })
    .await;
    let run = it.start(&scratch(), &[]).await;
    it.record(&scratch(), &run, |run| run.status.is_end()).await
}

pub fn cases() -> Vec<Case> {
    vec![
        case!(
            "the mode of a real-time run is told by a counter, and the others are not there",
            "API 6.2",
            |it| {
                let run = it.streaming(&clicks()).await;
                let query = QueryMetrics::of_run(&clicks().run(run.run), MODES);
                let found = it
                    .until("the counter is there", || async {
                        let found = it.must(&query).await;
                        (!found.series.is_empty()).then_some(found)
                    })
                    .await;
                assert_eq!(MODES.map(|mode| found.total(mode)), [Some(1.0), None, None]);
            }
        ),
        case!("a metric that was never written is not there", "API 6.2", |it| {
            let nothing =
                QueryMetrics::of_run(&poller().run("11111111-e705-11f1-8b0f-02fc00000001"), ["user.x"]);
            let nothing = it.must(&nothing).await;
            assert!(nothing.series.is_empty() && nothing.start_time == Some(Seconds(0)));
        }),
        case!("a metric query without a metric is 400", "API 6.2", |it| {
            assert_eq!(it.raw("POST", &format!("{QUERY}?tag=app:x"), None).await.status, 400);
            assert_eq!(it.raw("POST", QUERY, None).await.status, 400);
        }),
        case!(
            "many metric queries are one body, and it is ignored beside a query",
            "API 6.2, trap 66",
            |it| {
                let body = r#"{"mine":{"tags":{"namespace":"default","app":"nope"},"metrics":["user.x"],"timeRange":{}}}"#;
                let answer = it.json("POST", QUERY, Some(body)).await;
                assert_eq!(answer["mine"]["series"], serde_json::json!([]));
                let answer = it
                    .json("POST", &format!("{QUERY}?metric=user.x&tag=app:nope&aggregate=true"), Some(body))
                    .await;
                assert_eq!(answer["series"], serde_json::json!([]));
            }
        ),
        case!("the records of a stage are counted, asked in a body as in a query", "API 6.2", |it| {
            let run = it.streaming(&clicks()).await;
            let query = || QueryMetrics::of_run(&clicks().run(run.run.clone()), ["user.Clicks.records.out"]);
            let found = it
                .until("records are counted", || async {
                    it.must(&QueryManyMetrics(query())).await.total("user.Clicks.records.out")
                })
                .await;
            let later = it.must(&query()).await.total("user.Clicks.records.out");
            assert!(found > 0.0 && later >= Some(found), "{found} {later:?}");
        }),
        case!("the records of a stage are counted for each run in one query", "API 6.2", |it| {
            let run = it.streaming(&clicks()).await.run;
            let metrics = vec!["user.Clicks.records.out".to_owned()];
            let query = QueryMetricsByRun { program: clicks(), metrics };
            let found = it.must(&query).await.totals_by_run().get(&run).copied();
            let later = QueryMetrics::of_run(&clicks().run(run), ["user.Clicks.records.out"]);
            let later = it.must(&later).await.total("user.Clicks.records.out");
            assert!(found > Some(0.0) && later >= found, "{found:?} {later:?}");
        }),
        case!(
            "each stage of a batch pipeline but its action counts records, in its Spark phase",
            "API 6.2",
            |it| {
                fill_table(it).await;
                let run = copy_table(it).await;
                let metrics = counters(&["WaitForExport", "OrdersInbox", "Orders"]);
                let query = QueryMetrics::of_run(&scratch().run(run.run.clone()), metrics.clone());
                let counted = it
                    .until("records are counted", || async {
                        let counted = it.must(&query).await;
                        counted.total("user.Orders.records.out").is_some().then_some(counted)
                    })
                    .await;
                let totals =
                    |counted: &Metrics| -> Vec<_> { metrics.iter().map(|it| counted.total(it)).collect() };
                let all = counted.total("user.OrdersInbox.records.in");
                assert!(all > Some(0.0), "{counted:?}");
                assert_eq!(totals(&counted), [None, None, None, all, all, None, all, all, None]);
                let phase =
                    ProgramRef { program_type: ProgramType::Spark, program: "phase-2".into(), ..scratch() };
                let of_phase = phase.run(run.properties.get("phase-2").expect("the run of the phase"));
                let of_phase = it.must(&QueryMetrics::of_run(&of_phase, metrics.clone())).await;
                assert_eq!(totals(&of_phase), totals(&counted));
                let of_neither =
                    it.must(&QueryMetrics::of_run(&phase.run(run.run.clone()), metrics.clone())).await;
                assert!(of_neither.series.is_empty(), "{of_neither:?}");
                let by_run =
                    QueryMetricsByRun { program: scratch(), metrics: vec!["user.Orders.records.in".into()] };
                assert_eq!(it.must(&by_run).await.totals_by_run().get(&run.run).copied(), all);
                it.no_scratch().await;
            }
        ),
        case!("a batch pipeline that copies an empty table counts nothing", "API 6.2", |it| {
            let run = it.only(&orders(), &[("wait", "1")]).await;
            let run = it.record(&orders(), &run, |run| run.status.is_end()).await;
            let metrics = counters(&["WaitForExport", "OrdersInbox", "Orders"]);
            let counted = it.must(&QueryMetrics::of_run(&orders().run(run.run), metrics)).await;
            assert!(counted.series.is_empty(), "{counted:?}");
        }),
        case!("the whole log as text is not escaped for HTML when that is asked for", "API 6.1", |it| {
            let (run, lines) = logged(it).await;
            let text = it.must(&GetLogText { run }).await;
            let message = &lines.good.first().expect("a line").log.message;
            assert!(text.contains(message.as_str()) && !text.contains("&gt;"), "{text}");
        }),
        case!("a log is a list of lines with the time in milliseconds", "API 6.1, trap 30", |it| {
            let (run, lines) = logged(it).await;
            let record = it.runs(&report()).await.into_iter().find(|it| it.run == run.run).expect("a run");
            assert!(lines.is_whole());
            for line in &lines.good {
                assert!(line.log.timestamp.0 / 1000 >= record.starting.0 - 60, "{line:?}");
                assert!(!line.offset.is_empty());
            }
        }),
        case!("a log is read forth and back from an offset", "API 6.1", |it| {
            let (run, lines) = logged(it).await;
            let first = lines.good.first().expect("a line").clone();
            let page = |direction, from: Option<&str>| PageLogs {
                run: run.clone(),
                direction,
                most: Some(2),
                from: from.map(str::to_owned),
            };
            let forth = it.must(&page(LogDirection::Next, None)).await.good;
            assert!((1..=2).contains(&forth.len()));
            assert_eq!(forth.first().map(|it| &it.log.message), Some(&first.log.message));
            let after = it.must(&page(LogDirection::Next, Some(&first.offset))).await.good;
            assert!(
                after
                    .iter()
                    .all(|line| line.log.timestamp >= first.log.timestamp && line.offset != first.offset)
            );
            let back = it.must(&page(LogDirection::Previous, Some(&first.offset))).await.good;
            assert!(back.iter().all(|line| line.log.timestamp <= first.log.timestamp));
        }),
        case!("a log as text is text in a step and as a whole", "API 6.1, trap 67", |it| {
            let (run, _) = logged(it).await;
            let target =
                format!("/v3/namespaces/default/apps/Warehouse/workflows/StockReport/runs/{}/logs", run.run);
            let whole = it.raw("GET", &target, None).await;
            assert_eq!((whole.status, whole.get("content-type")), (200, Some("text/plain; charset=utf-8")));
            let step = it.json("GET", &format!("{target}/next?max=1"), None).await;
            assert!(step[0]["log"].is_string() && step[0]["offset"].is_string(), "{step}");
        }),
        case!("what is wrong in a question for a log", "API 6.1", |it| {
            let run = poller().run("11111111-e705-11f1-8b0f-02fc00000001");
            refused(it.call(&GetLogs { run, start: None, stop: None }).await, 404, "");
            let logs = "/v3/namespaces/default/apps/Warehouse/workflows/StockReport/logs";
            assert_eq!(it.raw("GET", &format!("{logs}?start=20&stop=10"), None).await.status, 400);
            let answer =
                it.raw("GET", "/v3/namespaces/default/apps/Warehouse/workflow/StockReport/logs", None).await;
            assert_eq!(answer.status / 100, 5, "{}", answer.text());
        }),
    ]
}
