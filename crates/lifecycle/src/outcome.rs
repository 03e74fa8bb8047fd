//! What became of a stop, from the run's record and its log. The record alone says when a run ended, not whether
//! it had drained: every stopped run ends as KILLED (docs/cdap-api.md#stop-propagation).

use crate::drain_log::{DrainEvidence, DrainLog};
use crate::kind::Kind;
use quiesce_api::Seconds;
use quiesce_api::run::{RunRecord, RunStatus};

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ending {
    /// It has not ended, and no stop was requested.
    Alive,
    /// Its stop was requested, and it has not ended.
    Stopping,
    /// Its stop was requested, and its deadline has passed.
    PastDeadline,
    /// It ended before its deadline. Nothing more is known.
    EndedInTime,
    /// It ended at or after its deadline, and may have been forced.
    AtDeadline,
    /// Real-time: its log shows that all received blocks were processed.
    Drained,
    /// Real-time: its log shows that received records were left.
    DataLeft,
    /// Real-time: its log says that it was terminated without waiting.
    EndedAtOnce,
    /// Real-time: its log cannot tell.
    NotKnown,
    /// It was stopped, and the record has no deadline (servers before 6.7, or a run that had not started).
    Stopped,
    /// It completed on its own.
    Completed,
    /// It failed.
    Failed,
    /// It never started: the server had no room.
    Rejected,
}

impl Ending {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Alive,
        Self::Stopping,
        Self::PastDeadline,
        Self::EndedInTime,
        Self::AtDeadline,
        Self::Drained,
        Self::DataLeft,
        Self::EndedAtOnce,
        Self::NotKnown,
        Self::Stopped,
        Self::Completed,
        Self::Failed,
        Self::Rejected,
    ];

    /// Whether the run has ended.
    pub fn is_end(self) -> bool {
        !matches!(self, Self::Alive | Self::Stopping | Self::PastDeadline)
    }
}

/// What became of a run, with the numbers of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What became of it.
    pub ending: Ending,
    /// `terminate - stopping`: the grace that the server really gave, in seconds.
    pub applied_grace: Option<i64>,
    /// `terminate`: when the server may force it.
    pub deadline: Option<Seconds>,
    /// How long the stop took, in seconds: `end - stopping`. Only of a run that was stopped and has ended.
    pub took: Option<i64>,
    /// How long it lived after its deadline, in seconds: until its end or, while it is stopping, until now.
    pub overdue: Option<i64>,
}

