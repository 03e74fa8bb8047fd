//! The lines of a log that are kept: at most [`LogWindow::LIMIT`], the newest ones.
//!
//! The offset of a line is in effect its time in milliseconds, and a page begins after all lines of that time, or before
//! them (docs/cdap-api.md#logs). So a page is asked from the last line of an earlier millisecond, and the lines that it
//! repeats are skipped: no line that shares its millisecond with another is lost.

use quiesce_api::Rows;
use quiesce_api::log::LogEvent;
use std::collections::VecDeque;
use std::sync::Arc;

/// An element of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogEntry {
    /// A line.
    Line(LogEvent),
    /// An element that can't be read as a line, as the server sent it.
    Raw(String),
}

impl LogEntry {
    fn offset(&self) -> Option<&str> {
        match self {
            Self::Line(event) if !event.offset.is_empty() => Some(&event.offset),
            _ => None,
        }
    }
}

/// A part of a log without a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogWindow {
    entries: VecDeque<Arc<LogEntry>>,
    /// The number of the first entry: they count from the first one that was read, those before it backwards.
    first: i64,
    /// Whether nothing is before the first entry.
    begins: bool,
    /// Whether the newest answer that was to lead on repeated only what was known, and could hold no more.
    stuck: bool,
    /// The same for earlier lines.
    stuck_before: bool,
}

/// Which end of the window an answer continues.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Newest,
    Oldest,
}

impl LogWindow {
    /// How many entries are kept.
    pub const LIMIT: usize = 5_000;

