//! The notice while an operation waits for the server or for the operator's token.

use crate::client::session::state::Session;
use crate::client::{Client, clock};
use crate::pages::server_message::server_message;
use crate::text::common::no_answer;
use crate::text::{common, stop as messages};
use crate::ui::{Button, Icon, Notice, Tone};
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::operation::{Outage, OutageReason};

/// Tells that requests are held back since the console is read-only.
pub(crate) fn read_only_notice(is_held: RwSignal<bool>) -> AnyView {
    (move || {
        is_held.get().then(|| {
            view! {
                <Notice tone=Tone::Warn shape=Icon::Lock alert=true>
                    <p><strong>{messages::READ_ONLY}</strong>{messages::READ_ONLY_EFFECT}</p>
                    <p>{messages::UNAFFECTED}</p>
                </Notice>
            }
        })
    })
    .into_any()
}

/// Tells since when the server is unavailable and when it is asked again, or that it requires a token.
pub(crate) fn outage_notice(
    client: Client,
    outage: &Outage,
    now: RwSignal<Timestamp>,
    try_now: Callback<()>,
) -> AnyView {
    let since = clock::local(outage.since);
    let message = server_message(&outage.error);
    let who = no_answer(&client.server(), &outage.error);
    let OutageReason::Unavailable { attempts, next } = outage.reason else {
        // Another user may have signed in, and is asked by a notice of its own.
        if !client.sign_in().session.with(Session::requires_sign_in) {
            return ().into_any();
        }
        return view! {
            <Notice tone=Tone::Bad shape=Icon::Lock alert=true
                actions=move || view! { <Button on_press=move |()| client.ask_to_sign_in()>{common::SIGN_IN}</Button> }>
                <p><strong>{messages::SIGN_IN_AGAIN}</strong>{messages::token_required_since(&since)}</p>
                <p>{messages::UNAFFECTED}</p>
                {message}
            </Notice>
        }
        .into_any();
    };
    let left = move || Some(clock::passed(now.get(), next)).filter(|left| *left > 0);
    view! {
        <Notice tone=Tone::Bad shape=Icon::Unplug alert=true
            actions=move || view! { <Button on_press=try_now small=true>{common::TRY_NOW}</Button> }>
            <p>
                <strong>{who}</strong>
                {move || messages::retry(left())}
                {messages::attempt(attempts)}
            </p>
            <p>{common::showing_data_of(&since)}{messages::UNAFFECTED}</p>
            {message}
        </Notice>
    }
    .into_any()
}
