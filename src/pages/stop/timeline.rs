//! When each run of a stop waited for what: a drawing in each row, with the same facts as text beside it.

use super::run_cells::run_cells;
use crate::client::clock;
use crate::text::common::{APPLICATION, RUN};
use crate::text::timeline as messages;
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_api::{Seconds, Timestamp};
use quiesce_lifecycle::stop::{Lane, Phase, StopOperation, Target, Timeline};

/// The most runs that are drawn.
const MOST: usize = 30;

/// The timeline of a stop at a moment.
pub(crate) fn timeline(stop: &StopOperation, now: Timestamp) -> AnyView {
    let timeline = stop.timeline(now);
    let lanes = timeline.worst(MOST);
    let caption =
        messages::caption(&time(timeline.from), &time(timeline.until), lanes.len(), timeline.lanes.len());
    let mut rows = Vec::with_capacity(lanes.len());
    for lane in lanes {
        if let Some(target) = stop.plan.targets.get(lane.place) {
            rows.push(row(&timeline, lane, target));
        }
    }
    view! {
        <p class="small">{caption}</p>
        <p class="small muted">{messages::LEGEND}</p>
        <div class="table-wrap">
            <table class="table runs" aria-label=messages::TITLE>
                <thead>
                    <tr>
                        <th scope="col">{APPLICATION}</th>
                        <th scope="col">{RUN}</th>
                        <th scope="col">{messages::COURSE}</th>
                        <th scope="col">{messages::WAITED}</th>
                        <th scope="col">{messages::STOPPED_FOR}</th>
                        <th scope="col">{messages::DEADLINE}</th>
                        <th scope="col">{messages::END}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(timeline: &Timeline, lane: &Lane, target: &Target) -> AnyView {
    let named = run_cells(target, target.run.program.program.to_string());
    let waited = match lane.length(Phase::Requested) {
        None if lane.spans.is_empty() => messages::NOT_REQUESTED.to_owned(),
        waited => messages::length(waited),
    };
    let stopping = messages::stopping(lane.length(Phase::Stopping), lane.length(Phase::PastDeadline));
    let moment = |at: Option<Seconds>| at.map_or_else(|| messages::NONE.to_owned(), time);
    view! {
        <tr>
            {named}
            <td data-label=messages::COURSE>{course(timeline, lane)}</td>
            <td class="nowrap" data-label=messages::WAITED>{waited}</td>
            <td data-label=messages::STOPPED_FOR>{stopping}</td>
            <td class="nowrap" data-label=messages::DEADLINE>{moment(lane.deadline)}</td>
            <td class="nowrap" data-label=messages::END>{moment(lane.ended)}</td>
        </tr>
    }
    .into_any()
}

/// The phases of a run as bars of different heights. Not announced: the cells beside it say the same.
fn course(timeline: &Timeline, lane: &Lane) -> AnyView {
    let whole = timeline.until.0.saturating_sub(timeline.from.0).max(1);
    let x = |at: Seconds| at.0.saturating_sub(timeline.from.0);
    let mut bars = Vec::with_capacity(lane.spans.len());
    for span in &lane.spans {
        let (tone, y, height) = match span.phase {
            Phase::Requested => (Tone::Idle, "4", "2"),
            Phase::Stopping => (Tone::Busy, "2", "6"),
            Phase::PastDeadline => (Tone::Warn, "0", "10"),
        };
        bars.push(view! {
            <rect data-tone=tone.word() x=x(span.from).to_string() y=y width=span.length().to_string() height=height></rect>
        });
    }
    let deadline = lane.deadline.map(x).filter(|x| (0..=whole).contains(x)).map(|x| {
        view! { <path d=format!("M{x} 0V10") vector-effect="non-scaling-stroke"></path> }
    });
    view! {
        <svg class="course" aria-hidden="true" viewBox=format!("0 0 {whole} 10") preserveAspectRatio="none">
            {bars}
            {deadline}
        </svg>
    }
    .into_any()
}

fn time(at: Seconds) -> String {
    clock::short(at.timestamp())
}
