//! Signing in with a token. It lives in the memory of this page and nowhere else.

use super::server_message::{error_view, server_message};
use crate::client::use_client;
use crate::text::errors::Asked;
use crate::text::{common, sign_in as text};
use crate::ui::{Button, ButtonVariant, Notice, PageHead, Tone};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The sign-in.
#[component]
pub fn SignIn() -> impl IntoView {
    let client = use_client();
    let navigate = use_navigate();
    let token = RwSignal::new(String::new());
    let trying = RwSignal::new(false);
    let problem = RwSignal::new(None::<quiesce_api::Error>);
    let said = move || client.sign_in.get();
    let press = move |()| {
        let value = token.get_untracked().trim().to_owned();
        if value.is_empty() || trying.get_untracked() {
            return;
        }
        trying.set(true);
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            match client.sign_in_with(value).await {
                Ok(()) => {
                    token.try_set(String::new());
                    // Back to where the server asked for it; without a history, to the programs.
                    if window().history().and_then(|it| it.length()).unwrap_or(0) > 1 {
                        let _ = window().history().and_then(|it| it.back());
                    } else {
                        navigate(
                            &client.at(crate::routes::Route::Home).href(),
                            leptos_router::NavigateOptions::default(),
                        );
                    }
                }
                Err(error) => {
                    problem.try_set(Some(error));
                }
            }
            trying.try_set(false);
        });
    };
    let submit = press.clone();
    let where_from = move || {
        said()
            .and_then(|error| error.refusal().map(|it| it.auth_uris.clone()))
            .filter(|uris| !uris.is_empty())
    };
    view! {
        <PageHead title=common::SIGN_IN/>
        <form class="panel pad stack narrow" on:submit=move |event| { event.prevent_default(); submit(()); }>
            {move || said().map(|error| view! {
                <Notice tone=Tone::Warn><p><strong>{text::TOKEN_REQUIRED}</strong></p>{server_message(&error)}</Notice>
            })}
            {move || problem.get().map(|error| view! {
                <Notice tone=Tone::Bad alert=true>{error_view(Asked::SignIn, &error)}</Notice>
            })}
            <div class="field">
                <label for="token">{text::TOKEN}</label>
                <input class="input" id="token" type="password" autocomplete="off" spellcheck="false" aria-describedby="token-hint"
                    prop:value=move || token.get() on:input=move |event| token.set(event_target_value(&event))/>
                <p class="hint" id="token-hint">
                    {text::TOKEN_HINT}
                    {move || where_from().map(|uris| text::token_source(&uris))}
                </p>
            </div>
            {move || client.has_token().then(|| view! {
                <p>{text::TOKEN_IN_USE}<Button on_press=move |()| client.sign_out() small=true>{text::SIGN_OUT}</Button></p>
            })}
            <Button on_press=press look=ButtonVariant::Primary wide=true>{move || if trying.get() { text::SIGNING_IN } else { common::SIGN_IN }}</Button>
        </form>
    }
}
