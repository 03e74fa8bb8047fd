//! A stop in work, and what became of it.

use super::requests::Requests;
use super::run_row::{RunRow, answer_words};
use super::timeline::timeline;
use crate::client::operation::{Role, RunnerError};
use crate::client::stop::{self, RunningStop};
use crate::client::{clock, journal, use_client};
use crate::pages::journal_file::JournalFile;
use crate::pages::list_state::{List, bind_escape};
use crate::pages::other_user::{other_user_notice, users};
use crate::pages::outage_notice::{outage_notice, read_only_notice};
use crate::text::common::{self, count, elapsed};
use crate::text::states::ending_tone;
use crate::text::stop as messages;
use crate::text::timeline::TITLE as TIMELINE;
use crate::ui::{
    Button, ButtonLink, ButtonVariant, CopyButton, Crumb, Disclosure, EmptyState, Icon, Notice, PageHead,
    SkeletonRows, Tally, Tone, progress_said, use_announcer,
};
use leptos::prelude::*;
use quiesce_api::{NamespaceId, Timestamp};
use quiesce_lifecycle::findings::predict_applied;
use quiesce_lifecycle::journal::{Header, OperationId};
use quiesce_lifecycle::stop::{Counts, RunView, StopOperation, StopState, needs_attention};
use quiesce_lifecycle::text;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How many runs a page of the table shows.
const PAGE: usize = 50;

/// How often the timeline of a stop in progress is drawn, in seconds.
const REDRAWN: i64 = 5;

/// What the rows and the summary are made from: the state and the moment.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    pub state: RwSignal<Option<Arc<StopOperation>>>,
    pub now: RwSignal<Timestamp>,
    pub views: Memo<Arc<Vec<RunView>>>,
    pub counts: Memo<Counts>,
    pub finished: Memo<bool>,
}

impl Watch {
    pub fn new(state: RwSignal<Option<Arc<StopOperation>>>, now: RwSignal<Timestamp>) -> Self {
        let views = Memo::new(move |_| {
            let now = now.get();
            state.with(|state| {
                let stop = state.as_ref();
                let all = stop
                    .into_iter()
                    .flat_map(|stop| (0..stop.runs.len()).filter_map(move |place| stop.glance(place, now)));
                Arc::new(all.collect::<Vec<_>>())
            })
        });
        let counts = Memo::new(move |_| {
            let now = now.get();
            state.with(|state| state.as_ref().map(|stop| stop.counts(now)).unwrap_or_default())
        });
        let finished = Memo::new(move |_| {
            state.with(|state| state.as_ref().is_some_and(|stop| stop.is_finished(now.get())))
        });
        Self { state, now, views, counts, finished }
    }
}

/// A moment that moves on every second, for as long as the owner lives.
pub fn every_second() -> RwSignal<Timestamp> {
    let now = RwSignal::new(clock::now());
    if let Ok(ticking) = set_interval_with_handle(
        move || {
            let _ = now.try_set(clock::now());
        },
        Duration::from_secs(1),
    ) {
        on_cleanup(move || ticking.clear());
    }
    now
}