impl Outcome {
    /// Reads a record. `log` is what the log of a real-time run said, if it was read already; `now` is the
    /// server's time, and only tells "stopping" from "past its deadline".
    pub fn of(record: &RunRecord, kind: Kind, log: Option<&DrainLog>, now: Option<Seconds>) -> Self {
        let deadline = record.terminate;
        let until = if record.status.is_end() { record.end } else { now };
        let overdue = deadline
            .zip(until)
            .map(|(deadline, until)| until.0.saturating_sub(deadline.0))
            .filter(|overdue| *overdue >= 0);
        let took = record
            .end
            .zip(record.stopping)
            .filter(|_| record.status.is_end())
            .map(|(end, stopping)| end.0.saturating_sub(stopping.0));
        let told_to_stop = record.stopping.is_some();
        let by_log = log.filter(|_| kind.is_real_time() && told_to_stop).map(|log| log.sign);
        let ending = match &record.status {
            RunStatus::Rejected => Ending::Rejected,
            RunStatus::Failed => Ending::Failed,
            RunStatus::Completed if by_log.is_none() => Ending::Completed,
            RunStatus::Completed | RunStatus::Killed => match by_log {
                Some(DrainEvidence::JobFailed | DrainEvidence::AlreadyStopped | DrainEvidence::DataLeft) => {
                    Ending::DataLeft
                }
                Some(DrainEvidence::EndedAtOnce) => Ending::EndedAtOnce,
                Some(DrainEvidence::Drained { .. }) => Ending::Drained,
                Some(DrainEvidence::CannotLook | DrainEvidence::Silent(_)) => Ending::NotKnown,
                None if deadline.is_none() => Ending::Stopped,
                None if overdue.is_some() => Ending::AtDeadline,
                None => Ending::EndedInTime,
            },
            RunStatus::Stopping if overdue.is_some() => Ending::PastDeadline,
            RunStatus::Stopping => Ending::Stopping,
            _ => Ending::Alive,
        };
        Self { ending, applied_grace: record.applied_grace(), deadline, took, overdue }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drain_log::NoEvidence;

    fn record(status: &str, stopping: Option<i64>, terminate: Option<i64>, end: Option<i64>) -> RunRecord {
        let json = serde_json::json!({
            "runid": "a3cc002d-e70e-11f1-a8f9-02fc00000001",
            "starting": 1_795_418_548_i64,
            "status": status,
            "stopping": stopping,
            "terminate": terminate,
            "end": end,
        });
        serde_json::from_value(json).unwrap()
    }

    fn log(sign: DrainEvidence) -> DrainLog {
        DrainLog { sign, quotes: Vec::new(), problem: None }
    }

    #[test]
    fn the_record_tells_when_a_run_ended_and_no_more() {
        use Ending as E;
        // status, stopping, terminate, end, now, what became of it
        for (status, stopping, terminate, end, now, ending) in [
            ("RUNNING", None, None, None, Some(500), E::Alive),
            ("PENDING", None, None, None, None, E::Alive),
            ("SOMETHING_NEW", None, None, None, None, E::Alive),
            ("STOPPING", Some(100), Some(400), None, Some(399), E::Stopping),
            ("STOPPING", Some(100), Some(400), None, None, E::Stopping),
            ("STOPPING", Some(100), Some(400), None, Some(400), E::PastDeadline),
            ("STOPPING", Some(100), Some(105), None, Some(700), E::PastDeadline), // run-stop-late-drain-later
            ("KILLED", Some(100), Some(400), Some(116), None, E::EndedInTime), // run-stop-clicks_live-ended
            ("KILLED", Some(100), Some(100), Some(114), None, E::AtDeadline), // program-stop-clicks_no_wal-ended
            ("KILLED", Some(100), Some(105), Some(160), None, E::AtDeadline), // run-stop-late-drain-ended
            ("KILLED", Some(100), Some(400), Some(400), None, E::AtDeadline),
            ("KILLED", None, None, Some(116), None, E::Stopped), // before 6.7
            ("COMPLETED", None, None, Some(116), None, E::Completed),
            ("COMPLETED", Some(100), Some(400), Some(116), None, E::Completed),
            ("FAILED", Some(100), Some(400), Some(116), None, E::Failed),
            ("REJECTED", None, None, Some(100), None, E::Rejected),
        ] {
            let record = record(status, stopping, terminate, end);
            let outcome = Outcome::of(&record, Kind::Worker, None, now.map(Seconds));
            assert_eq!(outcome.ending, ending, "{status} {stopping:?} {terminate:?} {end:?} {now:?}");
        }
    }

    #[test]
    fn the_log_of_a_real_time_run_tells_more() {
        use Ending as E;
        let record = record("KILLED", Some(100), Some(400), Some(116));
        for (sign, ending) in [
            (DrainEvidence::JobFailed, E::DataLeft),
            (DrainEvidence::EndedAtOnce, E::EndedAtOnce),
            (DrainEvidence::AlreadyStopped, E::DataLeft),
            (DrainEvidence::Drained { late: true }, E::Drained),
            (DrainEvidence::DataLeft, E::DataLeft),
            (DrainEvidence::CannotLook, E::NotKnown),
            (DrainEvidence::Silent(NoEvidence::NoLine), E::NotKnown),
        ] {
            let outcome = Outcome::of(&record, Kind::RealTimePipeline, Some(&log(sign)), None);
            assert_eq!(outcome.ending, ending, "{sign:?}");
        }
        let unread = Outcome::of(&record, Kind::RealTimePipeline, None, None);
        assert_eq!(unread.ending, E::EndedInTime);
    }

    #[test]
    fn a_log_says_nothing_about_other_programs() {
        let record = record("KILLED", Some(100), Some(400), Some(116));
        let drained = log(DrainEvidence::Drained { late: false });
        assert_eq!(Outcome::of(&record, Kind::Worker, Some(&drained), None).ending, Ending::EndedInTime);
    }

    #[test]
    fn the_numbers_come_from_the_record() {
        let outcome =
            Outcome::of(&record("KILLED", Some(100), Some(105), Some(160)), Kind::Worker, None, None);
        assert_eq!(outcome.applied_grace, Some(5));
        assert_eq!(outcome.deadline, Some(Seconds(105)));
        assert_eq!(outcome.took, Some(60));
        assert_eq!(outcome.overdue, Some(55));
        let stopping = Outcome::of(
            &record("STOPPING", Some(100), Some(105), None),
            Kind::Worker,
            None,
            Some(Seconds(135)),
        );
        assert_eq!((stopping.took, stopping.overdue), (None, Some(30)));
    }
}
