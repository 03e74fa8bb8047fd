//! Which artifacts an upgrade may take, and how many applications a call names.

use super::state::SelectState;
use crate::text::upgrade::select as messages;
use crate::ui::{Icon, icon};
use leptos::prelude::*;
use quiesce_api::upgrade::UpgradeScope;

fn tick(words: &'static str, hint: &'static str, on: Signal<bool>, change: Callback<bool>) -> AnyView {
    view! {
        <label class="option">
            <input class="check" type="checkbox" prop:checked=on on:change=move |event| change.run(event_target_checked(&event))/>
            <span>{words}<small>{hint}</small></span>
        </label>
    }
    .into_any()
}

/// What can be set for the whole upgrade.
pub(crate) fn options(state: SelectState) -> AnyView {
    let candidates = state.candidates;
    let scope = move |scope: UpgradeScope, words: &'static str, hint: &'static str| {
        let on =
            Signal::derive(move || candidates.with(|it| it.scopes.is_empty() || it.scopes.contains(&scope)));
        let change = Callback::new(move |on: bool| {
            candidates.update(|it| {
                let other =
                    if scope == UpgradeScope::System { UpgradeScope::User } else { UpgradeScope::System };
                // Both is none, as the server reads it; neither would be both.
                it.scopes = if on { Vec::new() } else { vec![other] };
            });
            state.choose_none();
        });
        tick(words, hint, on, change)
    };
    let snapshots = Callback::new(move |on: bool| {
        candidates.update(|it| it.allow_snapshot = on);
        state.choose_none();
    });
    view! {
        <details class="fold">
            <summary>{icon(Icon::Right)}<span>{messages::OPTIONS}</span></summary>
            <div class="inside options">
                {scope(UpgradeScope::System, messages::SYSTEM_ARTIFACTS, messages::SYSTEM_ARTIFACTS_HINT)}
                {scope(UpgradeScope::User, messages::USER_ARTIFACTS, messages::USER_ARTIFACTS_HINT)}
                {tick(messages::SNAPSHOTS, messages::SNAPSHOTS_HINT, Signal::derive(move || candidates.with(|it| it.allow_snapshot)), snapshots)}
                {tick(messages::SHARED_REQUESTS, messages::SHARED_REQUESTS_HINT, state.list.into(), Callback::new(move |on| state.list.set(on)))}
                <p class="small muted">{messages::OPTIONS_EFFECT}</p>
            </div>
        </details>
    }
    .into_any()
}
