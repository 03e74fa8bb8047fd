//! Search and filters. What they say stands in the address.

use super::filter::{KINDS, State, kind_word};
use super::row::{Bucket, Row};
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
        state.live.data.with(|fleet| Arc::new(count_rows(fleet.iter().flat_map(|fleet| &fleet.rows))))
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

/// How many rows are in each state, and then how many are of each kind. Rows are counted by bucket first, so that each is looked
/// at once.
fn count_rows<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<usize> {
    let (mut buckets, mut older, mut kinds) = ([0; Bucket::ALL.len()], 0, [0; KINDS.len()]);
    for row in rows {
        older += usize::from(!row.older.is_empty());
        // Declared in the order of `ALL`.
        if let Some(count) = buckets.get_mut(row.bucket() as usize) {
            *count += 1;
        }
        let kind = KINDS.iter().position(|kind| *kind == row.kind);
        if let Some(count) = kind.and_then(|kind| kinds.get_mut(kind)) {
            *count += 1;
        }
    }
    let in_buckets = |state: State| {
        let counted = Bucket::ALL.iter().zip(buckets).filter(|(bucket, _)| state.buckets().contains(bucket));
        counted.map(|(_, count)| count).sum()
    };
    let states = State::ALL.map(|state| if state == State::Older { older } else { in_buckets(state) });
    states.into_iter().chain(kinds).collect()
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

#[cfg(test)]
mod tests {
    use super::super::row::Latest;
    use super::*;
    use quiesce_api::{ProgramRef, ProgramType};
    use quiesce_lifecycle::kind::Kind;

    #[test]
    fn rows_are_counted_by_what_a_filter_shows_of_them() {
        let statuses = ["RUNNING", "SUSPENDED", "STOPPING", "FAILED", "KILLED", "NEW"];
        let run = |status: &str| {
            let record = serde_json::json!({ "runid": "run", "starting": 5, "status": status });
            serde_json::from_value(record).unwrap()
        };
        let mut rows = Vec::new();
        for (place, status) in statuses.into_iter().enumerate() {
            for kind in KINDS.into_iter().chain([Kind::Other]).cycle().skip(place).take(place + 7) {
                let program = ProgramRef::new("default", "orders", ProgramType::Worker, "Main");
                let latest = Latest::Run(Arc::new(run(status)));
                let older = if rows.len() % 5 == 0 { vec![run("RUNNING")] } else { Vec::new() };
                rows.push(Row { latest, older, ..Row::unread(program, kind, None) });
            }
        }
        let states = State::ALL.map(|state| rows.iter().filter(|row| state.holds(row)).count());
        let kinds = KINDS.map(|kind| rows.iter().filter(|row| row.kind == kind).count());
        assert_eq!(count_rows(rows.iter()), [&states[..], &kinds].concat());
        assert!(states.iter().chain(&kinds).all(|count| *count > 0));
    }
}
