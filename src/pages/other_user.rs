//! The notice over an operation that another user started.

use crate::client::use_client;
use crate::text::sign_in as text;
use crate::ui::{Button, ButtonVariant, Icon, Notice, Tone};
use leptos::prelude::*;
use quiesce_lifecycle::user::UserName;

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
