//! Reads the operations of the tour from the journal.

use super::steps::{Operations, StopFacts, Tour, UpgradeFacts};
use crate::client::{Client, journal};
use crate::routes::Route;
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::journal::{Body, Header, OperationKind, fold};
use quiesce_lifecycle::upgrade::{StepName, UpgradeOperation};

/// The newest stop and the newest upgrade that began during the tour. What can't be read is absent.
pub(super) async fn read(client: Client, tour: &Tour) -> Operations {
    let (server, since) = (client.server(), tour.since());
    let mut headers = journal::headers().await.unwrap_or_default();
    headers.retain(|header| header.server == server && header.created >= since);
    Operations {
        stop: match newest(&headers, &OperationKind::Stop) {
            Some(header) => stop(header).await,
            None => None,
        },
        upgrade: match newest(&headers, &OperationKind::Upgrade) {
            Some(header) => upgrade(header).await,
            None => None,
        },
    }
}

fn newest<'a>(headers: &'a [Header], kind: &OperationKind) -> Option<&'a Header> {
    headers.iter().filter(|header| header.kind == *kind).max_by_key(|header| header.created)
}

async fn stop(header: &Header) -> Option<StopFacts> {
    let entries = journal::entries(&header.id).await.ok()?;
    let Body::StopConfirmed(first) = &entries.first()?.body else { return None };
    let (_, plan) = &first.confirmed;
    Some(StopFacts {
        page: Route::operation(header)?,
        has_period: matches!(plan.grace, Grace::Seconds(_) | Grace::UntilDrained),
        is_finished: header.finished,
    })
}

async fn upgrade(header: &Header) -> Option<UpgradeFacts> {
    let entries = journal::entries(&header.id).await.ok()?;
    let operation = fold::<UpgradeOperation>(entries).ok()?.operation;
    let counts = operation.counts();
    Some(UpgradeFacts {
        page: Route::operation(header)?,
        applications: counts.all - counts.excluded,
        is_ready: operation.step.name() >= StepName::Upgrade,
        upgraded: counts.upgraded,
        is_closed: header.finished || operation.aborted.is_some(),
    })
}
