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
