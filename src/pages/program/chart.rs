//! The durations of the last runs and the records that they read as a picture; the table below has the same figures.

use crate::client::clock;
use crate::text::program_facts as text;
use crate::text::states::status;
use leptos::prelude::*;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_api::{RunId, Seconds};
use quiesce_lifecycle::run_list::bars;
use std::collections::BTreeMap;

/// How many runs are drawn at most.
const MOST: usize = 50;
/// The width of a bar with its gap, and the height of the longest.
const STEP: usize = 8;
const HEIGHT: u32 = 36;
/// The height of the most records, below the durations.
const RECORDS_HEIGHT: u32 = 10;

/// The bars of the newest runs, oldest first. Nothing for a single run.
pub(super) fn chart(runs: &[RunRecord], records: &BTreeMap<RunId, usize>) -> Option<AnyView> {
    // The server's time now: its time of any run, and the age of that run.
    let first = runs.first()?.starting;
    let now = Seconds(first.0.saturating_add(clock::age(first.timestamp(), clock::now())));
    let bars = bars(runs, records, now, MOST);
    if bars.len() < 2 {
        return None;
    }
    let failed = bars.iter().filter(|bar| bar.status == RunStatus::Failed).count();
    let longest = bars.iter().map(|bar| bar.seconds).max().unwrap_or_default();
    let most_records = bars.iter().filter_map(|bar| bar.records).max();
    let name = text::chart(bars.len(), failed, longest, most_records);
    let whole = HEIGHT + most_records.map_or(0, |_| RECORDS_HEIGHT + 2);
    let box_of = format!("0 0 {} {whole}", bars.len() * STEP);
    let width = (bars.len() * STEP).to_string();
    let bars = bars.into_iter().enumerate().map(|(index, bar)| {
        let height = (u32::from(bar.percent) * HEIGHT / 100).max(2);
        let (word, _, tone) = status(&bar.status);
        let title = text::bar(
            bar.run.short(),
            &word,
            &clock::short(bar.starting.timestamp()),
            bar.seconds,
            bar.records,
        );
        let read = bar.records.map(|_| {
            let height = (u32::from(bar.records_percent) * RECORDS_HEIGHT / 100).max(1);
            view! { <rect class="read" x=(index * STEP + 1).to_string() y=(HEIGHT + 2).to_string() width="6" height=height.to_string()></rect> }
        });
        view! {
            {read}
            <rect x=(index * STEP + 1).to_string() y=(HEIGHT - height).to_string() width="6" height=height.to_string() data-tone=tone.word()>
                <title>{title}</title>
            </rect>
        }
    });
    Some(view! {
        <svg class="run-bars" role="img" aria-label=name viewBox=box_of width=width height=whole.to_string()>{bars.collect_view()}</svg>
    }.into_any())
}
