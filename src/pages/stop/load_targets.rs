//! Reads the runs to stop before the operator decides: runs of all versions, launch facts of real-time runs, durations
//! of past stops. A few programs are read one by one, more of them by [`super::batches`].

use super::batches;
use super::selection::Selection;
use crate::client::Client;
use crate::client::launch_facts::LaunchedVersions;
use futures::stream::{self, StreamExt};
use quiesce_api::application::{ApplicationDetail, GetApplication};
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{ListRuns, RunRecord};
use quiesce_api::schedule::ListSchedules;
use quiesce_api::{ApplicationId, Error, ProgramRef, Rows, RunId, RunRef, VersionId};
use quiesce_lifecycle::findings::ServerFindings;
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::stop::{StopPlan, Target};
use quiesce_lifecycle::verdict::PastStops;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many reads are under way at once.
pub(super) const AT_ONCE: usize = 5;
/// Up to this many programs are read one by one.
const FEW: usize = 5;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadedTargets {
    /// The runs that can be stopped or are stopping.
    pub targets: Vec<Target>,
    /// Programs that were chosen as a whole.
    pub whole: BTreeSet<ProgramRef>,
    /// Runs of the same programs that are alive and were not chosen.
    pub others: BTreeSet<RunRef>,
    /// Chosen, and nothing of it is alive.
    pub idle: Vec<ProgramRef>,
    /// Chosen runs that have ended, with their records.
    pub ended: Vec<(RunRef, RunRecord)>,
    /// Could not be read.
    pub unread: Vec<(ProgramRef, Error)>,
    /// Some of its run records could not be read: whether these runs are alive is not known.
    pub partly: Vec<ProgramRef>,
    /// Only their latest run was read: other runs of them may be active.
    pub shallow: BTreeSet<ProgramRef>,
    /// The schedules that start programs of the targets.
    pub schedules: Schedules,
    /// The programs that were checked, of all.
    pub checked: (usize, usize),
    /// The versions that real-time runs were started from, as far as they were read.
    pub details: Arc<BTreeMap<ApplicationId, ApplicationDetail>>,
}

/// The schedules that may start stopped programs again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Schedules {
    /// Some could not be read.
    #[default]
    Unknown,
    /// The applications with an active schedule of any kind.
    Active(usize),
    /// The programs with an active time schedule; triggers of other kinds were not read.
    Timed(usize),
}

/// Receives the survey as it grows. `false`: nobody waits for it anymore.
pub type Publish<'a> = &'a dyn Fn(&LoadedTargets) -> bool;

impl LoadedTargets {
    /// The plan to stop all targets but those excluded.
    pub fn plan(&self, grace: Grace, left_out: &BTreeSet<RunId>, findings: ServerFindings) -> StopPlan {
        let (targets, out): (Vec<_>, Vec<_>) =
            self.targets.iter().cloned().partition(|target| !left_out.contains(&target.run.run));
        let mut others = self.others.clone();
        others.extend(out.into_iter().map(|target| target.run));
        StopPlan { grace, targets, whole: self.whole.clone(), others, findings }
    }
}

/// One program with all that was read of it.
pub(super) struct Seen {
    pub program: ProgramRef,
    pub runs: Result<Rows<RunRecord>, Error>,
    /// The latest version of the application and its artifact.
    pub latest: Option<(VersionId, Artifact)>,
    pub launched: LaunchedVersions,
}

/// Surveys the selection. The first error that doesn't concern a single program ends it.
pub async fn load(client: Client, selection: Selection, publish: Publish<'_>) -> Result<(), Error> {
    let mut programs: BTreeMap<ProgramRef, BTreeSet<RunId>> = BTreeMap::new();
    for run in &selection.runs {
        programs.entry(run.program.clone()).or_default().insert(run.run.clone());
    }
    let mut whole = BTreeSet::new();
    whole.extend(selection.programs);
    for program in &whole {
        programs.insert(program.clone(), BTreeSet::new());
    }
    let mut survey = LoadedTargets { whole, checked: (0, programs.len()), ..LoadedTargets::default() };
    if programs.len() > FEW {
        return batches::look(client, survey, programs, publish).await;
    }
    let mut reads =
        stream::iter(programs.keys().cloned().map(|program| read_program(client, program, None, None)))
            .buffered(AT_ONCE);
    while let Some(seen) = reads.next().await {
        survey.take(&seen, &programs)?;
    }
    let mut applications = BTreeSet::new();
    for program in survey.schedulable() {
        applications.insert((program.namespace, program.application));
    }
    let schedules = stream::iter(applications.into_iter().map(|(namespace, application)| async move {
        let list = client.call(&ListSchedules { namespace, application }).await?;
        let whole = list.bad.is_empty() && list.cut.is_none();
        let on = list.good.iter().any(quiesce_api::schedule::Schedule::is_on);
        Ok::<_, Error>((whole || on).then_some(on))
    }));
    let mut schedules = schedules.buffer_unordered(AT_ONCE);
    let mut active = Some(0);
    while let Some(on) = schedules.next().await {
        active = active.and_then(|active| Some(active + usize::from(on.ok().flatten()?)));
    }
    survey.schedules = active.map_or(Schedules::Unknown, Schedules::Active);
    survey.checked.0 = survey.checked.1;
    publish(&survey);
    Ok(())
}

