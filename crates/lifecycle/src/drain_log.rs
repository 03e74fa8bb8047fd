//! What the log of a real-time run says about its stop. The record of a run never tells whether what it had
//! received was processed; a few sentences of its driver do (docs/loss.md, "What a log line means").

use quiesce_api::log::LogEvent;
use quiesce_api::{Error, Millis, Rows, Seconds, Undecodable};
use serde::{Deserialize, Serialize};

/// The sentences, as the driver of cdap-data-streams 6.10.0 and 6.11.0 and its Spark write them.
pub mod sentence {
    /// Spark: the job of a batch failed.
    pub const JOB_FAILED: &str = "Error running job streaming job";
    /// The driver does not wait: set so, or no time for it.
    pub const AT_ONCE: &str = "Terminate the streaming job immediately";
    /// Spark: another user ended the context while the driver was about to.
    pub const ALREADY_STOPPED: &str = "StreamingContext has already been stopped";
    /// The driver found every received block processed.
    pub const ALL_PROCESSED: &str = "All receiver blocks are processed";
    /// The driver found blocks that were not processed, or could not look.
    pub const UNPROCESSED: &str = "There are unprocessed";
    /// The driver could not look.
    pub const CANNOT_LOOK: &str = "Failed to read receiver metadata";
    /// Spark: the queue took longer than it was given. It is worked off all the same.
    pub const GENERATOR_LATE: &str = "Timed out while stopping the job generator";
}

/// What the log shows: the first of the table's rows that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DrainEvidence {
    /// Row 1: a batch failed after the stop.
    JobFailed,
    /// Row 2: it was terminated without waiting.
    EndedAtOnce,
    /// Row 3: the context was stopped before the driver could drain it.
    AlreadyStopped,
    /// Row 4: all received blocks were processed.
    Drained {
        /// The queue outlived its time, so a next start may deliver it again.
        late: bool,
    },
    /// Row 5: received blocks were left.
    DataLeft,
    /// Row 6: the driver could not look.
    CannotLook,
    /// Row 7: no line of the driver, or a log that could not be read to its end.
    Silent(NoEvidence),
}

/// Why a log says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NoEvidence {
    /// It was read, and has no such line.
    NoLine,
    /// It ended early, or had lines that could not be read.
    Cut,
    /// The server did not give it.
    Unreadable,
}

/// A line of the log, as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quote {
    /// The words.
    pub line: String,
    /// When it was written.
    pub at: Millis,
}

/// What the log of a run said about its stop.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DrainLog {
    /// The row of the table.
    pub sign: DrainEvidence,
    /// The lines it rests on, in the log's order. Of a log that was cut: what was seen before.
    pub quotes: Vec<Quote>,
    /// Why the log could not be read, or not completely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<LogProblem>,
}

/// Why a log could not be read, or not completely.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LogProblem {
    /// It ended early, for this reason of the connection.
    Cut(String),
    /// A line of it could not be read.
    InvalidLine(Undecodable),
    /// The server did not return it.
    Failed(Error),
    /// A reason as text, in entries of the journal that were written before there were the other variants.
    #[serde(untagged)]
    Text(String),
}

impl DrainLog {
    /// How long after the end of a run its log is still asked, in seconds, while it says nothing.
    pub const SILENT_FOR: i64 = 60;
    /// How long it is asked when it says something that a line still under way could overturn, in seconds.
    pub const SETTLES_AFTER: i64 = 15;

    /// Reads the lines of a run that got a stop request at `stopping`.
    ///
    /// A failed batch counts only after the stop: before it, Spark tries again. "All processed" also counts only
    /// after it. The other lines are written at a stop only, so they count wherever they stand, in case the clocks
    /// of server and driver differ.
    pub fn read(log: &Rows<LogEvent>, stopping: Seconds) -> Self {
        let since = Millis(stopping.0.saturating_mul(1000));
        let find = |sentence: &str, since: Option<Millis>| {
            log.good.iter().map(|event| &event.log).find(|line| {
                line.message.contains(sentence) && since.is_none_or(|since| line.timestamp >= since)
            })
        };
        let failed = find(sentence::JOB_FAILED, Some(since));
        let at_once = find(sentence::AT_ONCE, None);
        let already = find(sentence::ALREADY_STOPPED, None);
        let processed = find(sentence::ALL_PROCESSED, Some(since));
        let unprocessed = find(sentence::UNPROCESSED, None);
        let cannot_look = find(sentence::CANNOT_LOOK, None);
        let late = find(sentence::GENERATOR_LATE, None);
        let sign = if !log.is_whole() {
            DrainEvidence::Silent(NoEvidence::Cut)
        } else if failed.is_some() {
            DrainEvidence::JobFailed
        } else if at_once.is_some() {
            DrainEvidence::EndedAtOnce
        } else if already.is_some() {
            DrainEvidence::AlreadyStopped
        } else if processed.is_some() {
            DrainEvidence::Drained { late: late.is_some() }
        } else if cannot_look.is_some() {
            DrainEvidence::CannotLook
        } else if unprocessed.is_some() {
            DrainEvidence::DataLeft
        } else {
            DrainEvidence::Silent(NoEvidence::NoLine)
        };
        let mut quotes: Vec<_> = [failed, at_once, already, processed, unprocessed, cannot_look, late]
            .into_iter()
            .flatten()
            .map(|line| Quote { line: line.message.clone(), at: line.timestamp })
            .collect();
        quotes.sort_by_key(|quote| quote.at);
        let problem = match (&log.cut, log.bad.first()) {
            (Some(cut), _) => Some(LogProblem::Cut(cut.reason.clone())),
            (None, Some(bad)) => Some(LogProblem::InvalidLine(bad.error.clone())),
            (None, None) => None,
        };
        Self { sign, quotes, problem }
    }

