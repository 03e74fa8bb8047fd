//! The seeded namespace `finance`.

use super::spec::{
    AppKind, AppSpec, ArtifactVersion, CustomBehavior, DAY, DEFAULT_STREAM, HOUR, MINUTE, NamespaceSpec,
    PastRuns, StreamSpec,
};
use crate::model::drain::Race;
use crate::model::program::Kind;

/// The namespace.
pub(super) const NAMESPACE: NamespaceSpec =
    ("finance", "Books, rates and reports", &[("rates-tools", "1.1.0")]);

/// Its applications.
#[rustfmt::skip]
pub(super) const APPS: &[AppSpec] = &[
    AppSpec { name: "fx_rates_hourly", description: "Rates of the central banks",
        kind: AppKind::Batch { version: ArtifactVersion::Older, cron: Some("0 * * * *"), enabled: true, seconds: (30, 60) },
        runs: &[PastRuns::Completed { times: 36, every: HOUR, last: 20 * MINUTE, lasted: 45 }] },
    AppSpec { name: "ledger_close_monthly", description: "Closes the books",
        kind: AppKind::Batch { version: ArtifactVersion::Older, cron: Some("0 2 1 * *"), enabled: true, seconds: (3_000, 5_000) },
        runs: &[PastRuns::Completed { times: 3, every: 30 * DAY, last: 22 * DAY, lasted: 4_100 }] },
    AppSpec { name: "payments_live", description: "Payments as they are booked",
        kind: AppKind::Stream { version: ArtifactVersion::Older, stream: StreamSpec { interval: "5s", race: Race::Driver, ..DEFAULT_STREAM } },
        runs: &[PastRuns::Running(30 * DAY)] },
    AppSpec { name: "rates_api", description: "Rates for other systems",
        kind: AppKind::Custom { artifact: ("rates-tools", "1.1.0"), kind: Kind::Service, program: "RatesService", behavior: CustomBehavior::EndsAfter(0) },
        runs: &[PastRuns::Running(30 * DAY)] },
    AppSpec { name: "bank_statements_import", description: "Statements of the banks",
        kind: AppKind::Batch { version: ArtifactVersion::Newer, cron: Some("0 5 * * *"), enabled: true, seconds: (200, 400) },
        runs: &[PastRuns::Completed { times: 14, every: DAY, last: 6 * HOUR, lasted: 260 }, PastRuns::Failed { ago: 6 * HOUR - 900, lasted: 41 }] },
];
