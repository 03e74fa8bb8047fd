//! Whether an application that was started again has read what was left.

use quiesce_api::{Error, Timestamp};
use serde_json::Value;

/// Why a run has caught up: two stretches of time in which about as many records were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaughtUp {
    /// All records that it has read.
    pub records: u64,
    /// Those of the last stretch.
    pub newer: u64,
    /// Those of the stretch before.
    pub older: u64,
    /// The length of a stretch, in seconds.
    pub seconds: i64,
}

/// How far a run has read what was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatchUpProgress {
    /// Nothing was counted yet, after so many seconds.
    NothingCounted(i64),
    /// So many records were read, in so many seconds.
    Reading(u64, i64),
    /// It has caught up.
    CaughtUp(CaughtUp),
    /// Its counters can't be read.
    Unreadable(Error),
}

/// How many records the sources of a recovering run have handed on, reading after reading. Its first batches hold
/// what was left, so they are larger than those that follow; when the counts of two stretches are about equal, what
/// was left has been read. Kept by whoever reads; after a reload it is counted anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThroughputSamples {
    seen: Vec<(Timestamp, u64)>,
}

impl ThroughputSamples {
    /// How long a run must have been seen, in milliseconds: what was measured (docs/loss.md) ran so long.
    pub const AT_LEAST: i64 = 30_000;
    /// The length of a stretch, in milliseconds; at least two batches.
    const STRETCH: i64 = 10_000;

    /// Takes in a reading: how many records the run has read since it was started.
    pub fn take(&mut self, at: Timestamp, records: u64) {
        self.seen.push((at, records));
    }

    /// Why it has caught up, once it has. `interval` is the batch interval in milliseconds, if it is known.
    pub fn caught_up(&self, interval: Option<i64>) -> Option<CaughtUp> {
        let (first, (last, now)) = (self.seen.first()?.0, *self.seen.last()?);
        let since = |then: Timestamp| last.as_millisecond().saturating_sub(then.as_millisecond());
        let stretch = interval.unwrap_or(0).saturating_mul(2).max(Self::STRETCH);
        let count_before = |age: i64| {
            let known = self.seen.iter().rev().find(|(at, _)| since(*at) >= age);
            known.map(|(_, records)| *records)
        };
        let (one, two) = (count_before(stretch)?, count_before(stretch.saturating_mul(2))?);
        let (newer, older) = (now.saturating_sub(one), one.saturating_sub(two));
        let steady = newer.abs_diff(older) <= newer.max(older) / 4;
        (since(first) >= Self::AT_LEAST.max(stretch.saturating_mul(2)) && steady).then_some(CaughtUp {
            records: now,
            newer,
            older,
            seconds: stretch / 1000,
        })
    }
}

/// The counters of the records that the sources of a pipeline have handed on, by its configuration.
pub fn source_counters(configuration: &str) -> Vec<String> {
    let mut counters = Vec::new();
    let Ok(configuration) = serde_json::from_str::<Value>(configuration) else { return counters };
    for stage in configuration.get("stages").and_then(Value::as_array).into_iter().flatten() {
        let plugin_type = stage.pointer("/plugin/type").and_then(Value::as_str).unwrap_or_default();
        if let Some(name) =
            stage.get("name").and_then(Value::as_str).filter(|_| plugin_type.ends_with("source"))
        {
            counters.push(format!("user.{name}.records.out"));
        }
    }
    counters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sources_are_counted() {
        let configuration = r#"{"stages":[
            {"name":"Clicks","plugin":{"name":"ReceivedClicks","type":"streamingsource"}},
            {"name":"Out","plugin":{"name":"Files","type":"batchsink"}}]}"#;
        assert_eq!(source_counters(configuration), ["user.Clicks.records.out"]);
        assert!(source_counters("").is_empty());
    }

    fn caught_up(counts: &[u64]) -> Option<CaughtUp> {
        let mut samples = ThroughputSamples::default();
        for (second, count) in (0_i64..).step_by(5).zip(counts) {
            samples.take(Timestamp::from_second(second).unwrap(), *count);
        }
        samples.caught_up(Some(5_000))
    }

    #[test]
    fn a_run_has_caught_up_when_its_batches_are_even_again_and_never_within_half_a_minute() {
        assert_eq!(caught_up(&[0, 1000, 1250, 1500, 1750, 2000]), None);
        let expected = CaughtUp { records: 2250, newer: 500, older: 500, seconds: 10 };
        assert_eq!(caught_up(&[0, 1000, 1250, 1500, 1750, 2000, 2250]), Some(expected));
    }

    #[test]
    fn a_run_that_still_reads_more_than_it_did_has_not() {
        assert_eq!(caught_up(&[0, 100, 200, 300, 400, 1000, 2000, 2250, 2500]), None);
    }

    #[test]
    fn a_source_that_brings_nothing_more_has() {
        assert!(caught_up(&[0, 500, 500, 500, 500, 500, 500, 500]).is_some());
    }
}
