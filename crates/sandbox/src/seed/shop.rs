//! The seeded namespace `retail`, with every state that the console shows.

use super::spec::{
    AppKind, AppSpec, ArtifactVersion, CustomBehavior, DAY, DEFAULT_STREAM, HOUR, MINUTE, NamespaceSpec,
    PastRuns, StreamSpec,
};
use crate::model::drain::Race;
use crate::model::program::Kind;

/// The artifacts of the custom applications, and two plugins that are newer than those of the pipelines.
const TOOLS: &[(&str, &str)] = &[
    ("sensor-gateway", "2.4.1"),
    ("catalog-tools", "1.8.0"),
    ("pricing-api", "3.0.2"),
    ("tenant-tools", "0.9.4"),
    ("invoice-tools", "1.2.0"),
    ("kafka-plugins", "3.4.0"),
    ("wrangler-transform", "4.11.0"),
];

const fn batch(version: ArtifactVersion, cron: &'static str, low: i64, high: i64) -> AppKind {
    AppKind::Batch { version, cron: Some(cron), enabled: true, seconds: (low, high) }
}

const fn paused(version: ArtifactVersion, cron: &'static str) -> AppKind {
    AppKind::Batch { version, cron: Some(cron), enabled: false, seconds: (60, 300) }
}

const fn live(stream: StreamSpec) -> AppKind {
    AppKind::Stream { version: ArtifactVersion::Older, stream }
}

const fn custom(
    artifact: &'static str,
    version: &'static str,
    kind: Kind,
    program: &'static str,
    behavior: CustomBehavior,
) -> AppKind {
    AppKind::Custom { artifact: (artifact, version), kind, program, behavior }
}

const fn app(
    name: &'static str,
    description: &'static str,
    kind: AppKind,
    runs: &'static [PastRuns],
) -> AppSpec {
    AppSpec { name, description, kind, runs }
}

const fn completed(times: i64, every: i64, last: i64, lasted: i64) -> PastRuns {
    PastRuns::Completed { times, every, last, lasted }
}

/// The namespace.
pub(super) const NAMESPACE: NamespaceSpec = ("retail", "A retailer: shops, branches, payments", TOOLS);

