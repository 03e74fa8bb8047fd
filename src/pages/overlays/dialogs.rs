//! The dialogs over the page.

use crate::shell::{Overlay, Shell};
use leptos::prelude::*;

/// Whether a dialog of its own is open; closing it sets this, and then closes the overlay.
pub(super) fn dialog_of(shell: Shell, of: Overlay) -> RwSignal<bool> {
    let open = RwSignal::new(true);
    Effect::new(move || {
        if !open.get() && shell.overlay.get_untracked() == Some(of) {
            shell.overlay.set(None);
        }
    });
    open
}
