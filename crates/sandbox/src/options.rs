//! The options of a sandbox.

use crate::clock::Clock;
use crate::profile::Profile;

/// How a sandbox is created. The same options result in the same sandbox.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The kind of server that is simulated.
    pub profile: Profile,
    /// The number of applications that are added to the seeded ones.
    pub fleet: usize,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The source of its time.
    pub clock: Clock,
}