/// Whether an error concerns more than the program that was asked for.
pub(super) fn ends_it(error: &Error) -> bool {
    crate::client::polling::is_outage(error) || error.refusal().is_none_or(|refusal| refusal.status == 401)
}

impl LoadedTargets {
    /// Takes a program that was read individually.
    pub(super) fn take(
        &mut self,
        seen: &Seen,
        chosen: &BTreeMap<ProgramRef, BTreeSet<RunId>>,
    ) -> Result<(), Error> {
        let chosen = chosen.get(&seen.program).cloned().unwrap_or_default();
        match &seen.runs {
            Err(error) if ends_it(error) => return Err(error.clone()),
            Err(error) => self.unread.push((seen.program.clone(), error.clone())),
            Ok(runs) => {
                if !runs.bad.is_empty() || runs.cut.is_some() {
                    self.partly.push(seen.program.clone());
                }
                self.add(seen, &runs.good, &chosen);
            }
        }
        Ok(())
    }

    /// The programs of the targets that a schedule may start.
    pub(super) fn schedulable(&self) -> BTreeSet<ProgramRef> {
        let mut programs = BTreeSet::new();
        let scheduled = |target: &&Target| matches!(target.kind, Kind::BatchPipeline | Kind::Workflow);
        programs.extend(self.targets.iter().filter(scheduled).map(|target| target.run.program.clone()));
        programs
    }
}

impl LoadedTargets {
    pub(super) fn add(&mut self, seen: &Seen, runs: &[RunRecord], chosen: &BTreeSet<RunId>) {
        let artifact = seen.latest.as_ref().map(|(_, artifact)| artifact);
        let kind = Kind::of(&seen.program.program_type, &seen.program.program, artifact);
        let past = PastStops::of(runs);
        let mut alive = 0;
        for record in runs {
            let is_chosen = chosen.is_empty() || chosen.contains(&record.run);
            let run = seen.program.run(record.run.clone());
            match (record.status.is_end(), is_chosen) {
                (true, true) if !chosen.is_empty() => self.ended.push((run, record.clone())),
                (true, _) => {}
                (false, false) => {
                    self.others.insert(run);
                }
                (false, true) => {
                    alive += 1;
                    let older = match (&record.version, &seen.latest) {
                        (Some(version), Some((latest, _))) => version != latest && !version.is_snapshot(),
                        _ => false,
                    };
                    let facts = kind.is_real_time().then(|| seen.launched.facts(record));
                    self.targets.push(Target {
                        run,
                        kind,
                        record: record.clone(),
                        older,
                        parent: record.parent_run(),
                        facts,
                        past: past.clone(),
                    });
                }
            }
        }
        if alive == 0
            && self.whole.contains(&seen.program)
            && !self.partly.contains(&seen.program)
            && !self.shallow.contains(&seen.program)
        {
            self.idle.push(seen.program.clone());
        }
    }
}

/// Reads one program. The application is read too, unless `known` or the detail of a real-time run says enough of it.
pub(super) async fn read_program(
    client: Client,
    program: ProgramRef,
    known: Option<(VersionId, Artifact)>,
    detail: Option<ApplicationDetail>,
) -> Seen {
    let list = ListRuns::of(program.clone());
    let get = GetApplication {
        namespace: program.namespace.clone(),
        application: program.application.clone(),
        version: None,
    };
    let (kind, name) = (&program.program_type, &program.program);
    let plain =
        known.as_ref().is_some_and(|(_, artifact)| !Kind::of(kind, name, Some(artifact)).is_real_time());
    let detail = async { if detail.is_some() || plain { detail } else { client.call(&get).await.ok() } };
    let (runs, detail) = futures::future::join(client.call(&list), detail).await;
    let mut launched = LaunchedVersions::default();
    if let (Ok(runs), Some(detail)) = (&runs, &detail) {
        launched.read(&client.ports(), &program, detail, &runs.good).await;
    }
    let latest = known.or_else(|| detail.map(|detail| (detail.version, detail.artifact)));
    Seen { program, runs, latest, launched }
}
