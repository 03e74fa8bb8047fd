//! States of runs, verdicts and outcomes: their label, glyph and tone.

use crate::ui::{Glyph, Tone};
use quiesce_api::run::RunStatus;
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::outcome::Ending;
use quiesce_lifecycle::verdict::Verdict;

/// The state of a run: its label, glyph and tone.
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

/// A kind as a label, not within a sentence.
pub fn kind(kind: Kind) -> String {
    let mut label = kind.word().to_owned();
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    label
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

/// The tone of an outcome. Ended in time is neutral: it says nothing about data.
pub fn ending_tone(ending: Ending) -> Tone {
    match ending {
        Ending::Drained => Tone::Ok,
        Ending::Alive | Ending::Stopping => Tone::Busy,
        Ending::EndedInTime | Ending::Stopped | Ending::Completed => Tone::Idle,
        Ending::PastDeadline | Ending::AtDeadline | Ending::NotKnown => Tone::Warn,
        Ending::DataLeft | Ending::EndedAtOnce | Ending::Failed | Ending::Rejected => Tone::Bad,
    }
}
