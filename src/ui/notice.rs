//! A notice in the page.

use super::icon::{Icon, icon};
use super::status::Tone;
use leptos::prelude::*;

/// Something to know before continuing. Its paragraphs are its children; buttons go into `actions`.
#[component]
pub fn Notice(
    /// Its tone; without one it is plain.
    #[prop(optional)]
    tone: Option<Tone>,
    /// Its icon; without one it follows the tone.
    #[prop(optional)]
    shape: Option<Icon>,
    /// Interrupts a screen reader: only for what keeps the work from continuing.
    #[prop(optional)]
    alert: bool,
    /// Its id, for what it describes.
    #[prop(optional, into)]
    id: Option<String>,
    /// Buttons at its end.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let shape = shape.unwrap_or(match tone {
        Some(Tone::Warn | Tone::Bad) => Icon::Alert,
        Some(Tone::Ghost) => Icon::Older,
        Some(Tone::Ok) => Icon::Check,
        Some(Tone::Busy | Tone::Idle) | None => Icon::Info,
    });
    view! {
        <div class="notice" id=id data-tone=tone.map(Tone::word) role=alert.then_some("alert")>
            {icon(shape)}
            <div>{children()}</div>
            {actions.map(|actions| view! { <div class="actions">{actions.run()}</div> })}
        </div>
    }
}
