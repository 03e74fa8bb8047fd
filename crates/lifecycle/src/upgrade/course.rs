//! Times spent in one way after another: [`TimeSpan`], and the course that they are noted in.

use crate::clock::{Moment, ServerClock};
use quiesce_api::Timestamp;

/// A time spent in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSpan<K> {
    /// The way.
    pub kind: K,
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

impl<K> TimeSpan<K> {
    /// How long it is, in whole seconds.
    pub fn seconds(&self) -> i64 {
        self.milliseconds().div_euclid(1_000)
    }

    /// How long it is, in milliseconds.
    pub fn milliseconds(&self) -> i64 {
        // Both are by the browser's clock, so that no estimate of the server's is needed.
        ServerClock::new().between(Moment::Browser(self.from), Moment::Browser(self.until)).0
    }

    /// How long all spans of a kind are, in whole seconds; `None` if there is none.
    pub fn total(spans: &[Self], kind: &K) -> Option<i64>
    where
        K: PartialEq,
    {
        let mut of_kind = spans.iter().filter(|span| span.kind == *kind).peekable();
        of_kind.peek().is_some().then(|| of_kind.map(Self::milliseconds).sum::<i64>().div_euclid(1_000))
    }
}

/// Something that lasts: what it is since when, and the spans before.
#[derive(Clone, Debug)]
pub(super) struct Course<K> {
    current: Option<(K, Timestamp)>,
    spans: Vec<TimeSpan<K>>,
}

impl<K: Copy + PartialEq> Course<K> {
    pub(super) fn new() -> Self {
        Self { current: None, spans: Vec::new() }
    }

    /// What it is now; `None`: it does not last.
    pub(super) fn current(&self) -> Option<K> {
        self.current.map(|(current, _)| current)
    }

    /// From a moment on it is this.
    pub(super) fn turn(&mut self, at: Timestamp, kind: Option<K>) {
        if self.current() == kind {
            return;
        }
        if let Some((current, from)) = self.current.take() {
            self.push(current, from, at);
        }
        self.current = kind.map(|kind| (kind, at));
    }

    /// The time since `from` was spent differently from what it seemed.
    pub(super) fn replace(&mut self, from: Timestamp, until: Timestamp, kind: K) {
        if let Some((current, since)) = self.current.take() {
            self.push(current, since, from.max(since));
            self.push(kind, from.max(since), until);
            self.current = Some((current, until));
        }
    }

    fn push(&mut self, kind: K, from: Timestamp, until: Timestamp) {
        match self.spans.last_mut() {
            _ if until <= from => {}
            Some(last) if last.kind == kind && last.until == from => last.until = until,
            _ => self.spans.push(TimeSpan { kind, from, until }),
        }
    }

    /// The spans until a moment.
    pub(super) fn spans(&self, until: Timestamp) -> Vec<TimeSpan<K>> {
        let mut course = self.clone();
        course.turn(until, None);
        course.spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn spans(course: &Course<char>, until: i64) -> Vec<(char, i64, i64)> {
        let spans = course.spans(at(until));
        spans.iter().map(|span| (span.kind, span.from.as_second(), span.until.as_second())).collect()
    }

    #[test]
    fn a_course_has_one_span_for_each_turn_that_lasts() {
        let mut course = Course::new();
        course.turn(at(1), Some('a'));
        course.turn(at(2), Some('a'));
        course.turn(at(4), Some('b'));
        course.turn(at(4), None);
        course.turn(at(9), Some('a'));
        assert_eq!(spans(&course, 10), [('a', 1, 4), ('a', 9, 10)]);
        assert_eq!((spans(&course, 9), course.current()), (vec![('a', 1, 4)], Some('a')));
    }

    #[test]
    fn a_part_of_a_span_can_turn_out_to_be_another() {
        let mut course = Course::new();
        course.turn(at(1), Some('a'));
        course.replace(at(3), at(7), 'b');
        course.turn(at(8), None);
        assert_eq!(spans(&course, 20), [('a', 1, 3), ('b', 3, 7), ('a', 7, 8)]);
        course.replace(at(9), at(10), 'b');
        assert_eq!(spans(&course, 20).len(), 3, "nothing lasted");
    }

    #[test]
    fn the_total_of_a_kind_is_rounded_once() {
        let span = |from, until| TimeSpan { kind: 'a', from: at(0).after(from), until: at(0).after(until) };
        assert_eq!(TimeSpan::total(&[span(0, 600), span(700, 1_300)], &'a'), Some(1));
        assert_eq!(TimeSpan::total(&[span(0, 600)], &'b'), None);
        assert_eq!(span(0, 1_999).seconds(), 1);
    }
}
