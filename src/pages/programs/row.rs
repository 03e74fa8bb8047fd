//! A row of the fleet: a program with what is known of it.

use quiesce_api::artifact::Artifact;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{ProgramRef, Timestamp};
use quiesce_lifecycle::kind::Kind;
use std::sync::Arc;

/// A program of the fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The program.
    pub program: Arc<ProgramRef>,
    /// What sort it is.
    pub kind: Kind,
    /// What its application is made of; none if the application is not in the list.
    pub artifact: Option<Arc<Artifact>>,
    /// Its latest run, as far as it was read.
    pub latest: Latest,
    /// Runs of older versions that are alive.
    pub older: Vec<RunRecord>,
    /// Whether the runs of its superseded versions could not be read.
    pub unchecked: bool,
}

/// What is known of the latest run of a program.
#[derive(Clone, Debug, PartialEq)]
pub enum Latest {
    /// It is being read.
    Unread,
    /// It has none.
    Never,
    /// The record.
    Run(Arc<RunRecord>),
    /// It could not be read, in the words of the server.
    Problem(String),
}

/// What filters and sorting call the state of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// A run is alive and is not about to change.
    Running,
    /// A run is pending, starting or stopping.
    Changing,
    /// It could not be read, or the server sent a status that is not known: a run may be active.
    Unknown,
    /// The latest run failed or was rejected.
    Failed,
    /// Nothing is alive.
    Stopped,
}

impl Bucket {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [Self::Running, Self::Changing, Self::Unknown, Self::Failed, Self::Stopped];
}

impl Row {
    /// A program whose runs were not read yet.
    pub fn unread(program: ProgramRef, kind: Kind, artifact: Option<Arc<Artifact>>) -> Self {
        let program = Arc::new(program);
        Self { program, kind, artifact, latest: Latest::Unread, older: Vec::new(), unchecked: false }
    }

    /// The run that the row speaks of: the latest, or the newest one of an older version while that is alive and
    /// the latest is not.
    pub fn run(&self) -> Option<&RunRecord> {
        let latest = match &self.latest {
            Latest::Run(run) => Some(&**run),
            _ => None,
        };
        match latest {
            Some(run) if !run.status.is_end() => Some(run),
            _ => self.older.first().or(latest),
        }
    }

    /// The state, in the word of the server.
    pub fn status(&self) -> Option<&RunStatus> {
        self.run().map(|run| &run.status)
    }

    /// Whether a run is alive.
    pub fn is_active(&self) -> bool {
        self.status().is_some_and(|status| !status.is_end())
    }

    /// Whether its runs could not be read. It may be active.
    pub fn is_unknown(&self) -> bool {
        matches!(self.latest, Latest::Problem(_)) && self.status().is_none()
    }

    /// The state, as filters know it.
    pub fn bucket(&self) -> Bucket {
        match self.status() {
            Some(RunStatus::Running | RunStatus::Suspended) => Bucket::Running,
            Some(RunStatus::Pending | RunStatus::Starting | RunStatus::Stopping) => Bucket::Changing,
            Some(RunStatus::Failed | RunStatus::Rejected) => Bucket::Failed,
            Some(RunStatus::Other(_)) => Bucket::Unknown,
            Some(RunStatus::Completed | RunStatus::Killed) => Bucket::Stopped,
            None => match self.latest {
                Latest::Problem(_) => Bucket::Unknown,
                _ => Bucket::Stopped,
            },
        }
    }

    /// When the run of the row began.
    pub fn started(&self) -> Option<Timestamp> {
        self.run().map(|run| run.start.unwrap_or(run.starting).timestamp())
    }
}
