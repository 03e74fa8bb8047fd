//! How fresh what is shown is, and what is said while the server is away.

use super::server_message::{error_view, server_message};
use crate::client::polling::{Health, Polled};
use crate::client::{clock, use_client};
use crate::text::common::{self, no_answer};
use crate::text::errors::Asked;
use crate::ui::{Button, ButtonVariant, Freshness, Icon, Notice, Tone};
use leptos::prelude::*;
use quiesce_api::Timestamp;

/// How old a reading may be before it counts as stale, in seconds: two missed readings.
const STALE: i64 = 34;

/// The age of what is shown, with the buttons to read it now and to hold it.
#[component]
pub fn Fresh<T: Send + Sync + 'static>(
    /// What is read.
    live: Polled<T>,
    /// The moment, every second.
    now: RwSignal<Timestamp>,
    /// Reads all of it anew.
    on_refresh: Callback<()>,
    /// Whether a part could not be read.
    #[prop(optional)]
    incomplete: Signal<bool>,
) -> impl IntoView {
    let age = move || live.at.get().map(|at| clock::passed(at, now.get()));
    let failed = Memo::new(move |_| {
        live.health.with(|health| matches!(health, Health::Away { .. } | Health::Refused(_)))
    });
    let tone = Signal::derive(move || match (live.paused.get(), age()) {
        (false, None) if failed.get() => Tone::Bad,
        (true, _) | (_, None) => Tone::Idle,
        (_, Some(age)) if age > STALE || incomplete.get() => Tone::Warn,
        _ => Tone::Ok,
    });
    let text = Signal::derive(move || match (live.paused.get(), age()) {
        (_, None) if failed.get() => common::NOT_LOADED.to_owned(),
        (_, None) => common::LOADING.to_owned(),
        (paused, Some(age)) => common::freshness(paused, age > STALE, incomplete.get(), age),
    });
    let hold = move |()| {
        live.paused.update(|paused| *paused = !*paused);
        live.refresh();
    };
    view! {
        <Freshness tone text/>
        <Button on_press=move |()| on_refresh.run(()) look=ButtonVariant::Plain small=true shape=Icon::Refresh>{common::REFRESH}</Button>
        <Button on_press=hold look=ButtonVariant::Plain small=true shape=Icon::Pause>
            {move || if live.paused.get() { common::RESUME } else { common::PAUSE }}
        </Button>
    }
}

/// What is said over rows that are known while the server is away or refuses.
#[component]
pub fn Troubled<T: Send + Sync + 'static>(
    /// The thing that the reading asks for.
    #[prop(default = Asked::List)]
    asked: Asked,
    /// What is read.
    live: Polled<T>,
    /// The moment, every second.
    now: RwSignal<Timestamp>,
) -> impl IntoView {
    let client = use_client();
    let known = move || live.at.get().map(clock::local);
    move || match live.health.get() {
        Health::Away { error, attempts, next } if live.data.with(Option::is_some) => {
            let wait = move || clock::passed(now.get(), next).max(0);
            Some(view! {
                <Notice tone=Tone::Bad shape=Icon::Unplug alert=true
                    actions=move || view! { <Button on_press=move |()| live.refresh() small=true>{common::TRY_NOW}</Button> }>
                    <p>
                        <strong>{no_answer(&client.server(), &error)}</strong>
                        {move || common::retrying(wait(), attempts)}
                    </p>
                    <p>{move || known().map(|at| common::showing_data_of(&at))}{common::STILL_STOPPING}</p>
                    {server_message(&error)}
                </Notice>
            }.into_any())
        }
        Health::Refused(error) if live.data.with(Option::is_some) => {
            let sign_in = error.refusal().is_some_and(|it| it.status == 401);
            Some(view! {
                <Notice tone=Tone::Bad alert=true
                    actions=move || if sign_in {
                        view! { <Button on_press=move |()| client.ask_to_sign_in()>{common::SIGN_IN}</Button> }.into_any()
                    } else {
                        view! { <Button on_press=move |()| live.refresh() small=true>{common::TRY_NOW}</Button> }.into_any()
                    }>
                    {error_view(asked, &error)}
                </Notice>
            }.into_any())
        }
        _ => None,
    }
}
