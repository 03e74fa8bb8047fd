//! One run of a stop: its state, its countdown, what became of it, and on what evidence.

use super::progress::Watch;
use super::run_cells::run_cells;
use super::target_table::Assessments;
use crate::client::clock::{self, Moment};
use crate::client::stop::RunningStop;
use crate::client::use_client;
use crate::pages::server_message::server_message;
use crate::text::common;
use crate::text::errors::{Asked, explain};
use crate::text::states::{ending_tone, status};
use crate::text::stop as messages;
use crate::ui::{Button, Countdown, Glyph, Icon, Mark, Outcome as OutcomeMark, State as StateMark, Tone};
use leptos::prelude::*;
use quiesce_api::{Error, RefusalKind};
use quiesce_lifecycle::findings::Applied;
use quiesce_lifecycle::forecast::Forecast;
use quiesce_lifecycle::stop::{RunView, SentCall, StopState};
use quiesce_lifecycle::text;

/// What came back for a call: status and how long it took.
pub(crate) fn answer_words(call: &SentCall) -> (Tone, String) {
    match &call.answer {
        None => (Tone::Busy, messages::IN_PROGRESS.to_owned()),
        Some((at, result)) => {
            let took = clock::millis_between(Moment::Browser(call.sent), Moment::Browser(*at));
            match result {
                Ok(()) => (Tone::Ok, messages::answered(200, took, "")),
                Err(Error::Refused(refusal)) => {
                    (Tone::Bad, messages::answered(refusal.status, took, &refusal.message))
                }
                Err(error) if error.is_answer() => {
                    (Tone::Bad, messages::unreadable(took, &error.to_string()))
                }
                Err(error) => (Tone::Bad, messages::no_response(&error.to_string())),
            }
        }
    }
}

#[component]
pub(super) fn RunRow(running: RunningStop, watch: Watch, place: usize) -> impl IntoView {
    let Some((target, asked)) = watch.state.with_untracked(|state| {
        let stop = state.as_ref()?;
        Some((stop.plan.targets.get(place)?.clone(), text::grace::grace(stop.plan.grace)))
    }) else {
        return ().into_any();
    };
    let client = use_client();
    let view = Memo::new(move |_| watch.views.with(|views| views.get(place).cloned()));
    let record = Memo::new(move |_| {
        watch.state.with(|state| state.as_ref()?.runs.get(place).map(|run| run.record.status.clone()))
    });
    // Not the countdown: it has its own signal, so that nothing else is drawn every second.
    let still = Memo::new(move |_| view.get().map(|view| RunView { left: None, ..view }));
    let after = Memo::new(move |_| {
        let now = watch.now.get_untracked();
        watch.state.with(|state| Some(state.as_ref()?.view(place, now)?.after))
    });
    let quotes = Memo::new(move |_| {
        watch.state.with(|state| {
            let log = state.as_ref()?.runs.get(place)?.log.clone()?;
            Some((log.quotes, log.problem))
        })
    });
    let named = run_cells(&target, target.run.program.program.to_string());
    let ends_later = Memo::new(move |_| {
        let still = still.get();
        still.is_some_and(|it| matches!(it.state, StopState::Stopping | StopState::PastDeadline))
    });
    let past = Forecast::of(&target.past);
    let forecast = move || {
        let allowed = view.with(|view| view.as_ref().and_then(|view| view.outcome.applied_grace));
        text::forecast::forecast(past.as_ref(), allowed.map_or(Applied::Unknown, Applied::Known))
    };
    let applied = move || {
        view.get()
            .and_then(|view| view.outcome.applied_grace)
            .map_or_else(|| "none".to_owned(), |grace| format!("{grace} s"))
    };
    view! {
        <tr>
            {named}
            <td class="nowrap" data-label=common::STATE>
                {move || record.get().map(|record| {
                    let (word, glyph, tone) = status(&record);
                    view! { <StateMark tone glyph word/> }
                })}
            </td>
            <td class="nowrap quiet" data-label=messages::REQUESTED_GRACE>{asked}</td>
            <td class="num nowrap" data-label=messages::APPLIED>{applied}</td>
            <td class="why-cell" data-label=messages::DEADLINE_OUTCOME>
                {move || still.get().map(|still| body(Callback::new(move |()| running.send_again(place)), client.read_only(), move || counting(view), &still))}
                {move || ends_later.get().then(|| view! { <p class="small muted">{forecast()}</p> })}
                {move || quotes.get().map(|(quotes, problem)| view! {
                    {quotes.into_iter().map(|quote| view! {
                        <blockquote class="quote"><code>{quote.line}</code><footer class="small muted">{messages::FROM_LOG}{clock::local(quote.at.timestamp())}</footer></blockquote>
                    }).collect_view()}
                    {problem.map(|problem| view! { <p class="small">{text::drain_log::problem(&problem)}</p> })}
                })}
                {move || still.get().filter(|it| it.reading_log).map(|_| view! { <p class="small muted">{messages::READING_LOG}</p> })}
                {move || after.get().map(|assessments| view! { <Assessments after=true assessments/> })}
            </td>
        </tr>
    }
    .into_any()
}