/// A stop by its id.
#[component]
pub fn StopProgress(namespace: NamespaceId, operation: OperationId) -> impl IntoView {
    let client = use_client();
    let file = JournalFile::new(operation.clone());
    let running = stop::resume(client, operation);
    let now = every_second();
    let state = running.state;
    let watch = Watch::new(state, now);
    let Watch { counts, finished, .. } = watch;
    announce(watch);
    let title = move || {
        let counts = counts.get();
        if state.with(Option::is_none) {
            messages::STOP.to_owned()
        } else if finished.get() {
            messages::have_ended(counts.ended, counts.all)
        } else {
            messages::stopping(counts.all)
        }
    };
    let back = List::before_operation(&client.router(), &namespace).crumb(&client.router());
    // Not while runs are stopped: a key pressed by mistake would end the watch.
    bind_escape(&back, move || finished.get_untracked());
    let done = back.href.clone().unwrap_or_default();
    let header = RwSignal::new(None);
    // Read again with the role: it changes when another user continues.
    Effect::new(move || {
        running.role.track();
        leptos::task::spawn_local(async move {
            if let Some(id) = running.id()
                && let Ok(found) = journal::header(&id).await
            {
                header.try_set(found);
            }
        });
    });
    let summary = Signal::derive(move || {
        let header = header.get();
        state.with(|state| {
            let summary = |stop| text::stop::summary(stop, header.as_ref(), clock::now());
            state.as_ref().map(|stop| summary(stop)).unwrap_or_default()
        })
    });
    let there = Memo::new(move |_| state.with(Option::is_some));
    let open = Memo::new(move |_| there.get() && !finished.get());
    view! {
        <PageHead title=Signal::derive(title) crumbs=vec![back, Crumb::here(messages::STOP)]>
            {file.button()}
            <CopyButton word=messages::COPY_SUMMARY text=summary/>
            <ButtonLink href=done look=ButtonVariant::Default>{move || if finished.get() { messages::DONE } else { messages::LEAVE }}</ButtonLink>
        </PageHead>
        <Troubles running watch/>
        {file.notices(open)}
        {move || if there.get() { view! { <Body running watch header/> }.into_any() } else { match running.problem.get() {
            Some(RunnerError::Fold(error)) => view! {
                <section class="panel">
                    <EmptyState shape=Icon::Search title=messages::NO_OPERATION>
                        <p>{messages::no_operation(&error.to_string())}</p>
                    </EmptyState>
                </section>
            }.into_any(),
            _ => view! { <table class="table"><tbody><SkeletonRows columns=5 rows=4/></tbody></table> }.into_any(),
        }}}
    }
}

/// Tells a screen reader how many have ended, each of a few and each quarter of many.
fn announce(watch: Watch) {
    let announcer = use_announcer();
    let said = Memo::new(move |_| {
        let counts = watch.counts.get();
        (progress_said(counts.ended, counts.all), watch.finished.get())
    });
    Effect::new(move |before: Option<(usize, bool)>| {
        let now = said.get();
        if before.is_some_and(|before| before != now) || now.1 {
            let counts = watch.counts.get_untracked();
            announcer.say(messages::ended(counts.ended, counts.all));
        }
        now
    });
}

/// The reasons why the stop does not continue, and what to do.
#[component]
pub(super) fn Troubles(running: RunningStop, watch: Watch) -> impl IntoView {
    let client = use_client();
    let outage = Memo::new(move |_| {
        watch.state.with(|state| state.as_ref().and_then(|stop| stop.connectivity.outage().cloned()))
    });
    let try_now = Callback::new(move |()| running.try_now());
    view! {
        {move || outage.get().map(|outage| outage_notice(client, &outage, watch.now, try_now))}
        {read_only_notice(running.is_held)}
        {move || (running.role.get() == Role::Watches).then(|| view! {
            <Notice tone=Tone::Idle>
                <p><strong>{messages::OTHER_TAB}</strong>{messages::OTHER_TAB_EFFECT}</p>
            </Notice>
        })}
        {move || (running.role.get() == Role::OtherUser)
            .then(|| other_user_notice(running.started_by, Callback::new(move |()| running.take_over())))}
        {move || running.problem.get().filter(|problem| !matches!(problem, RunnerError::Fold(_))).map(|problem| view! {
            <Notice tone=Tone::Bad alert=true>
                <p><strong>{messages::CANNOT_CONTINUE}</strong>{problem.to_string()}"."</p>
                <p>{messages::CANNOT_CONTINUE_ADVICE}</p>
            </Notice>
        })}
    }
}

