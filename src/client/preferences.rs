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