    /// The entries, oldest first, each with a number that it keeps.
    pub fn entries(&self) -> impl Iterator<Item = (i64, &Arc<LogEntry>)> {
        (self.first..).zip(&self.entries)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether nothing is before the first entry.
    pub fn begins(&self) -> bool {
        self.begins
    }

    /// Whether no earlier lines can be kept.
    pub fn is_full(&self) -> bool {
        self.len() >= Self::LIMIT
    }

    /// The offset from which newer lines are read. `None`: from the start of the log.
    pub fn newer_from(&self) -> Option<&str> {
        self.from(End::Newest, self.stuck)
    }

    /// The offset from which earlier lines are read. `None`: from its end.
    pub fn earlier_from(&self) -> Option<&str> {
        self.from(End::Oldest, self.stuck_before)
    }

    fn from(&self, end: End, stuck: bool) -> Option<&str> {
        let mut offsets: Box<dyn Iterator<Item = &str>> = match end {
            End::Newest => Box::new(self.entries.iter().rev().filter_map(|it| it.offset())),
            End::Oldest => Box::new(self.entries.iter().filter_map(|it| it.offset())),
        };
        let edge = offsets.next()?;
        // Without a line of another time the whole is read again, if that is all of the log.
        let alone = (!self.begins || end == End::Oldest).then_some(edge);
        if stuck { Some(edge) } else { offsets.find(|offset| *offset != edge).or(alone) }
    }

    /// Takes in the newest page of a log, of which nothing is known yet. `most`: how many lines were asked for.
    pub fn start(&mut self, answer: Rows<LogEvent>, most: usize) {
        let complete = answer.cut.is_none();
        let entries = in_order(answer);
        self.begins = complete && entries.len() < most;
        self.entries = entries.into_iter().map(Arc::new).collect();
    }

    /// Takes in lines that were read from [`LogWindow::newer_from`]. Tells whether there may be more.
    pub fn append(&mut self, answer: Rows<LogEvent>, most: usize) -> bool {
        let entries = in_order(answer);
        let full = entries.len() >= most;
        let new = self.without_known(entries, End::Newest);
        self.stuck = full && new.is_empty();
        self.entries.extend(new.into_iter().map(Arc::new));
        while self.len() > Self::LIMIT {
            self.entries.pop_front();
            self.first += 1;
            self.begins = false;
        }
        full
    }

    /// Takes in lines that were read from [`LogWindow::earlier_from`]. Those that are too many are skipped, the oldest
    /// first.
    pub fn prepend(&mut self, answer: Rows<LogEvent>, most: usize) {
        let complete = answer.cut.is_none();
        let entries = in_order(answer);
        let full = entries.len() >= most;
        let new = self.without_known(entries, End::Oldest);
        self.stuck_before = full && new.is_empty();
        let room = Self::LIMIT - self.len().min(Self::LIMIT);
        let kept = new.len().min(room);
        self.begins = complete && !full && kept == new.len();
        for entry in new.into_iter().rev().take(kept) {
            self.entries.push_front(Arc::new(entry));
            self.first -= 1;
        }
    }

    /// The entries without those that the page repeats.
    fn without_known(&self, entries: Vec<LogEntry>, end: End) -> Vec<LogEntry> {
        let asked = match end {
            End::Newest => self.newer_from(),
            End::Oldest => self.earlier_from(),
        };
        let repeated = |entry: &&Arc<LogEntry>| asked.is_none() || entry.offset() != asked;
        let mut known: Vec<&LogEntry> = match end {
            End::Newest => self.entries.iter().rev().take_while(repeated).map(|it| &**it).collect(),
            End::Oldest => self.entries.iter().take_while(repeated).map(|it| &**it).collect(),
        };
        let mut new = Vec::with_capacity(entries.len());
        for entry in entries {
            match known.iter().position(|known| **known == entry) {
                Some(at) => drop(known.swap_remove(at)),
                None => new.push(entry),
            }
        }
        new
    }
}

/// The elements of an answer, in the server's order.
fn in_order(answer: Rows<LogEvent>) -> Vec<LogEntry> {
    let mut entries = Vec::with_capacity(answer.good.len() + answer.bad.len());
    let mut bad = answer.bad.into_iter().peekable();
    let mut take_bad = |entries: &mut Vec<LogEntry>| {
        while let Some(row) = bad.next_if(|row| row.index == entries.len()) {
            entries.push(LogEntry::Raw(row.error.raw));
        }
    };
    for event in answer.good {
        take_bad(&mut entries);
        entries.push(LogEntry::Line(event));
    }
    take_bad(&mut entries);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quiesce_api::Response;
    use serde_json::{Value, json};

    /// A server that pages as CDAP does: by the millisecond of an offset.
    struct Server(Vec<Value>);

    impl Server {
        fn of(times: &[i64]) -> Self {
            let line = |(index, at): (usize, &i64)| {
                // Lines with the same words: they are told from each other by their number alone.
                json!({"log": {"timestamp": at, "message": format!("line {}", index / 2)}, "offset": format!("-10000.{at}")})
            };
            Self(times.iter().enumerate().map(line).collect())
        }

        fn rows(lines: &[Value]) -> Rows<LogEvent> {
            Rows::decode(&Response::new(200, Value::from(lines.to_vec()).to_string())).unwrap()
        }

        fn time(offset: &str) -> i64 {
            offset.split_once('.').unwrap().1.parse().unwrap()
        }

        fn next(&self, from: Option<&str>, most: usize) -> Rows<LogEvent> {
            let from = from.map(Self::time);
            let after =
                |line: &&Value| from.is_none_or(|from| line["log"]["timestamp"].as_i64() > Some(from));
            let lines: Vec<Value> = self.0.iter().filter(after).take(most).cloned().collect();
            Self::rows(&lines)
        }

        fn previous(&self, from: Option<&str>, most: usize) -> Rows<LogEvent> {
            let from = from.map(Self::time);
            let before =
                |line: &&Value| from.is_none_or(|from| line["log"]["timestamp"].as_i64() < Some(from));
            let lines: Vec<Value> = self.0.iter().filter(before).cloned().collect();
            Self::rows(&lines[lines.len().saturating_sub(most)..])
        }
    }

    fn messages(window: &LogWindow) -> Vec<String> {
        let message = |(_, entry): (i64, &Arc<LogEntry>)| match &**entry {
            LogEntry::Line(event) => event.log.message.clone(),
            LogEntry::Raw(text) => text.clone(),
        };
        window.entries().map(message).collect()
    }

    fn whole(server: &Server) -> Vec<String> {
        server.0.iter().map(|line| line["log"]["message"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn lines_of_one_millisecond_are_neither_lost_nor_doubled() {
        let server = Server::of(&[1, 2, 2]);
        let mut window = LogWindow::default();
        window.start(server.previous(None, 10), 10);
        assert_eq!((window.newer_from(), window.begins()), (Some("-10000.1"), true));
        let more = Server::of(&[1, 2, 2, 2, 3]);
        assert!(!window.append(more.next(window.newer_from(), 10), 10));
        assert_eq!(messages(&window), whole(&more));
    }

    #[test]
    fn a_log_that_is_read_to_its_start_says_so() {
        let server = Server::of(&[1, 2, 3, 4]);
        let mut window = LogWindow::default();
        window.start(server.previous(None, 2), 2);
        assert!(!window.begins());
        window.prepend(server.previous(window.earlier_from(), 3), 3);
        assert!(!window.begins());
        window.prepend(server.previous(window.earlier_from(), 3), 3);
        assert_eq!((window.begins(), messages(&window)), (true, whole(&server)));
        assert_eq!(window.entries().next().unwrap().0, -2);
    }

    #[test]
    fn more_lines_of_one_millisecond_than_a_page_holds_do_not_stop_the_log() {
        let mut window = LogWindow::default();
        window.start(Server::of(&[1]).previous(None, 2), 2);
        let server = Server::of(&[1, 5, 5, 5, 5, 9]);
        for _ in 0..6 {
            window.append(server.next(window.newer_from(), 2), 2);
        }
        assert_eq!(messages(&window).last(), whole(&server).last());
    }

    #[test]
    fn an_element_that_is_no_line_is_kept_where_it_was_and_is_not_doubled() {
        let mut server = Server::of(&[1, 2, 3]);
        server.0[1] = json!({"log": "text"});
        let mut window = LogWindow::default();
        window.start(Server::rows(&server.0), 10);
        assert_eq!(messages(&window), ["line 0", r#"{"log":"text"}"#, "line 1"]);
        window.append(Server::rows(&server.0[1..]), 10);
        assert_eq!(window.len(), 3);
    }

    #[test]
    fn the_oldest_lines_make_room_for_the_newest() {
        let times: Vec<i64> = (0..5_100).collect();
        let server = Server::of(&times);
        let mut window = LogWindow::default();
        window.start(server.next(None, 100), 200);
        while window.append(server.next(window.newer_from(), 1_000), 1_000) {}
        assert_eq!((window.len(), window.is_full(), window.begins()), (LogWindow::LIMIT, true, false));
        assert_eq!(window.entries().next().map(|(number, _)| number), Some(100));
        let before = messages(&window);
        window.prepend(server.previous(window.earlier_from(), 50), 50);
        assert_eq!(messages(&window), before, "nothing earlier is kept");
        assert!(!window.begins());
    }

    #[test]
    fn a_truncated_answer_is_not_the_start_of_the_log() {
        let cut = Rows::decode(&Response::new(200, "[")).unwrap();
        let mut window = LogWindow::default();
        window.start(cut, 10);
        assert!(!window.begins() && window.is_empty());
    }

    proptest! {
        #[test]
        fn a_window_is_the_log_however_it_is_read(
            steps in prop::collection::vec(0..3_i64, 1..60),
            known in 1..60_usize,
            most in 4..12_usize,
        ) {
            let times: Vec<i64> = steps.iter().scan(0, |at, step| { *at += step; Some(*at) }).collect();
            // More lines of a millisecond than a page holds can't be paged.
            let crowded = times.chunk_by(|one, next| one == next).any(|group| group.len() + 1 > most / 2);
            prop_assume!(!crowded);
            let log = Server::of(&times);
            let mut window = LogWindow::default();
            window.start(Server(log.0[..known.min(times.len())].to_vec()).previous(None, most), most);
            for _ in 0..60 {
                window.append(log.next(window.newer_from(), most), most);
            }
            for _ in 0..60 {
                window.prepend(log.previous(window.earlier_from(), most), most);
            }
            prop_assert!(window.begins());
            prop_assert_eq!(messages(&window), whole(&log));
        }
    }
}
