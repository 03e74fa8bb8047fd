//! A modal dialog.

use super::button::Button;
use super::unique_id::unique_id;
use crate::text::shell;
use leptos::html;
use leptos::prelude::*;

/// A modal dialog over the page. The browser keeps the focus in it, closes it with Esc and gives the focus back.
#[component]
pub fn Dialog(
    /// Whether it is open. Closing it sets this.
    open: RwSignal<bool>,
    /// Its title.
    #[prop(into)]
    title: String,
    /// The buttons at its end. Without any it has one that closes it.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// What is in it. It exists only while the dialog is open.
    children: ChildrenFn,
) -> impl IntoView {
    let id = unique_id("dialog");
    let titled_by = id.clone();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            // It is refused only for a dialog that is not in the document or already open.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let foot = move || {
        actions.as_ref().map_or_else(
            || {
                let close = move |()| open.set(false);
                view! { <Button on_press=close>{shell::CLOSE}</Button> }.into_any()
            },
            ViewFn::run,
        )
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby=titled_by on:close=move |_| open.set(false)>
            <header><h2 id=id>{title}</h2></header>
            <Show when=move || open.get()>
                <div class="body">{children()}</div>
            </Show>
            <footer>{foot}</footer>
        </dialog>
    }
}
