//! Surveys many programs with a bounded number of requests.
//!
//! Batch answers show the latest run of the latest version only. They cover a program when the server counts no other
//! run of it, or when nothing is active and no other version exists. Every other program is read individually, as many as
//! the [`allowance`] permits; the rest is named in [`LoadedTargets::shallow`] until the operator asks for it.

use super::load_targets::{AT_ONCE, LoadedTargets, Publish, Schedules, Seen, read_program};
use crate::client::Client;
use crate::client::launch_facts::LaunchedVersions;
use crate::pages::programs::{Latest, latest};
use futures::stream::{self, StreamExt};
use quiesce_api::application::{ApplicationDetail, ApplicationDetails, ListApplications};
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{RunCounts, RunRecord};
use quiesce_api::schedule::NextRuns;
use quiesce_api::{ApplicationId, Error, NamespaceId, ProgramRef, Rows, RunId, VersionId};
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::upgrade::{Versions, is_covered};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Programs per batch request: the most that one request for run counts takes.
const CHUNK: usize = RunCounts::MOST;

/// Single reads of a survey of this many programs: 50 programs take at most 20 requests altogether, 1,000 at most 100.
fn allowance(programs: usize) -> usize {
    8 + programs.saturating_sub(50) / 22
}

/// Whether batch answers cover all active runs of a program.
fn covers(latest: &Latest, count: Option<u64>, several: bool) -> bool {
    match latest {
        Latest::Run(run) => is_covered(Some(run), count, several),
        Latest::Never => is_covered(None, count, several),
        Latest::Unread | Latest::Problem(_) => false,
    }
}

type Known = BTreeMap<ApplicationId, (VersionId, Artifact)>;

/// Reads the latest version of each application, and which applications have several.
async fn applications(client: Client, namespace: NamespaceId) -> Result<Versions, Error> {
    Ok(Versions::of(client.call(&ListApplications::all_versions(namespace)).await?.rows))
}

pub(super) async fn look(
    client: Client,
    mut survey: LoadedTargets,
    programs: BTreeMap<ProgramRef, BTreeSet<RunId>>,
    publish: Publish<'_>,
) -> Result<(), Error> {
    let Some(namespace) = programs.keys().next().map(|program| program.namespace.clone()) else {
        return Ok(());
    };
    if !publish(&survey) {
        return Ok(());
    }
    let Versions { latest: known, superseded: several } = applications(client, namespace.clone()).await?;
    let all: Vec<ProgramRef> = programs.keys().cloned().collect();
    // Not covered: first what may hide a run, then what lacks a specification only.
    let mut singles: [Vec<(ProgramRef, Option<RunRecord>)>; 3] = Default::default();
    let mut must = Vec::new();
    let mut details = Details::new();
    for chunk in all.chunks(CHUNK) {
        let ask = chunk.to_vec();
        let counting = RunCounts { namespace: namespace.clone(), programs: ask.clone() };
        let (found, counts) =
            futures::future::join(latest(client, namespace.clone(), ask), client.call(&counting)).await;
        let found = found?;
        let mut count_of = BTreeMap::new();
        for element in counts.map(|rows| rows.good).unwrap_or_default() {
            count_of.insert(element.program(&namespace), element.value.run_count);
        }
        let mut covered = Vec::new();
        for (program, latest) in &found {
            let count = count_of.get(program).copied().flatten();
            let one = known.get(&program.application);
            let covers = one.is_some() && covers(latest, count, several.contains(&program.application));
            let run = match latest {
                Latest::Run(run) => Some((**run).clone()),
                _ => None,
            };
            let kind = Kind::of(&program.program_type, &program.program, one.map(|(_, artifact)| artifact));
            let active = run.as_ref().is_some_and(|run| !run.status.is_end());
            let chosen = programs.get(program);
            if chosen.into_iter().flatten().any(|chosen| run.as_ref().is_none_or(|run| run.run != *chosen)) {
                must.push(program.clone());
                continue;
            }
            match (covers, active && kind.is_real_time()) {
                (true, false) => covered.push((program.clone(), run)),
                (true, true) => singles[1].push((program.clone(), run)),
                (false, _) if one.is_some() && active && !several.contains(&program.application) => {
                    singles[2].push((program.clone(), run));
                }
                (false, _) => singles[0].push((program.clone(), run)),
            }
        }
        for (program, run) in covered {
            survey.checked.0 += 1;
            show(&mut survey, program, run, &known, &details, &programs);
        }
        if !publish(&survey) {
            return Ok(());
        }
    }
    let [hidden, live, others] = singles;
    let real_time: Vec<_> = hidden.iter().chain(&live).chain(&others).collect();
    let mut wanted = BTreeMap::new();
    for (program, run) in real_time {
        if let (Some(run), Some((latest, artifact))) = (run, known.get(&program.application))
            && Kind::of(&program.program_type, &program.program, Some(artifact)).is_real_time()
        {
            let version = run.version.clone().unwrap_or_else(|| latest.clone());
            wanted.insert(program.application.clone(), Some(version));
        }
    }
    let wanted: Vec<_> = wanted.into_iter().collect();
    for chunk in wanted.chunks(ApplicationDetails::BATCH) {
        let call = ApplicationDetails { namespace: namespace.clone(), applications: chunk.to_vec() };
        // A detail that is missing makes the facts of its run unknown.
        for element in client.call(&call).await.map(|rows| rows.good).unwrap_or_default() {
            details.extend(element.detail.map(|detail| (detail.name.clone(), detail)));
        }
        if !publish(&survey) {
            return Ok(());
        }
    }
    let mut allowed = allowance(all.len());
    for (program, run) in hidden.into_iter().chain(live).chain(others) {
        // Its runs, and a specification.
        let cost = 1 + usize::from(details.contains_key(&program.application));
        if allowed >= cost && known.contains_key(&program.application) {
            allowed -= cost;
            must.push(program);
        } else {
            survey.checked.0 += 1;
            survey.shallow.insert(program.clone());
            show(&mut survey, program, run, &known, &details, &programs);
        }
    }
    survey.details = Arc::new(details);
    read_singles(client, &mut survey, must, &known, &programs, publish).await?;
    survey.schedules = timed(client, &survey, &namespace).await;
    publish(&survey);
    Ok(())
}

