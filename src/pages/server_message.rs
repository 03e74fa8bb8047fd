//! The one view of an error: its meaning for the request, and the server's own message verbatim.

use crate::text::errors::{Asked, explain};
use crate::text::shell;
use crate::ui::Disclosure;
use leptos::prelude::*;
use quiesce_api::Error;

/// The longest message that is shown whole, in bytes. Longer ones, and those of several lines, are folded.
const SHORT: usize = 240;

/// The meaning of an error, then the server's message. For the inside of a notice, a cell or a panel.
pub fn error_view(asked: Asked, error: &Error) -> AnyView {
    let it = explain(asked, error);
    view! { <p><strong>{it.summary}</strong>" "{it.advice}</p>{server_message(error)} }.into_any()
}

/// The message of the server or of the transport, verbatim. Nothing if there is none.
pub fn server_message(error: &Error) -> Option<AnyView> {
    match error {
        Error::Transport(error) => Some(message_view(error.to_string())),
        _ => error.server_message().map(|message| message_view(message.to_owned())),
    }
}

/// Whether a message is too long to be shown whole.
pub fn is_long(message: &str) -> bool {
    message.len() > SHORT || message.contains('\n')
}

/// A text that may quote a message of the server; a long one is folded.
pub fn folded(text: &str) -> AnyView {
    if is_long(text) { message_view(text.to_owned()) } else { text.to_owned().into_any() }
}

/// A message verbatim: a long one is folded behind its first line, and all of it can be selected.
pub fn message_view(message: String) -> AnyView {
    if !is_long(&message) {
        return view! { <div class="server-message"><code>{message}</code></div> }.into_any();
    }
    let mut first: String = message.lines().next().unwrap_or_default().chars().take(120).collect();
    first.push('…');
    view! {
        <div class="server-message"><code>{first}</code></div>
        <Disclosure summary=shell::FULL_MESSAGE><pre class="server-message">{message}</pre></Disclosure>
    }
    .into_any()
}
