//! Putting applications and their past into a server.

use super::plugins;
use super::row::{Ends, Of, Past, Row, Stream, What};
use crate::model::application::{Application, Artifact, Blueprint, Part, Scope, Version};
use crate::model::pipeline::{LOG_KEY, Pipeline};
use crate::model::program::Place;
use crate::model::program::{Kind, Manner};
use crate::model::run::{Fate, Run, State, Stop};
use crate::model::server_state::ServerState;
use crate::model::start::runtime_arguments;
use crate::model::text::{Arguments, Text};
use crate::model::version::SNAPSHOT;
use crate::random::SeededRng;
use std::sync::Arc;

/// How long ago everything was deployed, unless its past began earlier: 120 days, in milliseconds.
const DEPLOYED: i64 = 120 * 86_400_000;

/// A server that is being filled.
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
    pub(super) fn version(&self, of: Of) -> &'static str {
        let (older, newer, _) = super::versions(self.server);
        match of {
            Of::Older => older,
            Of::Newer => newer,
            Of::Gone(version) => version,
        }
    }

    /// A version of an application that was deployed at a time.
    pub(super) fn deployed(&mut self, at: i64, artifact: Artifact, blueprint: Arc<Blueprint>) -> Version {
        let keeps = self.server.options.profile.keeps_versions();
        let id: Text = if keeps { self.server.ids.make(at) } else { SNAPSHOT.into() };
        Version { id, created: at, artifact, blueprint, upgraded: false, note: None }
    }

    /// Adds an application that was deployed at a time.
    pub(super) fn add(
        &mut self,
        namespace: &str,
        name: &str,
        at: i64,
        artifact: Artifact,
        blueprint: Arc<Blueprint>,
    ) {
        let version = self.deployed(at, artifact, blueprint);
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
        blueprint: Arc<Blueprint>,
    ) {
        if self.server.find(namespace, name).is_none() {
            return self.add(namespace, name, at, artifact, blueprint);
        }
        let version = self.deployed(at, artifact, blueprint);
        if let Some(application) = self.server.find_mut(namespace, name) {
            application.deploy(version);
        }
    }

    /// Makes a newer version of an application, which was deployed at a time.
    pub(super) fn supersede(&mut self, namespace: &str, name: &str, at: i64, artifact: Artifact) {
        let Some(old) = self.server.find(namespace, name).and_then(Application::latest).cloned() else {
            return;
        };
        let version = self.deployed(at, artifact, old.blueprint);
        if let Some(application) = self.server.find_mut(namespace, name) {
            application.deploy(Version { upgraded: true, ..version });
        }
    }

    /// Adds what a row says.
    pub(super) fn row(&mut self, namespace: &str, row: &Row) {
        let system = |name: &str, version: &str| Artifact::new(name, version, Scope::System);
        let (artifact, blueprint, place) = match &row.what {
            What::Batch { of, cron, seconds, .. } => {
                let mut pipeline = Pipeline::batch(*cron);
                pipeline.description = row.description.into();
                pipeline.stages = plugins::nightly();
                let manner = Manner::Batch { seconds: *seconds, argument: false };
                let artifact = system("cdap-data-pipeline", self.version(*of));
                (artifact, Blueprint::of(pipeline, manner), (Kind::Workflow, "DataPipelineWorkflow"))
            }
            What::Stream { of, stream } => {
                let Stream { rate, drain, race, .. } = *stream;
                let manner = Manner::Stream { rate, drain_seconds: drain, race };
                let artifact = system("cdap-data-streams", self.version(*of));
                let core = super::versions(self.server).2;
                let blueprint = Blueprint::of(live(stream, row.description, core), manner);
                (artifact, blueprint, (Kind::Spark, "DataStreamsSparkStreaming"))
            }
            What::Own { artifact, kind, program, ends } => {
                let manner = match (ends, kind) {
                    (Ends::Never, _) => Manner::Endless,
                    (Ends::Job(low, high), _) => Manner::Job { seconds: (*low, *high) },
                    (Ends::After(_), Kind::Service) => Manner::Service,
                    (Ends::After(millis), _) => Manner::Worker { drain_millis: *millis },
                };
                let part = Part { kind: *kind, name: (*program).into(), description: "".into(), manner };
                let description = row.description.into();
                let blueprint = Blueprint { description, pipeline: None, programs: vec![part] };
                (Artifact::new(artifact.0, artifact.1, Scope::User), blueprint, (*kind, *program))
            }
        };
        let at = self.now - DEPLOYED - i64::try_from(row.name.len()).unwrap_or(0) * 61_000;
        self.add(namespace, row.name, at, artifact, Arc::new(blueprint));
        if let (What::Batch { enabled: true, .. }, Some(application)) =
            (&row.what, self.server.find_mut(namespace, row.name))
        {
            for schedule in &mut application.schedules {
                schedule.enabled = true;
            }
        }
        let place = Place { namespace, application: row.name, kind: place.0, name: place.1 };
        for past in row.past {
            self.past(place, *past);
        }
    }

    /// Adds runs, oldest first.
    fn past(&mut self, place: Place, past: Past) {
        let now = self.now;
        let ago = |seconds: i64| now - seconds * 1_000;
        match past {
            Past::Running(since) => self.began(place, ago(since), Fate::Forever),
            Past::Superseded(since, upgraded) => {
                self.began(place, ago(since), Fate::Forever);
                let newer = self.version(Of::Newer);
                let name = if place.kind == Kind::Spark { "cdap-data-streams" } else { "cdap-data-pipeline" };
                let artifact = Artifact::new(name, newer, Scope::System);
                self.supersede(place.namespace, place.application, ago(upgraded), artifact);
            }
            Past::Completed { times, every, last, lasted } => {
                for n in (0..times).rev() {
                    let words = [place.application, "past", &n.to_string()];
                    let part =
                        SeededRng::new(self.server.options.seed, &words).between(-lasted * 100, lasted * 200);
                    let fate = Fate::Ends { after: lasted * 1_000 + part, failed: false };
                    let began = self.now - (last + lasted + every * n) * 1_000 - part;
                    self.began(place, began, fate);
                }
            }
            Past::Failed { ago: end, lasted } => {
                let fate = Fate::Ends { after: lasted * 1_000, failed: true };
                self.began(place, ago(end + lasted), fate);
            }
            Past::Killed { ago: end, lasted } => {
                self.began(place, ago(end + lasted), Fate::Forever);
                self.stopped(place, ago(end) - 1_700, Some(ago(end)));
            }
            Past::Rejected(at) => self.began(place, ago(at), Fate::Rejected),
            Past::Pending(since) => self.began(place, ago(since), Fate::Held(State::Pending)),
            Past::Suspended(since) => self.began(place, ago(since), Fate::Held(State::Suspended)),
            Past::Starting(since, more) => {
                self.began(place, ago(since), Fate::Forever);
                if let Some(run) = self.last(place) {
                    run.launch = (since + more) * 1_000;
                }
            }
            Past::Stopping(since, more) => {
                self.began(place, ago(since + 1_900), Fate::Forever);
                let ends = self.now + more * 1_000;
                self.stopped(place, ago(since), Some(ends));
            }
        }
    }

    fn last(&mut self, place: Place) -> Option<&mut Run> {
        self.server.program_mut(place)?.runs.last_mut()
    }

    /// Adds a run that began at a time, with the saved arguments. One that goes on ends when its kind of job would,
    /// unless that time has passed.
    pub(super) fn began(&mut self, place: Place, at: i64, fate: Fate) {
        let arguments = self.server.resolved(place);
        self.began_with(place, at, &arguments);
        let now = self.now;
        if let Some(run) = self.last(place) {
            let goes_on = fate == Fate::Forever;
            let passed = matches!(run.fate, Fate::Ends { after, .. } if run.running() + after <= now);
            if !goes_on || passed {
                run.fate = fate;
            }
        }
    }

    /// Adds a run with arguments; how it goes is its program's way.
    pub(super) fn began_with(&mut self, place: Place, at: i64, arguments: &Arguments) {
        self.server.launch(place, arguments, at);
        let text = runtime_arguments(at, arguments);
        if let Some(run) = self.last(place) {
            run.arguments = text;
        }
    }

    fn stopped(&mut self, place: Place, at: i64, ends: Option<i64>) {
        let grace = self.server.settings.max_stop;
        if let Some(run) = self.last(place) {
            run.stop = Some(Stop { at, grace, ends, drain: None });
        }
    }
}

/// The configuration of a real-time pipeline.
fn live(stream: &Stream, description: &str, core: &str) -> Pipeline {
    let mut pipeline = Pipeline::stream(stream.interval);
    pipeline.description = description.into();
    pipeline.stages = plugins::live(stream.source, core);
    pipeline.stop_gracefully = stream.graceful;
    pipeline.tracked = stream.tracked;
    pipeline.properties = stream.log.iter().map(|log| (LOG_KEY.into(), (*log).into())).collect();
    pipeline
}
