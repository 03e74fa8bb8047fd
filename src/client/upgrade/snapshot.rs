//! Reads an application, for [`Effect::ReadApplication`](quiesce_lifecycle::upgrade::Effect::ReadApplication).

use super::plugins::PluginCheck;
use crate::client::launch_facts::LaunchedVersions;
use crate::client::operation::Ports;
use quiesce_api::application::GetApplication;
use quiesce_api::run::{ListRuns, RunRecord};
use quiesce_api::schedule::{ListSchedules, ListTriggered, ScheduleState};
use quiesce_api::{ApplicationId, Error, NamespaceId, ProgramRef, Rows};
use quiesce_lifecycle::upgrade::{AppSnapshot, Depth, KnownApplication};

/// The runs of a program that a list has unless it is asked for more (docs/cdap-api.md#run-lists).
const USUAL: usize = 100;

/// Reads the runs of a program, of all versions. Those alive come first, so a list that ends with one that has ended
/// has them all; another is read again with room for all.
pub(super) async fn runs(ports: &Ports, program: &ProgramRef) -> Result<Rows<RunRecord>, Error> {
    let mut list = ListRuns::of(program.clone());
    let rows = ports.call(&list).await?;
    if rows.good.len() < USUAL || rows.good.last().is_some_and(|run| run.status.is_end()) {
        return Ok(rows);
    }
    list.limit = Some(100_000);
    ports.call(&list).await
}

/// Reads an application as far as asked; in full with the check of its plugins, if there is one. What is known is not
/// read again.
pub(super) async fn look(
    ports: &Ports,
    wanted: Wanted,
    depth: Depth,
    known: Option<KnownApplication>,
) -> Result<AppSnapshot, Error> {
    let Wanted { namespace, application, plugins } = wanted;
    let get = GetApplication { namespace, application, version: None };
    let (detail, known) = match known {
        Some(KnownApplication { detail, runs }) => (detail, runs),
        None => (ports.call(&get).await?, Vec::new()),
    };
    let mut look = AppSnapshot::begin(&detail);
    if depth == Depth::Version {
        return Ok(look);
    }
    if let Some(plugins) = plugins {
        plugins.read(ports, &detail.configuration, &mut look).await?;
    }
    for record in &detail.programs {
        let program = record.program(&get.namespace);
        if depth == Depth::Full {
            let state = Some(ScheduleState::Scheduled);
            let triggered = ports.call(&ListTriggered { program: program.clone(), state }).await?;
            look.take_triggered(&program.program, &triggered)?;
        }
        let runs = match known.iter().find(|(known, _)| *known == program) {
            Some((_, latest)) => Rows { good: latest.iter().cloned().collect(), ..Rows::default() },
            None => runs(ports, &program).await?,
        };
        let before = look.alive.len();
        look.take_runs(&program, &runs)?;
        if look.alive.len() == before {
            continue;
        }
        let mut launched = LaunchedVersions::default();
        launched.read(ports, &program, &detail, &runs.good).await;
        for target in look.alive.iter_mut().skip(before).filter(|target| target.kind.is_real_time()) {
            target.facts = Some(launched.facts(&target.record));
        }
    }
    if depth == Depth::Full {
        let GetApplication { namespace, application, .. } = get;
        look.take_schedules(&ports.call(&ListSchedules { namespace, application }).await?)?;
    }
    Ok(look)
}

/// An application that is read.
pub(super) struct Wanted {
    pub(super) namespace: NamespaceId,
    pub(super) application: ApplicationId,
    pub(super) plugins: Option<PluginCheck>,
}
