//! Looks at everything that is to be stopped before the operator decides: the runs of all versions, what real-time
//! runs were launched with, how long past stops took. Reads only.

use super::selection::Selection;
use crate::client::Client;
use crate::client::launched::Launched;
use futures::stream::{self, StreamExt};
use quiesce_api::application::{ApplicationDetail, GetApplication};
use quiesce_api::run::{ListRuns, RunRecord};
use quiesce_api::schedule::ListSchedules;
use quiesce_api::{Error, NamespaceId, ProgramRef, Rows, RunId, RunRef};
use quiesce_lifecycle::findings::ServerFindings;
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::stop::{Plan, Target};
use quiesce_lifecycle::verdict::PastStops;
use std::collections::{BTreeMap, BTreeSet};

/// How many reads are under way at once.
const AT_ONCE: usize = 5;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
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
    /// Programs of the targets that a schedule starts.
    pub scheduled: usize,
}

impl Survey {
    /// The plan to stop all targets but those left out.
    pub fn plan(
        &self,
        namespace: NamespaceId,
        grace: Grace,
        left_out: &BTreeSet<RunId>,
        findings: ServerFindings,
    ) -> Plan {
        let (targets, out): (Vec<_>, Vec<_>) =
            self.targets.iter().cloned().partition(|target| !left_out.contains(&target.run.run));
        let mut others = self.others.clone();
        others.extend(out.into_iter().map(|target| target.run));
        Plan { namespace, grace, targets, whole: self.whole.clone(), others, findings }
    }
}

/// One program with all that was read of it.
struct Seen {
    program: ProgramRef,
    runs: Result<Rows<RunRecord>, Error>,
    latest: Option<ApplicationDetail>,
    launched: Launched,
}

/// Looks. The first error that is no answer about a single program ends it.
pub async fn look(client: Client, selection: Selection) -> Result<Survey, Error> {
    let mut programs: BTreeMap<ProgramRef, BTreeSet<RunId>> = BTreeMap::new();
    for run in &selection.runs {
        programs.entry(run.program.clone()).or_default().insert(run.run.clone());
    }
    let mut whole = BTreeSet::new();
    whole.extend(selection.programs);
    for program in &whole {
        programs.insert(program.clone(), BTreeSet::new());
    }
    let mut reads =
        stream::iter(programs.keys().cloned().map(|program| see(client, program))).buffered(AT_ONCE);
    let mut survey = Survey { whole, ..Survey::default() };
    while let Some(seen) = reads.next().await {
        let chosen = programs.get(&seen.program).cloned().unwrap_or_default();
        match &seen.runs {
            Err(error) if error.refusal().is_none() || crate::client::live::is_away(error) => {
                return Err(error.clone());
            }
            Err(error) if error.refusal().is_some_and(|refusal| refusal.status == 401) => {
                return Err(error.clone());
            }
            Err(error) => survey.unread.push((seen.program.clone(), error.clone())),
            Ok(runs) => {
                if !runs.bad.is_empty() || runs.cut.is_some() {
                    survey.partly.push(seen.program.clone());
                }
                survey.add(&seen, &runs.good, &chosen);
            }
        }
    }
    let mut applications = BTreeSet::new();
    for target in &survey.targets {
        if matches!(target.kind, Kind::BatchPipeline | Kind::Workflow) {
            applications
                .insert((target.run.program.namespace.clone(), target.run.program.application.clone()));
        }
    }
    let schedules = stream::iter(applications.into_iter().map(|(namespace, application)| async move {
        let list = client.call(&ListSchedules { namespace, application }).await;
        list.is_ok_and(|list| list.good.iter().any(quiesce_api::schedule::Schedule::is_on))
    }));
    survey.scheduled =
        schedules.buffer_unordered(AT_ONCE).filter(|on| futures::future::ready(*on)).count().await;
    Ok(survey)
}

impl Survey {
    fn add(&mut self, seen: &Seen, runs: &[RunRecord], chosen: &BTreeSet<RunId>) {
        let artifact = seen.latest.as_ref().map(|latest| &latest.artifact);
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
                        (Some(version), Some(latest)) => *version != latest.version && !version.is_snapshot(),
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
        if alive == 0 && self.whole.contains(&seen.program) && !self.partly.contains(&seen.program) {
            self.idle.push(seen.program.clone());
        }
    }
}

async fn see(client: Client, program: ProgramRef) -> Seen {
    let list = ListRuns::of(program.clone());
    let get = GetApplication {
        namespace: program.namespace.clone(),
        application: program.application.clone(),
        version: None,
    };
    let (runs, latest) = futures::future::join(client.call(&list), client.call(&get)).await;
    let latest = latest.ok();
    let mut launched = Launched::default();
    if let (Ok(runs), Some(latest)) = (&runs, &latest) {
        launched.read(client, &program, latest, &runs.good).await;
    }
    Seen { program, runs, latest, launched }
}
