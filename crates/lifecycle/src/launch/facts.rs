//! The facts, one after the other.
use super::{LaunchFacts, LaunchInput};

impl LaunchFacts {
    /// Reads the facts of a run.
    pub fn of(input: LaunchInput<'_>) -> Self {
        let _ = input;
        todo!()
    }
}
