//! The strip under the top bar: what is in work, seen from every page.

use crate::client::session::state::Phase;
use crate::client::use_client;
use crate::routes::Route;
use crate::shell::use_shell;
use crate::text::common::{self, skew};
use crate::text::{shell, sign_in};
use crate::ui::{Button, ButtonVariant, Glyph, Icon, Tone, glyph, icon};
use leptos::prelude::*;
use quiesce_lifecycle::journal::OperationKind;

/// One line for each operation that has not finished, and one while the clocks differ. The page of an operation does
/// not need its own.
#[component]
pub fn OperationStrip() -> impl IntoView {
    let shell = use_shell();
    let client = use_client();
    let lines = move || {
        let here = shell.route.get();
        let operations = client.operations.get().into_iter().filter_map(move |header| {
            let route = Route::operation(&header)?;
            (here.as_ref() != Some(&route)).then(|| {
                let address = client.at(route);
                view! {
                    <div class="opstrip" data-tone=Tone::Busy.word()>
                        {glyph(Glyph::Stopping)}
                        <span>{header.title}</span>
                        <span class="muted">{header.namespace.to_string()}</span>
                        <a href=address.href()>{if header.kind == OperationKind::Stop { shell::WATCH } else { common::RESUME }}</a>
                    </div>
                }
            })
        });
        operations.collect_view()
    };
    let seen = RwSignal::new(false);
    let clocks = move || {
        let seconds = client.skew.get().filter(|_| !seen.get())?;
        Some(view! {
            <div class="opstrip" data-tone=Tone::Warn.word()>
                {icon(Icon::Clock)}
                <span>{skew(seconds)}</span>
                <Button on_press=move |()| seen.set(true) look=ButtonVariant::Plain small=true>{common::DISMISS}</Button>
            </div>
        })
    };
    let session = move || {
        let words = match client.sign_in().phase.get() {
            Phase::Ending => sign_in::ends_at(&client.sign_in().expiry()?),
            Phase::Expired => sign_in::EXPIRED.to_owned(),
            _ => return None,
        };
        Some(view! {
            <div class="opstrip" data-tone=Tone::Warn.word()>
                {icon(Icon::User)}
                <span>{words}</span>
                <Button on_press=move |()| client.ask_to_sign_in() look=ButtonVariant::Plain small=true>{sign_in::SIGN_IN_AGAIN}</Button>
            </div>
        })
    };
    view! { <div role="status">{lines}{clocks}{session}</div> }
}
