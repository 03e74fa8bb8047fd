//! Watches a run that was started again so that it reads what was left.

use super::progress::UpgradeProgress;
use crate::client::operation::Ports;
use leptos::prelude::*;
use quiesce_api::application::GetApplication;
use quiesce_api::metrics::QueryMetrics;
use quiesce_api::run::GetRun;
use quiesce_api::{RunRef, Timestamp};
use quiesce_lifecycle::upgrade::{
    AppEvent, AppIndex, CatchUpProgress, Event, EventKind, ThroughputSamples, UpgradeOperation,
    source_counters,
};
use std::cell::RefCell;
use std::rc::Rc;

/// How long no counter at all may mean that the run has not begun to read, in milliseconds. A pipeline whose sources
/// bring nothing never counts anything.
const SILENT: i64 = 120_000;

/// What was counted of a run so far. After a reload it is counted anew.
pub(super) struct Counting {
    run: RunRef,
    since: Timestamp,
    counters: Vec<String>,
    samples: ThroughputSamples,
}

/// Reads the run and its counters once.
pub(super) async fn watch(
    ports: Ports,
    progress: UpgradeProgress,
    counting: Rc<RefCell<Option<Counting>>>,
    interval: Option<i64>,
    place: usize,
    run: RunRef,
) -> Vec<Event> {
    let record = ports.call(&GetRun { run: run.clone() }).await;
    let runs = record.as_ref().is_ok_and(|record| !record.status.is_end());
    let mut events = vec![Event::run_read(ports.now(), place, record)];
    if !runs {
        return events;
    }
    let mut count = match counting.take() {
        Some(count) if count.run == run => count,
        _ => {
            let (namespace, application) = (run.program.namespace.clone(), run.program.application.clone());
            let detail = ports.call(&GetApplication { namespace, application, version: None }).await;
            let Ok(detail) = detail else { return events };
            let counters = source_counters(&detail.configuration);
            Counting { run, since: ports.now(), counters, samples: ThroughputSamples::default() }
        }
    };
    let metrics = ports.call(&QueryMetrics::of_run(&count.run, &count.counters)).await;
    let at = ports.now();
    let seconds = ports.since(count.since).div_euclid(1000);
    let found = match metrics {
        Ok(metrics) => {
            let (mut records, mut counted) = (0, false);
            for total in count.counters.iter().filter_map(|counter| metrics.total(counter)) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
                let total = total as u64;
                (records, counted) = (total.saturating_add(records), true);
            }
            if counted || seconds >= SILENT / 1000 {
                count.samples.take(at, records);
            }
            match count.samples.caught_up(interval) {
                Some(caught_up) => {
                    events.push(Event::new(at, EventKind::Application(AppIndex(place), AppEvent::CaughtUp)));
                    CatchUpProgress::CaughtUp(caught_up)
                }
                None if counted => CatchUpProgress::Reading(records, seconds),
                None => CatchUpProgress::NothingCounted(seconds),
            }
        }
        Err(error) => CatchUpProgress::Unreadable(error),
    };
    progress.draining.try_set(Some(found));
    *counting.borrow_mut() = Some(count);
    events
}

/// The batch interval of the run that is recovered, in milliseconds.
pub(super) fn interval(state: &UpgradeOperation) -> Option<i64> {
    let recovery = state.upgrade_step()?.drain.as_ref()?;
    recovery.target.as_ref()?.facts.as_ref()?.batch_interval.value
}
