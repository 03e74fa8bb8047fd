//! Starting a program.

use super::program::ProgramRef;
use super::program::{Behavior, Kind, Program};
use super::refusal::{Refusal, program as program_name};
use super::run::{Run, RunPlan};
use super::server_state::ServerState;
use super::text::{Arguments, Text};
use crate::json;
use crate::random::SeededRng;
use serde_json::{Map, Value};

impl ServerState {
    /// Starts a program with its saved arguments and others that override them, and returns the ID of the run.
    pub(crate) fn start(&mut self, program_ref: ProgramRef, arguments: &Arguments) -> Result<Text, Refusal> {
        let now = self.now();
        self.may_start(program_ref, now)?;
        let mut all = self.resolved(program_ref);
        all.extend(arguments.clone());
        Ok(self.launch(program_ref, &all, now))
    }

    /// Refuses a start while a run is active, unless the program can have several.
    fn may_start(&self, program_ref: ProgramRef, now: i64) -> Result<(), Refusal> {
        let (application, program) = self.program(program_ref)?;
        if program.kind.concurrent() {
            return Ok(());
        }
        let alive = program.runs.iter().filter(|run| run.exists(now));
        let alive = alive.filter(|run| !run.state(now, &self.settings).is_end());
        let ProgramRef { namespace, application: name, kind, name: program_id } = program_ref;
        let runs: Vec<String> = alive
            .map(|run| {
                if self.options.profile.keeps_versions() {
                    let program = program_name(namespace, name, &run.version, kind, program_id);
                    format!("program_run{}.{}", program.trim_start_matches("program"), run.id)
                } else {
                    run.id.to_string()
                }
            })
            .collect();
        if runs.is_empty() {
            return Ok(());
        }
        let scope = if kind == Kind::Worker { " in an version of the same application" } else { "" };
        let program = program_name(namespace, name, &application.latest_id(), kind, program_id);
        let runs = runs.join(", ");
        Err(Refusal::new(409, format!("Program {program} is already running{scope} with run ids [{runs}]")))
    }

    /// Adds a run of the latest version that starts at a time.
    pub(crate) fn launch(&mut self, program_ref: ProgramRef, arguments: &Arguments, at: i64) -> Text {
        let id = self.ids.make(at);
        let phase_id = self.ids.make(at + 2_000);
        let seed = self.options.seed;
        let Some(application) = self.find_mut(program_ref.namespace, program_ref.application) else {
            return id;
        };
        let version = application.latest_id();
        let phase = application.latest().and_then(|it| it.definition.phase().map(|part| part.name.clone()));
        let Some(program) = application.program_mut(program_ref.kind, program_ref.name) else { return id };
        let mut rng = SeededRng::new(
            seed,
            &[program_ref.application, program_ref.name, &program.runs.len().to_string()],
        );
        let (launch, plan) = plan(program, arguments, &mut rng);
        let batch = matches!(program.behavior, Behavior::Batch { .. });
        program.runs.push(Run {
            id: id.clone(),
            version,
            starting: at,
            launch,
            plan,
            arguments: runtime_arguments(at, arguments),
            stop: None,
            phase: phase.filter(|_| batch).map(|name| (name, phase_id)),
        });
        id
    }
}

/// The milliseconds until a run is RUNNING, and how it ends if it is not stopped.
fn plan(program: &Program, arguments: &Arguments, rng: &mut SeededRng) -> (i64, RunPlan) {
    let wait = || arguments.get("wait").and_then(|it| it.parse::<i64>().ok());
    match program.behavior {
        Behavior::Worker { .. } | Behavior::Endless => (rng.between(300, 900), RunPlan::Endless),
        Behavior::Service => (rng.between(200, 600), RunPlan::Endless),
        Behavior::Stream { .. } => (rng.between(1_200, 1_900), RunPlan::Endless),
        Behavior::Report => {
            let after = wait().unwrap_or(600).saturating_mul(1_000).saturating_add(200);
            (rng.between(400, 900), RunPlan::Ends { after, failed: false })
        }
        Behavior::Batch { argument: true, .. } => match wait() {
            Some(wait) => {
                let after = wait.saturating_mul(1_000).saturating_add(5_000);
                (rng.between(1_200, 1_900), RunPlan::Ends { after, failed: false })
            }
            // The configuration's macro has no value: accepted, and failed a few seconds later (record `run-failed`).
            None => (4_600, RunPlan::Ends { after: 300, failed: true }),
        },
        Behavior::Batch { seconds, .. } | Behavior::Job { seconds } => {
            let after = rng.between(seconds.0.saturating_mul(1_000), seconds.1.saturating_mul(1_000));
            (rng.between(1_200, 1_900), RunPlan::Ends { after, failed: false })
        }
    }
}

/// A record's `runtimeArgs`: JSON, the server's own key first.
pub(crate) fn runtime_arguments(at: i64, arguments: &Arguments) -> Text {
    let mut all = Map::new();
    all.insert("logical.start.time".to_owned(), Value::String(at.to_string()));
    all.extend(arguments.iter().map(|(key, value)| (key.clone(), Value::String(value.clone()))));
    json::text(&all).into()
}
