//! The table of the fleet, a page of it at a time.

use super::filter::{Filter, PAGE, Sort};
use super::row::Row;
use super::row_element::{Filling, fill, number_rows};
use super::shown_filter::after_paint;
use super::state::FleetState;
use crate::client::{Client, use_client};
use crate::text::{common, programs as text};
use crate::ui::{Button, EmptyState, Icon, Tone, icon, keep_children};
use leptos::prelude::*;
use quiesce_api::ProgramRef;
use std::mem::discriminant;
use std::sync::Arc;
use std::time::Duration;

/// The part of the window for which a row is drawn first, in pixels: a row is 36 pixels high. A compact one has 28, but
/// what is above the table leaves room.
const ROW: f64 = 35.0;
/// How long a filter has to be unchanged until the rows below the window are drawn.
const PAUSE: Duration = Duration::from_millis(200);

/// How many rows a window shows; the others of the page are drawn later.
fn in_window() -> usize {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of pixels")]
    let rows = (height / ROW) as usize;
    rows.clamp(1, PAGE)
}

fn is_scrolled() -> bool {
    window().scroll_y().is_ok_and(|offset| offset > 0.0)
}

#[component]
pub(super) fn FleetTable(state: FleetState) -> impl IntoView {
    // The rows of this page.
    let rows = move || {
        let places = state.page_rows();
        state.live.data.with(|fleet| {
            let rows = places.into_iter().filter_map(|place| fleet.as_ref()?.rows.get(place).cloned());
            rows.collect::<Vec<_>>()
        })
    };
    let count = move || state.page_rows().len();
    // The first rows do not wait for those below them, neither at the start nor when the filter or the order changes;
    // except where the operator has scrolled down: fewer rows would move what is on screen.
    let drawn = StoredValue::new(None);
    let all_drawn = RwSignal::new(());
    // Asked of the window while the page is being drawn, it would compute the layout once more. A page that was just opened
    // is at its top.
    let scrolled = StoredValue::new(false);
    let listener = window_event_listener(leptos::ev::scroll, move |_| {
        scrolled.try_set_value(is_scrolled());
    });
    on_cleanup(move || listener.remove());
    let many = Memo::new(move |_| {
        all_drawn.track();
        let is_drawn =
            state.shown_filter.with(|filter| drawn.with_value(|drawn| drawn.as_ref() == Some(filter)));
        if is_drawn || scrolled.get_value() { PAGE } else { in_window() }
    });
    Effect::new(move || {
        let filter = state.shown_filter.get();
        if many.get() < PAGE && count() > many.get() {
            let all = move || {
                drawn.try_set_value(Some(filter));
                all_drawn.try_set(());
            };
            // The first time as soon as the first rows are on screen; then not between two keys.
            let pause = if drawn.with_value(Option::is_none) { Duration::ZERO } else { PAUSE };
            after_paint(pause, Box::new(all));
        }
    });
    let focused = Memo::new(move |_| {
        let place = state.page_rows().get(state.cursor.get()).copied()?;
        state.live.data.with(|fleet| Some(fleet.as_ref()?.rows.get(place)?.program.clone()))
    });
    let bad = move || {
        state.live.data.with(|fleet| fleet.as_ref().map(|fleet| fleet.bad.clone()).unwrap_or_default())
    };
    let none = move || state.shown.with(|shown| shown.is_empty()) && state.shown_filter.with(Filter::narrows);
    let all_on_page = move || {
        let rows = rows();
        !rows.is_empty()
            && state.selected.with(|selected| rows.iter().all(|row| selected.contains(&row.program)))
    };
    let choose_page = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        let rows = untrack(rows);
        state.selected.update(|selected| {
            for row in rows {
                selected.select(row.program, on);
            }
        });
    };
    let fleet_rows = move |body: web_sys::Element| {
        let client = use_client();
        let shown = move || {
            let mut rows = rows();
            rows.truncate(many.get());
            rows
        };
        // Without the place: a row that moves keeps its element.
        let key = |row: &Row| {
            let run = row.run().map(|run| (run.run.clone(), run.status.clone()));
            (row.program.clone(), run, row.older.len(), discriminant(&row.latest))
        };
        let numbered = StoredValue::new(false);
        let number = move |body: &web_sys::Element| {
            let before = state.page() * PAGE;
            // A browser counts the rows that are there: those of earlier pages are not.
            if before > 0 || numbered.get_value() {
                number_rows(body, before);
                numbered.set_value(before > 0);
            }
        };
        keep_children(body, shown, key, move |row| fleet_row(client, state, focused, row), number);
    };
    view! {
        <div class="table-wrap gap-top">
            <table class="table fleet" aria-label=common::PROGRAMS aria-rowcount=move || (state.shown.with(|it| it.len()) + 1).to_string()>
                <thead class="sticky">
                    <tr>
                        <th class="c-check" scope="col">
                            <input class="check" type="checkbox"
                                aria-label=move || text::select_page(count())
                                prop:checked=all_on_page on:change=choose_page/>
                        </th>
                        <Head state sort=Sort::Application word=common::APPLICATION class=""/>
                        <Head state sort=Sort::Program word=common::PROGRAM class="c-extra"/>
                        <Head state sort=Sort::Kind word=common::KIND class=""/>
                        <Head state sort=Sort::Artifact word=common::ARTIFACT class="c-wide"/>
                        <Head state sort=Sort::State word=common::STATE class=""/>
                        <Head state sort=Sort::Started word=common::STARTED class="num"/>
                        <th scope="col" class="c-wide">{text::LATEST_RUN}</th>
                        <th scope="col"><span class="vh">{common::ACTIONS}</span></th>
                    </tr>
                </thead>
                <tbody use:fleet_rows>
                    {move || bad().into_iter().map(|(list, bad)| view! {
                        <tr class="broken">
                            <td></td>
                            <th class="c-main" scope="row" colspan="2">{text::broken_record(bad.index, &list)}</th>
                            <td colspan="6" class="why-cell">
                                <span class="outcome" data-tone=Tone::Bad.word()>{icon(Icon::Alert)}{common::UNREADABLE}</span>
                                <span class="sub">{common::unreadable(&bad.error.path, &bad.error.message)}</span>
                            </td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        {move || none().then(|| {
            let words = state.shown_filter.with(|filter| filter.words.clone());
            let title = text::no_match(&words);
            view! {
                <EmptyState shape=Icon::Search title
                    actions=move || view! { <Button on_press=move |()| state.show(|filter| *filter = Filter { sort: filter.sort, descending: filter.descending, ..Default::default() })>{text::CLEAR_FILTERS}</Button> }>
                    <p>{move || state.live.data.with(|fleet| fleet.as_ref().map(|fleet| text::searched(fleet.rows.len())))}</p>
                </EmptyState>
            }
        })}
        <Pages state/>
    }
}

/// A head that sorts.
#[component]
fn Head(state: FleetState, sort: Sort, word: &'static str, class: &'static str) -> impl IntoView {
    let sorted = move || state.filter.with(|filter| (filter.sort == sort).then_some(filter.descending));
    let press = move |_| {
        state.show(|filter| {
            filter.descending = filter.sort == sort && !filter.descending;
            filter.sort = sort;
        });
    };
    view! {
        <th scope="col" class=class aria-sort=move || sorted().map(|descending| if descending { "descending" } else { "ascending" })>
            <button type="button" on:click=press>
                {word}
                {move || icon(if sorted().is_some() { Icon::Down } else { Icon::UpDown })}
            </button>
        </th>
    }
}

fn fleet_row(client: Client, state: FleetState, focused: Memo<Option<Arc<ProgramRef>>>, row: Row) -> AnyView {
    let program = row.program.clone();
    let choose = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        state.selected.update(|selected| selected.select(program.clone(), on));
    };
    let filling = Filling { selected: state.selected, now: state.now, client, focused, row };
    view! { <tr class="with-check" use:fill=filling on:change=choose></tr> }.into_any()
}

/// Which rows these are, and the way to the others.
#[component]
fn Pages(state: FleetState) -> impl IntoView {
    let all = move || state.shown.with(|shown| shown.len());
    let (page, last) = (move || state.page(), move || state.last_page());
    let previous = move || (page() == 0).then(|| common::FIRST_PAGE.to_owned());
    let next = move || (page() >= last()).then(|| common::LAST_PAGE.to_owned());
    move || {
        (all() > PAGE).then(|| {
            view! {
                <nav class="pages" aria-label=common::PAGES>
                    <span class="muted">{move || common::rows(page() * PAGE + 1, ((page() + 1) * PAGE).min(all()), all())}</span>
                    <Button on_press=move |()| state.turn(page().saturating_sub(1)) small=true unavailable=Signal::derive(previous)>{common::PREVIOUS}</Button>
                    <Button on_press=move |()| state.turn((page() + 1).min(last())) small=true unavailable=Signal::derive(next)>{common::NEXT}</Button>
                </nav>
            }
        })
    }
}
