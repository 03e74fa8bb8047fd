//! What changes rarely about a program: artifacts, schedules, saved arguments, the settings of its active runs.

use super::state::ProgramData;
use crate::client::Client;
use crate::client::launch_facts::LaunchedVersions;
use crate::client::polling::Polled;
use leptos::prelude::*;
use quiesce_api::application::{ApplicationDetail, GetSpecification, Specification};
use quiesce_api::arguments::GetRuntimeArguments;
use quiesce_api::artifact::{Artifact, ListArtifacts};
use quiesce_api::preferences::{GetPreferences, PreferenceLevel};
use quiesce_api::run::RunRecord;
use quiesce_api::schedule::{GetNextRuns, ListSchedules, Schedule};
use quiesce_api::{Error, Millis, ProgramRef, ProgramType, VersionId};
use quiesce_lifecycle::arguments::SavedArguments;
use quiesce_lifecycle::launch::LaunchFacts;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often it is read, in milliseconds.
const RARELY_MS: u32 = 60_000;

/// Each part as it was read, or why it was not.
pub(super) struct About {
    pub artifacts: Result<Vec<Artifact>, Error>,
    /// The schedules that start this program.
    pub schedules: Result<Vec<Schedule>, Error>,
    /// The next start by a time schedule.
    pub next: Result<Option<Millis>, Error>,
    pub saved: Result<SavedArguments, Error>,
}

/// Reads it, and again from time to time.
pub(super) fn about(client: Client, program: ProgramRef) -> Polled<About> {
    Polled::new(client, format!("about-{program}"), move || read(client, program.clone()), |_| RARELY_MS)
}

async fn read(client: Client, program: ProgramRef) -> Result<About, Error> {
    let (namespace, application) = (program.namespace.clone(), program.application.clone());
    let artifacts = ListArtifacts { namespace: namespace.clone(), scope: None };
    let schedules = ListSchedules { namespace, application };
    let level = PreferenceLevel::Program(program.clone());
    let resolved = GetPreferences { level, resolved: true };
    let own = GetRuntimeArguments { program: program.clone() };
    let next = async {
        if program.program_type != ProgramType::Workflow {
            return Ok(None);
        }
        let next = client.call(&GetNextRuns { program: program.clone() }).await?;
        Ok(next.whole()?.iter().map(|next| next.time).min())
    };
    let saved = async {
        let (own, resolved) = futures::future::join(client.call(&own), client.call(&resolved)).await;
        Ok(SavedArguments { own: own?, resolved: resolved? })
    };
    let (artifacts, schedules, next, saved) =
        futures::join!(client.call(&artifacts), client.call(&schedules), next, saved);
    Ok(About {
        artifacts: artifacts.and_then(|rows| Ok(rows.whole()?.to_vec())),
        schedules: schedules.and_then(|rows| {
            let starts = |schedule: &&Schedule| schedule.program.program_name == program.program;
            Ok(rows.whole()?.iter().filter(starts).cloned().collect())
        }),
        next,
        saved,
    })
}

/// The settings with which the active runs were launched, and those of a start now.
#[derive(Default)]
pub(super) struct Settings {
    launched: LaunchedVersions,
    latest: Option<(ApplicationDetail, Option<Specification>)>,
}

impl Settings {
    /// Those of a run.
    pub fn of_run(&self, run: &RunRecord) -> LaunchFacts {
        self.launched.facts(run)
    }

    /// Those of a start of the latest version.
    pub fn of_start(&self, saved: Option<&SavedArguments>) -> Option<LaunchFacts> {
        let (detail, specification) = self.latest.as_ref()?;
        let arguments = saved.map(SavedArguments::values);
        Some(LaunchFacts::of_start(detail, specification.as_ref(), arguments))
    }
}

/// Reads the settings of a real-time program when its active runs are of other versions than before.
pub(super) fn settings(
    client: Client,
    program: ProgramRef,
    live: Polled<ProgramData>,
) -> RwSignal<Option<Arc<Settings>>> {
    let settings = RwSignal::new(None);
    let versions = Memo::new(move |_| {
        live.data.with(|data| {
            let data = data.as_ref().filter(|data| data.kind.is_real_time())?;
            let active: BTreeSet<Option<VersionId>> = data.active().map(|run| run.version.clone()).collect();
            Some((active, data.detail.as_ref().map(|detail| detail.version.clone())?))
        })
    });
    Effect::new(move || {
        let Some((active, _)) = versions.get() else { return };
        let Some(data) = live.data.get_untracked() else { return };
        let program = program.clone();
        leptos::task::spawn_local(async move {
            let Some(detail) = data.detail.clone() else { return };
            let mut read = Settings::default();
            if active.is_empty() {
                let get = GetSpecification { program, version: None };
                read.latest = Some((detail, client.call(&get).await.ok()));
            } else {
                read.launched.read(&client.ports(), &program, &detail, &data.runs).await;
            }
            settings.try_set(Some(Arc::new(read)));
        });
    });
    settings
}
