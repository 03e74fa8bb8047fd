//! The bar of what is chosen.

use super::row::Row;
use super::state::FleetState;
use crate::client::{Client, use_client};
use crate::navigation::{NavigateOptions, use_navigate};
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::text::programs as text;
use leptos::prelude::*;
use quiesce_api::ProgramRef;
use rustc_hash::{FxBuildHasher, FxHashSet};

/// How many programs are chosen, and what can be done to them.
#[component]
pub(super) fn SelectionBar(state: FleetState) -> impl IntoView {
    let client = use_client();
    let navigate = use_navigate();
    let chosen = move || state.selected.with(FxHashSet::len);
    let active = move || {
        state.selected.with(|selected| {
            state.live.data.with(|fleet| {
                fleet.as_ref().map_or(0, |fleet| {
                    fleet.rows.iter().filter(|row| row.is_active() && selected.contains(&row.program)).count()
                })
            })
        })
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
            <button class="btn small" type="button" on:click=move |_| state.selected.set(FxHashSet::default())>{text::CLEAR}</button>
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
    let all = state.live.data.with_untracked(|fleet| {
        state.shown.with_untracked(|shown| {
            let mut all = FxHashSet::with_capacity_and_hasher(shown.len(), FxBuildHasher);
            let rows = shown.iter().filter_map(|place| fleet.as_ref()?.rows.get(*place));
            all.extend(rows.map(|row| row.program.clone()));
            all
        })
    });
    state.selected.set(all);
}

/// Opens the stop form for what is chosen. Nothing is sent by this.
pub(super) fn stop_selected(client: Client, state: FleetState, navigate: &impl Fn(&str, NavigateOptions)) {
    // The form orders them.
    let programs = state.selected.with_untracked(|selected| selected.iter().cloned().collect());
    let selection = Selection { programs, runs: Vec::new() };
    if !selection.is_empty() {
        navigate(&form_href(client, &state.namespace.get_value(), &selection), NavigateOptions::default());
    }
}

/// Those of the selected programs that have a row.
pub(super) fn still_there(selected: &FxHashSet<ProgramRef>, rows: &[Row]) -> FxHashSet<ProgramRef> {
    if selected.is_empty() {
        return FxHashSet::default();
    }
    rows.iter().map(|row| &row.program).filter(|program| selected.contains(program)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::ProgramType;
    use quiesce_lifecycle::kind::Kind;

    #[test]
    fn programs_that_no_longer_exist_drop_out_of_the_selection() {
        let program = |name: &str| ProgramRef::new("default", name, ProgramType::Worker, "Main");
        let row = |name: &str| Row::unread(program(name), Kind::Worker, None);
        let rows = [row("b"), row("x")];
        let selected: FxHashSet<_> = ["a", "b", "c"].map(program).into_iter().collect();
        assert_eq!(still_there(&selected, &rows), FxHashSet::from_iter([program("b")]));
        assert_eq!(still_there(&FxHashSet::default(), &rows), FxHashSet::default());
    }
}
