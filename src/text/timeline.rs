//! The timelines of a stop and of an upgrade.

use super::common::{count, elapsed, some};

pub const TITLE: &str = "Stop timeline";
pub const COURSE: &str = "Course";
pub const WAITED: &str = "Server wait";
pub const STOPPED_FOR: &str = "Stopping";
pub const DEADLINE: &str = "Deadline";
pub const END: &str = "End";
pub const NONE: &str = "none";
const BELOW_SECOND: &str = "less than 1 s";
pub const NOT_REQUESTED: &str = "not requested";
pub const LEGEND: &str = "Thin: waiting for the server. Medium: stopping. Full: past the deadline. \
    The upright line marks the deadline.";

pub const UPGRADE_TITLE: &str = "Upgrade timeline";
pub const APPLICATIONS_TITLE: &str = "Course by application";
pub const STEP: &str = "Step";
pub const BEGAN: &str = "Began";
pub const TOOK: &str = "Took";
pub const WAITED_FOR: &str = "Waited for";
pub const RESULT: &str = "Result";
pub const STEPS_LEGEND: &str = "Thin: waiting for the operator. Medium: for the server. Full: for runs to end. \
    Hairline: the console was closed.";
pub const APPLICATIONS_LEGEND: &str =
    "From thin to full: queued, verification, response, draining, decision.";

/// The period of the timeline of an upgrade.
pub fn period(from: &str, until: &str) -> String {
    format!("{from} to {until}.")
}

/// Which applications a timeline shows.
pub fn longest(shown: usize, all: usize) -> String {
    let applications = some(all, "application");
    if shown < all {
        format!("The longest first: {} of {applications}.", count(shown))
    } else {
        "The longest first.".to_owned()
    }
}

/// How long each wait took, in seconds: `Operator 3 min, Server 12 s`. Shorter ones than a second are not listed.
pub fn waits<'a>(waits: impl Iterator<Item = (&'a str, i64)>) -> String {
    let mut text = String::new();
    let mut any = false;
    for (wait, seconds) in waits {
        any = true;
        if seconds == 0 {
            continue;
        }
        text.push_str(if text.is_empty() { "" } else { ", " });
        text.push_str(wait);
        text.push(' ');
        text.push_str(&elapsed(seconds));
    }
    match (text.is_empty(), any) {
        (false, _) => text,
        (true, true) => BELOW_SECOND.to_owned(),
        (true, false) => NONE.to_owned(),
    }
}

/// The period of the timeline, and which runs it shows.
pub fn caption(from: &str, until: &str, shown: usize, all: usize) -> String {
    let runs = some(all, "run");
    if shown < all {
        format!("{from} to {until}. Active runs first, then the longest: {} of {runs}.", count(shown))
    } else {
        format!("{from} to {until}. Active runs first, then the longest.")
    }
}

/// The duration of a phase; `None`: the run was not in it.
pub fn length(seconds: Option<i64>) -> String {
    seconds.map_or_else(|| NONE.to_owned(), elapsed)
}

/// How long a run was stopping, and how much of it after its deadline.
pub fn stopping(before: Option<i64>, past: Option<i64>) -> String {
    match (before, past) {
        (Some(before), Some(past)) => {
            format!("{}, {} past the deadline", elapsed(before.saturating_add(past)), elapsed(past))
        }
        (before, _) => length(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_says_when_runs_are_not_shown() {
        assert_eq!(caption("14:00", "14:05", 3, 3), "14:00 to 14:05. Active runs first, then the longest.");
        assert!(caption("14:00", "14:05", 30, 1_000).ends_with("then the longest: 30 of 1,000 runs."));
    }

    #[test]
    fn waits_are_listed_with_their_durations() {
        assert_eq!(waits([("Operator", 180), ("Server", 12)].into_iter()), "Operator 3 min, Server 12 s");
        assert_eq!(waits([("Operator", 180), ("Server", 0)].into_iter()), "Operator 3 min");
        assert_eq!(waits([("Server", 0)].into_iter()), "less than 1 s");
        assert_eq!(waits([].into_iter()), "none");
        assert_eq!(longest(2, 2), "The longest first.");
        assert_eq!(longest(30, 1_000), "The longest first: 30 of 1,000 applications.");
    }

    #[test]
    fn the_time_after_a_deadline_is_part_of_the_whole() {
        assert_eq!(stopping(Some(300), Some(12)), "5 min 12 s, 12 s past the deadline");
        assert_eq!(stopping(Some(40), None), "40 s");
        assert_eq!(stopping(None, None), "none");
    }
}
