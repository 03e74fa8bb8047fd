//! Reads many applications together, for [`Effect::ReadApplications`](quiesce_lifecycle::upgrade::Effect::ReadApplications):
//! their details and the runs of their programs in batches, and individually only what no batch answer proves.

use super::snapshot::{Wanted, look};
use crate::client::operation::Ports;
use futures::stream::{self, StreamExt};
use quiesce_api::application::{ApplicationDetail, ApplicationDetails, ListApplications};
use quiesce_api::run::{LatestRuns, RunCounts};
use quiesce_api::{ApplicationId, Endpoint, Error, NamespaceId, ProgramRef, Rows, VersionId};
use quiesce_lifecycle::upgrade::{Depth, Event, KnownApplication, LatestOfMany, Versions};

/// How many requests are under way at once.
const AT_ONCE: usize = 5;
/// Readings that are handed over together at most, and the milliseconds after which fewer are.
const TOGETHER: (usize, i64) = (50, 200);

/// Reads these applications, by their places. `deliver` takes readings as they come and returns `false` if nobody
/// waits for them anymore; the last ones are returned.
pub(super) async fn look_all(
    ports: Ports,
    wanted: Vec<(usize, Wanted)>,
    depth: Depth,
    deliver: impl Fn(Vec<Event>) -> bool,
) -> Vec<Event> {
    // A server that is unavailable says so again to the first that is read individually.
    let mut known = known(&ports, &wanted).await.unwrap_or_default();
    let mut reads = stream::iter(wanted.into_iter().map(|(place, wanted)| {
        let found = known.binary_search_by(|one| one.detail.name.cmp(&wanted.application));
        let known = found.ok().map(|found| known.remove(found));
        let ports = &ports;
        async move { (place, look(ports, wanted, depth, known).await) }
    }))
    .buffer_unordered(AT_ONCE);
    let (mut events, mut delivered) = (Vec::new(), ports.now());
    while let Some((place, result)) = reads.next().await {
        let stops = result.as_ref().is_err_and(Error::is_unrelated_to_request);
        events.push(Event::application_read(ports.now(), place, result));
        if stops {
            break;
        }
        if events.len() >= TOGETHER.0 || ports.since(delivered) > TOGETHER.1 {
            if !deliver(std::mem::take(&mut events)) {
                break;
            }
            // The page is drawn in between.
            ports.sleep(0).await;
            delivered = ports.now();
        }
    }
    events
}

/// Calls an endpoint whose answer is a list. One that the server refuses says nothing.
async fn rows<T, E: Endpoint<Output = Rows<T>>>(ports: &Ports, call: E) -> Result<Rows<T>, Error> {
    match ports.call(&call).await {
        Err(error) if !error.is_unrelated_to_request() => Ok(Rows::default()),
        result => result,
    }
}

/// What batch answers prove of these applications, ordered by their names.
async fn known(ports: &Ports, wanted: &[(usize, Wanted)]) -> Result<Vec<KnownApplication>, Error> {
    let mut known = Vec::with_capacity(wanted.len());
    let Some((_, Wanted { namespace, .. })) = wanted.first() else { return Ok(known) };
    let before = versions(ports, namespace).await?;
    let mut applications = Vec::with_capacity(wanted.len());
    for (_, Wanted { application, .. }) in wanted {
        let latest = before.latest.get(application);
        applications.extend(latest.map(|(version, _)| (application.clone(), Some(version.clone()))));
    }
    let mut answers = stream::iter(
        applications.chunks(ApplicationDetails::BATCH).map(|some| latest(ports, namespace, some)),
    )
    .buffered(AT_ONCE);
    let mut found = Vec::new();
    while let Some(answer) = answers.next().await {
        found.push(answer?);
    }
    let after = versions(ports, namespace).await?;
    for (details, latest) in found {
        known.extend(details.into_iter().filter_map(|detail| latest.known(detail, namespace, &after)));
    }
    Ok(known)
}

/// Reads some applications in detail, and the latest runs of their programs.
async fn latest(
    ports: &Ports,
    namespace: &NamespaceId,
    applications: &[(ApplicationId, Option<VersionId>)],
) -> Result<(Vec<ApplicationDetail>, LatestOfMany), Error> {
    let call = ApplicationDetails { namespace: namespace.clone(), applications: applications.to_vec() };
    let details = rows(ports, call).await?.good.into_iter().filter_map(|element| element.detail);
    let details: Vec<ApplicationDetail> = details.collect();
    let mut programs: Vec<ProgramRef> = Vec::new();
    for detail in &details {
        programs.extend(detail.programs.iter().map(|record| record.program(namespace)));
    }
    let mut latest = LatestOfMany::default();
    for chunk in programs.chunks(RunCounts::MOST) {
        let call = LatestRuns { namespace: namespace.clone(), programs: chunk.to_vec() };
        latest.take_runs(namespace, rows(ports, call).await?);
        let call = RunCounts { namespace: namespace.clone(), programs: chunk.to_vec() };
        latest.take_counts(namespace, rows(ports, call).await?);
    }
    Ok((details, latest))
}

async fn versions(ports: &Ports, namespace: &NamespaceId) -> Result<Versions, Error> {
    match ports.call(&ListApplications::all_versions(namespace.clone())).await {
        Ok(list) => Ok(Versions::of(list.rows)),
        Err(error) if error.is_unrelated_to_request() => Err(error),
        Err(_) => Ok(Versions::default()),
    }
}
