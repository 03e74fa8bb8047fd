//! Which sources have a Spark receiver.
use serde::{Deserialize, Serialize};

/// Whether the sources of a pipeline have a Spark receiver: only for such was anything measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Receiver {
    /// All have one.
    Yes,
    /// At least one has none.
    No,
    /// At least one source is not known to this console; it is taken for one with a receiver where that is safe.
    Assumed,
    /// The sources could not be read.
    Unknown,
}
