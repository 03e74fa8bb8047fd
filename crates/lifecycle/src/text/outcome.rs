//! Sentences about how a run ended.

use crate::grace::Elapsed;
use crate::outcome::{Ending, Outcome};

/// The label of an ending.
pub fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Alive => "Running",
        Ending::Stopping => "Stopping",
        Ending::PastDeadline => "Past its deadline",
        Ending::EndedInTime => "Ended in time",
        Ending::AtDeadline => "Ended at its deadline",
        Ending::Drained => "Drained",
        Ending::DataLeft => "Unprocessed data",
        Ending::EndedAtOnce => "Ended without draining",
        Ending::NotKnown => "Ended, unknown whether drained",
        Ending::Stopped => "Stopped",
        Ending::Completed => "Completed",
        Ending::Failed => "Failed",
        Ending::Rejected => "Rejected",
    }
}

/// The label of an outcome with its time, such as `Drained in 18 s` or `Ended 4 s after its deadline`.
pub fn outcome(outcome: &Outcome) -> String {
    let overdue = outcome.overdue.filter(|overdue| *overdue > 0);
    let (before, seconds, after) = match (outcome.ending, outcome.took, overdue) {
        (Ending::PastDeadline, _, Some(overdue)) => ("Past its deadline by", overdue, ""),
        (Ending::AtDeadline, _, Some(overdue)) => ("Ended", overdue, " after its deadline"),
        (Ending::Drained, Some(took), _) => ("Drained in", took, ""),
        (Ending::EndedInTime, Some(took), _) => ("Ended in time, after", took, ""),
        (Ending::DataLeft, Some(took), _) => ("Unprocessed data, ended after", took, ""),
        (Ending::NotKnown, Some(took), _) => ("Ended after", took, ", unknown whether drained"),
        (Ending::Stopped, Some(took), _) => ("Stopped after", took, ""),
        (Ending::Failed, Some(took), _) => ("Failed after", took, ""),
        _ => return ending(outcome.ending).to_owned(),
    };
    format!("{before} {}{after}", Elapsed(seconds))
}

/// What an ending means for the data of the run, in a sentence. Empty when the label says it.
pub fn meaning(ending: Ending) -> &'static str {
    match ending {
        Ending::EndedInTime => "It ended before its deadline. It is unknown whether its work was complete.",
        Ending::AtDeadline => "It ended at or after its deadline and may have been force-stopped.",
        Ending::NotKnown => "Its log does not show whether it drained.",
        Ending::EndedAtOnce => "Its log shows that it terminated without draining.",
        Ending::DataLeft => "Its log shows that it did not process all received records.",
        Ending::Drained => "Its log shows that all received blocks were processed.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::guide::{follows_the_guide, is_a_label};

    fn said(ending: Ending, took: Option<i64>, overdue: Option<i64>) -> String {
        outcome(&Outcome { ending, applied_grace: None, deadline: None, took, overdue })
    }

    #[test]
    fn outcomes_follow_the_writing_guide() {
        for one in Ending::ALL {
            is_a_label(ending(one));
            for (took, overdue) in [(None, None), (Some(72), None), (Some(72), Some(4)), (None, Some(4))] {
                is_a_label(&said(one, took, overdue));
            }
            if !meaning(one).is_empty() {
                follows_the_guide(meaning(one));
            }
        }
    }

    #[test]
    fn an_outcome_has_its_time() {
        assert_eq!(said(Ending::Drained, Some(72), None), "Drained in 1 min 12 s");
        assert_eq!(said(Ending::DataLeft, Some(4), None), "Unprocessed data, ended after 4 s");
        assert_eq!(said(Ending::NotKnown, Some(16), None), "Ended after 16 s, unknown whether drained");
        assert_eq!(said(Ending::EndedAtOnce, Some(1), None), "Ended without draining");
        assert_eq!(said(Ending::EndedInTime, Some(0), None), "Ended in time, after 0 s");
        assert_eq!(said(Ending::AtDeadline, Some(304), Some(4)), "Ended 4 s after its deadline");
        assert_eq!(said(Ending::AtDeadline, Some(300), Some(0)), "Ended at its deadline");
        assert_eq!(said(Ending::PastDeadline, None, Some(30)), "Past its deadline by 30 s");
    }
}
