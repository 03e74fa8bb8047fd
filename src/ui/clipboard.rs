//! Copying text.

use super::announce::use_announcer;
use super::button::{Button, ButtonVariant};
use super::icon::Icon;
use crate::text::shell;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

/// A button that copies a text and says so in its place.
#[component]
pub fn CopyButton(
    /// What is copied, taken when it is pressed.
    #[prop(into)]
    text: Signal<String>,
    /// Its words, for example `Copy as curl`.
    #[prop(into)]
    word: String,
    /// Its name, where its words say too little alone.
    #[prop(optional, into)]
    name: MaybeProp<String>,
) -> impl IntoView {
    let announcer = use_announcer();
    let said = RwSignal::new(None::<&'static str>);
    let press = move |()| {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            let word = if copy(&text).await { shell::COPIED } else { shell::NOT_COPIED };
            announcer.say(word);
            // The button may be gone by now.
            let _ = said.try_set(Some(word));
            let quiet = move || {
                let _ = said.try_set(None);
            };
            set_timeout(quiet, Duration::from_secs(3));
        });
    };
    view! {
        <Button on_press=press look=ButtonVariant::Plain small=true shape=Icon::Copy name=name>
            {move || said.get().map_or_else(|| word.clone(), str::to_owned)}
        </Button>
    }
}

/// Copies a text; false if the browser does not let us.
pub async fn copy(text: &str) -> bool {
    // Outside secure contexts (plain http to another machine) there is no clipboard object at all.
    if window().is_secure_context() {
        let copied = JsFuture::from(window().navigator().clipboard().write_text(text)).await;
        if copied.is_ok() {
            return true;
        }
    }
    copy_selection(text).unwrap_or(false)
}

/// The way that works without a clipboard object: select the text of a hidden field and copy the selection.
fn copy_selection(text: &str) -> Option<bool> {
    let document = document();
    let focused = document.active_element();
    // While a dialog is open, nothing outside it can be selected.
    let open = focused.as_ref().and_then(|element| element.closest("dialog").ok().flatten());
    let place = open.or_else(|| document.body().map(Into::into))?;
    let field = document.create_element("textarea").ok()?.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
    field.set_class_name("vh");
    field.set_value(text);
    place.append_child(&field).ok()?;
    field.select();
    let copied = document.unchecked_ref::<web_sys::HtmlDocument>().exec_command("copy");
    field.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = focused.focus();
    }
    copied.ok()
}
