//! A page, or a part of one, that could not be had: what happened, what to do, the server's own words.

use super::server_message::server_message;
use crate::client::use_client;
use crate::text::common;
use crate::text::errors::{Asked, explain};
use crate::ui::{Button, ButtonVariant, Icon};
use leptos::prelude::*;
use quiesce_api::{Error, RefusalKind};

/// What is shown in the place of something that could not be had.
#[component]
pub fn Failure(
    /// The thing that was asked.
    #[prop(default = Asked::List)]
    asked: Asked,
    error: Error,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let client = use_client();
    let kind = error.refusal().map(|refusal| refusal.kind);
    let it = explain(asked, &error);
    let shape = match kind {
        Some(RefusalKind::Forbidden | RefusalKind::Unauthenticated) => Icon::Lock,
        Some(RefusalKind::NotFound) => Icon::Search,
        None if matches!(error, Error::Transport(_)) => Icon::Unplug,
        _ => Icon::Alert,
    };
    let sign_in = kind == Some(RefusalKind::Unauthenticated);
    view! {
        <section class="panel">
            <div class="empty" role="alert">
                {crate::ui::icon(shape)}
                <h2>{it.summary}</h2>
                <p>{it.advice}</p>
                {server_message(&error)}
                <div class="actions">
                    {sign_in.then(|| view! { <Button on_press=move |()| client.ask_to_sign_in() look=ButtonVariant::Primary>{common::SIGN_IN}</Button> })}
                    <Button on_press=retry shape=Icon::Refresh>{common::TRY_NOW}</Button>
                </div>
            </div>
        </section>
    }
}
