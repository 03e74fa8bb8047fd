//! What one reading of an application tells: its version, its runs of all versions, its schedules that are on.

use super::plugins::MissingPlugin;
use crate::backup::{digest, insert};
use crate::kind::Kind;
use crate::stop::Target;
use crate::verdict::PastStops;
use quiesce_api::application::ApplicationDetail;
use quiesce_api::artifact::{Artifact, PluginRef};
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::schedule::Schedule;
use quiesce_api::{
    ApplicationId, Error, NamespaceId, ProgramId, ProgramRef, Rows, RunId, Seconds, VersionId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An application as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AppSnapshot {
    /// Its latest version.
    pub version: VersionId,
    /// What that is made of.
    pub artifact: Artifact,
    /// The SHA-256 of its configuration.
    pub configuration: String,
    /// Its runs that have not ended, of all versions and programs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alive: Vec<Target>,
    /// Its schedules that are on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<EnabledSchedule>,
    /// Schedules that are on and wait for the end of its runs, of any application.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets_off: Vec<TriggeredSchedule>,
    /// Its plugins that the server can't find for the target version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingPlugin>,
    /// Its plugins of which it is unknown whether the server has them, since they could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread_plugins: Vec<PluginRef>,
    /// Whether any of its programs ever ran, as far as records go.
    #[serde(default)]
    pub ever_ran: bool,
}

/// A schedule that is on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EnabledSchedule {
    /// Its name.
    pub name: String,
    /// The program that it starts.
    pub program: ProgramId,
    /// The applications whose programs set it off; empty when the time does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ApplicationId>,
}

/// A schedule that waits for the end of an application's runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TriggeredSchedule {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The application that it starts a program of.
    pub application: ApplicationId,
    /// Its name.
    pub schedule: String,
    /// The program whose runs it waits for.
    pub after: ProgramId,
}

/// A run in a list, as far as a start is recognised by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run.
    pub run: RunId,
    /// When it was started, by the server's clock.
    pub starting: Seconds,
    /// Its state.
    pub status: RunStatus,
}

impl RunSummary {
    /// The runs of a list that matter: those alive, and the newest few.
    pub fn of(records: &[RunRecord]) -> Vec<Self> {
        let (mut seen, mut ended) = (Vec::new(), Vec::new());
        for record in records {
            let (run, starting, status) = (record.run.clone(), record.starting, record.status.clone());
            let one = Self { run, starting, status };
            if one.status.is_end() {
                insert(&mut ended, one, |one, other| other.starting.cmp(&one.starting));
                ended.truncate(3);
            } else {
                seen.push(one);
            }
        }
        seen.append(&mut ended);
        seen
    }
}

impl AppSnapshot {
    /// Begins with the application itself, in its latest version.
    pub fn begin(detail: &ApplicationDetail) -> Self {
        let configuration = digest(detail.configuration.as_bytes());
        Self::new(detail.version.clone(), detail.artifact.clone(), configuration)
    }

    /// A version of which nothing else was read. `configuration` is the digest of its configuration.
    pub(super) fn new(version: VersionId, artifact: Artifact, configuration: String) -> Self {
        Self {
            version,
            artifact,
            configuration,
            alive: Vec::new(),
            schedules: Vec::new(),
            sets_off: Vec::new(),
            missing: Vec::new(),
            unread_plugins: Vec::new(),
            ever_ran: false,
        }
    }

    /// Takes in the runs of one of its programs, of all versions. A list that is not whole could hide a run that is
    /// alive, and is an error.
    pub fn take_runs(&mut self, program: &ProgramRef, runs: &Rows<RunRecord>) -> Result<(), Error> {
        runs.whole()?;
        self.ever_ran |= !runs.good.is_empty();
        let kind = Kind::of(&program.program_type, &program.program, Some(&self.artifact));
        for record in runs.good.iter().filter(|record| !record.status.is_end()) {
            self.alive.push(Target {
                run: program.run(record.run.clone()),
                kind,
                older: record.version.as_ref().is_some_and(|version| *version != self.version),
                parent: record.parent_run(),
                record: record.clone(),
                facts: None,
                past: PastStops::of(&runs.good),
            });
        }
        Ok(())
    }

    /// Takes in its schedules.
    pub fn take_schedules(&mut self, schedules: &Rows<Schedule>) -> Result<(), Error> {
        for schedule in schedules.whole()?.iter().filter(|schedule| schedule.is_on()) {
            let mut after = Vec::new();
            triggers(&schedule.trigger, &mut after);
            let program = schedule.program.program_name.clone();
            self.schedules.push(EnabledSchedule { name: schedule.name.clone(), program, after });
        }
        Ok(())
    }

    /// Takes in the schedules that wait for one of its programs.
    pub fn take_triggered(&mut self, program: &ProgramId, schedules: &Rows<Schedule>) -> Result<(), Error> {
        for schedule in schedules.whole()?.iter().filter(|schedule| schedule.is_on()) {
            self.sets_off.push(TriggeredSchedule {
                namespace: schedule.namespace.clone(),
                application: schedule.application.clone(),
                schedule: schedule.name.clone(),
                after: program.clone(),
            });
        }
        Ok(())
    }
}

/// The applications whose programs a trigger waits for (docs/cdap-api.md#schedules).
fn triggers(trigger: &Value, after: &mut Vec<ApplicationId>) {
    if let Some(application) = trigger.pointer("/programId/application").and_then(Value::as_str) {
        after.push(application.into());
    }
    for inner in trigger.get("triggers").and_then(Value::as_array).into_iter().flatten() {
        triggers(inner, after);
    }
}
