//! One more namespace, a small one.

use super::row::{DAY, Described, Ends, HOUR, MINUTE, Of, Past, Row, STREAM, Stream, What};
use crate::model::drain::Race;
use crate::model::program::Kind;

/// The namespace.
pub(super) const NAMESPACE: Described = ("finance", "Books, rates and reports", &[("rates-tools", "1.1.0")]);

/// What it has.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
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
];
