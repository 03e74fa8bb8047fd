//! The sign-in over a page: the page stays as it is, and continues when the operator has signed in.

use super::form::SignInForm;
use crate::client::use_client;
use crate::text::{common, sign_in as text};
use crate::ui::{Button, Dialog};
use leptos::prelude::*;

/// Opens when the server requires a sign-in, and when the operator wants to sign in again.
#[component]
pub fn SignInDialog() -> impl IntoView {
    let open = use_client().sign_in().asking;
    let later = move || view! { <Button on_press=move |()| open.set(false)>{text::NOT_NOW}</Button> };
    view! {
        <Dialog open title=common::SIGN_IN actions=later>
            <SignInForm focus=true/>
        </Dialog>
    }
}
