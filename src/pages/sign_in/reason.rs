//! Why the operator is asked to sign in.

use crate::client::Client;
use crate::client::session::state::Phase;
use crate::pages::server_message::server_message;
use crate::text::sign_in as text;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;

/// Why the operator is asked to sign in, with the server's message.
pub fn reason(client: Client) -> AnyView {
    let session = client.sign_in().session;
    let message = session.with_untracked(|session| session.refusal().and_then(server_message));
    let (what, effect) = match client.sign_in().phase.get() {
        Phase::Anonymous | Phase::SignedIn => return ().into_any(),
        Phase::Required => (text::REQUIRED.to_owned(), ""),
        Phase::Expired => (text::EXPIRED.to_owned(), text::EXPIRED_EFFECT),
        Phase::SignedOut => (text::SIGNED_OUT.to_owned(), text::SIGNED_OUT_EFFECT),
        Phase::Ending => (client.sign_in().expiry().map(|time| text::ends_at(&time)).unwrap_or_default(), ""),
    };
    view! { <Notice tone=Tone::Warn><p><strong>{what}</strong>{effect}</p>{message}</Notice> }.into_any()
}
