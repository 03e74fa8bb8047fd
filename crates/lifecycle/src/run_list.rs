//! The list of a program's runs: its pages, and the bars of their durations.

use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{RunId, Seconds};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The `end` of the request for older runs than these. There is no page token (docs/cdap-api.md#run-lists): `end` is
/// moved back to the oldest run that has ended; active runs come first in each page, whenever they started. One second
/// is read twice, since more runs can have started in it.
pub fn end_of_older(runs: &[RunRecord]) -> Option<Seconds> {
    let oldest =
        |ended: bool| runs.iter().filter(|run| !ended || run.status.is_end()).map(|run| run.starting.0).min();
    Some(Seconds(oldest(true).or_else(|| oldest(false))?.saturating_add(1)))
}

/// The bar of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The run.
    pub run: RunId,
    /// Its status.
    pub status: RunStatus,
    /// Time of its acceptance.
    pub starting: Seconds,
    /// How long it ran, or has been running, in seconds.
    pub seconds: i64,
    /// Its height: the share of the longest, from 0 to 100.
    pub percent: u8,
    /// How many records it read, if that was counted.
    pub records: Option<usize>,
    /// The share of the most records, from 0 to 100.
    pub records_percent: u8,
}

/// The bars of the newest runs, at most this many, oldest first. `now` is the server's time, `records` how many records
/// runs read.
pub fn bars(runs: &[RunRecord], records: &BTreeMap<RunId, usize>, now: Seconds, most: usize) -> Vec<Bar> {
    let mut newest: Vec<_> = runs.iter().collect();
    newest.sort_by_key(|run| Reverse(run.starting));
    newest.truncate(most);
    newest.reverse();
    let seconds = |run: &RunRecord| {
        let from = run.start.unwrap_or(run.starting);
        run.end.unwrap_or(now).0.saturating_sub(from.0).max(0)
    };
    let longest = newest.iter().map(|run| seconds(run)).max().unwrap_or_default().max(1);
    let most_records =
        newest.iter().filter_map(|run| records.get(&run.run)).max().copied().unwrap_or(0).max(1);
    let bar = |run: &RunRecord| {
        let seconds = seconds(run);
        let percent = u8::try_from(i128::from(seconds) * 100 / i128::from(longest)).unwrap_or(100);
        let counted = records.get(&run.run).copied();
        let records_percent =
            u8::try_from(counted.unwrap_or(0).saturating_mul(100) / most_records).unwrap_or(100);
        Bar {
            run: run.run.clone(),
            status: run.status.clone(),
            starting: run.starting,
            seconds,
            percent,
            records: counted,
            records_percent,
        }
    };
    newest.into_iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(id: &str, status: &str, starting: i64, end: Option<i64>) -> RunRecord {
        let record = json!({ "runid": id, "status": status, "starting": starting, "end": end });
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn a_page_of_older_runs_begins_at_the_oldest_run_that_has_ended() {
        // An active run of long ago is first in each page.
        let runs = [
            run("a", "RUNNING", 100, None),
            run("b", "COMPLETED", 5_000, Some(5_100)),
            run("c", "KILLED", 4_000, Some(4_100)),
        ];
        assert_eq!(end_of_older(&runs), Some(Seconds(4_001)));
        assert_eq!(end_of_older(&runs[..1]), Some(Seconds(101)));
        assert_eq!(end_of_older(&[]), None);
        assert_eq!(end_of_older(&[run("d", "FAILED", i64::MAX, None)]), Some(Seconds(i64::MAX)));
    }

    #[test]
    fn bars_are_the_newest_runs_oldest_first() {
        let mut ended = run("b", "COMPLETED", 1_000, Some(1_100));
        ended.start = Some(Seconds(1_050));
        let runs = [
            run("a", "RUNNING", 1_800, None),
            ended,
            run("c", "FAILED", 900, Some(903)),
            run("d", "KILLED", 1, Some(2)),
        ];
        let records = BTreeMap::from([("a".into(), 30), ("c".into(), 120), ("d".into(), 9_000)]);
        let bars = bars(&runs, &records, Seconds(2_000), 3);
        let drawn: Vec<_> = bars.iter().map(|bar| (bar.run.as_str(), bar.seconds, bar.percent)).collect();
        assert_eq!(drawn, [("c", 3, 1), ("b", 50, 25), ("a", 200, 100)]);
        // Those of a run that is not drawn are no measure.
        let counted: Vec<_> = bars.iter().map(|bar| (bar.records, bar.records_percent)).collect();
        assert_eq!(counted, [(Some(120), 100), (None, 0), (Some(30), 25)]);
    }

    #[test]
    fn times_that_make_no_sense_make_bars_without_height() {
        let odd = [run("a", "COMPLETED", 500, Some(100)), run("b", "RUNNING", 900, None)];
        for bar in bars(&odd, &BTreeMap::new(), Seconds(300), 50) {
            assert_eq!((bar.seconds, bar.percent), (0, 0));
        }
        let far = [run("a", "COMPLETED", 0, Some(i64::MAX))];
        assert_eq!(bars(&far, &BTreeMap::new(), Seconds(0), 50)[0].percent, 100);
        assert!(bars(&[], &BTreeMap::new(), Seconds(0), 50).is_empty());
    }
}
