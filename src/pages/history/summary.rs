//! The summary of an operation.

use crate::client::{clock, journal};
use crate::text::history as text;
use crate::ui::Tone;
use quiesce_api::Timestamp;
use quiesce_lifecycle::journal::{Entry, Header, OperationKind, fold, last_change};
use quiesce_lifecycle::stop::StopOperation;
use quiesce_lifecycle::upgrade::{StepName, UpgradeOperation};

/// The result of an operation, or its progress.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OperationSummary {
    pub words: String,
    pub tone: Tone,
    /// Of an operation under way: how many of how many parts are done.
    pub progress: Option<(usize, usize)>,
    /// Whether a part of it failed, or was left undone when it finished; also if its journal can't be read.
    pub has_problems: bool,
    /// The last change in its journal, by the browser's clock.
    pub last: Option<Timestamp>,
    /// Whether it will not change: the operation has finished, and its journal was read.
    pub is_final: bool,
}

/// Summarizes an operation from its journal.
pub(super) async fn summarize(header: &Header) -> OperationSummary {
    match journal::entries(&header.id).await {
        Ok(entries) => summary(header, entries),
        Err(error) => short(header, Tone::Bad, error.to_string(), None),
    }
}

fn short(header: &Header, tone: Tone, words: String, last: Option<Timestamp>) -> OperationSummary {
    OperationSummary {
        words,
        tone,
        progress: None,
        has_problems: tone == Tone::Bad,
        last,
        is_final: header.finished && last.is_some(),
    }
}

/// Summarizes an operation from these entries of its journal.
pub(super) fn summary(header: &Header, entries: Vec<Entry>) -> OperationSummary {
    let of = |tone, words, last| short(header, tone, words, last);
    let (many, last) = (entries.len(), last_change(&entries));
    let folded = match header.kind {
        OperationKind::Stop => {
            fold(entries).map(|folded| (stop(header, &folded.operation), folded.unknown.len()))
        }
        OperationKind::Upgrade => {
            fold(entries).map(|folded| (upgrade(header, &folded.operation), folded.unknown.len()))
        }
        OperationKind::Other(_) => return of(Tone::Idle, text::other_version(many), last),
    };
    match folded {
        Ok((result, unknown)) => OperationSummary {
            words: result.words + &text::unknown_entries(unknown),
            tone: tone(header, result.has_problems),
            progress: result.progress.filter(|_| !header.finished),
            has_problems: result.has_problems,
            last,
            is_final: header.finished,
        },
        Err(error) => of(Tone::Bad, text::journal_unreadable(&error.to_string()), last),
    }
}

/// What the folded operation tells.
struct OperationResult {
    words: String,
    progress: Option<(usize, usize)>,
    has_problems: bool,
}

fn stop(header: &Header, op: &StopOperation) -> OperationResult {
    let results = op.results(clock::now());
    OperationResult {
        words: text::stop_result(&results),
        progress: Some((results.ended, results.all)),
        has_problems: results.has_problems(header.finished),
    }
}

fn upgrade(header: &Header, op: &UpgradeOperation) -> OperationResult {
    let counts = op.counts();
    let step = op.step.name();
    OperationResult {
        words: if header.finished {
            text::upgrade_result(&counts, op.aborted.is_some())
        } else {
            text::at_step(step, &counts)
        },
        progress: Some((step as usize, StepName::ALL.len())),
        has_problems: op.has_problems(header.finished),
    }
}

fn tone(header: &Header, has_problems: bool) -> Tone {
    match (header.finished, has_problems) {
        (false, _) => Tone::Busy,
        (true, false) => Tone::Ok,
        (true, true) => Tone::Warn,
    }
}
