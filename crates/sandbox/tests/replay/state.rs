//! What the recorder did without writing it down, so that the sandbox is in the state of each record.

use crate::recording::{Record, Server};
use serde_json::{Value, json};

pub const POLLER: &str = "Warehouse/workers/StockPoller";
const STOCK: &str = "Warehouse/services/Stock";
const REPORT: &str = "Warehouse/workflows/StockReport";
const CUSTOMERS: &str = "customers_sync/workflows/DataPipelineWorkflow";
pub const APPS: &str = "/v3/namespaces/default/apps";

/// One thing that was done.
#[derive(Debug, Clone)]
pub enum Step {
    /// A program was started and ran.
    Start(String, Value),
    Stop(&'static [&'static str]),
    /// All runs of a program but its oldest were stopped and ended.
    StopNewer(&'static str),
    Post(&'static str),
    Put(String, Value),
    /// So many seconds passed.
    Pass(u32),
}

fn start(program: &str, arguments: Value) -> Step {
    Step::Start(program.to_owned(), arguments)
}

fn stream(name: &str) -> Step {
    start(&format!("{name}/spark/DataStreamsSparkStreaming"), json!({}))
}

/// What was done before a record.
pub fn before(server: &Server, name: &str, records: &[Record]) -> Vec<Step> {
    use Step::{Pass, Post, Put, Stop, StopNewer};
    if name.ends_with("-later") {
        return vec![Pass(15)];
    }
    match (server.name, name) {
        ("6.11.0", "deploy-invoices_monthly") => {
            let target = format!("{APPS}/customers_sync");
            vec![Put(target, customers(records))]
        }
        ("6.11.0" | "6.7.2", _) => match name {
            "program-stop" | "stop-batch-graceful-empty" => vec![start(POLLER, json!({"drain": "3"}))],
            "start-batch" => {
                vec![Pass(2), start(REPORT, json!({"wait": "301"})), start(REPORT, json!({"wait": "302"}))]
            }
            "start-batch-already-running" => vec![Pass(3)],
            "runs-after-batch-stop" => vec![Pass(4)],
            "stop-batch-missing-app-last" => vec![Pass(5), start(POLLER, json!({"drain": "1"}))],
            "restart-programs-no-window" | "runtimeargs" => vec![Pass(2)],
            "restart-programs-two-killed-runs" => vec![Pass(1), Stop(&[POLLER]), Pass(5)],
            "runs-before-upgrade" => {
                vec![Stop(&[POLLER, STOCK]), Pass(3), start(CUSTOMERS, json!({"wait": "600"}))]
            }
            "upgrade-batch-pipeline-nothing-newer" => {
                vec![Pass(2), start(CUSTOMERS, json!({"wait": "600"}))]
            }
            "logs" => vec![Pass(if server.name == "6.7.2" { 20 } else { 5 })],
            "metrics-clicks_live"
            | "metrics-clicks_no_wal"
            | "metrics-clicks_no_checkpoints"
            | "metrics-clicks_tracked" => vec![Pass(12)],
            "runs-started-twice" => vec![stream("clicks_live"), Pass(6)],
            "run-stop-clicks_live" => {
                vec![StopNewer("clicks_live/spark/DataStreamsSparkStreaming"), Pass(60)]
            }
            "program-stop-clicks_no_wal" => vec![stream("clicks_no_wal"), Pass(8)],
            "schedule-enable-again" if server.name == "6.11.0" => {
                vec![Post("/v3/namespaces/default/apps/orders_daily/schedules/dataPipelineSchedule/enable")]
            }
            "schedules-after-upgrade" if server.name == "6.7.2" => {
                vec![Post("/v3/namespaces/default/apps/orders_daily/upgrade")]
            }
            _ => Vec::new(),
        },
        ("short deadline", _) => match name {
            "run-stop-in-time" => vec![start(POLLER, json!({"drain": "2"}))],
            "run-stop-late-drain-before" | "program-stop-late-drain" | "batch-stop-late-drain-before" => {
                vec![start(POLLER, json!({"drain": "60"}))]
            }
            "run-stop-late-linger-before"
            | "program-stop-late-linger-before"
            | "batch-stop-late-linger-before" => {
                vec![start(POLLER, json!({"linger": "30"}))]
            }
            "run-stop-clicks_live" => vec![Pass(40), stream("clicks_live"), Pass(8)],
            "run-stop-clicks_no_wal" => vec![stream("clicks_no_wal"), Pass(8)],
            _ => Vec::new(),
        },
        (_, "version-expired-token") => vec![Pass(12)],
        _ => Vec::new(),
    }
}

/// What was deployed as `customers_sync`: the other copying pipeline with other names.
fn customers(records: &[Record]) -> Value {
    let orders = records.iter().find(|it| it.name == "deploy-orders_daily").expect("a record");
    let text = orders
        .request
        .body
        .replace("Copies the shop's orders, every night", "Copies the customers, every hour")
        .replace("0 3 * * *", "0 * * * *")
        .replace("Orders", "Customers")
        .replace("orders", "customers");
    serde_json::from_str(&text).expect("JSON")
}
