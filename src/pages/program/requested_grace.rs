//! The grace periods that this browser requested for runs: a run record only has the applied one.

use crate::client::{Client, journal};
use quiesce_api::{ProgramRef, RunId};
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::journal::{Body, Header, OperationKind, StopConfirmed};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many of the newest stops are read.
const MOST: usize = 50;

/// The requested grace period of each run of a program, as far as the journal of this browser has it. `None`:
/// the journal could not be read.
pub(super) async fn requested(client: Client, program: &ProgramRef) -> Option<BTreeMap<RunId, Grace>> {
    let server = client.server();
    let mut stops: Vec<Header> = journal::headers().await.ok()?;
    stops.retain(|header| {
        header.kind == OperationKind::Stop && header.server == server && header.namespace == program.namespace
    });
    stops.sort_by_key(|header| Reverse(header.created));
    let mut requested = BTreeMap::new();
    for header in stops.into_iter().take(MOST) {
        let entries = journal::entries(&header.id).await.ok()?;
        let Some(Body::StopConfirmed(StopConfirmed { confirmed: (_, plan) })) =
            entries.into_iter().next().map(|entry| entry.body)
        else {
            continue;
        };
        for target in plan.targets.iter().filter(|target| target.run.program == *program) {
            requested.entry(target.run.run.clone()).or_insert(plan.grace);
        }
    }
    Some(requested)
}
