//! The errors of a failed run: its record contains no reason, its log does (docs/cdap-api.md#run-records).

use quiesce_api::Millis;
use quiesce_api::log::LogEvent;

/// The longest message that is quoted, in characters.
const LONGEST: usize = 400;
/// What introduces a cause in a stack trace.
const CAUSED_BY: &str = "Caused by: ";

/// A line of a log with the level `ERROR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorLine {
    /// Its time.
    pub at: Millis,
    /// Its message, cut.
    pub message: String,
    /// The first cause in its stack trace, cut: the last one that is named.
    pub cause: Option<String>,
}

/// The last errors of a log, at most this many, in order. A message that is repeated counts once.
pub fn last_errors(lines: &[LogEvent], most: usize) -> Vec<ErrorLine> {
    let mut errors: Vec<ErrorLine> = Vec::new();
    for event in lines.iter().rev().filter(|event| event.log.log_level == "ERROR") {
        let mut causes = event.log.stack_trace.lines().filter_map(|line| line.trim().strip_prefix(CAUSED_BY));
        let line = ErrorLine {
            at: event.log.timestamp,
            message: cut(&event.log.message),
            cause: causes.next_back().map(cut).filter(|cause| !cause.is_empty()),
        };
        if !errors.iter().any(|known| known.message == line.message && known.cause == line.cause) {
            errors.push(line);
        }
        if errors.len() == most {
            break;
        }
    }
    errors.reverse();
    errors
}

/// The first characters of a text, in one line.
fn cut(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(at: i64, level: &str, message: &str, trace: &str) -> LogEvent {
        let log = json!({ "timestamp": at, "logLevel": level, "message": message, "stackTrace": trace });
        serde_json::from_value(json!({ "log": log, "offset": format!("0.{at}") })).unwrap()
    }

    fn quoted(lines: &[LogEvent], most: usize) -> Vec<(i64, String, Option<String>)> {
        last_errors(lines, most).into_iter().map(|it| (it.at.0, it.message, it.cause)).collect()
    }

    #[test]
    fn the_last_errors_are_quoted_in_order() {
        let trace = "java.lang.RuntimeException: a\n\tat x\nCaused by: java.io.IOException: disk\n\tat y\nCaused by: \
                     java.nio.file.NoSuchFileException: /in\n\tat z";
        let lines = [
            line(1, "ERROR", "first", ""),
            line(2, "INFO", "quiet", ""),
            line(3, "ERROR", "second", trace),
            line(4, "WARN", "late", ""),
            line(5, "ERROR", "third", "no cause"),
        ];
        let cause = Some("java.nio.file.NoSuchFileException: /in".to_owned());
        assert_eq!(quoted(&lines, 2), [(3, "second".to_owned(), cause), (5, "third".to_owned(), None)]);
        assert_eq!(quoted(&lines, 9).len(), 3);
        assert_eq!(quoted(&lines[1..2], 9), []);
    }

    #[test]
    fn a_repeated_message_counts_once_and_a_long_one_is_cut() {
        let long = "é ".repeat(1_000);
        let lines = [line(1, "ERROR", "same", ""), line(2, "ERROR", &long, ""), line(3, "ERROR", "same", "")];
        let found = quoted(&lines, 3);
        assert_eq!((found.len(), found[1].0, found[1].1.as_str()), (2, 3, "same"));
        assert_eq!(found[0].1.chars().count(), LONGEST + 1);
        assert!(found[0].1.ends_with('…'));
    }
}