#[component]
pub(super) fn Body(running: RunningStop, watch: Watch, header: RwSignal<Option<Header>>) -> impl IntoView {
    let many = watch.state.with_untracked(|state| state.as_ref().map_or(0, |stop| stop.runs.len()));
    let page = RwSignal::new(0);
    let places = move || (page.get() * PAGE..many.min((page.get() + 1) * PAGE)).collect::<Vec<_>>();
    let last = many.saturating_sub(1) / PAGE;
    let previous = move || (page.get() == 0).then(|| common::FIRST_PAGE.to_owned());
    let next = move || (page.get() == last).then(|| common::LAST_PAGE.to_owned());
    let pages = (last > 0).then(|| view! {
        <nav class="pages" aria-label=common::PAGES>
            <span class="muted">{move || common::rows(page.get() * PAGE + 1, many.min((page.get() + 1) * PAGE), many)}</span>
            <Button on_press=move |()| page.update(|page| *page = page.saturating_sub(1)) small=true unavailable=Signal::derive(previous)>{common::PREVIOUS}</Button>
            <Button on_press=move |()| page.update(|page| *page = (*page + 1).min(last)) small=true unavailable=Signal::derive(next)>{common::NEXT}</Button>
        </nav>
    });
    // Bars of seconds need no drawing every second.
    let opened = watch.now.get_untracked();
    let moment = Memo::new(move |_| {
        let now = watch.now.get();
        if watch.finished.get() { None } else { Some(clock::passed(opened, now) / REDRAWN) }
    });
    let course = move || {
        moment.track();
        watch.state.with(|state| state.as_ref().map(|stop| timeline(stop, watch.now.get_untracked())))
    };
    view! {
        <div class="split">
            <div class="stack">
                <div class="table-wrap">
                    <table class="table runs" aria-label=messages::RUNS_BEING_STOPPED>
                        <thead>
                            <tr>
                                <th scope="col">{common::APPLICATION}</th>
                                <th scope="col">{common::RUN}</th>
                                <th scope="col">{common::STATE}</th>
                                <th scope="col">{messages::REQUESTED_GRACE}</th>
                                <th scope="col" class="num">{messages::APPLIED}</th>
                                <th scope="col">{messages::DEADLINE_OUTCOME}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {move || places().into_iter().map(|place| view! { <RunRow running watch place/> }).collect_view()}
                        </tbody>
                    </table>
                </div>
                {pages}
                <Disclosure summary=TIMELINE.to_owned()>{course}</Disclosure>
                <Drifts watch/>
            </div>
            <Summary watch header/>
        </div>
    }
}

/// What changed since the confirmation.
#[component]
fn Drifts(watch: Watch) -> impl IntoView {
    let drift = Memo::new(move |_| {
        watch.state.with(|state| state.as_ref().map(|stop| stop.drift.clone()).unwrap_or_default())
    });
    move || {
        drift
            .get()
            .into_iter()
            .map(|drift| view! { <Notice tone=Tone::Warn><p>{messages::drift(&drift)}</p></Notice> })
            .collect_view()
    }
}

/// Where a run stands: how soon it needs a person, its tone, its words.
fn standing(view: &RunView) -> (u8, Tone, &'static str) {
    let ending = view.outcome.ending;
    match &view.state {
        StopState::Refused(_) => (0, Tone::Bad, messages::STATE_REFUSED),
        StopState::NotStopped(_) => (0, Tone::Bad, messages::STATE_NOT_STOPPED),
        StopState::Gone(_) => (0, Tone::Bad, messages::STATE_GONE),
        StopState::Ended if ending_tone(ending) == Tone::Bad => (1, Tone::Bad, text::outcome::ending(ending)),
        StopState::Ended if needs_attention(ending) => (2, Tone::Warn, text::outcome::ending(ending)),
        StopState::PastDeadline => (2, Tone::Warn, messages::STATE_OVERDUE),
        StopState::Planned | StopState::Requested | StopState::Accepted | StopState::InDoubt(_) => {
            (3, Tone::Busy, messages::STATE_REQUESTING)
        }
        StopState::Stopping => (3, Tone::Busy, messages::STATE_STOPPING),
        StopState::OfWorkflow => (4, Tone::Idle, messages::STATE_OF_WORKFLOW),
        StopState::EndedBefore => (4, Tone::Idle, messages::STATE_ENDED_BEFORE),
        StopState::Ended => (4, ending_tone(ending), text::outcome::ending(ending)),
    }
}

