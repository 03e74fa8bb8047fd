//! The main namespace: a retailer's applications, with every state that the console shows.

use super::row::{DAY, Described, Ends, HOUR, MINUTE, Of, Past, Row, STREAM, Stream, What};
use crate::model::drain::Race;
use crate::model::program::Kind;

/// The artifacts of the applications that are no pipelines, and two plugins that are newer than what pipelines use.
const TOOLS: &[(&str, &str)] = &[
    ("sensor-gateway", "2.4.1"),
    ("catalog-tools", "1.8.0"),
    ("pricing-api", "3.0.2"),
    ("tenant-tools", "0.9.4"),
    ("invoice-tools", "1.2.0"),
    ("kafka-plugins", "3.4.0"),
    ("wrangler-transform", "4.11.0"),
];

const fn batch(of: Of, cron: &'static str, low: i64, high: i64) -> What {
    What::Batch { of, cron: Some(cron), enabled: true, seconds: (low, high) }
}

const fn paused(of: Of, cron: &'static str) -> What {
    What::Batch { of, cron: Some(cron), enabled: false, seconds: (60, 300) }
}

const fn live(stream: Stream) -> What {
    What::Stream { of: Of::Older, stream }
}

const fn own(
    artifact: &'static str,
    version: &'static str,
    kind: Kind,
    program: &'static str,
    ends: Ends,
) -> What {
    What::Own { artifact: (artifact, version), kind, program, ends }
}

const fn row(name: &'static str, description: &'static str, what: What, past: &'static [Past]) -> Row {
    Row { name, description, what, past }
}

const fn done(times: i64, every: i64, last: i64, lasted: i64) -> Past {
    Past::Completed { times, every, last, lasted }
}

/// The namespace.
pub(super) const NAMESPACE: Described = ("retail", "A retailer: shops, branches, payments", TOOLS);

