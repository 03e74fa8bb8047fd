//! A choice of a few, side by side.

use super::unique_id::unique_id;
use leptos::prelude::*;

/// One of the things to choose from.
#[derive(Clone, Debug)]
pub struct Choice<T> {
    /// What it stands for.
    pub value: T,
    /// Its label.
    pub word: String,
}

impl<T> Choice<T> {
    /// A choice that can be made.
    pub fn new(value: T, word: impl Into<String>) -> Self {
        Self { value, word: word.into() }
    }
}

/// Real radio buttons side by side: the arrow keys move.
#[component]
pub fn Segmented<T>(
    /// The name of the group.
    #[prop(into)]
    name: String,
    /// What there is to choose from.
    choices: Vec<Choice<T>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<T>,
    /// Called with what shall be chosen.
    #[prop(into)]
    on_change: Callback<T>,
    /// The id of what describes the group.
    #[prop(optional, into)]
    described_by: Option<String>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let group = unique_id("choice");
    let choices = choices
        .into_iter()
        .map(|choice| {
            let own = choice.value.clone();
            view! {
                <label>
                    <input
                        type="radio"
                        name=group.clone()
                        prop:checked=move || value.with(|value| *value == own)
                        on:change=move |_| on_change.run(choice.value.clone())
                    />
                    <span>{choice.word}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="seg" role="radiogroup" aria-label=name aria-describedby=described_by>{choices}</div>
    }
}
