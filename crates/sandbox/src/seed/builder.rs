//! Adds seeded applications and their runs to a server.

use super::plugins;
use super::spec::{AppKind, AppSpec, ArtifactVersion, CustomBehavior, PastRuns, StreamSpec};
use super::versions::versions;
use crate::model::application::{AppDefinition, Application, Artifact, ProgramDefinition, Scope, Version};
use crate::model::pipeline::{LOG_KEY, Pipeline};
use crate::model::program::ProgramRef;
use crate::model::program::{Behavior, Kind};
use crate::model::run::{Run, RunPlan, RunState, Stop};
use crate::model::server_state::ServerState;
use crate::model::start::runtime_arguments;
use crate::model::text::{Arguments, Text};
use crate::model::version::SNAPSHOT;
use crate::random::SeededRng;
use std::sync::Arc;

/// How long ago applications were deployed: 120 days, in milliseconds.
const DEPLOYED: i64 = 120 * 86_400_000;

/// Adds applications to a server.
pub(super) struct Builder<'a> {
    pub server: &'a mut ServerState,
    pub now: i64,
}

impl<'a> Builder<'a> {
    pub(super) fn new(server: &'a mut ServerState) -> Self {
        let now = server.now();
        Self { server, now }
    }

    /// The version of a pipeline's artifact.
    pub(super) fn version(&self, version: ArtifactVersion) -> &'static str {
        let (older, newer, _) = versions(self.server);
        match version {
            ArtifactVersion::Older => older,
            ArtifactVersion::Newer => newer,
            ArtifactVersion::Removed(version) => version,
        }
    }

    /// A version of an application that was deployed at a time.
    pub(super) fn deployed(
        &mut self,
        at: i64,
        artifact: Artifact,
        definition: Arc<AppDefinition>,
    ) -> Version {
        let keeps = self.server.options.profile.keeps_versions();
        let id: Text = if keeps { self.server.ids.make(at) } else { SNAPSHOT.into() };
        Version { id, created: at, artifact, definition, upgraded: false, change_summary: None }
    }

    /// Adds an application that was deployed at a time.
    pub(super) fn add(
        &mut self,
        namespace: &str,
        name: &str,
        at: i64,
        artifact: Artifact,
        definition: Arc<AppDefinition>,
    ) {
        let version = self.deployed(at, artifact, definition);
        if let Some(home) = self.server.namespaces.get_mut(namespace) {
            home.put(Application::new(name, version));
        }
    }

    /// Adds an application, or a version of one that is there.
    pub(super) fn deploy(
        &mut self,
        namespace: &str,
        name: &str,
        at: i64,
        artifact: Artifact,
        definition: Arc<AppDefinition>,
    ) {
        if self.server.find(namespace, name).is_none() {
            return self.add(namespace, name, at, artifact, definition);
        }
        let version = self.deployed(at, artifact, definition);
        if let Some(application) = self.server.find_mut(namespace, name) {
            application.deploy(version);
        }
    }

    /// Adds an upgraded version that was deployed at a time.
    pub(super) fn supersede(&mut self, namespace: &str, name: &str, at: i64, artifact: Artifact) {
        let Some(old) = self.server.find(namespace, name).and_then(Application::latest).cloned() else {
            return;
        };
        let version = self.deployed(at, artifact, old.definition);
        if let Some(application) = self.server.find_mut(namespace, name) {
            application.deploy(Version { upgraded: true, ..version });
        }
    }

    /// Adds an application with its runs.
    pub(super) fn app(&mut self, namespace: &str, app: &AppSpec) {
        let system = |name: &str, version: &str| Artifact::new(name, version, Scope::System);
        let (artifact, definition, program_ref) = match &app.kind {
            AppKind::Batch { version, cron, seconds, .. } => {
                let mut pipeline = Pipeline::batch(*cron);
                pipeline.description = app.description.into();
                pipeline.stages = plugins::nightly();
                let behavior = Behavior::Batch { seconds: *seconds, argument: false };
                let artifact = system("cdap-data-pipeline", self.version(*version));
                (artifact, AppDefinition::of(pipeline, behavior), (Kind::Workflow, "DataPipelineWorkflow"))
            }
            AppKind::Stream { version, stream } => {
                let StreamSpec { rate, drain, race, .. } = *stream;
                let behavior = Behavior::Stream { rate, drain_seconds: drain, race };
                let artifact = system("cdap-data-streams", self.version(*version));
                let core = versions(self.server).2;
                let definition = AppDefinition::of(live(stream, app.description, core), behavior);
                (artifact, definition, (Kind::Spark, "DataStreamsSparkStreaming"))
            }
            AppKind::Custom { artifact, kind, program, behavior: custom } => {
                let behavior = match (custom, kind) {
                    (CustomBehavior::NeverEnds, _) => Behavior::Endless,
                    (CustomBehavior::Job(low, high), _) => Behavior::Job { seconds: (*low, *high) },
                    (CustomBehavior::EndsAfter(_), Kind::Service) => Behavior::Service,
                    (CustomBehavior::EndsAfter(millis), _) => Behavior::Worker { drain_millis: *millis },
                };
                let part = ProgramDefinition {
                    kind: *kind,
                    name: (*program).into(),
                    description: "".into(),
                    behavior,
                };
                let description = app.description.into();
                let definition = AppDefinition { description, pipeline: None, programs: vec![part] };
                (Artifact::new(artifact.0, artifact.1, Scope::User), definition, (*kind, *program))
            }
        };
        let at = self.now - DEPLOYED - i64::try_from(app.name.len()).unwrap_or(0) * 61_000;
        self.add(namespace, app.name, at, artifact, Arc::new(definition));
        if let (AppKind::Batch { enabled: true, .. }, Some(application)) =
            (&app.kind, self.server.find_mut(namespace, app.name))
        {
            for schedule in &mut application.schedules {
                schedule.enabled = true;
            }
        }
        let program_ref =
            ProgramRef { namespace, application: app.name, kind: program_ref.0, name: program_ref.1 };
        for past in app.runs {
            self.past(program_ref, *past);
        }
    }

    /// Adds past and active runs, oldest first.
    fn past(&mut self, program_ref: ProgramRef, past: PastRuns) {
        let now = self.now;
        let ago = |seconds: i64| now - seconds * 1_000;
        match past {
            PastRuns::Running(since) => self.began(program_ref, ago(since), RunPlan::Endless),
            PastRuns::Superseded(since, upgraded) => {
                self.began(program_ref, ago(since), RunPlan::Endless);
                let newer = self.version(ArtifactVersion::Newer);
                let name =
                    if program_ref.kind == Kind::Spark { "cdap-data-streams" } else { "cdap-data-pipeline" };
                let artifact = Artifact::new(name, newer, Scope::System);
                self.supersede(program_ref.namespace, program_ref.application, ago(upgraded), artifact);
            }
            PastRuns::Completed { times, every, last, lasted } => {
                for n in (0..times).rev() {
                    let words = [program_ref.application, "past", &n.to_string()];
                    let part =
                        SeededRng::new(self.server.options.seed, &words).between(-lasted * 100, lasted * 200);
                    let plan = RunPlan::Ends { after: lasted * 1_000 + part, failed: false };
                    let began = self.now - (last + lasted + every * n) * 1_000 - part;
                    self.began(program_ref, began, plan);
                }
            }
            PastRuns::Failed { ago: end, lasted } => {
                let plan = RunPlan::Ends { after: lasted * 1_000, failed: true };
                self.began(program_ref, ago(end + lasted), plan);
            }
            PastRuns::Killed { ago: end, lasted } => {
                self.began(program_ref, ago(end + lasted), RunPlan::Endless);
                self.stopped(program_ref, ago(end) - 1_700, Some(ago(end)));
            }
            PastRuns::Rejected(at) => self.began(program_ref, ago(at), RunPlan::Rejected),
            PastRuns::Pending(since) => self.began(program_ref, ago(since), RunPlan::Held(RunState::Pending)),
            PastRuns::Suspended(since) => {
                self.began(program_ref, ago(since), RunPlan::Held(RunState::Suspended));
            }
            PastRuns::Starting(since, more) => {
                self.began(program_ref, ago(since), RunPlan::Endless);
                if let Some(run) = self.last(program_ref) {
                    run.launch = (since + more) * 1_000;
                }
            }
            PastRuns::Stopping(since, more) => {
                self.began(program_ref, ago(since + 1_900), RunPlan::Endless);
                let ends = self.now + more * 1_000;
                self.stopped(program_ref, ago(since), Some(ends));
            }
        }
    }

    fn last(&mut self, program_ref: ProgramRef) -> Option<&mut Run> {
        self.server.program_mut(program_ref)?.runs.last_mut()
    }

    /// Adds a run that started at a time, with the saved arguments. An endless plan means: as the program behaves,
    /// unless it would have ended already.
    pub(super) fn began(&mut self, program_ref: ProgramRef, at: i64, plan: RunPlan) {
        let arguments = self.server.resolved(program_ref);
        self.began_with(program_ref, at, &arguments);
        let now = self.now;
        if let Some(run) = self.last(program_ref) {
            let goes_on = plan == RunPlan::Endless;
            let passed = matches!(run.plan, RunPlan::Ends { after, .. } if run.running() + after <= now);
            if !goes_on || passed {
                run.plan = plan;
            }
        }
    }

    /// Adds a run with arguments that behaves as its program does.
    pub(super) fn began_with(&mut self, program_ref: ProgramRef, at: i64, arguments: &Arguments) {
        self.server.launch(program_ref, arguments, at);
        let text = runtime_arguments(at, arguments);
        if let Some(run) = self.last(program_ref) {
            run.arguments = text;
        }
    }

    fn stopped(&mut self, program_ref: ProgramRef, at: i64, ends: Option<i64>) {
        let grace = self.server.settings.max_stop;
        if let Some(run) = self.last(program_ref) {
            run.stop = Some(Stop { at, grace, ends, drain: None });
        }
    }
}

/// The configuration of a real-time pipeline.
fn live(stream: &StreamSpec, description: &str, core: &str) -> Pipeline {
    let mut pipeline = Pipeline::stream(stream.interval);
    pipeline.description = description.into();
    pipeline.stages = plugins::live(stream.source, core);
    pipeline.stop_gracefully = stream.graceful;
    pipeline.tracked = stream.tracked;
    pipeline.properties = stream.log.iter().map(|log| (LOG_KEY.into(), (*log).into())).collect();
    pipeline
}
