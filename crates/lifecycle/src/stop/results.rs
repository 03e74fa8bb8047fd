//! The results of a stop, counted for a list.

use super::operation::StopOperation;
use super::view::StopState;
use crate::outcome::Ending;
use quiesce_api::Timestamp;

/// How many runs of a stop have which result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StopResults {
    /// All runs.
    pub all: usize,
    /// Ended, by their records.
    pub ended: usize,
    /// Of these: at or after the deadline, so that they may have been forced.
    pub at_deadline: usize,
    /// Of these: may have unprocessed data.
    pub undrained: usize,
    /// Of these: failed, or rejected before they started.
    pub failed: usize,
    /// Refused, gone or not stopped.
    pub not_stopped: usize,
}

impl StopResults {
    fn count(&mut self, state: &StopState, ending: Ending) {
        self.all += 1;
        match state {
            StopState::Ended | StopState::EndedBefore => self.ended += 1,
            StopState::NotStopped(_) | StopState::Refused(_) | StopState::Gone(_) => {
                self.not_stopped += 1;
                return;
            }
            _ => return,
        }
        match ending {
            Ending::AtDeadline => self.at_deadline += 1,
            Ending::DataLeft | Ending::EndedAtOnce | Ending::NotKnown => self.undrained += 1,
            Ending::Failed | Ending::Rejected => self.failed += 1,
            _ => {}
        }
    }

    /// Whether a run was not stopped or its end needs attention; once the stop has finished, also if one has not ended.
    pub fn has_problems(&self, finished: bool) -> bool {
        if finished {
            return !self.is_good();
        }
        self.at_deadline + self.undrained + self.failed + self.not_stopped > 0
    }

    /// Whether all runs have ended, and none of them in a way that needs attention.
    pub fn is_good(&self) -> bool {
        self.ended == self.all && self.at_deadline + self.undrained + self.failed == 0
    }
}

impl StopOperation {
    /// The results of its runs.
    pub fn results(&self, now: Timestamp) -> StopResults {
        let mut results = StopResults::default();
        for view in (0..self.runs.len()).filter_map(|place| self.glance(place, now)) {
            results.count(&view.state, view.outcome.ending);
        }
        results
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stop::NotStoppedReason;

    fn results(runs: &[(StopState, Ending)]) -> StopResults {
        let mut results = StopResults::default();
        for (state, ending) in runs {
            results.count(state, *ending);
        }
        results
    }

    #[test]
    fn an_ended_run_counts_once_more_if_its_end_needs_attention() {
        let counted = results(&[
            (StopState::Ended, Ending::Drained),
            (StopState::Ended, Ending::EndedInTime),
            (StopState::Ended, Ending::AtDeadline),
            (StopState::Ended, Ending::DataLeft),
            (StopState::Ended, Ending::NotKnown),
            (StopState::EndedBefore, Ending::Failed),
        ]);
        let expected =
            StopResults { all: 6, ended: 6, at_deadline: 1, undrained: 2, failed: 1, not_stopped: 0 };
        assert_eq!(counted, expected);
        assert!(!counted.is_good());
        assert!(results(&[(StopState::Ended, Ending::Drained)]).is_good());
    }

    #[test]
    fn a_stop_under_way_has_problems_only_if_a_run_has_one() {
        let under_way =
            results(&[(StopState::Ended, Ending::Drained), (StopState::Stopping, Ending::NotKnown)]);
        assert!(!under_way.has_problems(false));
        assert!(under_way.has_problems(true), "a run that a finished stop has left active");
        let refused = StopState::NotStopped(NotStoppedReason::NoEffect);
        assert!(
            results(&[(StopState::Stopping, Ending::NotKnown), (refused, Ending::NotKnown)])
                .has_problems(false)
        );
        assert!(results(&[(StopState::Ended, Ending::AtDeadline)]).has_problems(false));
        assert!(!results(&[(StopState::Ended, Ending::Drained)]).has_problems(true));
    }

    #[test]
    fn a_run_that_has_not_ended_has_no_ending_to_count() {
        let not_stopped = StopState::NotStopped(NotStoppedReason::NoEffect);
        let counted =
            results(&[(StopState::PastDeadline, Ending::PastDeadline), (not_stopped, Ending::Failed)]);
        assert_eq!(counted, StopResults { all: 2, not_stopped: 1, ..StopResults::default() });
        assert!(!counted.is_good());
    }
}
