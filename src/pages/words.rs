//! Numbers and states in the words of the console.

use crate::ui::{Glyph, Tone};
use quiesce_api::Error;
use quiesce_api::run::RunStatus;
use quiesce_lifecycle::grace::Elapsed;
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::outcome::Ending;
pub use quiesce_lifecycle::plural::{agree, number as count, plural as some};
use quiesce_lifecycle::verdict::Verdict;

/// A length of time in two units at the most: `42 s`, `1 min 12 s`, `2 h 10 min`, `12 d 4 h`.
pub fn elapsed(seconds: i64) -> String {
    Elapsed(seconds).to_string()
}

/// That the two clocks differ, by so many seconds. Positive: this browser's is ahead.
pub fn skew(seconds: i64) -> String {
    let by = elapsed(seconds.abs());
    let how = if seconds > 0 { "ahead of" } else { "behind" };
    format!(
        "This browser's clock is {by} {how} the server's. Ages and run times are the server's; History keeps this browser's."
    )
}

/// That the server cannot be used now: it is silent, or it answers with a failure of its own.
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

/// The state of a run: its word, glyph and tone.
pub fn status(status: &RunStatus) -> (String, Glyph, Tone) {
    let (word, glyph, tone) = match status {
        RunStatus::Pending => ("Pending", Glyph::Pending, Tone::Busy),
        RunStatus::Starting => ("Starting", Glyph::Starting, Tone::Busy),
        RunStatus::Running => ("Running", Glyph::Running, Tone::Ok),
        RunStatus::Suspended => ("Suspended", Glyph::Suspended, Tone::Idle),
        RunStatus::Stopping => ("Stopping", Glyph::Stopping, Tone::Busy),
        RunStatus::Completed => ("Completed", Glyph::Completed, Tone::Idle),
        RunStatus::Failed => ("Failed", Glyph::Failed, Tone::Bad),
        RunStatus::Killed => ("Killed", Glyph::Killed, Tone::Idle),
        RunStatus::Rejected => ("Rejected", Glyph::Rejected, Tone::Bad),
        RunStatus::Other(word) => return (word.to_string(), Glyph::Never, Tone::Warn),
    };
    (word.to_owned(), glyph, tone)
}

/// A kind as a word of its own, not within a sentence.
pub fn kind(kind: Kind) -> String {
    let word = kind.word();
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The tone of a verdict.
pub fn verdict_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::NoLossExpected => Tone::Ok,
        Verdict::InterruptsWork => Tone::Idle,
        Verdict::CannotTell => Tone::Warn,
        Verdict::MayLose => Tone::Bad,
    }
}

/// The tone of what became of a run. Ended in time is no praise: it says nothing of data.
pub fn ending_tone(ending: Ending) -> Tone {
    match ending {
        Ending::Drained => Tone::Ok,
        Ending::Alive | Ending::Stopping => Tone::Busy,
        Ending::EndedInTime | Ending::Stopped | Ending::Completed => Tone::Idle,
        Ending::PastDeadline | Ending::AtDeadline | Ending::NotKnown => Tone::Warn,
        Ending::DataLeft | Ending::EndedAtOnce | Ending::Failed | Ending::Rejected => Tone::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_units_at_the_most() {
        for (seconds, words) in [
            (-5, "0 s"),
            (42, "42 s"),
            (60, "1 min"),
            (72, "1 min 12 s"),
            (7_800, "2 h 10 min"),
            (86_400 * 12 + 4 * 3_600 + 59, "12 d 4 h"),
        ] {
            assert_eq!(elapsed(seconds), words);
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
