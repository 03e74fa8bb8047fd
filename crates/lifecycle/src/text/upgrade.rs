//! Sentences and labels of an upgrade that the page and the report share.

use crate::upgrade::StepName;

/// The name of a step, which is also the line of the report when it begins.
pub fn step(name: StepName) -> &'static str {
    match name {
        StepName::SelectApplications => "Select applications",
        StepName::Review => "Review",
        StepName::PauseSchedules => "Pause schedules",
        StepName::StopRuns => "Stop runs",
        StepName::BackUp => "Back up",
        StepName::Upgrade => "Upgrade",
        StepName::Restore => "Restore",
        StepName::Report => "Report",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::guide::is_a_label;

    #[test]
    fn steps_follow_the_writing_guide() {
        StepName::ALL.map(step).into_iter().for_each(is_a_label);
    }
}
