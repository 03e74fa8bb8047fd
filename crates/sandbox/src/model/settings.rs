//! The settings of the server that stops depend on.

use crate::profile::Profile;

/// What of the server's configuration matters here. Times are in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `app.program.max.stop.seconds`: the grace of run-level and batch stops.
    pub max_stop: i64,
    /// `app.program.terminator.interval.secs`: how often runs past their deadline are looked for.
    pub terminator_interval: i64,
    /// `app.program.terminate.time.buffer.secs`: how long past their deadline.
    pub terminate_buffer: i64,
    /// Whether forcing a run ends it. On a stand-alone server it does not (records `run-stop-late-…` of the server
    /// with a short deadline); on a cluster a process can be killed.
    pub forces: bool,
    /// How long a token lives.
    pub token: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_stop: 300, terminator_interval: 300, terminate_buffer: 60, forces: false, token: 86_400 }
    }
}

impl Settings {
    /// The settings that a kind of server has.
    pub(crate) fn of(profile: Profile) -> Self {
        Self { forces: profile.honours_graceful(), ..Self::default() }
    }
}
