//! Programs: their types, and how their runs behave.

use super::drain::Race;
use super::run::Run;
use super::text::{Arguments, Text};

/// The type of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    MapReduce,
    Service,
    Spark,
    Worker,
    Workflow,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] =
        [Self::MapReduce, Self::Service, Self::Spark, Self::Worker, Self::Workflow];

    /// In a path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::MapReduce => "mapreduce",
            Self::Service => "services",
            Self::Spark => "spark",
            Self::Worker => "workers",
            Self::Workflow => "workflows",
        }
    }

    /// In the id of an entity.
    pub(crate) fn entity(self) -> &'static str {
        match self {
            Self::MapReduce => "mapreduce",
            Self::Service => "service",
            Self::Spark => "spark",
            Self::Worker => "worker",
            Self::Workflow => "workflow",
        }
    }

    /// In an answer.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::MapReduce => "Mapreduce",
            Self::Service => "Service",
            Self::Spark => "Spark",
            Self::Worker => "Worker",
            Self::Workflow => "Workflow",
        }
    }

    /// By its name on display.
    pub(crate) fn display(self) -> &'static str {
        if self == Self::MapReduce { "MapReduce" } else { self.word() }
    }

    /// The log tag with the name of a program of this type.
    pub(crate) fn log_tag(self) -> &'static str {
        match self {
            Self::MapReduce => ".mapReduceId",
            Self::Service => ".userserviceid",
            Self::Spark => ".sparkId",
            Self::Worker => ".workerid",
            Self::Workflow => ".workflowId",
        }
    }

    /// Whether it can have a schedule.
    pub(crate) fn schedulable(self) -> bool {
        matches!(self, Self::Workflow | Self::MapReduce | Self::Spark)
    }

    /// Whether a second run can be started while another one is active.
    pub(crate) fn concurrent(self) -> bool {
        self.schedulable()
    }

    pub(crate) fn from_path(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.path() == segment)
    }

    /// From a body: the singular word, in any letter case.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.entity().eq_ignore_ascii_case(word))
    }
}

/// The behavior of a program's runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behavior {
    /// Until it is stopped; the arguments `drain` and `linger` are seconds that stopping takes.
    Worker { drain_millis: i64 },
    /// Until it is stopped.
    Service,
    /// Runs for the argument `wait`, or 600 s.
    Report,
    /// A batch pipeline, with the range of its duration; `argument`: runs for its argument `wait` instead, and fails
    /// without it.
    Batch { seconds: (i64, i64), argument: bool },
    /// A job, with the range of its duration.
    Job { seconds: (i64, i64) },
    /// A real-time pipeline: records a second, the range of a drain in seconds, and who wins the race.
    Stream { rate: i64, drain_seconds: (i64, i64), race: Race },
    /// Never ends after it is stopped.
    Endless,
}

impl Behavior {
    /// The behavior of a program that is not seeded.
    pub(crate) fn of(kind: Kind, streaming: bool) -> Self {
        match kind {
            Kind::Worker => Self::Worker { drain_millis: 0 },
            Kind::Service => Self::Service,
            Kind::Workflow => Self::Report,
            Kind::Spark if streaming => Self::Stream { rate: 50, drain_seconds: (12, 16), race: Race::Drawn },
            Kind::Spark | Kind::MapReduce => Self::Job { seconds: (120, 600) },
        }
    }
}

/// A program of an application, with its runs of all versions.
#[derive(Debug)]
pub(crate) struct Program {
    pub kind: Kind,
    pub name: Text,
    pub description: Text,
    pub behavior: Behavior,
    /// Oldest first.
    pub runs: Vec<Run>,
    pub preferences: Arguments,
    pub instances: u32,
}

impl Program {
    pub(crate) fn new(
        kind: Kind,
        name: impl Into<Text>,
        description: impl Into<Text>,
        behavior: Behavior,
    ) -> Self {
        Self {
            kind,
            name: name.into(),
            description: description.into(),
            behavior,
            runs: Vec::new(),
            preferences: Arguments::new(),
            instances: 1,
        }
    }

    pub(crate) fn is(&self, kind: Kind, name: &str) -> bool {
        self.kind == kind && &*self.name == name
    }
}

/// A program, as a request identifies it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProgramRef<'a> {
    pub namespace: &'a str,
    pub application: &'a str,
    pub kind: Kind,
    pub name: &'a str,
}
