//! The guided tour of the demo: offered on the list of programs, started again by the palette or by a key. A console
//! before a real router has none of it.

mod card;
mod links;
mod operations;
mod state;
mod steps;

use crate::client::use_client;
use crate::routes::Route;
use crate::shell::{Overlay, use_shell};
use crate::text::common;
use crate::text::tour as text;
use crate::ui::{Button, ButtonVariant, bind_key, focus, use_announcer};
use card::{Card, ID};
use leptos::prelude::*;
use state::TourState;
use std::time::Duration;
use steps::Status;

/// The tour, or its offer. On a read-only demo it has nothing to do.
pub(crate) fn tour() -> AnyView {
    let (client, shell) = (use_client(), use_shell());
    if client.info.with_untracked(|info| info.read_only) {
        return ().into_any();
    }
    let state = TourState::new(client, shell, use_announcer());
    state.follow();
    bind_key("g t", text::KEY, move || start(state));
    Effect::new(move || {
        if shell.overlay.get() == Some(Overlay::Tour) {
            shell.overlay.set(None);
            start(state);
        }
    });
    let is_running = Memo::new(move |_| state.status.with(|status| status.tour().is_some()));
    let is_offered = Memo::new(move |_| {
        let at_list = shell.route.with(|route| matches!(route, Some(Route::Programs { .. })));
        at_list && state.status.with(|status| *status == Status::Offered)
    });
    (move || match (is_running.get(), is_offered.get()) {
        (true, _) => view! { <Card state/> }.into_any(),
        (false, true) => offer(state),
        (false, false) => ().into_any(),
    })
    .into_any()
}

fn offer(state: TourState) -> AnyView {
    view! {
        <aside class="tour-offer" aria-label=text::TOUR>
            <span>{text::OFFER}</span>
            <Button small=true on_press=move |()| start(state)>{text::TAKE}</Button>
            <Button small=true look=ButtonVariant::Plain on_press=move |()| state.leave()>{common::DISMISS}</Button>
        </aside>
    }
    .into_any()
}

/// Starts the tour, and leads to its card: after the palette has given the focus back.
fn start(state: TourState) {
    state.begin();
    set_timeout(|| focus(ID), Duration::ZERO);
}
