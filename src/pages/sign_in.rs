//! The sign-in: a page of its own, and a dialog over a page whose session ended.

mod dialog;
mod form;
mod password;
mod reason;
mod token;

pub use dialog::SignInDialog;

use crate::client::session::password::SignInError;
use crate::client::use_client;
use crate::navigation::{NavigateOptions, use_navigate};
use crate::routes::Route;
use crate::text::common;
use crate::ui::PageHead;
use form::{Problem, SignInForm};
use leptos::prelude::*;

/// The page of the sign-in. After it the operator is back where the server required it; without a history, at home.
#[component]
pub fn SignIn() -> impl IntoView {
    let client = use_client();
    let navigate = use_navigate();
    let times = client.signed_in.get_untracked();
    Effect::new(move |_| {
        if client.signed_in.get() == times {
            return;
        }
        match window().history() {
            Ok(history) if history.length().is_ok_and(|length| length > 1) => drop(history.back()),
            _ => navigate(&client.at(Route::Home).href(), NavigateOptions::default()),
        }
    });
    view! { <PageHead title=common::SIGN_IN/><section class="panel pad narrow stack"><SignInForm/></section> }
}

/// In the place of every page once the operator has signed out: what the page showed is gone.
pub fn signed_out() -> AnyView {
    view! { <PageHead title=common::SIGN_IN/><section class="panel pad narrow stack"><SignInForm/></section> }
        .into_any()
}

/// The page after an attempt that failed, for the gallery.
pub fn example(error: SignInError) -> AnyView {
    let failed = Problem::Password(error);
    view! { <PageHead title=common::SIGN_IN/><section class="panel pad narrow stack"><SignInForm failed/></section> }
        .into_any()
}
