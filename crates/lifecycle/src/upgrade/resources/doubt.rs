//! A call whose effect is not known, and how long that stays open.

use quiesce_api::{Error, Timestamp};

/// How long after a call a run without a sign of it counts as not told, in milliseconds.
pub(super) const SETTLES: i64 = 15_000;
/// How long after a failure that the server answered an application that was not upgraded counts as such: one reading
/// at once and one more, for a server whose readings lag behind its writes.
const FAILURE_SETTLES: i64 = 5_000;
/// How long after a lost answer an application that was not upgraded counts as such: an upgrade continues at the
/// server while the connection is gone.
const UPGRADE_SETTLES: i64 = 60_000;

pub(in crate::upgrade) fn has_passed(since: Timestamp, now: Timestamp, milliseconds: i64) -> bool {
    now.as_millisecond().saturating_sub(since.as_millisecond()) >= milliseconds
}

/// A call without a good answer, or with one that is not a proof: settled by reading back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Doubt {
    /// The time that it began.
    pub since: Timestamp,
    /// Why; `None`: the answer was good.
    pub error: Option<Error>,
}

impl Doubt {
    /// Whether no answer came, so that the server may still be at work on the request.
    pub fn is_unanswered(&self) -> bool {
        self.error.as_ref().is_some_and(|error| !error.is_answer())
    }

    /// How long readings that show no effect leave it open, in milliseconds.
    fn patience(&self) -> i64 {
        match &self.error {
            None => SETTLES,
            Some(error) if error.is_answer() => FAILURE_SETTLES,
            Some(_) => UPGRADE_SETTLES,
        }
    }

    /// How long after a reading of an application the next one is due, in milliseconds.
    pub(in crate::upgrade) fn read_again_after(&self) -> i64 {
        if self.error.as_ref().is_some_and(Error::is_answer) { FAILURE_SETTLES } else { 3_000 }
    }

    /// Whether a reading at this moment that shows no effect settles it.
    pub(in crate::upgrade) fn is_over(&self, now: Timestamp) -> bool {
        has_passed(self.since, now, self.patience())
    }
}
