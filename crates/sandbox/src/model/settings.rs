//! The configuration of the server.

use crate::profile::Profile;

/// The configuration that affects stops and tokens. Times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `app.program.max.stop.seconds`: the grace of run-level and batch stops.
    pub max_stop: i64,
    /// `app.program.terminator.interval.secs`: the interval between checks for runs past their deadline.
    pub terminator_interval: i64,
    /// `app.program.terminate.time.buffer.secs`: how long after the deadline a run is terminated.
    pub terminate_buffer: i64,
    /// Whether the terminator can end a run. On a stand-alone server it can't (recordings `run-stop-late-…` of the server
    /// with a short deadline); on a cluster a process can be killed.
    pub forces: bool,
    /// The lifetime of a token.
    pub token: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_stop: 300, terminator_interval: 300, terminate_buffer: 60, forces: false, token: 86_400 }
    }
}

impl Settings {
    /// The configuration of a profile's server.
    pub(crate) fn of(profile: Profile) -> Self {
        Self { forces: profile.honours_graceful(), ..Self::default() }
    }
}
