//! The keys of the fleet. None of them sends anything: they choose, move and open.

use super::row::Row;
use super::row_element::stop_refusal;
use super::selection::{select_all, stop_selected};
use super::state::FleetState;
use crate::client::use_client;
use crate::navigation::{NavigateOptions, use_navigate};
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::routes::Route;
use crate::selected_programs::SelectedPrograms;
use crate::text::programs as text;
use crate::ui::{bind_key, focus, use_toasts};
use leptos::prelude::*;
use quiesce_api::ProgramRef;
use std::sync::Arc;

/// What a function makes of a row of this page.
fn of_row<T>(state: FleetState, place: usize, make: impl FnOnce(&Row) -> T) -> Option<T> {
    let place = *untrack(|| state.page_rows()).get(place)?;
    state.live.data.with_untracked(|fleet| fleet.as_ref()?.rows.get(place).map(make))
}

/// The program of a row of this page.
fn program(state: FleetState, place: usize) -> Option<Arc<ProgramRef>> {
    of_row(state, place, |row| row.program.clone())
}

fn move_to(state: FleetState, step: isize) {
    let last = untrack(|| state.page_rows()).len().saturating_sub(1);
    state.cursor.update(|cursor| *cursor = cursor.saturating_add_signed(step).min(last));
    let row = document().query_selector("table.fleet tbody tr[data-focus]").ok().flatten();
    if let Some(row) = row {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn toggle(state: FleetState, program: Arc<ProgramRef>) {
    state.selected.update(|selected| {
        let on = !selected.contains(&program);
        selected.select(program, on);
    });
}

/// Binds the keys for as long as the page is open.
pub(super) fn bind(state: FleetState, refresh: impl Fn(()) + Send + Sync + 'static) {
    let client = use_client();
    let anchor = RwSignal::new(0_usize);
    let navigate = use_navigate();
    bind_key("/", text::KEY_SEARCH, || focus("search"));
    bind_key("j", text::KEY_NEXT, move || move_to(state, 1));
    bind_key("k", text::KEY_PREVIOUS, move || move_to(state, -1));
    bind_key("x", text::KEY_SELECT, move || {
        let cursor = state.cursor.get_untracked();
        anchor.set(cursor);
        if let Some(program) = program(state, cursor) {
            toggle(state, program);
        }
    });
    bind_key("Shift+x", text::KEY_SELECT_TO, move || {
        let (from, to) = (anchor.get_untracked(), state.cursor.get_untracked());
        for place in from.min(to)..=from.max(to) {
            if let Some(program) = program(state, place) {
                state.selected.update(|selected| selected.select(program, true));
            }
        }
    });
    bind_key("a", text::KEY_SELECT_ALL, move || select_all(state));
    bind_key("Escape", text::KEY_CLEAR, move || state.selected.set(SelectedPrograms::default()));
    bind_key("Enter", text::KEY_OPEN, move || {
        if let Some(program) = program(state, state.cursor.get_untracked()) {
            navigate(&client.at(Route::program(&program)).href(), NavigateOptions::default());
        }
    });
    let toasts = use_toasts();
    bind_key("s", text::KEY_STOP, move || {
        let cursor = state.cursor.get_untracked();
        let selects = state.selected.with_untracked(|selected| !selected.is_empty());
        // As the button that the key stands for.
        let refusal = untrack(|| {
            if selects {
                client.read_only()
            } else {
                of_row(state, cursor, |row| stop_refusal(client, row)).flatten()
            }
        });
        if let Some(reason) = refusal {
            toasts.show(reason);
        } else if selects {
            stop_selected(client, state, &navigate);
        } else if let Some(program) = program(state, cursor) {
            let selection = Selection { programs: vec![(*program).clone()], runs: Vec::new() };
            navigate(
                &form_href(client, &state.namespace.get_value(), &selection),
                NavigateOptions::default(),
            );
        }
    });
    bind_key("r", text::KEY_REFRESH, move || refresh(()));
}
