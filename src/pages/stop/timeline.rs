//! When each run of a stop waited for what: a drawing in each row, with the same facts as text beside it.

use super::run_cells::run_cells;
use super::time_axis::TimeAxis;
use crate::text::common::{APPLICATION, RUN};
use crate::text::timeline as messages;
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_api::{Seconds, Timestamp};
use quiesce_lifecycle::stop::{Lane, Phase, StopOperation, Target};

/// The most runs that are drawn.
const MOST: usize = 30;

/// The timeline of a stop at a moment.
pub(crate) fn timeline(stop: &StopOperation, now: Timestamp) -> AnyView {
    let timeline = stop.timeline(now);
    let axis = TimeAxis { from: timeline.from.timestamp(), until: timeline.until.timestamp() };
    let lanes = timeline.worst(MOST);
    let (from, until) = (axis.time(axis.from), axis.time(axis.until));
    let caption = messages::caption(&from, &until, lanes.len(), timeline.lanes.len());
    let mut rows = Vec::with_capacity(lanes.len());
    for lane in lanes {
        if let Some(target) = stop.plan.targets.get(lane.place) {
            rows.push(row(axis, lane, target));
        }
    }
    view! {
        <p class="small">{caption}</p>
        <p class="small muted">{messages::LEGEND}</p>
        <div class="table-wrap">
            <table class="table runs lanes" aria-label=messages::TITLE>
                <thead>
                    <tr>
                        <th scope="col">{APPLICATION}</th>
                        <th scope="col">{RUN}</th>
                        <th scope="col">{messages::COURSE}{axis.view()}</th>
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

fn row(axis: TimeAxis, lane: &Lane, target: &Target) -> AnyView {
    let named = run_cells(target, target.run.program.program.to_string());
    let waited = match lane.length(Phase::Requested) {
        None if lane.spans.is_empty() => messages::NOT_REQUESTED.to_owned(),
        waited => messages::length(waited),
    };
    let stopping = messages::stopping(lane.length(Phase::Stopping), lane.length(Phase::PastDeadline));
    let moment =
        |at: Option<Seconds>| at.map_or_else(|| messages::NONE.to_owned(), |at| axis.time(at.timestamp()));
    view! {
        <tr>
            {named}
            <td data-label=messages::COURSE>{course(axis, lane)}</td>
            <td class="nowrap" data-label=messages::WAITED>{waited}</td>
            <td data-label=messages::STOPPED_FOR>{stopping}</td>
            <td class="nowrap" data-label=messages::DEADLINE>{moment(lane.deadline)}</td>
            <td class="nowrap" data-label=messages::END>{moment(lane.ended)}</td>
        </tr>
    }
    .into_any()
}

/// The phases of a run as bars of different heights, with its deadline.
fn course(axis: TimeAxis, lane: &Lane) -> AnyView {
    let mut bars = Vec::with_capacity(lane.spans.len() + 1);
    for span in &lane.spans {
        let (tone, height) = match span.phase {
            Phase::Requested => (Tone::Idle, 2),
            Phase::Stopping => (Tone::Busy, 6),
            Phase::PastDeadline => (Tone::Warn, 10),
        };
        bars.push(axis.bar(tone.word(), span.from.timestamp(), span.until.timestamp(), height));
    }
    let deadline = lane.deadline.map(Seconds::timestamp);
    bars.extend(
        deadline.filter(|at| (axis.from..=axis.until).contains(at)).map(|at| axis.mark(at, "deadline")),
    );
    axis.course(bars)
}
