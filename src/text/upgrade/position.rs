//! The position of a step.

use quiesce_lifecycle::upgrade::StepName;

/// The number of a step among all.
pub fn step_position(name: StepName) -> String {
    format!("Step {} of {}", name as usize + 1, StepName::ALL.len())
}