/// The words for where a run stands.
pub(crate) fn body(
    again: Callback<()>,
    refusal: Option<String>,
    counting: impl FnOnce() -> AnyView,
    view: &RunView,
) -> AnyView {
    let plain = |tone: Tone, shape: Mark, word: String, more: String| {
        view! { <OutcomeMark tone shape word>{more}</OutcomeMark> }.into_any()
    };
    match &view.state {
        StopState::Planned => {
            plain(Tone::Idle, Glyph::Never.into(), messages::STATE_NOT_SENT.into(), String::new())
        }
        StopState::Requested => {
            plain(Tone::Busy, Glyph::Pending.into(), messages::STATE_REQUESTING.into(), String::new())
        }
        StopState::Accepted => plain(
            Tone::Busy,
            Glyph::Pending.into(),
            messages::STATE_ACCEPTED.into(),
            messages::ACCEPTED_EFFECT.into(),
        ),
        StopState::InDoubt(error) => {
            let forbidden = error.refusal().is_some_and(|refusal| refusal.kind == RefusalKind::Forbidden);
            let summary = if forbidden {
                messages::BATCH_REFUSED.to_owned()
            } else {
                explain(Asked::Stop, error).summary
            };
            view! {
                <OutcomeMark tone=Tone::Warn shape=Icon::Help word=messages::STATE_IN_DOUBT>
                    {messages::in_doubt(&summary)}
                </OutcomeMark>
                {server_message(error)}
            }
            .into_any()
        }
        StopState::NotStopped(reason) => {
            let reason = messages::not_stopped(&text::stop::not_stopped(reason));
            view! {
                <OutcomeMark tone=Tone::Bad shape=Icon::Alert word=messages::STATE_NOT_STOPPED>{reason}</OutcomeMark>
                <Button on_press=again small=true unavailable=refusal>{messages::SEND_AGAIN}</Button>
            }
            .into_any()
        }
        StopState::Refused(error) => {
            let it = explain(Asked::Stop, error);
            view! {
                <OutcomeMark tone=Tone::Bad shape=Icon::Alert word=it.summary>{it.advice}</OutcomeMark>
                {server_message(error)}
                <Button on_press=again small=true unavailable=refusal>{messages::SEND_AGAIN}</Button>
            }
            .into_any()
        }
        StopState::Gone(error) => {
            let it = explain(Asked::Run, error);
            view! {
                <OutcomeMark tone=Tone::Bad shape=Icon::Alert word=it.summary>{it.advice}</OutcomeMark>
                {server_message(error)}
            }
            .into_any()
        }
        StopState::OfWorkflow => plain(
            Tone::Idle,
            Icon::Info.into(),
            messages::STATE_OF_WORKFLOW.into(),
            messages::OF_WORKFLOW_EFFECT.into(),
        ),
        StopState::EndedBefore => plain(
            Tone::Idle,
            Icon::Info.into(),
            messages::STATE_ENDED_BEFORE.into(),
            messages::ended_before(text::outcome::ending(view.outcome.ending)),
        ),
        StopState::Stopping | StopState::PastDeadline => counting(),
        StopState::Ended => {
            let ending = view.outcome.ending;
            let shape: Mark = match ending_tone(ending) {
                Tone::Ok => Icon::Check.into(),
                Tone::Bad => Icon::Alert.into(),
                Tone::Warn => Icon::Clock.into(),
                _ => Glyph::Completed.into(),
            };
            plain(
                ending_tone(ending),
                shape,
                text::outcome::outcome(&view.outcome),
                text::outcome::meaning(ending).to_owned(),
            )
        }
    }
}

/// The countdown to the deadline, and past it.
pub(super) fn counting(live: Memo<Option<RunView>>) -> AnyView {
    let left = Memo::new(move |_| live.get().and_then(|view| view.left).unwrap_or_default());
    let of = Memo::new(move |_| live.get().and_then(|view| view.outcome.applied_grace).unwrap_or_default());
    let text = Signal::derive(move || messages::time_left(left.get(), of.get()));
    let tone = Signal::derive(move || if left.get() >= 0 { Tone::Busy } else { Tone::Warn });
    #[expect(clippy::cast_precision_loss, reason = "seconds of a progress bar")]
    let passed = Signal::derive(move || (of.get() - left.get()).clamp(0, of.get().max(1)) as f64);
    #[expect(clippy::cast_precision_loss, reason = "seconds of a progress bar")]
    let whole = Signal::derive(move || of.get().max(1) as f64);
    view! {
        <Countdown text name=Signal::stored(messages::TIME_TO_DEADLINE.to_owned()) passed of=whole tone/>
        {move || (left.get() < 0).then(|| view! {
            <p class="small">{messages::PAST_DEADLINE_ADVICE}</p>
        })}
    }
    .into_any()
}
