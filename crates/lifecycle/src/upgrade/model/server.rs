//! A small server, as far as an upgrade sees it.

use crate::kind::Kind;
use crate::launch::{Fact, LaunchFacts, Receiver, Setting, StateMode};
use crate::stop::{StopCall, Target};
use crate::upgrade::*;
use crate::verdict::PastStops;
use quiesce_api::artifact::Artifact;
use quiesce_api::run::{Properties, RunRecord, RunStatus};
use quiesce_api::stop::{StopResult, StoppedRun};
use quiesce_api::{
    BatchResult, Error, ProgramRef, ProgramType, Refusal, Rows, RunId, RunRef, Seconds, Timestamp,
    TransportError, VersionId,
};

pub(crate) const BEGAN: i64 = 1_000_000;
pub(crate) const OLD: &str = "6.10.0";
pub(crate) const NEW: &str = "6.11.0";

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn refusal(status: u16) -> Error {
    let message = "no".to_owned();
    Error::Refused(Refusal { status, kind: status.into(), message, auth_uris: Vec::new() })
}

pub(crate) fn lost() -> Error {
    Error::Transport(TransportError::Unreachable(String::new()))
}

/// An application on the model's server, with one program.
#[derive(Clone, Debug, Hash)]
pub(crate) struct App {
    pub name: &'static str,
    pub version: u32,
    pub artifact: &'static str,
    /// A real-time pipeline with Spark checkpoints.
    pub streams: bool,
    /// The moment, in steps, of the last change by another user.
    pub changed: u32,
    /// How many versions this operation made.
    pub made: u32,
}

#[derive(Clone, Debug, Hash)]
pub(crate) struct Run {
    pub app: usize,
    pub record: RunRecord,
    /// How many seconds it takes to end after the request.
    pub takes: i64,
    pub drains: bool,
    pub by: By,
    /// The moment, in steps, at which it was started.
    pub born: u32,
    /// How often it got a stop request while it ran.
    pub told: u32,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(crate) enum By {
    Before,
    Us,
    Another,
}

#[derive(Clone, Debug, Hash)]
pub(crate) struct Schedule {
    pub app: usize,
    pub on: bool,
    pub paused_by: Option<By>,
    pub after: bool,
}

#[derive(Clone, Debug, Hash)]
pub(crate) struct Server {
    pub now: i64,
    pub apps: Vec<App>,
    pub runs: Vec<Run>,
    pub schedules: Vec<Schedule>,
    pub ids: u32,
    /// An upgrade whose connection is gone and that the server does later.
    pub late: Option<(i64, Call, usize)>,
}

/// What becomes of the next effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Good,
    LostBefore,
    LostAfter,
    /// The answer is lost, and the server does it half a minute later.
    Late,
    SignIn,
    /// Away: nothing happens.
    Away,
    /// A definite no.
    No,
    /// The server answers 500 and has changed nothing.
    Fails,
    /// The server answers 500 and has done it all the same.
    FailsAfter,
    /// The server says 200 and does nothing; of a backup: an application is not in it.
    Hollow,
    /// The page dies after the intent, before the request is sent.
    CrashBefore,
    /// The page dies after the request, before its answer.
    CrashAfter,
}

pub(crate) fn program(app: &App) -> ProgramRef {
    if app.streams {
        ProgramRef::new("default", app.name, ProgramType::Spark, Kind::REAL_TIME_PROGRAM)
    } else {
        ProgramRef::new("default", app.name, ProgramType::Workflow, Kind::BATCH_PROGRAM)
    }
}

pub(crate) fn artifact(app: &App, version: &str) -> Artifact {
    let name = if app.streams { "cdap-data-streams" } else { "cdap-data-pipeline" };
    Artifact { name: name.into(), version: version.into(), scope: "SYSTEM".into() }
}

pub(crate) fn version(number: u32) -> VersionId {
    VersionId::new(format!("v{number}"))
}

pub(crate) fn facts() -> LaunchFacts {
    fn fact<T>(value: T) -> Fact<T> {
        Fact { value, evidence: String::new().into() }
    }
    LaunchFacts {
        write_ahead_log: fact(Setting::On),
        at_least_once: fact(Setting::On),
        state_mode: fact(StateMode::SparkCheckpointing),
        stops_gracefully: fact(Setting::On),
        batch_interval: fact(Some(5_000)),
        receiver: fact(Receiver::Yes),
    }
}