#[component]
fn Summary(watch: Watch, header: RwSignal<Option<Header>>) -> impl IntoView {
    let Watch { state, now, views, counts, finished } = watch;
    let standings = move || {
        let mut standings: BTreeMap<(u8, &'static str), (Tone, usize)> = BTreeMap::new();
        for view in views.get().iter() {
            let (rank, tone, word) = standing(view);
            standings.entry((rank, word)).or_insert((tone, 0)).1 += 1;
        }
        standings
    };
    let parts = Signal::derive(move || {
        let parts = standings().into_values();
        parts.map(|(tone, n)| (tone, u32::try_from(n).unwrap_or(u32::MAX))).collect::<Vec<_>>()
    });
    let applied = move || {
        let mut seconds: Vec<_> = views.get().iter().filter_map(|view| view.outcome.applied_grace).collect();
        seconds.sort_unstable();
        seconds.dedup();
        match seconds.as_slice() {
            [] => messages::NOT_YET_KNOWN.to_owned(),
            many => messages::applied(many),
        }
    };
    let deadline = move || {
        let left = views.get().iter().filter_map(|view| view.left).min()?;
        Some(messages::next_deadline(left))
    };
    let took = move || {
        let now = now.get();
        state.with(|state| {
            state.as_ref().map(|stop| {
                elapsed(clock::passed(stop.confirmed, if finished.get() { stop.last_change } else { now }))
            })
        })
    };
    let asked = move || state.with(|state| state.as_ref().map(|stop| text::grace::grace(stop.plan.grace)));
    let slack = move || {
        state.with(|state| {
            let stop = state.as_ref()?;
            let call = stop.calls.values().next()?;
            predict_applied(stop.plan.grace, call.stop.form(), &stop.plan.findings).slack
        })
    };
    // Drawn again only when a call changes, not with every event.
    let calls = Memo::new(move |_| {
        state.with(|state| {
            let calls = state.iter().flat_map(|stop| stop.calls.values());
            calls.map(|call| (call.stop.clone(), Some(answer_words(call)))).collect::<Vec<_>>()
        })
    });
    view! {
        <aside class="aside stack summary" aria-label=messages::SUMMARY>
            <section class="panel pad stack" aria-label=messages::RESULT>
                // Said by the announcer, less often than it changes.
                <p role="status" aria-live="off">
                    <span class="figure">{move || messages::ended_of(counts.get().ended, counts.get().all)}</span>
                    " "<span>{messages::VERIFIED}</span>
                </p>
                <Tally parts=parts name=Signal::derive(move || messages::ended(counts.get().ended, counts.get().all))/>
                <ul class="counts">
                    {move || standings().into_iter().map(|((_, word), (tone, n))| view! {
                        <li data-tone=tone.word()><span>{word}</span><span class="num">{count(n)}</span></li>
                    }).collect_view()}
                </ul>
                <dl class="facts">
                    {move || header.get().map(|header| view! {
                        <dt>{common::STARTED}</dt>
                        <dd>{messages::started(clock::local(header.created), users(header.user.as_ref(), &header.continued))}</dd>
                    })}
                    <dt>{move || if finished.get() { messages::DURATION } else { messages::ELAPSED }}</dt><dd>{took}</dd>
                    {move || deadline().map(|deadline| view! { <dt>{messages::NEXT_DEADLINE}</dt><dd>{deadline}</dd> })}
                    <dt>{messages::REQUESTED}</dt><dd>{asked}</dd>
                    <dt>{messages::APPLIED}</dt><dd>{applied}</dd>
                </dl>
            </section>
            <Notice tone=Tone::Idle>
                {move || (!finished.get()).then(|| view! { <p>{messages::LEAVING_IS_SAFE}</p> })}
                {move || slack().map(|slack| view! { <p>{messages::may_outlive_deadline(slack)}</p> })}
                <p>{messages::RECORDED_AS_KILLED}</p>
            </Notice>
            <Requests calls=calls/>
        </aside>
    }
}
