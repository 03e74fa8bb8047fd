//! What opens over the page: the command palette, the choice of a view, the notifications.

mod attention;
mod candidates;
mod dialogs;
mod entries;
mod fuzzy;
mod needs;
mod notifications;
mod palette;
mod saved_filters;
mod sources;
mod view_menu;

pub(crate) use attention::{attention, read_open_operations};

use crate::shell::{Overlay, use_shell};
use leptos::prelude::*;
use notifications::Notifications;
use palette::Palette;
use view_menu::ViewMenu;

/// The one that is open.
#[component]
pub fn Overlays() -> impl IntoView {
    let shell = use_shell();
    move || {
        let typed = shell.typed.get_untracked();
        shell.typed.set(String::new());
        match shell.overlay.get() {
            None | Some(Overlay::Tour) => ().into_any(),
            Some(Overlay::Palette) => view! { <Palette namespaces=false typed/> }.into_any(),
            Some(Overlay::Namespaces) => view! { <Palette namespaces=true typed/> }.into_any(),
            Some(Overlay::View) => view! { <ViewMenu/> }.into_any(),
            Some(Overlay::Notifications) => view! { <Notifications/> }.into_any(),
        }
    }
}