impl Server {
    pub(crate) fn new(apps: &[(&'static str, bool)]) -> Self {
        let apps = apps.iter().map(|(name, streams)| App {
            name,
            version: 1,
            artifact: OLD,
            streams: *streams,
            changed: 0,
            made: 0,
        });
        let (runs, schedules) = (Vec::new(), Vec::new());
        Self { now: BEGAN, apps: apps.collect(), runs, schedules, ids: 0, late: None }
    }

    pub(crate) fn start(&mut self, app: usize, by: By, born: u32) -> RunId {
        self.ids += 1;
        let run = RunId::new(format!("r{}", self.ids));
        let mut properties = Properties::default();
        properties.insert(
            "runtimeArgs".to_owned(),
            format!("{{\"logical.start.time\":\"1\",\"id\":\"{}\"}}", self.ids),
        );
        let record = RunRecord {
            run: run.clone(),
            starting: Seconds(self.now),
            start: Some(Seconds(self.now)),
            end: None,
            suspend: None,
            resume: None,
            stopping: None,
            terminate: None,
            status: RunStatus::Running,
            properties,
            cluster: None,
            profile: None,
            version: Some(version(self.apps[app].version)),
        };
        self.runs.push(Run { app, record, takes: 2, drains: true, by, born, told: 0 });
        run
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += seconds;
        for run in &mut self.runs {
            if run.record.status == RunStatus::Stopping
                && run.record.stopping.is_some_and(|stopping| self.now >= stopping.0 + run.takes)
            {
                run.record.status = RunStatus::Killed;
                run.record.end = Some(Seconds(self.now));
            }
        }
        if let Some((due, call, app)) = self.late
            && self.now >= due
        {
            self.late = None;
            self.deploy(call, app);
        }
    }

    pub(crate) fn alive(&self, app: usize) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.app == app && !run.record.status.is_end())
    }

    pub(crate) fn tell(&mut self, reaches: impl Fn(&Run) -> bool) -> Vec<(usize, RunId)> {
        let mut told = Vec::new();
        for run in self.runs.iter_mut().filter(|run| !run.record.status.is_end() && reaches(run)) {
            told.push((run.app, run.record.run.clone()));
            if run.record.status != RunStatus::Stopping {
                run.told += 1;
                run.record.status = RunStatus::Stopping;
                run.record.stopping = Some(Seconds(self.now));
                run.record.terminate = Some(Seconds(self.now + 300));
            }
        }
        told
    }

    pub(crate) fn stop(&mut self, call: &StopCall) -> Result<Rows<StopResult>, Error> {
        let apps = self.apps.clone();
        match call {
            StopCall::Run(stop) => {
                let told = self
                    .tell(|run| run.record.run == stop.run.run && run.record.status != RunStatus::Stopping);
                if told.is_empty() { Err(refusal(400)) } else { Ok(Rows::default()) }
            }
            StopCall::Batch(stop) => {
                let mut rows = Rows::default();
                for program in &stop.programs {
                    let app = apps.iter().position(|app| program.application.as_str() == app.name).unwrap();
                    let latest = version(apps[app].version);
                    let told =
                        self.tell(|run| run.app == app && run.record.version.as_ref() == Some(&latest));
                    let element = |status_code, run| BatchResult {
                        app_id: program.application.clone(),
                        program_type: program.program_type.clone(),
                        program_id: program.program.clone(),
                        status_code,
                        error: None,
                        value: StoppedRun { run },
                    };
                    if told.is_empty() {
                        rows.good.push(element(400, None));
                    }
                    rows.good.extend(told.into_iter().map(|(_, run)| element(200, Some(run))));
                }
                Ok(rows)
            }
            StopCall::Program(_) => panic!("nobody asked for Now"),
        }
    }

    pub(crate) fn deploy(&mut self, call: Call, app: usize) {
        let app = &mut self.apps[app];
        app.version += 1;
        app.made += 1;
        app.artifact = if call == Call::RollBack { OLD } else { NEW };
    }

    pub(crate) fn look(&self, app: usize, depth: Depth) -> AppSnapshot {
        let it = &self.apps[app];
        let mut look = AppSnapshot::new(version(it.version), artifact(it, it.artifact), "c".into());
        if depth != Depth::Version {
            look.ever_ran = self.runs.iter().any(|run| run.app == app);
            for run in self.alive(app) {
                look.alive.push(Target {
                    run: program(it).run(run.record.run.clone()),
                    kind: if it.streams { Kind::RealTimePipeline } else { Kind::BatchPipeline },
                    record: run.record.clone(),
                    older: run.record.version.as_ref() != Some(&look.version),
                    parent: None,
                    facts: it.streams.then(facts),
                    past: PastStops::default(),
                });
            }
        }
        if depth == Depth::Full {
            for (place, schedule) in self.schedules.iter().enumerate() {
                if schedule.app == app && schedule.on {
                    let after = if schedule.after { vec!["other".into()] } else { Vec::new() };
                    look.schedules.push(EnabledSchedule {
                        name: format!("s{place}"),
                        program: "p".into(),
                        after,
                    });
                }
            }
        }
        look
    }

    pub(crate) fn record(&self, run: &RunRef) -> Result<RunRecord, Error> {
        let found = self.runs.iter().find(|it| it.record.run == run.run);
        found.map(|run| run.record.clone()).ok_or_else(|| refusal(404))
    }
}
