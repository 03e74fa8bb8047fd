//! Light, dark, or what the system says: the choice, shared by the switch of the top bar and the palette.

use crate::client::preferences;
use crate::text::shell;
use leptos::prelude::*;

/// The name under which public/boot.js reads it too.
const THEME: &str = "theme";

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    /// What the system says.
    System,
    /// Light.
    Light,
    /// Dark.
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

    /// The one after it, from system to light to dark and back.
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// Its name.
    pub const fn sentence(self) -> &'static str {
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

/// Puts the stored theme into the context.
pub fn provide_theme() {
    let stored = preferences::get(THEME).map(|word| Theme::read(&word)).unwrap_or_default();
    provide_context(RwSignal::new(stored));
}

/// The theme of the page.
pub fn use_theme() -> RwSignal<Theme> {
    expect_context()
}

/// Changes the theme of the page, and remembers it.
pub fn set_theme(theme: RwSignal<Theme>, to: Theme) {
    theme.set(to);
    to.apply();
    preferences::set(THEME, to.word());
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
