//! Who is signed in, in the top bar, with a small menu: until when, signing in again, signing out.

use crate::client::session::state::Phase;
use crate::client::use_client;
use crate::text::{common, sign_in as text};
use crate::ui::{Button, Icon, icon};
use leptos::prelude::*;

/// The id of the menu.
const MENU: &str = "user-menu";

/// Nothing where nobody has to sign in; the name of the user, or the button that signs in.
#[component]
pub fn UserMenu() -> impl IntoView {
    let client = use_client();
    let phase = client.sign_in().phase;
    let named = Memo::new(move |_| client.user());
    let signs_out = Memo::new(move |_| client.has_token());
    let who = move || match (named.get(), signs_out.get()) {
        (Some(name), _) => name.to_string(),
        (None, _) => text::WITH_TOKEN.to_owned(),
    };
    let label = move || match named.get() {
        Some(name) => text::signed_in_as(name.as_str()),
        None => text::UNNAMED.to_owned(),
    };
    let details = move || match (signs_out.get(), client.sign_in().expiry()) {
        (false, _) => text::BY_PROXY.to_owned(),
        (true, Some(time)) => text::until(&time),
        (true, None) => text::UNTIL_UNKNOWN.to_owned(),
    };
    let menu = move || {
        let actions = move || {
            signs_out.get().then(|| {
                view! {
                    <div class="actions">
                        <Button small=true on_press=move |()| client.ask_to_sign_in()>{text::SIGN_IN_AGAIN}</Button>
                        <Button small=true on_press=move |()| client.sign_out()>{text::SIGN_OUT}</Button>
                    </div>
                }
            })
        };
        view! {
            <button class="btn plain small user" type="button" popovertarget=MENU aria-label=label
                data-tone=move || (phase.get() != Phase::SignedIn && signs_out.get()).then_some("warn")>
                {icon(Icon::User)}
                <span>{who}</span>
            </button>
            <div class="user-menu" id=MENU popover="auto">
                <p><strong>{label}</strong></p>
                <p class="muted">{details}</p>
                {actions}
            </div>
        }
        .into_any()
    };
    let is_known = Memo::new(move |_| signs_out.get() || named.with(Option::is_some));
    let is_required = Memo::new(move |_| matches!(phase.get(), Phase::Required | Phase::Expired));
    move || {
        match (is_known.get(), is_required.get()) {
        (true, _) => menu(),
        (false, true) => view! {
            <button class="btn plain small user" type="button" aria-label=common::SIGN_IN on:click=move |_| client.ask_to_sign_in()>
                {icon(Icon::User)}
                <span>{common::SIGN_IN}</span>
            </button>
        }
        .into_any(),
        (false, false) => ().into_any(),
    }
    }
}
