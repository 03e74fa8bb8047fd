//! Whom each step of an upgrade waited for, and what its applications went through: drawings with the same facts as
//! text next to them.

use super::widgets::{WizardContext, name_of, said};
use crate::client::{clock, journal};
use crate::pages::stop::TimeAxis;
use crate::text::common::{APPLICATION, elapsed};
use crate::text::timeline as messages;
use crate::text::upgrade::{LOADING_JOURNAL, step, step_result};
use crate::ui::{Icon, Tone, icon};
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::text::upgrade as words;
use quiesce_lifecycle::upgrade::{
    AppLane, AppPhase, StepLane, TimeSpan, TimelineFold, UpgradeOperation, UpgradeTimeline, UpgradeWait,
};
use web_sys::Element;

/// The most applications that are drawn.
const MOST: usize = 30;
/// How often the timeline of an upgrade in progress is drawn, in seconds.
const REDRAWN: i64 = 5;

/// What is known of the journal while the upgrade is under way.
#[derive(Default)]
enum Reading {
    #[default]
    Unread,
    Busy,
    Read(Box<TimelineFold>),
}

/// The timeline while the upgrade is under way. The journal is read when it is unfolded, and each entry once.
pub(super) fn course(wiz: WizardContext, now: RwSignal<Timestamp>) -> AnyView {
    let open = RwSignal::new(false);
    let drawn = RwSignal::new(None::<UpgradeTimeline>);
    let reading = StoredValue::new_local(Reading::default());
    let opened = clock::now();
    let moment = Memo::new(move |_| open.get().then(|| clock::passed(opened, now.get()) / REDRAWN));
    Effect::new(move || {
        if moment.get().is_some() {
            leptos::task::spawn_local(follow(wiz, reading, drawn));
        }
    });
    let body = move || {
        let timeline = drawn.get();
        let state = wiz.running.state.get_untracked();
        match (timeline, state) {
            (Some(timeline), Some(op)) => view(&op, &timeline),
            _ => said(Tone::Busy, LOADING_JOURNAL, ""),
        }
    };
    let toggle = move |event: leptos::ev::Event| {
        open.set(event_target::<Element>(&event).has_attribute("open"));
    };
    view! {
        <details class="fold" on:toggle=toggle>
            <summary>{icon(Icon::Right)}<span>{messages::UPGRADE_TITLE}</span></summary>
            <div class="inside">{body}</div>
        </details>
    }
    .into_any()
}

/// Takes the entries that are new.
async fn follow(
    wiz: WizardContext,
    reading: StoredValue<Reading, LocalStorage>,
    drawn: RwSignal<Option<UpgradeTimeline>>,
) {
    let Some(id) = wiz.running.id() else { return };
    let known = reading.try_update_value(|reading| match std::mem::take(reading) {
        Reading::Busy => None,
        Reading::Unread => Some(None),
        Reading::Read(fold) => Some(Some(fold)),
    });
    reading.try_update_value(|reading| *reading = Reading::Busy);
    // Another reading is under way, or nobody looks anymore.
    let Some(Some(mut fold)) = known else { return };
    let from = fold.as_ref().map_or(0, |fold| fold.next());
    // What can't be read is read again with the next drawing.
    if let Ok(entries) = journal::entries_from(&id, from).await {
        for entry in &entries {
            match &mut fold {
                Some(fold) => fold.take(entry),
                None => fold = TimelineFold::begin(entry).ok().map(Box::new),
            }
        }
    }
    if let Some(fold) = &fold {
        drawn.try_set(Some(fold.timeline(clock::now())));
    }
    reading.try_update_value(|reading| *reading = fold.map_or(Reading::Unread, Reading::Read));
}

