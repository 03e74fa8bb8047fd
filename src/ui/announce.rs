//! What is said to a screen reader without moving the focus.

use leptos::prelude::*;

/// Says things in the one polite live region of the page.
#[derive(Clone, Copy)]
pub struct Announcer {
    text: RwSignal<String>,
}

impl Announcer {
    /// Makes the announcer and puts it into the context.
    pub fn provide() -> Self {
        let announcer = Self { text: RwSignal::new(String::new()) };
        provide_context(announcer);
        announcer
    }

    /// Says something. The same words twice are said once.
    pub fn say(self, text: impl Into<String>) {
        self.text.set(text.into());
    }
}

/// The announcer of the page.
pub fn use_announcer() -> Announcer {
    expect_context()
}

/// Where it is said: once in a page.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let announcer = use_announcer();
    view! { <p class="vh" aria-live="polite">{announcer.text}</p> }
}

/// How much of a whole is done, in the steps that are worth saying: each of a few, quarters of many.
pub fn progress_said(done: usize, all: usize) -> usize {
    if all <= 4 { done } else { done.saturating_mul(4) / all }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_of_a_few_is_said_and_only_quarters_of_many() {
        let said = |all: usize| (0..=all).map(|done| progress_said(done, all)).collect::<BTreeSet<_>>().len();
        assert_eq!([1, 4, 5, 1_000].map(said), [2, 5, 5, 5]);
        assert_eq!(progress_said(0, 0), 0);
        assert!(progress_said(999, 1_000) < progress_said(1_000, 1_000), "the end is said");
    }
}
