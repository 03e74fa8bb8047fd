//! Stops: the runs that a stop affects, its grace period, and how each run ends.

use super::application::Application;
use super::drain::{Drain, DrainInput};
use super::program::ProgramRef;
use super::program::{Behavior, Program};
use super::refusal::{Refusal, program as program_name, version as version_name};
use super::run::{Run, RunState, Stop};
use super::server_state::ServerState;
use super::text::{Arguments, Text};
use super::version::SNAPSHOT;
use crate::random::SeededRng;

/// The requested grace period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestedGrace {
    /// None, or a server that ignores it.
    Default,
    /// A number of seconds.
    Seconds(i64),
}

impl ServerState {
    /// Stops all active runs of one version, including those that are stopping, and returns their IDs, newest first.
    /// The default is the latest version.
    pub(crate) fn stop_program(
        &mut self,
        program_ref: ProgramRef,
        version: Option<&str>,
        grace: i64,
    ) -> Result<Vec<Text>, Refusal> {
        let ProgramRef { namespace, application: app, kind, name } = program_ref;
        if let Some(id) = version.filter(|it| *it != SNAPSHOT && self.options.profile.keeps_versions())
            && self.find(namespace, app).and_then(|it| it.version(id)).is_none()
        {
            return Err(Refusal::missing(program_name(namespace, app, id, kind, name)));
        }
        let application = self.application(namespace, app)?;
        let version = match version.filter(|it| *it != SNAPSHOT) {
            None => application.latest_id(),
            Some(id) => match application.version(id) {
                Some(version) => version.id.clone(),
                None => return Err(Refusal::missing(version_name(namespace, app, id))),
            },
        };
        let entity = program_name(namespace, app, &version, kind, name);
        let program = application.program(kind, name).ok_or_else(|| Refusal::missing(&entity))?;
        let now = self.now();
        let alive = program.runs.iter().enumerate().rev();
        let alive: Vec<_> = alive
            .filter(|(_, run)| run.exists(now) && run.version == version)
            .filter(|(_, run)| !run.state(now, &self.settings).is_end())
            .map(|(index, run)| (index, run.id.clone()))
            .collect();
        if alive.is_empty() {
            return Err(Refusal::bad(format!("Program '{entity}' is not running.")));
        }
        for (index, _) in &alive {
            self.stop_at(program_ref, *index, grace, now);
        }
        Ok(alive.into_iter().map(|(_, id)| id).collect())
    }

    /// Stops one run of any version. One that is stopping already is "not running".
    pub(crate) fn stop_run(
        &mut self,
        program_ref: ProgramRef,
        run: &str,
        asked: RequestedGrace,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let (_, program) = self.program(program_ref)?;
        let found = program.runs.iter().position(|it| &*it.id == run && it.exists(now));
        let stops = |index: &usize| {
            program.runs.get(*index).is_some_and(|run| run.state(now, &self.settings).stops_alone())
        };
        let Some(index) = found.filter(stops) else {
            let ProgramRef { namespace, application, kind, name } = program_ref;
            let entity = self.names().program(namespace, application, kind, name);
            return Err(Refusal::bad(format!("Program '{entity}' is not running.")));
        };
        self.stop_at(program_ref, index, self.grace(asked), now);
        Ok(())
    }

    /// The grace period of a run-level or batch stop.
    pub(crate) fn grace(&self, asked: RequestedGrace) -> i64 {
        match asked {
            RequestedGrace::Seconds(seconds) if self.options.profile.honours_graceful() => seconds,
            _ => self.settings.max_stop,
        }
    }

    /// Stops a run. A second stop changes nothing.
    fn stop_at(&mut self, program_ref: ProgramRef, index: usize, grace: i64, now: i64) {
        let stop = {
            let Some(application) = self.find(program_ref.namespace, program_ref.application) else { return };
            let Some(program) = application.program(program_ref.kind, program_ref.name) else { return };
            let Some(run) = program.runs.get(index).filter(|run| run.stop.is_none()) else { return };
            self.plan(application, program, run, index, grace, now)
        };
        let endless = self.faults.take_never_ends(program_ref.application);
        let restarts = stop.ends.filter(|_| self.faults.take_restart(program_ref.application));
        let Some(run) = self.program_mut(program_ref).and_then(|program| program.runs.get_mut(index)) else {
            return;
        };
        let arguments = arguments(run);
        run.stop = Some(if endless { Stop { ends: None, ..stop } } else { stop });
        if let Some(end) = restarts {
            self.launch(program_ref, &arguments, end + 2_000);
        }
    }

    /// How a stopped run will end.
    fn plan(
        &self,
        application: &Application,
        program: &Program,
        run: &Run,
        index: usize,
        grace: i64,
        now: i64,
    ) -> Stop {
        let words = [&*application.name, &program.name, "stop", &index.to_string()];
        let mut rng = SeededRng::new(self.options.seed, &words);
        let given = arguments(run);
        let mut drain = None;
        let takes = if run.state(now, &self.settings) == RunState::Running {
            match program.behavior {
                Behavior::Endless => None,
                Behavior::Service => Some(rng.between(700, 1_900)),
                Behavior::Report | Behavior::Batch { .. } => Some(rng.between(600, 1_600)),
                Behavior::Job { .. } => Some(rng.between(1_000, 3_500)),
                Behavior::Worker { drain_millis } => {
                    let asked = |key: &str| given.get(key).and_then(|it| it.parse::<i64>().ok()).unwrap_or(0);
                    let seconds = asked("drain").saturating_add(asked("linger"));
                    Some(seconds.saturating_mul(1_000) + drain_millis + rng.between(500, 900))
                }
                Behavior::Stream { rate, drain_seconds, race } => {
                    let version = application.version(&run.version).or(application.latest());
                    version.and_then(|it| Some((it, it.definition.pipeline.as_ref()?))).map(
                        |(it, pipeline)| {
                            let input = DrainInput {
                                profile: self.options.profile,
                                settings: &self.settings,
                                grace,
                                pipeline,
                                old_artifact: it.artifact.is_old(),
                                arguments: &given,
                                rate,
                                drain_seconds,
                                race,
                            };
                            let plan = Drain::plan(&input, &mut rng);
                            drain = Some(plan);
                            plan.millis
                        },
                    )
                }
            }
        } else {
            Some(rng.between(300, 1_000))
        };
        Stop { at: now, grace, ends: takes.map(|takes| now.saturating_add(takes)), drain }
    }
}

/// The runtime arguments of a run, without those that the server adds.
pub(crate) fn arguments(run: &Run) -> Arguments {
    let mut all: Arguments = serde_json::from_str(&run.arguments).unwrap_or_default();
    all.remove("logical.start.time");
    all
}
