//! The lines of a window that a screen shows, with the matches of a search.

use super::search::matches;
use super::window::{LogEntry, LogWindow};
use quiesce_api::log::LogEvent;
use std::ops::Range;
use std::sync::Arc;

/// The level of a line, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `ERROR`, and `FATAL` of other loggers.
    Error,
    /// `WARN`.
    Warning,
    /// Anything below.
    Lower,
    /// None, or one that is not known.
    Unknown,
}

impl Level {
    /// The level of a line.
    pub fn of(event: &LogEvent) -> Self {
        match event.log.log_level.to_ascii_uppercase().as_str() {
            "ERROR" | "FATAL" => Self::Error,
            "WARN" | "WARNING" => Self::Warning,
            "INFO" | "DEBUG" | "TRACE" => Self::Lower,
            _ => Self::Unknown,
        }
    }
}

/// The lowest level that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LevelFilter {
    /// All lines.
    #[default]
    All,
    /// Warnings and errors.
    Warnings,
    /// Errors.
    Errors,
}

impl LevelFilter {
    /// Whether an entry is shown. One whose level is unknown always is: it may matter.
    fn keeps(self, entry: &LogEntry) -> bool {
        let LogEntry::Line(event) = entry else { return true };
        match (self, Level::of(event)) {
            (Self::All, _) | (_, Level::Unknown | Level::Error) => true,
            (filter, Level::Warning) => filter == Self::Warnings,
            (_, Level::Lower) => false,
        }
    }
}

/// A line that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownLine {
    /// Its number in the window.
    pub number: i64,
    /// The entry.
    pub entry: Arc<LogEntry>,
    /// The matches in its message.
    pub in_message: Vec<Range<usize>>,
    /// The matches in its stack trace.
    pub in_stack_trace: Vec<Range<usize>>,
}

impl ShownLine {
    fn new(number: i64, entry: &Arc<LogEntry>, sought: &str) -> Self {
        let (message, stack_trace) = match &**entry {
            LogEntry::Line(event) => (&*event.log.message, &*event.log.stack_trace),
            LogEntry::Raw(text) => (&**text, ""),
        };
        let (in_message, in_stack_trace) = (matches(message, sought), matches(stack_trace, sought));
        Self { number, entry: entry.clone(), in_message, in_stack_trace }
    }

    /// How many matches it has.
    pub fn matches(&self) -> usize {
        self.in_message.len() + self.in_stack_trace.len()
    }
}

/// A match: the number of a line, and the index of the match in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatchPlace {
    /// Number of the line.
    pub line: i64,
    /// Index of the match; those of the message come first.
    pub index: usize,
}

/// The lines that are shown, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The lines.
    pub lines: Vec<ShownLine>,
}

impl Shown {
    /// The lines of a window at or above a level, with the matches of a text.
    pub fn new(window: &LogWindow, filter: LevelFilter, sought: &str) -> Self {
        let kept = window.entries().filter(|(_, entry)| filter.keeps(entry));
        Self { lines: kept.map(|(number, entry)| ShownLine::new(number, entry, sought)).collect() }
    }

    /// How many matches there are.
    pub fn matches(&self) -> usize {
        self.lines.iter().map(ShownLine::matches).sum()
    }

    /// All matches, in order.
    fn places(&self) -> impl DoubleEndedIterator<Item = MatchPlace> {
        self.lines
            .iter()
            .flat_map(|line| (0..line.matches()).map(|index| MatchPlace { line: line.number, index }))
    }

    /// The match after another one, or before it; the first or the last if there is none, or none beyond.
    pub fn step(&self, from: Option<MatchPlace>, forward: bool) -> Option<MatchPlace> {
        let beyond =
            |place: &MatchPlace| from.is_some_and(|from| if forward { *place > from } else { *place < from });
        if forward {
            self.places().find(beyond).or_else(|| self.places().next())
        } else {
            self.places().rev().find(beyond).or_else(|| self.places().next_back())
        }
    }

    /// The position of a match among all, from 1.
    pub fn position(&self, of: MatchPlace) -> Option<usize> {
        self.places().position(|place| place == of).map(|index| index + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::{Response, Rows};
    use serde_json::json;

    fn window() -> LogWindow {
        let line = |at: i64, level: &str, message: &str, stack_trace: &str| {
            let log =
                json!({"timestamp": at, "logLevel": level, "message": message, "stackTrace": stack_trace});
            json!({"log": log, "offset": format!("-10000.{at}")})
        };
        let lines = json!([
            line(1, "INFO", "Batch 1 done", ""),
            line(2, "WARN", "Batch 2 late", ""),
            {"log": "batch?"},
            line(3, "ERROR", "Batch 3 failed", "at Batch.run\n at Batch.main"),
            line(4, "NOTICE", "Done", ""),
        ]);
        let mut window = LogWindow::default();
        window.start(Rows::decode(&Response::new(200, lines.to_string())).unwrap(), 100);
        window
    }

    #[test]
    fn a_level_hides_those_below_it_and_never_a_line_whose_level_is_unknown() {
        let numbers = |filter| {
            let shown = Shown::new(&window(), filter, "");
            shown.lines.iter().map(|line| line.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(LevelFilter::All), [0, 1, 2, 3, 4]);
        assert_eq!(numbers(LevelFilter::Warnings), [1, 2, 3, 4]);
        assert_eq!(numbers(LevelFilter::Errors), [2, 3, 4]);
    }

    #[test]
    fn matches_are_counted_and_walked_through_in_both_directions() {
        let shown = Shown::new(&window(), LevelFilter::All, "BATCH");
        assert_eq!(shown.matches(), 6);
        let first = shown.step(None, true).unwrap();
        assert_eq!((first, shown.position(first)), (MatchPlace { line: 0, index: 0 }, Some(1)));
        let mut place = first;
        for position in 2..=6 {
            place = shown.step(Some(place), true).unwrap();
            assert_eq!(shown.position(place), Some(position));
        }
        assert_eq!(place, MatchPlace { line: 3, index: 2 });
        assert_eq!(shown.step(Some(place), true), Some(first), "from the last to the first");
        assert_eq!(shown.step(Some(first), false), Some(place), "and back");
        assert_eq!(shown.step(None, false), Some(place));
        assert_eq!(Shown::new(&window(), LevelFilter::All, "nowhere").step(None, true), None);
    }

    #[test]
    fn a_match_whose_line_is_hidden_is_continued_from() {
        let errors = Shown::new(&window(), LevelFilter::Errors, "batch");
        let hidden = MatchPlace { line: 1, index: 0 };
        assert_eq!(errors.position(hidden), None);
        assert_eq!(errors.step(Some(hidden), true), Some(MatchPlace { line: 2, index: 0 }));
    }
}
