//! Search and filters. What they say stands in the address.

use super::filter::{KINDS, State, kind_word};
use super::state::FleetState;
use crate::text::{common, programs as text, states};
use crate::ui::{Chip, Glyph, Icon, Mark, Tone, icon};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn Filters(state: FleetState) -> impl IntoView {
    let words = move || state.filter.with(|filter| filter.words.clone());
    // Of each state, then of each kind, in one pass over the rows.
    let counts = Memo::new(move |_| {
        let mut counts = vec![0; State::ALL.len() + KINDS.len()];
        state.live.data.with(|fleet| {
            for row in fleet.iter().flat_map(|fleet| &fleet.rows) {
                let holds = State::ALL.into_iter().map(|of| of.holds(row));
                let holds = holds.chain(KINDS.into_iter().map(|kind| row.kind == kind));
                for (count, holds) in counts.iter_mut().zip(holds) {
                    *count += usize::from(holds);
                }
            }
        });
        Arc::new(counts)
    });
    let count = move |place: usize| counts.with(|counts| counts.get(place).copied().unwrap_or_default());
    // The indices of the kinds that there are.
    let kinds = Memo::new(move |_| {
        Arc::new((0..KINDS.len()).filter(|place| count(State::ALL.len() + place) > 0).collect::<Vec<_>>())
    });
    let mark = |of: State| -> (Option<Tone>, Option<Mark>) {
        match of {
            State::Active => (None, None),
            State::Running => (Some(Tone::Ok), Some(Glyph::Running.into())),
            State::Changing => (Some(Tone::Busy), Some(Glyph::Starting.into())),
            State::Failed => (Some(Tone::Bad), Some(Glyph::Failed.into())),
            State::Older => (Some(Tone::Ghost), Some(Icon::Older.into())),
        }
    };
    view! {
        <form class="filters" role="search" aria-label=text::FILTER on:submit=|event| event.prevent_default()>
            <div class="search">
                {icon(Icon::Search)}
                <input class="input" id="search" type="search" placeholder=text::SEARCHED_FIELDS aria-label=text::SEARCH
                    aria-keyshortcuts="/" autocomplete="off" spellcheck="false"
                    prop:value=words
                    on:input=move |event| { let words = event_target_value(&event); state.show(|filter| filter.words = words); }/>
                <kbd>"/"</kbd>
            </div>
            <fieldset class="chips">
                <legend class="vh">{common::STATE}</legend>
                {State::ALL.into_iter().enumerate().map(|(place, of)| {
                    let (tone, shape) = mark(of);
                    let on = Signal::derive(move || state.filter.with(|filter| filter.states.contains(&of)));
                    let change = move |on: bool| state.show(|filter| {
                        filter.states.retain(|it| *it != of);
                        if on { filter.states.push(of); }
                    });
                    chip(of.label(), on, change, Signal::derive(move || count(place)), tone, shape)
                }).collect_view()}
            </fieldset>
            <span class="chips-sep" aria-hidden="true"></span>
            <fieldset class="chips">
                <legend class="vh">{common::KIND}</legend>
                {move || kinds.get().iter().filter_map(|place| Some((*place, *KINDS.get(*place)?))).map(|(place, kind)| {
                    let on = Signal::derive(move || state.filter.with(|filter| filter.kinds.contains(&kind)));
                    let change = move |on: bool| state.show(|filter| {
                        filter.kinds.retain(|it| kind_word(*it) != kind_word(kind));
                        if on { filter.kinds.push(kind); }
                    });
                    chip(states::kind(kind), on, change, Signal::derive(move || count(State::ALL.len() + place)), None, None)
                }).collect_view()}
            </fieldset>
        </form>
    }
}

fn chip(
    word: impl Into<String>,
    on: Signal<bool>,
    change: impl Fn(bool) + Send + Sync + 'static,
    n: Signal<usize>,
    tone: Option<Tone>,
    shape: Option<Mark>,
) -> AnyView {
    let word = word.into();
    match (tone, shape) {
        (Some(tone), Some(shape)) => view! { <Chip word on on_change=change count=n tone shape/> }.into_any(),
        _ => view! { <Chip word on on_change=change count=n/> }.into_any(),
    }
}
