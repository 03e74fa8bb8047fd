//! What follows a stop.

/// What comes after the stop. A verdict depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NextStep {
    /// The same version is started again: it recovers from checkpoints and write-ahead log.
    SameVersion,
    /// The application is upgraded or redeployed: the first start of the new version deletes the checkpoints.
    Upgrade,
}
