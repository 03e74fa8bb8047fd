//! How a seeded application is written down: one row.

use crate::model::drain::Race;
use crate::model::program::Kind;

/// Hours, in seconds.
pub(super) const HOUR: i64 = 3_600;
/// Days, in seconds.
pub(super) const DAY: i64 = 86_400;
/// Minutes, in seconds.
pub(super) const MINUTE: i64 = 60;

/// A namespace: its name, what it says of itself, and its own artifacts.
pub(super) type NamespaceSpec = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// An application.
pub(super) struct AppSpec {
    pub name: &'static str,
    pub description: &'static str,
    pub kind: AppKind,
    pub runs: &'static [PastRuns],
}

/// Which version of the pipeline's artifact it was deployed with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ArtifactVersion {
    /// The one that can be upgraded.
    Older,
    /// The newest.
    Newer,
    /// One that is no longer there.
    Removed(&'static str),
}

/// What an application is.
pub(super) enum AppKind {
    /// A batch pipeline: when its schedule fires, whether it does, and how long a run takes, in seconds.
    Batch { version: ArtifactVersion, cron: Option<&'static str>, enabled: bool, seconds: (i64, i64) },
    /// A real-time pipeline.
    Stream { version: ArtifactVersion, stream: StreamSpec },
    /// An application of its own, with one program.
    Custom {
        artifact: (&'static str, &'static str),
        kind: Kind,
        program: &'static str,
        behavior: CustomBehavior,
    },
}

/// How a program of an application of its own ends when it is stopped.
pub(super) enum CustomBehavior {
    /// So many milliseconds later.
    EndsAfter(i64),
    /// Never.
    NeverEnds,
    /// It is a job of so many seconds.
    Job(i64, i64),
}

/// A real-time pipeline's settings.
pub(super) struct StreamSpec {
    pub interval: &'static str,
    pub source: &'static str,
    pub graceful: bool,
    /// The write-ahead log as it is set.
    pub log: Option<&'static str>,
    /// Its source keeps its offset in the state store.
    pub tracked: bool,
    /// Records a second.
    pub rate: i64,
    /// Seconds that a drain takes.
    pub drain: (i64, i64),
    pub race: Race,
}

/// The settings that most have.
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

/// A run, or several, before now. Times are in seconds.
#[derive(Clone, Copy)]
pub(super) enum PastRuns {
    /// Runs since.
    Running(i64),
    /// Runs since, and a newer version was deployed so long ago.
    Superseded(i64, i64),
    /// Completed so many times, each so long after the one before; the last one so long ago.
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
    /// Waits to be started, since.
    Pending(i64),
    /// Was started, and will be so many seconds until it runs.
    Starting(i64, i64),
    Suspended(i64),
    /// Was stopped so long ago, and will end in so many seconds.
    Stopping(i64, i64),
}
