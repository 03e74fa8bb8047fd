//! Light, dark, or what the system says.

use crate::client::preferences;
use crate::text::shell;
use crate::ui::{Icon, icon, use_announcer};
use leptos::prelude::*;

/// The name under which public/boot.js reads it too.
const THEME: &str = "theme";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn read(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::System => shell::THEME_SYSTEM,
            Self::Light => shell::THEME_LIGHT,
            Self::Dark => shell::THEME_DARK,
        }
    }

    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        // Only an invalid attribute name is refused.
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            Self::Light | Self::Dark => root.set_attribute("data-theme", self.word()),
        };
    }
}

/// Goes from system to light to dark and back.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let announcer = use_announcer();
    let stored = preferences::get(THEME).map(|word| Theme::read(&word)).unwrap_or_default();
    let theme = RwSignal::new(stored);
    let change = move |_| {
        let next = theme.get_untracked().next();
        theme.set(next);
        next.apply();
        preferences::set(THEME, next.word());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_goes_through_all_themes_and_each_is_read_back() {
        let mut theme = Theme::System;
        for expected in [Theme::Light, Theme::Dark, Theme::System] {
            theme = theme.next();
            assert_eq!(theme, expected);
            assert_eq!(Theme::read(theme.word()), theme);
        }
    }
}
