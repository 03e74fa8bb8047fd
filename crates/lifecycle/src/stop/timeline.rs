//! When each run of a stop waited for what: [`StopOperation::timeline`], derived and never stored. All times are by
//! the server's clock, since those of run records are.

use super::operation::StopOperation;
use super::view::StopState;
use quiesce_api::{Seconds, Timestamp};
use std::cmp::Reverse;

/// What a run of a stop waited for, in the order in which it goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// For the server: the request is sent, and the record shows no stop yet.
    Requested,
    /// For its end, before its deadline.
    Stopping,
    /// For its end, after its deadline.
    PastDeadline,
}

/// A phase of a run. Its end is that of the run, the beginning of the next phase, or the end of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The phase.
    pub phase: Phase,
    /// Its beginning.
    pub from: Seconds,
    /// Its end.
    pub until: Seconds,
}

impl Span {
    /// How long it is, in seconds.
    pub fn length(&self) -> i64 {
        self.until.0.saturating_sub(self.from.0)
    }
}

/// A run in a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The place of the target.
    pub place: usize,
    /// Its phases, one after the other; none while nothing was sent for it and it is not stopping.
    pub spans: Vec<Span>,
    /// Its deadline.
    pub deadline: Option<Seconds>,
    /// Its end, if its record has one.
    pub ended: Option<Seconds>,
    /// Its state.
    pub state: StopState,
}

impl Lane {
    /// How long it waited in all, in seconds.
    pub fn waited(&self) -> i64 {
        self.spans.iter().map(Span::length).sum()
    }

    /// How long a phase took; `None` if it was not in it.
    pub fn length(&self, phase: Phase) -> Option<i64> {
        self.spans.iter().find(|span| span.phase == phase).map(Span::length)
    }
}

/// The runs of a stop over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Its beginning.
    pub from: Seconds,
    /// The end of the last span, or now.
    pub until: Seconds,
    /// One for each target, in the order of the targets.
    pub lanes: Vec<Lane>,
}

impl Timeline {
    /// At most `most` lanes: first those without an end, then those that waited longest.
    pub fn worst(&self, most: usize) -> Vec<&Lane> {
        let mut lanes: Vec<_> = self.lanes.iter().collect();
        lanes.sort_by_key(|lane| (lane.ended.is_some(), Reverse(lane.waited()), lane.place));
        lanes.truncate(most);
        lanes
    }
}

impl StopOperation {
    /// The runs of the stop over time, until its last change if it is finished and until now otherwise.
    pub fn timeline(&self, now: Timestamp) -> Timeline {
        let over = if self.is_finished(now) { self.last_change } else { now };
        let over = self.clock.now(over);
        let lanes: Vec<_> = (0..self.runs.len()).filter_map(|place| self.lane(place, over, now)).collect();
        let spans = || lanes.iter().flat_map(|lane| &lane.spans);
        let confirmed = self.clock.now(self.confirmed);
        let from = spans().map(|span| span.from).min().map_or(confirmed, |first| first.min(confirmed));
        let until = spans().map(|span| span.until).max().map_or(over, |last| last.max(from));
        Timeline { from, until, lanes }
    }

    fn lane(&self, place: usize, over: Seconds, now: Timestamp) -> Option<Lane> {
        let run = self.runs.get(place)?;
        let (stopping, deadline) = (run.record.stopping, run.record.terminate);
        let ended = run.record.end.filter(|_| run.record.status.is_end());
        let sent = run.call.and_then(|call| self.calls.get(&call)).map(|call| self.clock.now(call.sent));
        let mut starts = Vec::new();
        starts.extend(
            sent.filter(|sent| stopping.is_none_or(|at| *sent <= at)).map(|at| (Phase::Requested, at)),
        );
        starts.extend(stopping.map(|at| (Phase::Stopping, at)));
        let last = ended.unwrap_or(over);
        let passed = deadline.filter(|at| *at < last && stopping.is_some_and(|stopping| stopping <= *at));
        starts.extend(passed.map(|at| (Phase::PastDeadline, at)));
        // A record can end before its request by clocks that differ by a second.
        let mut spans = Vec::with_capacity(starts.len());
        for (index, (phase, from)) in starts.iter().enumerate() {
            let until = starts.get(index + 1).map_or(last, |(_, next)| *next).max(*from);
            spans.push(Span { phase: *phase, from: *from, until });
        }
        Some(Lane { place, spans, deadline, ended, state: self.state(place, now) })
    }
}