/// Reads the runs of the programs of which only the latest run is known. One list names all latest versions.
pub(super) async fn deepen(
    client: Client,
    mut survey: LoadedTargets,
    publish: Publish<'_>,
) -> Result<(), Error> {
    let shallow = std::mem::take(&mut survey.shallow);
    survey.targets.retain(|target| !shallow.contains(&target.run.program));
    survey.ended.retain(|(run, _)| !shallow.contains(&run.program));
    survey.checked.0 = survey.checked.0.saturating_sub(shallow.len());
    let Some(first) = shallow.first() else { return Ok(()) };
    if !publish(&survey) {
        return Ok(());
    }
    let known = applications(client, first.namespace.clone()).await?.latest;
    let list = shallow.into_iter().collect();
    read_singles(client, &mut survey, list, &known, &BTreeMap::new(), publish).await?;
    publish(&survey);
    Ok(())
}

type Details = BTreeMap<ApplicationId, ApplicationDetail>;

async fn read_singles(
    client: Client,
    survey: &mut LoadedTargets,
    programs: Vec<ProgramRef>,
    known: &Known,
    chosen: &BTreeMap<ProgramRef, BTreeSet<RunId>>,
    publish: Publish<'_>,
) -> Result<(), Error> {
    let details = survey.details.clone();
    let mut reads = stream::iter(programs.into_iter().map(|program| {
        let application = &program.application;
        let (known, detail) = (known.get(application).cloned(), details.get(application).cloned());
        read_program(client, program, known, detail)
    }))
    .buffered(AT_ONCE);
    let mut read = 0;
    while let Some(seen) = reads.next().await {
        read += 1;
        survey.checked.0 += 1;
        survey.take(&seen, chosen)?;
        if read % 10 == 0 && !publish(survey) {
            return Ok(());
        }
    }
    Ok(())
}

/// Adds a program by its latest run.
fn show(
    survey: &mut LoadedTargets,
    program: ProgramRef,
    run: Option<RunRecord>,
    known: &Known,
    details: &Details,
    programs: &BTreeMap<ProgramRef, BTreeSet<RunId>>,
) {
    let mut launched = LaunchedVersions::default();
    if let Some(detail) = details.get(&program.application) {
        launched.insert(detail.clone());
    }
    let chosen = programs.get(&program).cloned().unwrap_or_default();
    let runs: Vec<_> = run.into_iter().collect();
    let latest = known.get(&program.application).cloned();
    let seen =
        Seen { program, runs: Ok(Rows { good: Vec::new(), bad: Vec::new(), cut: None }), latest, launched };
    survey.add(&seen, &runs, &chosen);
}

/// The programs of the targets that have an active time schedule.
async fn timed(client: Client, survey: &LoadedTargets, namespace: &NamespaceId) -> Schedules {
    let programs: Vec<_> = survey.schedulable().into_iter().collect();
    let mut scheduled = 0;
    for chunk in programs.chunks(CHUNK) {
        let call = NextRuns { namespace: namespace.clone(), programs: chunk.to_vec() };
        match client.call(&call).await {
            Ok(rows) if rows.good.len() == chunk.len() && rows.good.iter().all(|it| it.error.is_none()) => {
                scheduled += rows.good.iter().filter(|it| !it.value.schedules.is_empty()).count();
            }
            _ => return Schedules::Unknown,
        }
    }
    Schedules::Timed(scheduled)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requests of a survey: server capabilities, list, runs and counts, details, single reads, schedules.
    fn most(programs: usize) -> usize {
        let chunks = programs.div_ceil(CHUNK);
        // A program is either real-time, with details, or may have a schedule.
        6 + 1 + 2 * chunks + programs.div_ceil(ApplicationDetails::BATCH) + 1 + allowance(programs)
    }

    #[test]
    fn fifty_programs_take_at_most_20_requests_and_a_thousand_at_most_100() {
        assert!(most(50) <= 20, "{}", most(50));
        assert!(most(1_000) <= 100, "{}", most(1_000));
    }

    #[test]
    fn a_program_that_could_not_be_read_is_not_covered() {
        assert!(covers(&Latest::Never, Some(0), false));
        assert!(!covers(&Latest::Unread, Some(0), false));
        assert!(!covers(&Latest::Problem(String::new()), Some(0), false));
    }
}