/// A timeline.
pub(crate) fn view(op: &UpgradeOperation, timeline: &UpgradeTimeline) -> AnyView {
    let axis = TimeAxis { from: timeline.from, until: timeline.until };
    let steps = timeline.steps.iter().map(|lane| step_row(axis, lane)).collect_view();
    let shown = timeline.longest(MOST);
    let more = messages::longest(shown.len(), timeline.applications.len());
    // A small part of the whole: on the axis of the steps their spans would be dots.
    let spans = || shown.iter().flat_map(|lane| &lane.spans);
    let begin = spans().map(|span| span.from).min().unwrap_or(timeline.from);
    let end = spans().map(|span| span.until).max().unwrap_or(timeline.until);
    let own = TimeAxis { from: begin, until: end };
    let applications = shown.iter().map(|lane| application_row(own, lane, op)).collect_view();
    let applications = (!timeline.applications.is_empty()).then(|| {
        view! {
            <p class="small">{more}</p>
            <p class="small muted">{messages::APPLICATIONS_LEGEND}</p>
            <div class="table-wrap">
                <table class="table runs lanes" aria-label=messages::APPLICATIONS_TITLE>
                    <thead>
                        <tr>
                            <th scope="col">{APPLICATION}</th>
                            <th scope="col">{messages::COURSE}{own.view()}</th>
                            <th scope="col">{messages::TOOK}</th>
                            <th scope="col">{messages::WAITED_FOR}</th>
                        </tr>
                    </thead>
                    <tbody>{applications}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <div class="stack stack-2">
            <p class="small">{messages::period(&axis.time(axis.from), &axis.time(axis.until))}</p>
            <p class="small muted">{messages::STEPS_LEGEND}</p>
            <div class="table-wrap">
                <table class="table runs lanes" aria-label=messages::UPGRADE_TITLE>
                    <thead>
                        <tr>
                            <th scope="col">{messages::STEP}</th>
                            <th scope="col">{messages::COURSE}{axis.view()}</th>
                            <th scope="col">{messages::BEGAN}</th>
                            <th scope="col">{messages::TOOK}</th>
                            <th scope="col">{messages::WAITED_FOR}</th>
                            <th scope="col">{messages::RESULT}</th>
                        </tr>
                    </thead>
                    <tbody>{steps}</tbody>
                </table>
            </div>
            {applications}
        </div>
    }
    .into_any()
}

fn step_row(axis: TimeAxis, lane: &StepLane) -> AnyView {
    let bars = lane.spans.iter().map(|span| {
        let (tone, height) = match span.kind {
            UpgradeWait::Operator => (Tone::Idle, 2),
            UpgradeWait::Server => (Tone::Busy, 6),
            UpgradeWait::Runs => (Tone::Ok, 10),
            UpgradeWait::Console => (Tone::Ghost, 1),
        };
        axis.bar(tone.word(), span.from, span.until, height)
    });
    let waits = UpgradeWait::ALL.into_iter();
    let waits = waits.filter_map(|wait| Some((words::wait(wait), TimeSpan::total(&lane.spans, &wait)?)));
    view! {
        <tr>
            <th class="c-main" scope="row">{step(lane.name)}</th>
            <td data-label=messages::COURSE>{axis.course(bars.collect())}</td>
            <td class="nowrap" data-label=messages::BEGAN>{axis.time(lane.from)}</td>
            <td class="nowrap" data-label=messages::TOOK>{elapsed(lane.seconds())}</td>
            <td data-label=messages::WAITED_FOR>{messages::waits(waits)}</td>
            <td class="why-cell" data-label=messages::RESULT>{lane.result.as_ref().map(step_result)}</td>
        </tr>
    }
    .into_any()
}

fn application_row(axis: TimeAxis, lane: &AppLane, op: &UpgradeOperation) -> AnyView {
    let bars = lane.spans.iter().map(|span| {
        let (tone, height) = match span.kind {
            AppPhase::Queued => (Tone::Idle, 2),
            AppPhase::Verifying => (Tone::Busy, 4),
            AppPhase::Requested => (Tone::Busy, 6),
            AppPhase::Draining => (Tone::Ok, 8),
            AppPhase::Undecided => (Tone::Warn, 10),
        };
        axis.bar(tone.word(), span.from, span.until, height)
    });
    let phases = AppPhase::ALL.into_iter();
    let phases =
        phases.filter_map(|phase| Some((words::phase(phase), TimeSpan::total(&lane.spans, &phase)?)));
    let name = name_of(op, lane.place).to_owned();
    let title = name.clone();
    view! {
        <tr>
            <th class="c-main" scope="row"><span class="clip" title=title>{name}</span></th>
            <td data-label=messages::COURSE>{axis.course(bars.collect())}</td>
            <td class="nowrap" data-label=messages::TOOK>{elapsed(lane.seconds())}</td>
            <td data-label=messages::WAITED_FOR>{messages::waits(phases)}</td>
        </tr>
    }
    .into_any()
}
