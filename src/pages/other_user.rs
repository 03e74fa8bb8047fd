//! The users of an operation, and the notice over one that another user started.

use crate::client::{clock, use_client};
use crate::text::sign_in as text;
use crate::ui::{Button, ButtonVariant, Icon, Notice, Tone};
use leptos::prelude::*;
use quiesce_lifecycle::user::{Continuation, UserName};

/// Who started an operation and who continued it when, as far as names are known.
pub(crate) fn users(starter: Option<&UserName>, continued: &[Continuation]) -> Option<String> {
    let mut all = Vec::with_capacity(continued.len());
    for it in continued {
        all.push((it.user.as_ref().map_or(text::ANOTHER_USER, UserName::as_str), clock::local(it.at)));
    }
    starter.map(|starter| text::users(starter.as_str(), &all))
}

/// Names who started the operation, and asks whoever is signed in whether to continue it.
pub(crate) fn other_user_notice(started_by: RwSignal<Option<UserName>>, go_on: Callback<()>) -> AnyView {
    let client = use_client();
    let action = move || {
        view! { <Button on_press=go_on look=ButtonVariant::Primary small=true>{move || text::continue_as(client.user().as_ref())}</Button> }
    };
    let starter = move || started_by.get().map(|starter| text::started_by(starter.as_str()));
    view! {
        <Notice tone=Tone::Warn shape=Icon::User alert=true actions=action>
            <p><strong>{starter}</strong>{move || text::continues_as(client.user().as_ref())}</p>
        </Notice>
    }
    .into_any()
}
