//! The page of Quiesce: what runs in the browser.
#![allow(
    clippy::needless_pass_by_value,
    reason = "what a component or a listener is given is given for good"
)]

#[cfg(test)]
mod ages_test;
mod app;
mod client;
mod navigation;
mod pages;
#[cfg(test)]
mod paths_test;
#[cfg(test)]
mod plurals_test;
mod routes;
mod selected_programs;
mod shell;
#[cfg(test)]
mod style_test;
mod text;
#[cfg(test)]
mod texts_test;
mod theme;
mod ui;

use leptos::mount::mount_to;
use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, console};

fn main() {
    // The delivered page has no messages of panics: they would be a twelfth of its first load.
    #[cfg(not(feature = "split"))]
    std::panic::set_hook(Box::new(|panic| console::error_1(&panic.to_string().into())));
    let Some(root) = document().get_element_by_id("app").and_then(|app| app.dyn_into::<HtmlElement>().ok())
    else {
        return console::error_1(&"index.html has no element with the id `app`".into());
    };
    routes::set_base(&stated_base().unwrap_or_default());
    // Not by leptos, which has no executor before something is mounted.
    wasm_bindgen_futures::spawn_local(async move {
        let info = client::info::Info::load().await;
        root.set_inner_html("");
        mount_to(root, move || app::app(info)).forget();
        mark_root("ready");
    });
}

/// The path below which the server says that it serves the console.
fn stated_base() -> Option<String> {
    let meta = document().query_selector("meta[name=quiesce-base]").ok()??;
    meta.get_attribute("content")
}

/// Tells style/shell.css and public/boot.js how far the application has come.
fn mark_root(start: &str) {
    if let Some(html) = document().document_element() {
        // Only an invalid attribute name is refused.
        let _ = html.set_attribute("data-start", start);
    }
}
