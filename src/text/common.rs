//! Labels and sentences that several screens use.

use quiesce_api::Error;
use quiesce_lifecycle::grace::Elapsed;
pub use quiesce_lifecycle::plural::{agree, counted, number as count, plural as some};

pub const ACTIONS: &str = "Actions";
pub const AGO: &str = " ago";
pub const APPLICATION: &str = "Application";
pub const ARTIFACT: &str = "Artifact";
pub const CANCEL: &str = "Cancel";
pub const FIRST_PAGE: &str = "This is the first page.";
pub const INCOMPLETE: &str = "Incomplete data. ";
pub const DISMISS: &str = "Dismiss";
pub const EVIDENCE: &str = "Evidence";
pub const KIND: &str = "Kind";
pub const LAST_PAGE: &str = "This is the last page.";
pub const LOADING: &str = "Loading…";
pub const NEXT: &str = "Next";
pub const NOT_LOADED: &str = "Not loaded";
pub const PAGES: &str = "Pages";
pub const PREVIOUS: &str = "Previous";
pub const PROGRAM: &str = "Program";
pub const PROGRAMS: &str = "Programs";
pub const REFRESH: &str = "Refresh";
pub const RETRY: &str = "Retry";
pub const RUN: &str = "Run";
pub const STARTED: &str = "Started";
pub const STATE: &str = "State";
pub const STOP: &str = "Stop…";
pub const RESUME: &str = "Resume";
pub const PAUSE: &str = "Pause";
pub const SIGN_IN: &str = "Sign in";
pub const STILL_STOPPING: &str = "Runs that are stopping continue to stop.";
pub const SUPERSEDED_VERSION: &str = "superseded version";
pub const TRY_NOW: &str = "Try now";
pub const WHY: &str = "Why?";
pub const UNREADABLE: &str = "This record could not be read";

/// The age of what is shown.
pub fn freshness(paused: bool, stale: bool, incomplete: bool, age: i64) -> String {
    let age = elapsed(age);
    match (paused, stale, incomplete) {
        (true, ..) => format!("Paused, {age} old"),
        (_, true, _) => format!("Stale, {age} old"),
        (.., true) => format!("Incomplete, {age} ago"),
        _ => format!("Live, {age} ago"),
    }
}

pub fn retrying(seconds: i64, attempts: u32) -> String {
    format!("Retrying in {seconds} s (attempt {attempts}).")
}

pub fn showing_data_of(time: &str) -> String {
    format!("Showing data from {time}. ")
}

/// The name of a `Stop…` button among others: the application or the run that it stops.
pub fn stop(name: &str) -> String {
    format!("{STOP} {name}")
}

/// The name of a `Why?` link among others: the text that it explains.
pub fn why(about: &str) -> String {
    format!("{WHY} {about}")
}

/// The position of a record that could not be read, and the reason.
pub fn unreadable(path: &str, message: &str) -> String {
    format!("At {path}: {message}. Other records are not affected.")
}

/// A list that ended before its end.
pub fn cut_list(list: &str, received: usize, reason: &str) -> String {
    let were = agree(received, "was", "were");
    format!("Only the first {} of {list} {were} received ({reason}).", some(received, "record"))
}

/// A size: `18.4 MB`. Without floating-point formatting, which costs kilobytes of the page.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => some(usize::try_from(bytes).unwrap_or_default(), "byte"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// A length of time in at most two units: `42 s`, `1 min 12 s`, `2 h 10 min`, `12 d 4 h`.
pub fn elapsed(seconds: i64) -> String {
    Elapsed(seconds).to_string()
}

/// The difference of the two clocks, in seconds. Positive: this browser's is ahead.
pub fn skew(seconds: i64) -> String {
    let by = elapsed(seconds.abs());
    let how = if seconds > 0 { "ahead of" } else { "behind" };
    format!(
        "This browser's clock is {by} {how} the server's. Ages and run times use the server's clock; History uses this browser's."
    )
}

/// The server is unavailable: it does not respond, or it responds with an error of its own.
pub fn no_answer(server: &str, error: &Error) -> String {
    match error.refusal() {
        Some(refusal) => format!("{server} answers with {}. ", refusal.status),
        None => format!("{server} does not answer. "),
    }
}

/// A countdown: `3:41`, `1:02:03`.
pub fn countdown(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") }
}

/// The rows of this page: `51–100 of 1,041`.
pub fn rows(first: usize, last: usize, all: usize) -> String {
    format!("{}–{} of {}", count(first), count(last), count(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_at_most_two_units() {
        for (seconds, text) in [
            (-5, "0 s"),
            (42, "42 s"),
            (60, "1 min"),
            (72, "1 min 12 s"),
            (7_800, "2 h 10 min"),
            (86_400 * 12 + 4 * 3_600 + 59, "12 d 4 h"),
        ] {
            assert_eq!(elapsed(seconds), text);
        }
    }

    #[test]
    fn a_wrong_clock_is_described_with_its_direction() {
        assert!(skew(10_800).starts_with("This browser's clock is 3 h ahead of the server's. "));
        assert!(skew(-120).starts_with("This browser's clock is 2 min behind the server's. "));
    }

    #[test]
    fn countdowns_count_minutes_and_hours() {
        assert_eq!([8, 221, 3_723].map(countdown), ["0:08", "3:41", "1:02:03"]);
    }
}
