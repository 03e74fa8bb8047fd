//! The summary of an operation.

use crate::client::{clock, journal};
use crate::text::history as text;
use crate::ui::Tone;
use quiesce_lifecycle::journal::{Header, OperationKind, fold};
use quiesce_lifecycle::stop::StopOperation;
use quiesce_lifecycle::upgrade::{StepName, UpgradeOperation};

/// The result of an operation, or its progress.
#[derive(Clone, PartialEq)]
pub(super) struct OperationSummary {
    pub words: String,
    pub tone: Tone,
    /// Of an operation under way: how many of how many parts are done.
    pub progress: Option<(usize, usize)>,
}

/// Summarizes an operation from its journal.
pub(super) async fn summarize(header: &Header) -> OperationSummary {
    let of = |tone, words| OperationSummary { words, tone, progress: None };
    let entries = match journal::entries(&header.id).await {
        Ok(entries) => entries,
        Err(error) => return of(Tone::Bad, error.to_string()),
    };
    let many = entries.len();
    let folded = match header.kind {
        OperationKind::Stop => {
            fold(entries).map(|folded| (stop(header, &folded.operation), folded.unknown.len()))
        }
        OperationKind::Upgrade => {
            fold(entries).map(|folded| (upgrade(header, &folded.operation), folded.unknown.len()))
        }
        OperationKind::Other(_) => return of(Tone::Idle, text::other_version(many)),
    };
    match folded {
        Ok((mut summary, unknown)) => {
            summary.words.push_str(&text::unknown_entries(unknown));
            summary
        }
        Err(error) => of(Tone::Bad, text::journal_unreadable(&error.to_string())),
    }
}

fn stop(header: &Header, op: &StopOperation) -> OperationSummary {
    let results = op.results(clock::now());
    OperationSummary {
        words: text::stop_result(&results),
        tone: tone(header, results.is_good()),
        progress: (!header.finished).then_some((results.ended, results.all)),
    }
}

fn upgrade(header: &Header, op: &UpgradeOperation) -> OperationSummary {
    let counts = op.counts();
    let step = op.step.name();
    OperationSummary {
        words: if header.finished {
            text::upgrade_result(&counts, op.aborted.is_some())
        } else {
            text::at_step(step, &counts)
        },
        tone: tone(header, counts.is_good()),
        progress: (!header.finished).then_some((step as usize, StepName::ALL.len())),
    }
}

fn tone(header: &Header, good: bool) -> Tone {
    match (header.finished, good) {
        (false, _) => Tone::Busy,
        (true, true) => Tone::Ok,
        (true, false) => Tone::Warn,
    }
}
