//! Shows a page of a part as soon as the part is loaded.

use super::parts::Loaded;
use crate::text::{common, shell as text};
use crate::ui::{Button, ButtonVariant, Notice, Tone};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// The page, once its part is loaded; until then a progress bar, and a notice if loading fails.
pub fn load_part<F>(page: impl Fn() -> F + Send + 'static) -> AnyView
where
    F: Future<Output = Loaded> + 'static,
{
    let attempt = RwSignal::new(());
    let waiting = RwSignal::new(true);
    let content = move || {
        attempt.track();
        waiting.set(true);
        let page = page();
        Suspend::new(SendWrapper::new(async move {
            let loaded = page.await;
            waiting.try_set(false);
            loaded.unwrap_or_else(|_| not_loaded(attempt))
        }))
    };
    view! {
        {move || waiting.get().then(|| view! { <progress class="starting" aria-label=text::LOADING></progress> })}
        {content}
    }
    .into_any()
}

fn not_loaded(attempt: RwSignal<()>) -> AnyView {
    let actions = move || {
        view! {
            <Button on_press=move |()| attempt.notify() look=ButtonVariant::Primary small=true>{common::RETRY}</Button>
            <Button on_press=|()| { let _ = window().location().reload(); } small=true>{text::RELOAD}</Button>
        }
    };
    view! {
        <Notice tone=Tone::Bad alert=true actions>
            <p><strong>{text::PART_NOT_LOADED}</strong>" "{text::PART_NOT_LOADED_ADVICE}</p>
        </Notice>
    }
    .into_any()
}
