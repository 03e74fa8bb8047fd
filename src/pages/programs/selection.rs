//! The bar of what is chosen.

use super::state::FleetState;
use crate::client::{Client, use_client};
use crate::navigation::{NavigateOptions, use_navigate};
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::selected_programs::SelectedPrograms;
use crate::text::programs as text;
use leptos::prelude::*;

/// How many programs are chosen, and what can be done to them.
#[component]
pub(super) fn SelectionBar(state: FleetState) -> impl IntoView {
    let client = use_client();
    let navigate = use_navigate();
    let chosen = move || state.selected.with(SelectedPrograms::len);
    let active = move || {
        state.live.data.track();
        // The index follows it.
        state.shown.with(|_| ());
        state.selected.with(|selected| state.index.with_value(|index| index.active(selected)))
    };
    let matching = move || state.shown.with(|shown| shown.len());
    let stop = move |_| stop_selected(client, state, &navigate);
    let stop = StoredValue::new_local(stop);
    view! {
        <section class="selection" aria-label=text::SELECTION hidden=move || chosen() == 0>
            <span aria-live="polite">{move || text::selected(chosen(), active())}</span>
            {move || state.loses_selection.get().then_some(text::SELECTION_UNSTORED)}
            {move || (chosen() < matching()).then(|| view! {
                <button class="btn small" type="button" on:click=move |_| select_all(state)>{text::select_all(matching())}</button>
            })}
            <button class="btn small" type="button" on:click=move |_| state.selected.set(SelectedPrograms::default())>{text::CLEAR}</button>
            <button class="btn primary push" id="stop-selected" type="button" aria-disabled=move || client.read_only().map(|_| "true")
                aria-describedby=move || client.read_only().map(|_| "stop-selected-why")
                title=move || client.read_only()
                on:click=move |event| if client.read_only().is_none() { stop.with_value(|stop| stop(event)); }>
                {move || text::stop(chosen())}
            </button>
            {move || client.read_only().map(|reason| view! { <span class="muted" id="stop-selected-why">{reason}</span> })}
        </section>
        <div class="below"></div>
    }
}

/// Chooses all rows that the filter shows, those of other pages too.
pub(super) fn select_all(state: FleetState) {
    let all = state.shown.with_untracked(|shown| state.index.with_value(|index| index.select(shown)));
    state.selected.set(all);
}

/// Opens the stop form for what is chosen. Nothing is sent by this.
pub(super) fn stop_selected(client: Client, state: FleetState, navigate: &impl Fn(&str, NavigateOptions)) {
    let programs = state.selected.with_untracked(SelectedPrograms::to_vec);
    let selection = Selection { programs, runs: Vec::new() };
    if !selection.is_empty() {
        navigate(&form_href(client, &state.namespace.get_value(), &selection), NavigateOptions::default());
    }
}
