//! The times of a report: how long each step, application and run waited for what.

use crate::stop::{Lane, Span};
use crate::text::{self, upgrade as words};
use crate::upgrade::{AppLane, StepLane, TimeSpan};
use quiesce_api::{Seconds, Timestamp};
use serde::Serialize;

/// A time spent waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedSpan {
    /// For whom, or the phase.
    pub waited_for: &'static str,
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

/// A step in a report. Its times are by the browser's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedStep {
    /// Its name.
    pub step: &'static str,
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// What it has achieved; empty if that is not worth a line.
    pub result: String,
    /// Whom it waited for, in order.
    pub spans: Vec<ReportedSpan>,
}

/// The times of a run that was stopped, by the server's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunTimes {
    /// Its phases, in order.
    pub spans: Vec<ReportedSpan>,
    /// Its deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// Its end, if its record has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
}

fn spans<K: Copy>(spans: &[TimeSpan<K>], name: fn(K) -> &'static str) -> Vec<ReportedSpan> {
    let reported =
        |span: &TimeSpan<K>| ReportedSpan { waited_for: name(span.kind), from: span.from, until: span.until };
    spans.iter().map(reported).collect()
}

impl From<&StepLane> for ReportedStep {
    fn from(lane: &StepLane) -> Self {
        Self {
            step: words::step(lane.name),
            from: lane.from,
            until: lane.until,
            result: lane.result.as_ref().map(words::step_result).unwrap_or_default(),
            spans: spans(&lane.spans, words::wait),
        }
    }
}

/// The phases of an application, by the browser's clock.
pub(super) fn phases(lane: Option<&AppLane>) -> Vec<ReportedSpan> {
    lane.map(|lane| spans(&lane.spans, words::phase)).unwrap_or_default()
}

impl From<&Lane> for RunTimes {
    fn from(lane: &Lane) -> Self {
        let reported = |span: &Span| ReportedSpan {
            waited_for: text::stop::phase(span.phase),
            from: span.from.timestamp(),
            until: span.until.timestamp(),
        };
        Self {
            spans: lane.spans.iter().map(reported).collect(),
            deadline: lane.deadline.map(Seconds::timestamp),
            ended: lane.ended.map(Seconds::timestamp),
        }
    }
}
