//! Applications, their versions and their schedules.

use super::pipeline::Pipeline;
use super::program::{Behavior, Kind, Program};
use super::text::{Arguments, Text};
use super::trigger::Trigger;
use super::version::SNAPSHOT;
use crate::ids::random_uuid;
use crate::random::SeededRng;
use std::sync::Arc;

/// Where an artifact is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    System,
    User,
}

impl Scope {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::System => "SYSTEM",
            Self::User => "USER",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::System, Self::User].into_iter().find(|scope| scope.word().eq_ignore_ascii_case(word))
    }
}

/// An artifact of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Artifact {
    pub name: Text,
    pub version: Text,
    pub scope: Scope,
}

impl Artifact {
    pub(crate) fn new(name: &str, version: &str, scope: Scope) -> Self {
        Self { name: name.into(), version: version.into(), scope }
    }

    /// The numbers of its version.
    pub(crate) fn rank(&self) -> Vec<u64> {
        self.version.split(['.', '-']).filter_map(|part| part.parse().ok()).collect()
    }

    /// For an order: a snapshot comes before what it becomes.
    pub(crate) fn age(&self) -> (Vec<u64>, bool) {
        (self.rank(), !self.is_snapshot())
    }

    /// Whether it is one that an upgrade takes only if it is told to.
    pub(crate) fn is_snapshot(&self) -> bool {
        self.version.ends_with(SNAPSHOT)
    }

    /// Whether it is of before 6.7.0, where the write-ahead log is off unless it is set.
    pub(crate) fn is_old(&self) -> bool {
        self.rank() < vec![6, 7, 0]
    }
}

/// The description, pipeline and programs of an application's version.
#[derive(Debug)]
pub(crate) struct AppDefinition {
    pub description: Text,
    pub pipeline: Option<Pipeline>,
    pub programs: Vec<ProgramDefinition>,
}

/// A program of an application's definition.
#[derive(Debug, Clone)]
pub(crate) struct ProgramDefinition {
    pub kind: Kind,
    pub name: Text,
    pub description: Text,
    pub behavior: Behavior,
}

impl AppDefinition {
    /// The definition of a pipeline.
    pub(crate) fn of(pipeline: Pipeline, behavior: Behavior) -> Self {
        let description = pipeline.description.clone();
        let part = |kind, name: &str, description: &str, behavior| ProgramDefinition {
            kind,
            name: name.into(),
            description: description.into(),
            behavior,
        };
        let programs = if pipeline.streaming {
            vec![part(Kind::Spark, "DataStreamsSparkStreaming", "", behavior)]
        } else {
            let mut programs = Vec::new();
            if let Some((name, description)) = phase(&pipeline) {
                programs.push(part(Kind::Spark, name, &description, Behavior::Job { seconds: (5, 60) }));
            }
            programs.push(part(Kind::Workflow, "DataPipelineWorkflow", "Data Pipeline Workflow", behavior));
            programs
        };
        Self { description, pipeline: Some(pipeline), programs }
    }

    /// The name of a batch pipeline's Spark phase.
    pub(crate) fn phase(&self) -> Option<&ProgramDefinition> {
        self.pipeline.as_ref().filter(|it| !it.streaming)?;
        self.programs.iter().find(|it| it.kind == Kind::Spark)
    }
}

/// The Spark phase of a batch pipeline: there is none if it has only actions.
fn phase(pipeline: &Pipeline) -> Option<(&'static str, String)> {
    let named = |kind: &str| {
        let stages = pipeline.stages.iter().filter(|it| it.kind.ends_with(kind));
        stages.map(|it| format!("'{}'", it.name)).collect::<Vec<_>>().join(", ")
    };
    let sources = named("source");
    if sources.is_empty() {
        return None;
    }
    let acts = pipeline.stages.iter().any(|stage| &*stage.kind == "action");
    let name = if acts { "phase-2" } else { "phase-1" };
    Some((name, format!("Sources {sources} to sinks {}.", named("sink"))))
}

/// A deployed version of an application.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub id: Text,
    /// In milliseconds.
    pub created: i64,
    pub artifact: Artifact,
    pub definition: Arc<AppDefinition>,
    /// Created by an upgrade, which writes the configuration in a different order.
    pub upgraded: bool,
    /// The change summary of its deployment.
    pub change_summary: Option<Text>,
}

impl Version {
    /// The ID that a real-time pipeline receives when it is deployed.
    pub(crate) fn pipeline_id(&self, application: &str) -> String {
        let mut rng = SeededRng::new(self.created.unsigned_abs(), &[application, &self.id]);
        random_uuid(rng.next(), rng.next())
    }
}

/// A schedule.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub name: Text,
    pub description: Text,
    pub program: Text,
    pub trigger: Trigger,
    /// Allows one run at a time, as a pipeline's schedule does.
    pub constrained: bool,
    pub enabled: bool,
    /// In milliseconds.
    pub updated: i64,
}

/// An application.
#[derive(Debug)]
pub(crate) struct Application {
    pub name: Text,
    /// Oldest first. There is always one.
    pub versions: Vec<Version>,
    pub programs: Vec<Program>,
    pub schedules: Vec<Schedule>,
    pub preferences: Arguments,
}

impl Application {
    /// An application with its first version.
    pub(crate) fn new(name: impl Into<Text>, version: Version) -> Self {
        let mut application = Self {
            name: name.into(),
            versions: Vec::new(),
            programs: Vec::new(),
            schedules: Vec::new(),
            preferences: Arguments::new(),
        };
        application.deploy(version);
        application
    }

    /// Makes a version the latest one.
    pub(crate) fn deploy(&mut self, version: Version) {
        for part in &version.definition.programs {
            match self.programs.iter_mut().find(|it| it.is(part.kind, &part.name)) {
                Some(program) => program.description = part.description.clone(),
                None => self.programs.push(Program::new(
                    part.kind,
                    part.name.clone(),
                    part.description.clone(),
                    part.behavior,
                )),
            }
        }
        let cron = version.definition.pipeline.as_ref().and_then(|pipeline| pipeline.cron.clone());
        if let (Some(cron), true) = (cron, self.schedules.is_empty()) {
            self.schedules.push(Schedule {
                name: "dataPipelineSchedule".into(),
                description: "Data pipeline schedule".into(),
                program: "DataPipelineWorkflow".into(),
                trigger: Trigger::Time(cron),
                constrained: true,
                enabled: false,
                updated: version.created,
            });
        }
        if &*version.id == SNAPSHOT {
            self.versions.clear();
        }
        self.versions.push(version);
    }

    /// The latest version.
    pub(crate) fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The id of the latest version.
    pub(crate) fn latest_id(&self) -> Text {
        self.latest().map_or_else(|| SNAPSHOT.into(), |version| version.id.clone())
    }

    /// A version by its id, or the latest one by the word for it.
    pub(crate) fn version(&self, id: &str) -> Option<&Version> {
        if id == SNAPSHOT {
            return self.latest();
        }
        self.versions.iter().find(|version| &*version.id == id)
    }

    /// A program by type and name.
    pub(crate) fn program(&self, kind: Kind, name: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.is(kind, name))
    }

    pub(crate) fn program_mut(&mut self, kind: Kind, name: &str) -> Option<&mut Program> {
        self.programs.iter_mut().find(|program| program.is(kind, name))
    }
}
