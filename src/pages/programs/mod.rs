//! The fleet: every program of a namespace, what runs, and the way to stop it.

mod example;
mod filter;
mod filters;
mod fleet;
mod index;
mod keyboard;
mod row;
mod row_element;
mod selection;
mod shown_filter;
mod state;
mod table;
mod turns;

pub(crate) use example::example;
pub(crate) use fleet::{CHUNK, Fleet, latest, names};
pub(crate) use row::{Latest, Row};
pub(crate) use row_element::stop_refusal;

use crate::client::polling::{Health, Polled};
use crate::client::use_client;
use crate::navigation::{NavigateOptions, use_location, use_navigate};
use crate::pages::failure::Failure;
use crate::pages::freshness::{Fresh, Troubled};
use crate::pages::list_state::{List, Visit};
use crate::pages::stop::every_second;
use crate::pages::stop::selection::Selection;
use crate::pages::why::why;
use crate::selected_programs::SelectedPrograms;
use crate::shell::{Overlay, use_shell};
use crate::text::{common, programs as text};
use crate::ui::{Button, ButtonVariant, EmptyState, Icon, Notice, PageHead, SkeletonRows, Tone, use_toasts};
use filter::{Filter, State};
use fleet::{Reader, pace};
use index::Index;
use leptos::prelude::*;
use quiesce_api::NamespaceId;
use selection::SelectionBar;
use state::FleetState;
use std::sync::Arc;

/// Rows of more programs than these take longer to find and draw than a frame.
const VERY_MANY: usize = 50_000;

/// The fleet.
#[component]
pub fn Programs(
    /// Of which namespace.
    namespace: NamespaceId,
) -> impl IntoView {
    let client = use_client();
    let shell = use_shell();
    let now = every_second();
    let again = RwSignal::new(false);
    let live = {
        // One read at a time: the reader is taken out and put in again.
        let reader = send_wrapper::SendWrapper::new(std::rc::Rc::new(std::cell::RefCell::new(Some(
            Reader::new(client, namespace.clone()),
        ))));
        let key = Fleet::name(&namespace);
        Polled::new(
            client,
            key,
            move || {
                let reader = (*reader).clone();
                async move {
                    let Some(mut reading) = reader.take() else { return Ok(Fleet::default()) };
                    reading.again |= again.try_update(std::mem::take).unwrap_or(false);
                    let result = reading.step().await;
                    reader.replace(Some(reading));
                    result
                }
            },
            pace,
        )
    };
    let query = use_location().query;
    let filter = Memo::new(move |_| query.with(|query| Filter::read(|name| query.get(name))));
    let navigate = use_navigate();
    let list = List::Programs(namespace.clone());
    let page = list.address(&client.router());
    let address = move |filter: &Filter| {
        let query = filter.query();
        page.href_with(query.iter().map(|(name, value)| (*name, value.as_str())))
    };
    let own = address.clone();
    let href = Memo::new(move |_| filter.with(&own));
    let go = move |filter: &Filter| {
        let options = NavigateOptions { replace: true, scroll: false };
        navigate(&address(filter), options);
    };
    let index = StoredValue::new(Index::default());
    let shown_filter = shown_filter::shown_filter(filter, move || {
        live.data.with_untracked(|fleet| fleet.as_ref().is_some_and(|fleet| fleet.rows.len() > VERY_MANY))
    });
    let shown = Memo::new(move |_| {
        let Some(fleet) = live.data.get() else { return Arc::default() };
        shown_filter
            .with(|filter| index.try_update_value(|index| index.shown(&fleet, filter)).unwrap_or_default())
    });
    // What is read again changes what stands there; it does not draw it anew, which would take the focus away.
    let there = Memo::new(move |_| live.data.with(Option::is_some));
    let visit = Visit::enter(client, &list, href, there.into());
    let state = FleetState {
        namespace: StoredValue::new(namespace.clone()),
        live,
        filter,
        shown_filter,
        shown,
        index,
        selected: RwSignal::new(selected(visit, &namespace)),
        cursor: visit.cursor,
        loses_selection: visit.loses_selection,
        now,
        go: StoredValue::new(Arc::new(go)),
    };
    let refresh = move |()| {
        client.retry_refused();
        again.set(true);
        live.refresh();
    };
    shell.selected.set_value(Some(state.selected));
    keep_selection(state, visit);
    keyboard::bind(state, refresh);
    let lede = move || {
        live.data.with(|fleet| {
            fleet.as_ref().map(|fleet| {
                let active = fleet.rows.iter().filter(|row| row.is_active()).count();
                text::summary(fleet.applications, fleet.rows.len(), active, fleet.unknown())
            })
        })
    };
    let unknown =
        Memo::new(move |_| live.data.with(|fleet| fleet.as_ref().is_some_and(|fleet| fleet.unknown() > 0)));
    view! {
        <PageHead title=common::PROGRAMS lede=move || view! { {lede} }>
            <Fresh live now on_refresh=Callback::new(refresh) incomplete=unknown.into()/>
            <Button on_press=move |()| shell.overlay.set(Some(Overlay::View)) look=ButtonVariant::Plain small=true>{text::VIEW}</Button>
        </PageHead>
        <Troubled live now/>
        {move || if there.get() { view! { <Body state/> }.into_any() } else { match live.health.get() {
            Health::Refused(error) | Health::Away { error, .. } => {
                view! { <Failure error retry=Callback::new(refresh)/> }.into_any()
            }
            _ => view! { <div class="table-wrap"><table class="table" aria-busy="true" aria-label=common::PROGRAMS><tbody><SkeletonRows columns=6/></tbody></table></div> }.into_any(),
        }}}
    }
}

