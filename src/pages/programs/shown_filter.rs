//! The filter whose rows are shown. It follows the one in the address; of very many programs, the browser first shows what was
//! typed or pressed.

use super::filter::Filter;
use leptos::prelude::*;
use std::time::Duration;

/// Calls a function after the browser has painted, and a pause.
pub(super) fn after_paint(pause: Duration, call: Box<dyn FnOnce()>) {
    request_animation_frame(move || set_timeout(call, pause));
}

/// Follows the filter in the address.
pub(super) fn shown_filter(asked: Memo<Filter>, very_many: impl Fn() -> bool + 'static) -> RwSignal<Filter> {
    let shown = RwSignal::new(asked.get_untracked());
    // The filter may change again meanwhile, and the page may be left.
    let follow = move || {
        if let Some(filter) = asked.try_get_untracked()
            && shown.try_with_untracked(|shown| *shown != filter) == Some(true)
        {
            shown.set(filter);
        }
    };
    Effect::new(move || {
        asked.track();
        if very_many() { after_paint(Duration::ZERO, Box::new(follow)) } else { follow() }
    });
    shown
}
