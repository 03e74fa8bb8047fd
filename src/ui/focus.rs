//! The focus of the keyboard.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// Moves the focus to an element, if there is one with this id.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
