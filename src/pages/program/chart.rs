//! The durations of the last runs as a picture; the table below has the same figures.

use crate::client::clock;
use crate::text::program_facts as text;
use crate::text::states::status;
use leptos::prelude::*;
use quiesce_api::Seconds;
use quiesce_api::run::{RunRecord, RunStatus};
use quiesce_lifecycle::run_list::bars;

/// How many runs are drawn at most.
const MOST: usize = 50;
/// The width of a bar with its gap, and the height of the longest.
const STEP: usize = 8;
const HEIGHT: u32 = 36;

/// The bars of the newest runs, oldest first. Nothing for a single run.
pub(super) fn chart(runs: &[RunRecord]) -> Option<AnyView> {
    // The server's time now: its time of any run, and the age of that run.
    let first = runs.first()?.starting;
    let now = Seconds(first.0.saturating_add(clock::age(first.timestamp(), clock::now())));
    let bars = bars(runs, now, MOST);
    if bars.len() < 2 {
        return None;
    }
    let failed = bars.iter().filter(|bar| bar.status == RunStatus::Failed).count();
    let longest = bars.iter().map(|bar| bar.seconds).max().unwrap_or_default();
    let name = text::chart(bars.len(), failed, longest);
    let box_of = format!("0 0 {} {HEIGHT}", bars.len() * STEP);
    let width = (bars.len() * STEP).to_string();
    let bars = bars.into_iter().enumerate().map(|(index, bar)| {
        let height = (u32::from(bar.percent) * HEIGHT / 100).max(2);
        let (word, _, tone) = status(&bar.status);
        let title = text::bar(bar.run.short(), &word, &clock::short(bar.starting.timestamp()), bar.seconds);
        view! {
            <rect x=(index * STEP + 1).to_string() y=(HEIGHT - height).to_string() width="6" height=height.to_string() data-tone=tone.word()>
                <title>{title}</title>
            </rect>
        }
    });
    Some(view! {
        <svg class="run-bars" role="img" aria-label=name viewBox=box_of width=width height=HEIGHT.to_string()>{bars.collect_view()}</svg>
    }.into_any())
}
