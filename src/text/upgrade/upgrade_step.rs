//! The Upgrade step: the state of each application and the decision about a redeploy.

use crate::text::common::{count, some};
use quiesce_lifecycle::upgrade::{CatchUpProgress, CaughtUp};

pub const RETRY_FAILED: &str = "Retry failed";
pub const REQUEST: &str = "Upgrade";
pub const FAILURES: &str = "Failures";
pub const FAILURES_DETAILS: &str = "shared by several applications";
pub const NOT_UPGRADED: &str = "Not upgraded";
pub const NOT_ROLLED_BACK: &str = "Not rolled back";
pub const GROUPED: &str = "For the reason above.";
pub const WAITING: &str = "Waiting";
pub const RECHECKED: &str = "Re-checked: no active runs, matches the backup.";
/// Before the ID of the version.
pub const VERIFIED: &str = "Verified as version";
pub const ACCEPTED: &str = "Accepted by the server; verifying…";
pub const IN_DOUBT: &str = "Checking what happened. Nothing else is sent until then.";
pub const RECHECK: &str = "It is checked again within a few seconds.";
pub const ROLL_BACK: &str = "Roll back";

pub const NO_LOSS: &str = "No loss expected";
pub const MAY_LOSE: &str = "May have unprocessed data";
pub const DRAIN: &str = "Drain and retry";
pub const DRAIN_EFFECT: &str = "“Drain and retry” starts the current version again, waits until it has caught up, \
    stops it and reads its log. The log of a stand-alone server often does not confirm that all data was processed.";
pub const DRAIN_UNSURE: &str =
    "“Drain and retry” recovers the data only if the write-ahead log and checkpoints were on.";
pub const DRAIN_STOPPING: &str = "Caught up; stopping it again. ";
pub const DRAIN_RUNNING: &str = "Running again and processing what remains. ";
pub const DRAIN_STARTING: &str = "Starting it again. ";
pub const DRAIN_READING: &str = "Reading its counters.";
pub const DRAIN_STOP: &str = "Stop it now";
pub const DRAIN_FIRST: &str = "No upgrade requests are sent until this is done.";

pub fn upgraded(upgraded: usize, all: usize) -> String {
    format!("{} of {} upgraded", count(upgraded), some(all, "application"))
}

pub fn others(failed: usize, in_progress: usize) -> String {
    format!("{} not upgraded, {} in progress", count(failed), count(in_progress))
}

/// The artifact of an application below its name, and how it is changed.
pub fn artifact(artifact: &str, redeploy: bool) -> String {
    if redeploy { format!("Redeploy, {artifact}") } else { artifact.to_owned() }
}

pub fn drain_failed(reason: &str) -> String {
    format!("Drain failed: {reason}")
}

pub fn redeploy_undrained(application: &str, data: &str) -> String {
    format!("Redeploy {application} without draining. {data}")
}

/// How far a run that is drained has read what was left.
pub fn catch_up(progress: &CatchUpProgress) -> String {
    let number = |records: u64| usize::try_from(records).unwrap_or(usize::MAX);
    match progress {
        CatchUpProgress::NothingCounted(seconds) => {
            format!("No records counted yet, monitored for {seconds} s.")
        }
        CatchUpProgress::Reading(records, seconds) => {
            format!("{} read so far, monitored for {seconds} s.", some(number(*records), "record"))
        }
        CatchUpProgress::CaughtUp(CaughtUp { records, newer, older, seconds }) => {
            let (newer, older) = (count(number(*newer)), count(number(*older)));
            let records = some(number(*records), "record");
            format!("{records} read; {newer} in the last {seconds} s, {older} in those before.")
        }
        CatchUpProgress::Unreadable(error) => format!("Its counters can't be read: {}", error.sentence()),
    }
}

pub fn draining(application: &str) -> String {
    format!("Draining {application}. ")
}