    /// What is known when the log could not be had at all.
    pub fn unreadable(error: &Error) -> Self {
        let problem = Some(LogProblem::Failed(error.clone()));
        Self { sign: DrainEvidence::Silent(NoEvidence::Unreadable), quotes: Vec::new(), problem }
    }

    /// What to take from reading the log, whether or not it could be had.
    pub fn from_result(result: &Result<Rows<LogEvent>, Error>, stopping: Seconds) -> Self {
        match result {
            Ok(log) => Self::read(log, stopping),
            Err(error) => Self::unreadable(error),
        }
    }
}

impl DrainEvidence {
    /// The row of the second table of docs/loss.md, 1 to 7.
    pub fn row(self) -> u8 {
        match self {
            Self::JobFailed => 1,
            Self::EndedAtOnce => 2,
            Self::AlreadyStopped => 3,
            Self::Drained { .. } => 4,
            Self::DataLeft => 5,
            Self::CannotLook => 6,
            Self::Silent(_) => 7,
        }
    }
}

/// Whether to read the log again. Lines arrive several seconds late, and an early reading may miss the one that
/// decides. `ended` is the end of the run by its record, `now` the server's time; `so_far` is the reading so far.
///
/// Row 1 is final: nothing comes before it. A log that says nothing is asked for a minute, any other reading until
/// the lines of the end must have arrived.
pub fn asks_again(so_far: Option<&DrainLog>, ended: Seconds, now: Seconds) -> bool {
    let since = now.0.saturating_sub(ended.0);
    match so_far.map(|log| log.sign) {
        Some(DrainEvidence::JobFailed) => false,
        Some(DrainEvidence::Silent(_)) | None => since < DrainLog::SILENT_FOR,
        Some(_) => since < DrainLog::SETTLES_AFTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::log::LogLine;
    use quiesce_api::{TransportError, Truncation};

    /// The stop was at second 100; each line with its milliseconds.
    const STOPPING: Seconds = Seconds(100);

    fn log(lines: &[(i64, &str)]) -> Rows<LogEvent> {
        let event = |(at, message): &(i64, &str)| LogEvent {
            log: LogLine {
                timestamp: Millis(*at),
                log_level: "WARN".to_owned(),
                thread_name: String::new(),
                simple_class_name: String::new(),
                message: (*message).to_owned(),
                stack_trace: String::new(),
            },
            offset: String::new(),
        };
        Rows { good: lines.iter().map(event).collect(), ..Rows::default() }
    }

    fn sign(lines: &[(i64, &str)]) -> DrainEvidence {
        DrainLog::read(&log(lines), STOPPING).sign
    }

    const FAILED: &str = "Error running job streaming job 1795418590000 ms.0";
    const SET: &str = "Terminate the streaming job immediately due to configuration.";
    const NO_TIME: &str = "Terminate the streaming job immediately due to not enough time till termination.";
    const ALREADY: &str = "StreamingContext has already been stopped";
    const ALL: &str = "All receiver blocks are processed in the checkpoint directory file:/srv/c/1";
    // The driver spells it so.
    const LEFT: &str = "There are unprocessed recevier records in the checkpoint directory file:/srv/c/1";
    const CANNOT: &str = "Failed to read receiver metadata. Assuming there is unprocessed data.";
    const LATE: &str = "Timed out while stopping the job generator (timeout = 119990 ms)";

    #[test]
    fn the_first_row_that_fits_decides() {
        for (lines, expected) in [
            (&[FAILED, ALL] as &[_], DrainEvidence::JobFailed), // docs/loss.md, measured 10
            (&[SET], DrainEvidence::EndedAtOnce),               // measured 4 to 6
            (&[NO_TIME], DrainEvidence::EndedAtOnce),           // measured 7 and 8
            (&[SET, ALREADY], DrainEvidence::EndedAtOnce), // that line comes and goes beside "Terminate…"
            (&[CANNOT, LEFT, ALREADY], DrainEvidence::AlreadyStopped), // measured 2 and 3
            (&[ALL], DrainEvidence::Drained { late: false }), // measured 9
            (&[LATE, ALL], DrainEvidence::Drained { late: true }),
            (&[LEFT], DrainEvidence::DataLeft),           // never seen alone
            (&[CANNOT, LEFT], DrainEvidence::CannotLook), // measured 1
            (&[LATE], DrainEvidence::Silent(NoEvidence::NoLine)),
            (&["Deleting checkpoint directory"], DrainEvidence::Silent(NoEvidence::NoLine)),
            (&[], DrainEvidence::Silent(NoEvidence::NoLine)),
        ] {
            let lines: Vec<_> = lines.iter().map(|line| (101_000, *line)).collect();
            assert_eq!(sign(&lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn no_bad_line_is_ever_read_as_drained_in_whatever_company_or_order() {
        let lines = [FAILED, SET, ALREADY, LATE, ALL, LEFT, CANNOT];
        for choice in 0..1_u32 << lines.len() {
            let mut chosen: Vec<_> = lines
                .iter()
                .enumerate()
                .filter(|(place, _)| choice & (1 << place) != 0)
                .map(|(_, line)| (101_000, *line))
                .collect();
            let read = sign(&chosen);
            let bad = chosen.iter().any(|(_, line)| [FAILED, SET, ALREADY].contains(line));
            let all = chosen.iter().any(|(_, line)| *line == ALL);
            assert_eq!(matches!(read, DrainEvidence::Drained { .. }), all && !bad, "{chosen:?}");
            chosen.reverse();
            assert_eq!(sign(&chosen), read, "{chosen:?}");
        }
    }

    #[test]
    fn a_batch_that_failed_before_the_stop_does_not_count() {
        assert_eq!(sign(&[(99_999, FAILED), (104_000, ALL)]), DrainEvidence::Drained { late: false });
        assert_eq!(sign(&[(100_000, FAILED), (104_000, ALL)]), DrainEvidence::JobFailed);
    }

    #[test]
    fn only_a_line_after_the_stop_shows_that_it_drained() {
        assert_eq!(sign(&[(99_000, ALL)]), DrainEvidence::Silent(NoEvidence::NoLine));
    }

    #[test]
    fn bad_signs_count_although_the_clocks_differ() {
        assert_eq!(sign(&[(98_000, SET)]), DrainEvidence::EndedAtOnce);
        assert_eq!(sign(&[(98_000, ALREADY), (101_000, ALL)]), DrainEvidence::AlreadyStopped);
    }

    #[test]
    fn a_log_that_was_cut_says_nothing_and_keeps_what_was_seen() {
        let mut cut = log(&[(101_000, ALL)]);
        cut.cut = Some(Truncation { after: 1, reason: "connection reset".to_owned() });
        let read = DrainLog::read(&cut, STOPPING);
        assert_eq!(read.sign, DrainEvidence::Silent(NoEvidence::Cut));
        assert_eq!(read.quotes, [Quote { line: ALL.to_owned(), at: Millis(101_000) }]);
        assert_eq!(read.problem, Some(LogProblem::Cut("connection reset".to_owned())));
    }

    #[test]
    fn a_log_that_could_not_be_had_says_why() {
        let error: Error = TransportError::TimedOut(10).into();
        let read = DrainLog::from_result(&Err(error.clone()), STOPPING);
        assert_eq!(read.sign, DrainEvidence::Silent(NoEvidence::Unreadable));
        assert_eq!(read.problem, Some(LogProblem::Failed(error)));
    }

    #[test]
    fn a_problem_survives_a_journal_and_one_that_was_written_as_text_is_kept_so() {
        for problem in [
            LogProblem::Cut("connection reset".to_owned()),
            LogProblem::Failed(TransportError::TimedOut(10).into()),
            LogProblem::Text("the server did not answer within 10 s".to_owned()),
        ] {
            let value = serde_json::to_value(&problem).unwrap();
            assert_eq!(quiesce_api::json::from_value::<LogProblem>(&value).unwrap(), problem);
            assert_eq!(value.is_string(), matches!(problem, LogProblem::Text(_)));
        }
    }

    #[test]
    fn quotes_stand_in_the_order_of_their_times() {
        let read = DrainLog::read(&log(&[(103_000, LEFT), (102_000, CANNOT)]), STOPPING);
        let lines: Vec<_> = read.quotes.iter().map(|quote| quote.line.as_str()).collect();
        assert_eq!(lines, [CANNOT, LEFT]);
    }

    #[test]
    fn a_silent_log_is_asked_again_for_a_minute_and_a_speaking_one_until_it_settles() {
        let ended = Seconds(100);
        let again = |lines: Option<&[(i64, &str)]>, after: i64| {
            let read = lines.map(|lines| DrainLog::read(&log(lines), STOPPING));
            asks_again(read.as_ref(), ended, Seconds(ended.0 + after))
        };
        assert!(again(None, 59) && !again(None, 60));
        assert!(again(Some(&[]), 59) && !again(Some(&[]), 60));
        assert!(!again(Some(&[(101_000, FAILED)]), 0));
        // A failed batch may still arrive and overturn it.
        assert!(again(Some(&[(101_000, ALL)]), 14) && !again(Some(&[(101_000, ALL)]), 15));
    }
}
