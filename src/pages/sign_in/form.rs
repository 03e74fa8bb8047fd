//! The form of the sign-in.

use super::password::PasswordFields;
use super::reason::reason;
use super::token::TokenField;
use crate::client::session::password::SignInError;
use crate::client::session::way::SignInWay;
use crate::client::use_client;
use crate::pages::server_message::{error_view, message_view};
use crate::text::errors::Asked;
use crate::text::{common, sign_in as text};
use crate::ui::{Button, ButtonVariant, Choice, Notice, Segmented, Tone};
use leptos::prelude::*;
use quiesce_api::Error;

/// Why the operator is not signed in.
#[derive(Clone)]
pub enum Problem {
    /// A field lacks something.
    Field(&'static str),
    /// Name and password were tried.
    Password(SignInError),
    /// A token was tried.
    Token(Error),
}

/// The form, for the way in which this server signs in.
#[component]
pub fn SignInForm(
    /// Whether it takes the focus.
    #[prop(optional)]
    focus: bool,
    /// What went wrong before.
    #[prop(optional, into)]
    failed: Option<Problem>,
) -> impl IntoView {
    let client = use_client();
    let way = Memo::new(move |_| client.sign_in_way());
    view! {
        {move || reason(client)}
        {move || match way.get() {
            SignInWay::Server => view! {
                <p><strong>{text::BY_SERVER}</strong>{text::BY_SERVER_EFFECT}</p>
                <Button on_press=move |()| client.try_again() look=ButtonVariant::Primary wide=true>{text::TRY_AGAIN}</Button>
            }.into_any(),
            way => view! { <Fields focus has_password={way == SignInWay::Password} failed=failed.clone()/> }.into_any(),
        }}
    }
}

#[component]
fn Fields(focus: bool, has_password: bool, failed: Option<Problem>) -> impl IntoView {
    let client = use_client();
    let (password, token) = (PasswordFields::new(), TokenField::new());
    let with_password = RwSignal::new(has_password);
    let trying = RwSignal::new(false);
    let problem = RwSignal::new(failed);
    let is_wrong = Signal::derive(move || problem.with(Option::is_some));
    let to_fields = move || if with_password.get_untracked() { password.focus() } else { token.focus() };
    Effect::new(move |_| {
        if focus {
            to_fields();
        }
    });
    let try_it = async move || {
        if with_password.get_untracked() {
            let (name, secret) = password.read().map_err(Problem::Field)?;
            client.sign_in_with_password(&name, &secret).await.map_err(Problem::Password)
        } else {
            let token = token.read().map_err(|error| Problem::Field(text::token_text(error)))?;
            client.sign_in_with_token(token).await.map_err(Problem::Token)
        }
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if trying.get_untracked() {
            return;
        }
        trying.set(true);
        problem.set(None);
        leptos::task::spawn_local(async move {
            let result = try_it().await;
            trying.try_set(false);
            if let Err(error) = result
                && problem.try_set(Some(error)).is_none()
            {
                to_fields();
            }
        });
    };
    let choices = vec![Choice::new(true, text::WITH_PASSWORD), Choice::new(false, text::WITH_TOKEN)];
    let choose = move |with: bool| {
        problem.set(None);
        with_password.set(with);
    };
    let stays = client.sign_in().stays;
    view! {
        <form class="stack" on:submit=submit>
            {has_password.then(|| view! { <Segmented name=text::WAY choices value=with_password on_change=choose/> })}
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Bad alert=true>{problem_view(&problem)}</Notice> })}
            {move || if with_password.get() { password.view(is_wrong) } else { token.view(is_wrong) }}
            <label class="option">
                <input class="check" type="checkbox" prop:checked=move || stays.get()
                    on:change=move |event| stays.set(event_target_checked(&event))/>
                <span>{text::STAY}<small>{text::STAY_HINT}</small></span>
            </label>
            <button class="btn primary wide" type="submit">{move || if trying.get() { text::SIGNING_IN } else { common::SIGN_IN }}</button>
        </form>
    }
}

fn problem_view(problem: &Problem) -> AnyView {
    match problem {
        Problem::Field(what) => view! { <p><strong>{*what}</strong></p> }.into_any(),
        Problem::Token(error) | Problem::Password(SignInError::Failed(error)) => {
            error_view(Asked::SignIn, error)
        }
        Problem::Password(error) => {
            let said = text::failure(error)
                .map(|(what, advice)| view! { <p><strong>{what}</strong>" "{advice}</p> });
            let details = text::details(error).map(|message| message_view(message.to_owned()));
            view! { {said}{details} }.into_any()
        }
    }
}
