//! Shows a page of a part as soon as the part is loaded.

use super::parts::Loaded;
use crate::text::{common, shell as text};
use crate::ui::{Button, ButtonVariant, Notice, Tone};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::task::Poll;

/// The page, once its part is loaded; until then a progress bar, and a notice if loading fails.
pub fn load_part<F>(page: impl Fn() -> F + Send + 'static) -> AnyView
where
    F: Future<Output = Loaded> + 'static,
{
    load(Box::new(move || Box::pin(page())))
}

/// What begins to load a page. Boxed: the code that loads and shows it exists once.
type Load = Box<dyn Fn() -> LocalBoxFuture<'static, Loaded> + Send>;

fn load(page: Load) -> AnyView {
    let attempt = RwSignal::new(());
    let waiting = RwSignal::new(true);
    let content = move || {
        attempt.track();
        waiting.set(true);
        let page = page();
        when_loaded(Box::pin(async move {
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

/// A view, once it is there; nothing until then. It belongs to the component that waits for it, and is not made if that
/// is gone.
pub fn when_loaded(mut content: LocalBoxFuture<'static, AnyView>) -> AnyView {
    let owner = Owner::current().unwrap_or_default();
    let loaded = RwSignal::new(false);
    let view = Rc::new(Cell::new(None));
    let made = view.clone();
    leptos::task::spawn_local(async move {
        let content = std::future::poll_fn(|context| {
            if loaded.is_disposed() {
                return Poll::Ready(None);
            }
            owner.with(|| content.as_mut().poll(context).map(Some))
        });
        made.set(content.await);
        loaded.try_set(true);
    });
    let view = send_wrapper::SendWrapper::new(view);
    (move || loaded.get().then(|| view.replace(None)).flatten()).into_any()
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
