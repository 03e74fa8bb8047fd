//! The pipelines of the seed in CDAP's format: `{artifact, config}`.

use super::versions::{CORE_PLUGINS, OLDER};
use serde_json::{Value, json};

/// An application of the seed.
pub struct Pipeline {
    pub name: &'static str,
    pub body: Value,
    /// Batch pipelines need the runtime argument `wait`.
    pub batch: bool,
}

/// All pipelines. `state` is a `file://` URL without a trailing slash, as checkpoint folders require.
pub fn all(state: &str) -> Vec<Pipeline> {
    let batch = |name, body| Pipeline { name, body, batch: true };
    let stream = |name, body| Pipeline { name, body, batch: false };
    let received = Stream { source: "ReceivedClicks", checkpoints: true, properties: json!({}) };
    vec![
        stream("clicks_live", received.body("A receiver; the write-ahead log as the server has it", state)),
        stream(
            "clicks_no_checkpoints",
            Stream { checkpoints: false, ..received.clone() }
                .body("A receiver; checkpoints switched off in the configuration", state),
        ),
        stream(
            "clicks_no_wal",
            Stream {
                properties: json!({ "system.spark.spark.streaming.receiver.writeAheadLog.enable": "false" }),
                ..received.clone()
            }
            .body("A receiver without a write-ahead log", state),
        ),
        stream(
            "clicks_tracked",
            Stream { source: "TrackedClicks", ..received }
                .body("A source that keeps its offset in the server's state store", state),
        ),
        batch("customers_sync", table_copy("Copies the customers, every hour", "0 * * * *", "Customers")),
        batch("invoices_monthly", wait_only()),
        batch("orders_daily", table_copy("Copies the shop's orders, every night", "0 3 * * *", "Orders")),
    ]
}

/// A pipeline with a single action that waits; the additional pipelines are copies of it.
pub fn wait_only() -> Value {
    batch("Waits for the books to close", "0 6 1 * *", &json!([]), &json!([wait_stage()]))
}

/// A pipeline that waits and then copies one table into another, with real core plugins.
fn table_copy(description: &str, schedule: &str, table: &str) -> Value {
    let inbox = format!("{table}Inbox");
    let pair = json!({
        "type": "record",
        "name": "pair",
        "fields": [{ "name": "key", "type": "bytes" }, { "name": "value", "type": "bytes" }],
    })
    .to_string();
    let plugin = |kind: &str, properties: &Value| {
        let artifact = json!({ "name": "core-plugins", "version": CORE_PLUGINS, "scope": "SYSTEM" });
        json!({ "name": "KVTable", "type": kind, "artifact": artifact, "properties": properties })
    };
    let source = plugin("batchsource", &json!({ "name": inbox.to_lowercase() }));
    let sink = json!({ "name": table.to_lowercase(), "key.field": "key", "value.field": "value" });
    batch(
        description,
        schedule,
        &json!([{ "from": "WaitForExport", "to": inbox }, { "from": inbox, "to": table }]),
        &json!([
            wait_stage(),
            { "name": inbox, "plugin": source, "outputSchema": pair },
            { "name": table, "plugin": plugin("batchsink", &sink), "inputSchema": [{ "name": inbox, "schema": pair }] },
        ]),
    )
}

fn batch(description: &str, schedule: &str, connections: &Value, stages: &Value) -> Value {
    json!({
        "artifact": { "name": "cdap-data-pipeline", "version": OLDER, "scope": "SYSTEM" },
        "config": {
            "description": description,
            "engine": "spark",
            "schedule": schedule,
            "maxConcurrentRuns": 1,
            "resources": resources(),
            "driverResources": resources(),
            "processTimingEnabled": true,
            "stageLoggingEnabled": true,
            "numOfRecordsPreview": 100,
            "properties": {},
            "comments": [],
            "postActions": [],
            "connections": connections,
            "stages": stages,
        },
    })
}

fn wait_stage() -> Value {
    json!({ "name": "WaitForExport", "plugin": ours("Wait", "action", &json!({ "seconds": "${wait}" })) })
}

/// A streaming pipeline: a source of clicks and a sink that takes one second of each 5 s batch.
#[derive(Clone)]
struct Stream {
    source: &'static str,
    checkpoints: bool,
    properties: Value,
}

impl Stream {
    fn body(&self, description: &str, state: &str) -> Value {
        let click = json!({
            "type": "record",
            "name": "click",
            "fields": [{ "name": "offset", "type": "long" }, { "name": "page", "type": "string" }],
        })
        .to_string();
        let source = ours(self.source, "streamingsource", &json!({}));
        let sink = ours("Discard", "sparksink", &json!({ "seconds": "1" }));
        json!({
            "artifact": { "name": "cdap-data-streams", "version": OLDER, "scope": "SYSTEM" },
            "config": {
                "description": description,
                "batchInterval": "5s",
                "stopGracefully": true,
                "disableCheckpoints": !self.checkpoints,
                "checkpointDir": format!("{state}/checkpoints"),
                "resources": resources(),
                "driverResources": resources(),
                "clientResources": resources(),
                "processTimingEnabled": true,
                "stageLoggingEnabled": true,
                "properties": self.properties,
                "comments": [],
                "connections": [{ "from": "Clicks", "to": "Discard" }],
                "stages": [
                    { "name": "Clicks", "plugin": source, "outputSchema": click },
                    { "name": "Discard", "plugin": sink, "inputSchema": [{ "name": "Clicks", "schema": click }] },
                ],
            },
        })
    }
}

/// A plugin of `java/plugins`.
fn ours(name: &str, kind: &str, properties: &Value) -> Value {
    let artifact = json!({ "name": "sample-plugins", "version": "1.0.0", "scope": "USER" });
    json!({ "name": name, "type": kind, "artifact": artifact, "properties": properties })
}

fn resources() -> Value {
    json!({ "memoryMB": 512, "virtualCores": 1 })
}
