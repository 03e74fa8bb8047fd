//! Specifications of the seeded applications.

use crate::model::drain::Race;
use crate::model::program::Kind;

/// Hours, in seconds.
pub(super) const HOUR: i64 = 3_600;
/// Days, in seconds.
pub(super) const DAY: i64 = 86_400;
/// Minutes, in seconds.
pub(super) const MINUTE: i64 = 60;

/// A namespace: its name, description and artifacts.
pub(super) type NamespaceSpec = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// An application.
pub(super) struct AppSpec {
    pub name: &'static str,
    pub description: &'static str,
    pub kind: AppKind,
    pub runs: &'static [PastRuns],
}

/// The version of the pipeline artifact.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ArtifactVersion {
    /// One that can be upgraded.
    Older,
    /// The newest.
    Newer,
    /// One that no longer exists.
    Removed(&'static str),
}

/// The kind of an application.
pub(super) enum AppKind {
    /// A batch pipeline: its schedule, and the range of a run's duration in seconds.
    Batch { version: ArtifactVersion, cron: Option<&'static str>, enabled: bool, seconds: (i64, i64) },
    /// A real-time pipeline.
    Stream { version: ArtifactVersion, stream: StreamSpec },
    /// A custom application with one program.
    Custom {
        artifact: (&'static str, &'static str),
        kind: Kind,
        program: &'static str,
        behavior: CustomBehavior,
    },
}

/// The behavior of a custom application's program.
pub(super) enum CustomBehavior {
    /// Ends a number of milliseconds after it is stopped.
    EndsAfter(i64),
    /// Never.
    NeverEnds,
    /// A job, with the range of its duration in seconds.
    Job(i64, i64),
}

/// A real-time pipeline's settings.
pub(super) struct StreamSpec {
    pub interval: &'static str,
    pub source: &'static str,
    pub graceful: bool,
    /// The setting of the write-ahead log.
    pub log: Option<&'static str>,
    /// Its source stores its offset in the state store.
    pub tracked: bool,
    /// Records a second.
    pub rate: i64,
    /// The range of a drain, in seconds.
    pub drain: (i64, i64),
    pub race: Race,
}

/// The settings of most real-time pipelines.
pub(super) const DEFAULT_STREAM: StreamSpec = StreamSpec {
    interval: "10s",
    source: "GoogleSubscriber",
    graceful: true,
    log: None,
    tracked: false,
    rate: 120,
    drain: (12, 40),
    race: Race::Drawn,
};

/// Runs that were started before. Times are in seconds.
#[derive(Clone, Copy)]
pub(super) enum PastRuns {
    /// Running for.
    Running(i64),
    /// Running for; a newer version was deployed ago.
    Superseded(i64, i64),
    /// Completed runs at an interval; the last one ended ago.
    Completed {
        times: i64,
        every: i64,
        last: i64,
        lasted: i64,
    },
    Failed {
        ago: i64,
        lasted: i64,
    },
    Killed {
        ago: i64,
        lasted: i64,
    },
    Rejected(i64),
    /// Pending for.
    Pending(i64),
    /// Starting for, and running in.
    Starting(i64, i64),
    Suspended(i64),
    /// Stopped ago, and ends in.
    Stopping(i64, i64),
}
