//! Filter chips.

use super::icon::{Mark, mark};
use super::status::Tone;
use leptos::prelude::*;

/// A filter that is on or off: a real check box. Put several into `<fieldset class="chips">` with a `<legend>`.
#[component]
pub fn Chip(
    /// Its label.
    #[prop(into)]
    word: String,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Called with what it shall be.
    #[prop(into)]
    on_change: Callback<bool>,
    /// How many it would show. It is part of its name.
    #[prop(optional, into)]
    count: MaybeProp<usize>,
    /// Its tone, if it filters by one.
    #[prop(optional)]
    tone: Option<Tone>,
    /// A shape before its word.
    #[prop(optional, into)]
    shape: Option<Mark>,
) -> impl IntoView {
    view! {
        <label class="chip" data-tone=tone.map(Tone::word)>
            <input
                type="checkbox"
                prop:checked=on
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            {shape.map(mark)}
            {word}
            {move || count.get().map(|count| view! { " " <span class="n">{count}</span> })}
        </label>
    }
}
