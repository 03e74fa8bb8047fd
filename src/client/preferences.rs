//! What the browser remembers between visits besides the journal. A browser that forbids it forgets, and nothing
//! else happens.

use leptos::prelude::window;

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// A preference.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(&format!("quiesce.{key}")).ok().flatten()
}

/// Remembers a preference.
pub fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("quiesce.{key}"), value);
    }
}

/// Keeps a text for this tab only, until it is closed.
pub fn keep_for_tab(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(&format!("quiesce.{key}"), value);
    }
}

/// What was kept for this tab.
pub fn kept_for_tab(key: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(&format!("quiesce.{key}")).ok().flatten()
}