/// The applications.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // Real-time.
    row("fraud_scoring", "Scores card payments as they come in",
        live(Stream { log: Some("false"), rate: 200, ..STREAM }), &[Past::Running(3 * DAY + 2 * HOUR)]),
    row("loyalty_points_live", "Books loyalty points",
        live(Stream { graceful: false, ..STREAM }), &[Past::Running(8 * DAY + 19 * HOUR)]),
    row("device_telemetry", "Readings of the cold chain",
        What::Stream { of: Of::Gone("6.6.0"), stream: Stream { source: "KinesisSource", rate: 300, ..STREAM } },
        &[Past::Running(44 * DAY + HOUR)]),
    row("sessions_live", "Web sessions, joined as they happen",
        live(Stream { log: Some("${wal.enabled}"), ..STREAM }), &[Past::Running(21 * DAY + 7 * HOUR)]),
    row("geo_enrichment_live", "Adds places to events",
        live(STREAM), &[Past::Superseded(96 * DAY + 3 * HOUR, 12 * DAY)]),
    row("payments_kafka_live", "Payments from Kafka; keeps its offsets in the state store",
        live(Stream { source: "Kafka", tracked: true, ..STREAM }), &[Past::Running(5 * DAY + 11 * HOUR)]),
    row("inventory_sync", "Stock of the branches, polled",
        live(Stream { source: "HTTPPoller", interval: "30s", drain: (20, 45), race: Race::Driver, ..STREAM }), &[Past::Running(2 * DAY + 16 * HOUR)]),
    row("cart_events_live", "Carts as they are filled",
        live(STREAM), &[Past::Running(9 * HOUR + 41 * MINUTE), Past::Running(9 * HOUR + 2 * MINUTE)]),
    row("returns_live", "Returns at the counter",
        live(STREAM), &[Past::Starting(40, 50)]),
    row("shipment_tracking_live", "Where parcels are",
        live(STREAM), &[Past::Killed { ago: 3 * HOUR, lasted: 11 * DAY }]),
    row("ad_impressions_live", "Impressions, in batches of three minutes",
        live(Stream { interval: "3m", rate: 400, ..STREAM }), &[Past::Running(17 * DAY)]),
    row("search_queries_live", "Searches; a drain takes longer than the server allows",
        live(Stream { rate: 900, drain: (400, 440), race: Race::Driver, ..STREAM }), &[Past::Running(6 * DAY + 3 * HOUR)]),
    row("price_alerts_live", "Price alerts; the server is quicker than its drain",
        live(Stream { interval: "5s", race: Race::Server, ..STREAM }), &[Past::Running(DAY + 5 * HOUR)]),
    // Applications of their own.
    row("sensor_gateway", "Takes in what the sensors send; does not end when it is stopped",
        own("sensor-gateway", "2.4.1", Kind::Worker, "GatewayWorker", Ends::Never), &[Past::Running(61 * DAY + 12 * HOUR)]),
    row("tenant_provisioner", "Sets up new branches",
        own("tenant-tools", "0.9.4", Kind::Worker, "ProvisionWorker", Ends::After(2_400)), &[Past::Running(61 * DAY + 12 * HOUR)]),
    row("pricing_api", "Prices for the shops",
        own("pricing-api", "3.0.2", Kind::Service, "PricingService", Ends::After(0)), &[Past::Running(61 * DAY + 12 * HOUR)]),
    row("catalog_rebuild", "Builds the catalogue anew",
        own("catalog-tools", "1.8.0", Kind::MapReduce, "RebuildIndex", Ends::Job(9_000, 12_000)),
        &[done(12, 7 * DAY, 7 * DAY, 10_400), Past::Running(2 * HOUR + 10 * MINUTE)]),
    row("vendor_invoices_ocr", "Reads invoices of vendors",
        own("invoice-tools", "1.2.0", Kind::Spark, "InvoiceSpark", Ends::Job(600, 1_800)),
        &[done(4, DAY, 2 * DAY, 900), Past::Rejected(DAY)]),
    // Batch that runs or is about to.
    row("customer_360_hourly", "One view of each customer",
        batch(Of::Older, "0 * * * *", 1_500, 2_600), &[done(30, HOUR, HOUR, 1_900), Past::Running(32 * MINUTE)]),
    row("price_feed_import", "Price feeds of the suppliers",
        batch(Of::Older, "*/15 * * * *", 300, 900), &[done(40, 15 * MINUTE, 20 * MINUTE, 420), Past::Running(19 * MINUTE), Past::Running(4 * MINUTE)]),
    row("search_index_refresh", "Refreshes the search index",
        batch(Of::Older, "*/30 * * * *", 400, 800), &[done(20, 30 * MINUTE, 40 * MINUTE, 600), Past::Pending(6)]),
    row("ledger_export", "Hands the ledger to finance",
        batch(Of::Older, "15 2 * * *", 1_800, 2_700), &[done(9, DAY, DAY, 2_300), Past::Stopping(48, 95)]),
    row("stock_levels_hourly", "Stock levels of the branches",
        batch(Of::Older, "0 * * * *", 300, 500), &[done(20, HOUR, 3 * HOUR, 380), Past::Suspended(2 * HOUR + 31 * MINUTE)]),
    row("orders_by_region", "Orders by region; upgraded while it ran",
        batch(Of::Older, "0 23 * * *", 9_000, 12_000), &[done(14, DAY, DAY, 8_000), Past::Superseded(HOUR + 52 * MINUTE, 40 * MINUTE)]),
    // Batch that is done.
    row("web_sessions_daily", "Sessions of the day before", batch(Of::Older, "0 4 * * *", 2_000, 3_200), &[done(118, DAY, 5 * HOUR, 2_600)]),
    row("campaign_attribution", "Which campaign sold what",
        batch(Of::Older, "*/10 * * * *", 60, 200), &[done(30, 10 * MINUTE, 50 * MINUTE, 120), Past::Failed { ago: 38 * MINUTE, lasted: 75 }]),
    row("returns_daily", "Returns of the day before", batch(Of::Older, "0 6 * * *", 400, 700), &[done(24, DAY, 8 * HOUR, 540)]),
    row("supplier_scorecard", "How suppliers keep their dates", batch(Of::Older, "30 1 * * *", 600, 900), &[done(24, DAY, 13 * HOUR, 700)]),
    row("store_traffic_hourly", "People in the branches", batch(Of::Older, "0 * * * *", 90, 200), &[done(48, HOUR, 31 * MINUTE, 130)]),
    row("payments_settlement", "Settles payments with the banks",
        batch(Of::Older, "0 */6 * * *", 900, 1_400), &[done(20, 6 * HOUR, 8 * HOUR, 1_100), Past::Killed { ago: 2 * HOUR, lasted: 700 }]),
    row("tax_report_monthly", "Tax report of the month", paused(Of::Older, "0 6 1 * *"), &[done(5, 30 * DAY, 22 * DAY, 260)]),
    row("regional_sales_reconciliation_with_currency_conversion_emea_2026", "Sales of the region in one currency",
        batch(Of::Older, "0 3 * * *", 3_000, 4_200), &[done(40, DAY, 11 * HOUR, 3_600)]),
    row("gift_card_ledger", "Gift cards and what is left on them", batch(Of::Newer, "0 7 * * *", 200, 400), &[done(15, DAY, 7 * HOUR, 300)]),
    row("newsletter_segments", "Who gets which newsletter",
        batch(Of::Newer, "30 0 * * *", 300, 500), &[done(14, DAY, 38 * HOUR, 410), Past::Failed { ago: 14 * HOUR, lasted: 33 }]),
    row("abandoned_carts_daily", "Carts that nobody paid", batch(Of::Newer, "30 5 * * *", 200, 300), &[done(20, DAY, 9 * HOUR, 240)]),
    row("margin_by_sku", "Margin of each article", batch(Of::Newer, "30 4 * * *", 700, 1_000), &[done(20, DAY, 10 * HOUR, 820)]),
    row("warehouse_slots", "Which shelf holds what", paused(Of::Gone("6.9.2"), "0 5 * * *"), &[done(10, DAY, DAY, 180)]),
    row("ad_spend_import", "What advertising cost", batch(Of::Newer, "5 * * * *", 60, 120), &[done(30, HOUR, 26 * MINUTE, 90)]),
    row("product_reviews_nlp", "What customers say", batch(Of::Newer, "0 2 * * *", 1_500, 2_100), &[done(12, DAY, 12 * HOUR, 1_800)]),
    row("receipts_archive", "Receipts of the tills; deployed and never run", paused(Of::Newer, "0 1 * * *"), &[]),
    row("audit_archive_weekly", "Archives what was audited", batch(Of::Newer, "0 1 * * 0", 900, 1_300), &[done(8, 7 * DAY, 2 * DAY, 1_060)]),
];
