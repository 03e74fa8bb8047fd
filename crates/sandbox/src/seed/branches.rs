//! Two more namespaces, smaller ones.

use super::row::{DAY, Ends, HOUR, MINUTE, Of, Past, Row, STREAM, Stream, What};
use crate::model::program::{Kind, Race};

/// A namespace: its name, what it says of itself, and its own artifacts.
type Described = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The namespaces.
pub(super) const NAMESPACES: &[Described] = &[
    ("finance", "Books, rates and reports", &[("rates-tools", "1.1.0")]),
    ("retail", "Branches and their shelves", &[("shelf-tools", "0.7.2")]),
];

/// What they have.
#[rustfmt::skip]
pub(super) const ROWS: &[(&str, &[Row])] = &[
    ("finance", &[
        Row { name: "fx_rates_hourly", description: "Rates of the central banks",
            what: What::Batch { of: Of::Older, cron: Some("0 * * * *"), enabled: true, seconds: (30, 60) },
            past: &[Past::Completed { times: 36, every: HOUR, last: 20 * MINUTE, lasted: 45 }] },
        Row { name: "ledger_close_monthly", description: "Closes the books",
            what: What::Batch { of: Of::Older, cron: Some("0 2 1 * *"), enabled: true, seconds: (3_000, 5_000) },
            past: &[Past::Completed { times: 3, every: 30 * DAY, last: 22 * DAY, lasted: 4_100 }] },
        Row { name: "payments_live", description: "Payments as they are booked",
            what: What::Stream { of: Of::Older, stream: Stream { interval: "5s", race: Race::Driver, ..STREAM } },
            past: &[Past::Running(30 * DAY)] },
        Row { name: "rates_api", description: "Rates for other systems",
            what: What::Own { artifact: ("rates-tools", "1.1.0"), kind: Kind::Service, program: "RatesService", ends: Ends::After(0) },
            past: &[Past::Running(30 * DAY)] },
        Row { name: "bank_statements_import", description: "Statements of the banks",
            what: What::Batch { of: Of::Newer, cron: Some("0 5 * * *"), enabled: true, seconds: (200, 400) },
            past: &[Past::Completed { times: 14, every: DAY, last: 6 * HOUR, lasted: 260 }, Past::Failed { ago: 6 * HOUR - 900, lasted: 41 }] },
    ]),
    ("retail", &[
        Row { name: "promotions_sync", description: "Promotions for the branches",
            what: What::Batch { of: Of::Older, cron: Some("*/30 * * * *"), enabled: true, seconds: (40, 90) },
            past: &[Past::Completed { times: 40, every: 30 * MINUTE, last: 12 * MINUTE, lasted: 60 }] },
        Row { name: "basket_analysis_daily", description: "What is bought together",
            what: What::Batch { of: Of::Newer, cron: Some("30 3 * * *"), enabled: true, seconds: (900, 1_500) },
            past: &[Past::Completed { times: 20, every: DAY, last: 9 * HOUR, lasted: 1_200 }] },
        Row { name: "storefront_events_live", description: "Doors, tills and shelves",
            what: What::Stream { of: Of::Older, stream: STREAM },
            past: &[Past::Running(13 * DAY + HOUR)] },
        Row { name: "price_labels_live", description: "Prices on the shelves",
            what: What::Stream { of: Of::Older, stream: Stream { log: Some("false"), ..STREAM } },
            past: &[Past::Killed { ago: DAY, lasted: 3 * DAY }] },
        Row { name: "shelf_agent", description: "Watches the shelves",
            what: What::Own { artifact: ("shelf-tools", "0.7.2"), kind: Kind::Worker, program: "ShelfWorker", ends: Ends::After(1_500) },
            past: &[Past::Running(4 * DAY)] },
    ]),
];
