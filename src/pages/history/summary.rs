//! The summary of an operation.

use crate::client::{clock, journal};
use crate::text::history as text;
use crate::ui::Tone;
use quiesce_lifecycle::journal::{Header, OperationKind, fold};
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::stop::StopOperation;
use quiesce_lifecycle::upgrade::{Step, UpgradeOperation};

/// The result of an operation, or its progress.
#[derive(Clone, PartialEq)]
pub(super) struct OperationSummary {
    pub words: String,
    pub tone: Tone,
}

/// Summarizes an operation from its journal.
pub(super) async fn summarize(header: &Header) -> OperationSummary {
    let of = |tone, words| OperationSummary { words, tone };
    let entries = match journal::entries(&header.id).await {
        Ok(entries) => entries,
        Err(error) => return of(Tone::Bad, error.to_string()),
    };
    let many = entries.len();
    match header.kind {
        OperationKind::Stop => match fold::<StopOperation>(entries) {
            Ok(folded) => {
                let counts = folded.operation.counts(clock::now());
                let tone = if counts.ended == counts.all { Tone::Ok } else { Tone::Busy };
                let words = text::stop_result(counts.ended, counts.all);
                of(tone, words + &text::unknown_entries(folded.unknown.len()))
            }
            Err(error) => of(Tone::Bad, text::journal_unreadable(&error.to_string())),
        },
        OperationKind::Upgrade => {
            let report = Report::of(header, &entries);
            match fold::<UpgradeOperation>(entries) {
                Ok(folded) => {
                    let unknown = text::unknown_entries(folded.unknown.len());
                    let op = folded.operation;
                    if let (Step::Report(_), Ok(report)) = (&op.step, report) {
                        let bad = report.applications.iter().any(|row| row.look);
                        return of(if bad { Tone::Warn } else { Tone::Ok }, report.sentence + &unknown);
                    }
                    of(Tone::Busy, text::at_step(op.step.name()) + &unknown)
                }
                Err(error) => of(Tone::Bad, text::journal_unreadable(&error.to_string())),
            }
        }
        OperationKind::Other(_) => of(Tone::Idle, text::other_version(many)),
    }
}
