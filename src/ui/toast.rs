//! Toasts: for what happened elsewhere. Errors are never toasts.

use super::button::{Button, ButtonVariant};
use super::icon::Icon;
use super::keyed::keep_children;
use crate::text::common;
use leptos::prelude::*;
use std::time::Duration;

/// How long a toast stays, and how long it stays on after the pointer or the focus has left it.
const STAY: Duration = Duration::from_secs(6);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    held: RwSignal<bool>,
}

/// Shows toasts.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes the toasts and puts them into the context.
    pub fn provide() -> Self {
        let toasts = Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        provide_context(toasts);
        toasts
    }

    /// Shows a text for a while.
    pub fn show(self, text: impl Into<String>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let held = RwSignal::new(false);
        self.shown.update(|shown| shown.push(Toast { id, text: text.into(), held }));
        self.leave_later(id, held);
    }

    fn leave_later(self, id: u32, held: RwSignal<bool>) {
        set_timeout(
            move || {
                if held.try_get_untracked() == Some(true) {
                    self.leave_later(id, held);
                } else {
                    self.dismiss(id);
                }
            },
            STAY,
        );
    }

    fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// The toasts of the page.
pub fn use_toasts() -> Toasts {
    expect_context()
}

/// Where they are shown: once in a page.
#[component]
pub fn ToastArea() -> impl IntoView {
    let toasts = use_toasts();
    let keep = move |area| {
        let build = move |toast| view_toast(toasts, toast);
        keep_children(area, move || toasts.shown.get(), |toast| toast.id, build, |_| ());
    };
    view! { <div class="toasts" role="status" use:keep></div> }
}

fn view_toast(toasts: Toasts, Toast { id, text, held }: Toast) -> AnyView {
    view! {
        <div
            class="toast"
            on:mouseenter=move |_| held.set(true)
            on:mouseleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            <span>{text}</span>
            <Button
                on_press=move |()| toasts.dismiss(id)
                look=ButtonVariant::Plain
                small=true
                square=true
                shape=Icon::Cross
                name=common::DISMISS
            />
        </div>
    }
    .into_any()
}
