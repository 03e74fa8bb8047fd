//! The switch between light, dark, and what the system says.

use crate::text::shell;
use crate::theme::{set_theme, use_theme};
use crate::ui::{Icon, icon, use_announcer};
use leptos::prelude::*;

/// Goes from system to light to dark and back.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let announcer = use_announcer();
    let theme = use_theme();
    let change = move |_| {
        let next = theme.get_untracked().next();
        set_theme(theme, next);
        announcer.say(next.sentence());
    };
    view! {
        <button
            class="btn plain square small"
            type="button"
            aria-label=move || shell::change_theme(theme.get().sentence())
            title=move || theme.get().sentence()
            on:click=change
        >
            {icon(Icon::Theme)}
        </button>
    }
}