/// What was selected when the list was left.
fn selected(visit: Visit, namespace: &NamespaceId) -> SelectedPrograms {
    let text = visit.selection().unwrap_or_default();
    Selection::programs_of_text(namespace, &text).collect()
}

/// Stores the selection when it changes, and removes programs from it that no longer exist.
fn keep_selection(state: FleetState, visit: Visit) {
    let FleetState { selected, live, .. } = state;
    let text = move || {
        let programs = selected.try_with_untracked(SelectedPrograms::to_vec)?;
        Some(Selection { programs, runs: Vec::new() }.text())
    };
    visit.keep(move || selected.track(), text);
    let toasts = use_toasts();
    // The reading of the names that was compared last.
    Effect::new(move |compared: Option<Option<Arc<()>>>| {
        let compared = compared.flatten();
        live.data.with(|fleet| {
            // A list that is incomplete says nothing about what it lacks.
            let Some(fleet) = fleet.as_ref().filter(|it| it.partial.is_empty() && it.bad.is_empty()) else {
                return compared;
            };
            if compared.as_ref().is_some_and(|names| Arc::ptr_eq(names, &fleet.names)) {
                return compared;
            }
            let there = fleet.rows.iter().map(|row| &*row.program);
            let left = selected.with_untracked(|selected| selected.only(there));
            let gone = selected.with_untracked(SelectedPrograms::len).saturating_sub(left.len());
            if gone > 0 {
                selected.set(left);
                toasts.show(text::deselected(gone));
            }
            Some(fleet.names.clone())
        })
    });
}

#[component]
fn Body(state: FleetState) -> impl IntoView {
    let older = Memo::new(move |_| {
        state.live.data.with(|fleet| {
            fleet.as_ref().map_or(0, |fleet| fleet.rows.iter().map(|row| row.older.len()).sum::<usize>())
        })
    });
    let partial = Memo::new(move |_| {
        state.live.data.with(|fleet| fleet.as_ref().map(|fleet| fleet.partial.clone()).unwrap_or_default())
    });
    let unknown =
        Memo::new(move |_| state.live.data.with(|fleet| fleet.as_ref().map_or(0, |fleet| fleet.unknown())));
    // The notices stay where they are while their numbers change.
    let has_older = Memo::new(move |_| older.get() > 0);
    let has_unknown = Memo::new(move |_| unknown.get() > 0);
    let empty = Memo::new(move |_| {
        state
            .live
            .data
            .with(|fleet| fleet.as_ref().is_some_and(|fleet| fleet.rows.is_empty() && fleet.bad.is_empty()))
    });
    view! {
        {move || if empty.get() {
            view! {
                <section class="panel">
                    <EmptyState shape=Icon::Inbox title=text::no_applications(state.namespace.get_value().as_str())>
                        <p>{text::NO_APPLICATIONS}{why("guide#first-use", common::PROGRAMS)}</p>
                    </EmptyState>
                </section>
            }.into_any()
        } else {
            view! {
                <filters::Filters state/>
                {move || has_older.get().then(|| view! {
                    <Notice tone=Tone::Ghost
                        actions=move || view! { <Button on_press=move |()| state.show(|filter| filter.states = vec![State::Older]) small=true>{move || text::show_runs(older.get())}</Button> }>
                        <p>
                            <strong>{move || text::superseded(older.get())}</strong>
                            {text::SUPERSEDED}
                        </p>
                    </Notice>
                })}
                {move || has_unknown.get().then(|| view! {
                    <Notice tone=Tone::Warn
                        actions=move || view! { <Button on_press=move |()| state.show(|filter| filter.states = vec![State::Active]) small=true>{text::SHOW_UNKNOWN}</Button> }>
                        <p><strong>{move || text::unknown(unknown.get())}</strong>{text::UNKNOWN}</p>
                    </Notice>
                })}
                {move || partial.get().into_iter().map(|words| view! { <Notice tone=Tone::Warn><p><strong>{common::INCOMPLETE}</strong>{words}</p></Notice> }).collect_view()}
                <table::FleetTable state/>
                <SelectionBar state/>
            }.into_any()
        }}
    }
}
