//! A request as it is sent, or as it was.

use super::clipboard::CopyButton;
use super::status::Tone;
use crate::text::shell;
use leptos::prelude::*;

/// A request, verbatim, with a way to copy it as curl.
#[component]
pub fn RequestBlock(
    /// What it is, for example `One run stop`.
    #[prop(into)]
    what: String,
    /// Its method.
    #[prop(into)]
    method: String,
    /// Its path and query.
    #[prop(into)]
    target: String,
    /// Its body, if it has one.
    #[prop(optional, into)]
    body: Option<String>,
    /// The command that sends the same.
    #[prop(into)]
    curl: String,
    /// What was answered and when, once it was sent.
    #[prop(optional)]
    answer: Option<(Tone, String)>,
) -> impl IntoView {
    let label = shell::request(&what);
    let copy = shell::copy_request(&what);
    let answer =
        answer.map(|(tone, word)| view! { <span class="outcome" data-tone=tone.word()>{word}</span> });
    view! {
        <div class="request" role="group" aria-label=label>
            <header>
                <span class="what">{what}</span>
                {answer}
                <span class="push"><CopyButton text=Signal::stored(curl) word=shell::COPY_AS_CURL name=copy /></span>
            </header>
            <pre tabindex="0">
                <b>{method}</b>" "{target}{body.map(|body| format!("\n\n{body}"))}
            </pre>
        </div>
    }
}