/// The applications.
#[rustfmt::skip]
pub(super) const APPS: &[AppSpec] = &[
    // Real-time.
    app("fraud_scoring", "Scores card payments as they come in",
        live(StreamSpec { log: Some("false"), rate: 200, ..DEFAULT_STREAM }), &[PastRuns::Running(3 * DAY + 2 * HOUR)]),
    app("loyalty_points_live", "Books loyalty points",
        live(StreamSpec { graceful: false, ..DEFAULT_STREAM }), &[PastRuns::Running(8 * DAY + 19 * HOUR)]),
    app("device_telemetry", "Readings of the cold chain",
        AppKind::Stream { version: ArtifactVersion::Removed("6.6.0"), stream: StreamSpec { source: "KinesisSource", rate: 300, ..DEFAULT_STREAM } },
        &[PastRuns::Running(44 * DAY + HOUR)]),
    app("sessions_live", "Web sessions, joined as they happen",
        live(StreamSpec { log: Some("${wal.enabled}"), ..DEFAULT_STREAM }), &[PastRuns::Running(21 * DAY + 7 * HOUR)]),
    app("geo_enrichment_live", "Adds places to events",
        live(DEFAULT_STREAM), &[PastRuns::Superseded(96 * DAY + 3 * HOUR, 12 * DAY)]),
    app("payments_kafka_live", "Payments from Kafka; keeps its offsets in the state store",
        live(StreamSpec { source: "Kafka", tracked: true, ..DEFAULT_STREAM }), &[PastRuns::Running(5 * DAY + 11 * HOUR)]),
    app("inventory_sync", "Stock of the branches, polled",
        live(StreamSpec { source: "HTTPPoller", interval: "30s", drain: (20, 45), race: Race::Driver, ..DEFAULT_STREAM }), &[PastRuns::Running(2 * DAY + 16 * HOUR)]),
    app("cart_events_live", "Carts as they are filled",
        live(DEFAULT_STREAM), &[PastRuns::Running(9 * HOUR + 41 * MINUTE), PastRuns::Running(9 * HOUR + 2 * MINUTE)]),
    app("returns_live", "Returns at the counter",
        live(DEFAULT_STREAM), &[PastRuns::Starting(40, 50)]),
    app("shipment_tracking_live", "Where parcels are",
        live(DEFAULT_STREAM), &[PastRuns::Killed { ago: 3 * HOUR, lasted: 11 * DAY }]),
    app("ad_impressions_live", "Impressions, in batches of three minutes",
        live(StreamSpec { interval: "3m", rate: 400, ..DEFAULT_STREAM }), &[PastRuns::Running(17 * DAY)]),
    app("search_queries_live", "Searches; a drain takes longer than the server allows",
        live(StreamSpec { rate: 900, drain: (400, 440), race: Race::Driver, ..DEFAULT_STREAM }), &[PastRuns::Running(6 * DAY + 3 * HOUR)]),
    app("price_alerts_live", "Price alerts; the server is quicker than its drain",
        live(StreamSpec { interval: "5s", race: Race::Server, ..DEFAULT_STREAM }), &[PastRuns::Running(DAY + 5 * HOUR)]),
    // Custom applications.
    app("sensor_gateway", "Takes in what the sensors send; does not end when it is stopped",
        custom("sensor-gateway", "2.4.1", Kind::Worker, "GatewayWorker", CustomBehavior::NeverEnds), &[PastRuns::Running(61 * DAY + 12 * HOUR)]),
    app("tenant_provisioner", "Sets up new branches",
        custom("tenant-tools", "0.9.4", Kind::Worker, "ProvisionWorker", CustomBehavior::EndsAfter(2_400)), &[PastRuns::Running(61 * DAY + 12 * HOUR)]),
    app("pricing_api", "Prices for the shops",
        custom("pricing-api", "3.0.2", Kind::Service, "PricingService", CustomBehavior::EndsAfter(0)), &[PastRuns::Running(61 * DAY + 12 * HOUR)]),
    app("catalog_rebuild", "Builds the catalogue anew",
        custom("catalog-tools", "1.8.0", Kind::MapReduce, "RebuildIndex", CustomBehavior::Job(9_000, 12_000)),
        &[completed(12, 7 * DAY, 7 * DAY, 10_400), PastRuns::Running(2 * HOUR + 10 * MINUTE)]),
    app("vendor_invoices_ocr", "Reads invoices of vendors",
        custom("invoice-tools", "1.2.0", Kind::Spark, "InvoiceSpark", CustomBehavior::Job(600, 1_800)),
        &[completed(4, DAY, 2 * DAY, 900), PastRuns::Rejected(DAY)]),
    // Batch pipelines with active runs.
    app("customer_360_hourly", "One view of each customer",
        batch(ArtifactVersion::Older, "0 * * * *", 1_500, 2_600), &[completed(30, HOUR, HOUR, 1_900), PastRuns::Running(32 * MINUTE)]),
    app("price_feed_import", "Price feeds of the suppliers",
        batch(ArtifactVersion::Older, "*/15 * * * *", 300, 900), &[completed(40, 15 * MINUTE, 20 * MINUTE, 420), PastRuns::Running(19 * MINUTE), PastRuns::Running(4 * MINUTE)]),
    app("search_index_refresh", "Refreshes the search index",
        batch(ArtifactVersion::Older, "*/30 * * * *", 400, 800), &[completed(20, 30 * MINUTE, 40 * MINUTE, 600), PastRuns::Pending(6)]),
    app("ledger_export", "Hands the ledger to finance",
        batch(ArtifactVersion::Older, "15 2 * * *", 1_800, 2_700), &[completed(9, DAY, DAY, 2_300), PastRuns::Stopping(48, 95)]),
    app("stock_levels_hourly", "Stock levels of the branches",
        batch(ArtifactVersion::Older, "0 * * * *", 300, 500), &[completed(20, HOUR, 3 * HOUR, 380), PastRuns::Suspended(2 * HOUR + 31 * MINUTE)]),
    app("orders_by_region", "Orders by region; upgraded while it ran",
        batch(ArtifactVersion::Older, "0 23 * * *", 9_000, 12_000), &[completed(14, DAY, DAY, 8_000), PastRuns::Superseded(HOUR + 52 * MINUTE, 40 * MINUTE)]),
    // Batch pipelines without active runs.
    app("web_sessions_daily", "Sessions of the day before", batch(ArtifactVersion::Older, "0 4 * * *", 2_000, 3_200), &[completed(118, DAY, 5 * HOUR, 2_600)]),
    app("campaign_attribution", "Which campaign sold what",
        batch(ArtifactVersion::Older, "*/10 * * * *", 60, 200), &[completed(30, 10 * MINUTE, 50 * MINUTE, 120), PastRuns::Failed { ago: 38 * MINUTE, lasted: 75 }]),
    app("returns_daily", "Returns of the day before", batch(ArtifactVersion::Older, "0 6 * * *", 400, 700), &[completed(24, DAY, 8 * HOUR, 540)]),
    app("supplier_scorecard", "How suppliers keep their dates", batch(ArtifactVersion::Older, "30 1 * * *", 600, 900), &[completed(24, DAY, 13 * HOUR, 700)]),
    app("store_traffic_hourly", "People in the branches", batch(ArtifactVersion::Older, "0 * * * *", 90, 200), &[completed(48, HOUR, 31 * MINUTE, 130)]),
    app("payments_settlement", "Settles payments with the banks",
        batch(ArtifactVersion::Older, "0 */6 * * *", 900, 1_400), &[completed(20, 6 * HOUR, 8 * HOUR, 1_100), PastRuns::Killed { ago: 2 * HOUR, lasted: 700 }]),
    app("tax_report_monthly", "Tax report of the month", paused(ArtifactVersion::Older, "0 6 1 * *"), &[completed(5, 30 * DAY, 22 * DAY, 260)]),
    app("regional_sales_reconciliation_with_currency_conversion_emea_2026", "Sales of the region in one currency",
        batch(ArtifactVersion::Older, "0 3 * * *", 3_000, 4_200), &[completed(40, DAY, 11 * HOUR, 3_600)]),
    app("gift_card_ledger", "Gift cards and what is left on them", batch(ArtifactVersion::Newer, "0 7 * * *", 200, 400), &[completed(15, DAY, 7 * HOUR, 300)]),
    app("newsletter_segments", "Who gets which newsletter",
        batch(ArtifactVersion::Newer, "30 0 * * *", 300, 500), &[completed(14, DAY, 38 * HOUR, 410), PastRuns::Failed { ago: 14 * HOUR, lasted: 33 }]),
    app("abandoned_carts_daily", "Carts that nobody paid", batch(ArtifactVersion::Newer, "30 5 * * *", 200, 300), &[completed(20, DAY, 9 * HOUR, 240)]),
    app("margin_by_sku", "Margin of each article", batch(ArtifactVersion::Newer, "30 4 * * *", 700, 1_000), &[completed(20, DAY, 10 * HOUR, 820)]),
    app("warehouse_slots", "Which shelf holds what", paused(ArtifactVersion::Removed("6.9.2"), "0 5 * * *"), &[completed(10, DAY, DAY, 180)]),
    app("ad_spend_import", "What advertising cost", batch(ArtifactVersion::Newer, "5 * * * *", 60, 120), &[completed(30, HOUR, 26 * MINUTE, 90)]),
    app("product_reviews_nlp", "What customers say", batch(ArtifactVersion::Newer, "0 2 * * *", 1_500, 2_100), &[completed(12, DAY, 12 * HOUR, 1_800)]),
    app("receipts_archive", "Receipts of the tills; deployed and never run", paused(ArtifactVersion::Newer, "0 1 * * *"), &[]),
    app("audit_archive_weekly", "Archives what was audited", batch(ArtifactVersion::Newer, "0 1 * * 0", 900, 1_300), &[completed(8, 7 * DAY, 2 * DAY, 1_060)]),
];
