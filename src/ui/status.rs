//! Words that carry a meaning: each has a tone, a shape and a word, in this order of weight from last to first.

use super::icon::{Glyph, Icon, Mark, glyph, icon, mark};
use crate::text::common;
use leptos::prelude::*;

/// What a thing means to the operator. The only source of colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Alive, drained, no loss.
    Ok,
    /// In work.
    Busy,
    /// Cannot tell; the truth about the server.
    Warn,
    /// Failed, may lose data, an error.
    Bad,
    /// Of an older version.
    Ghost,
    /// Ended, waiting, suspended.
    #[default]
    Idle,
}

impl Tone {
    /// The word of `data-tone`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Busy => "busy",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Ghost => "ghost",
            Self::Idle => "idle",
        }
    }
}

/// The state of a run or a program: the API's word in sentence case, after its glyph.
#[component]
pub fn State(
    /// Its tone.
    tone: Tone,
    /// Its glyph.
    glyph: Glyph,
    /// Its label.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class="state" data-tone=tone.word()>{mark(glyph)}{word}</span> }
}

/// What a stop would do to data. The shape follows the tone: a shield, a question mark, a triangle.
#[component]
pub fn Verdict(
    /// Its tone.
    tone: Tone,
    /// Its words, for example `No loss expected`.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    let shape = match tone {
        Tone::Ok => Icon::Shield,
        Tone::Warn => Icon::Help,
        Tone::Bad => Icon::Alert,
        Tone::Busy | Tone::Ghost | Tone::Idle => Icon::Info,
    };
    view! { <span class="verdict" data-tone=tone.word()>{icon(shape)}{word}</span> }
}

/// What became of a stop, with an optional second line of evidence.
#[component]
pub fn Outcome(
    /// Its tone.
    tone: Tone,
    /// Its shape.
    #[prop(into)]
    shape: Mark,
    /// Its words, for example `Drained in 42 s`.
    #[prop(into)]
    word: String,
    /// The line under it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div>
            <span class="outcome" data-tone=tone.word()>{mark(shape)}{word}</span>
            {children.map(|children| view! { <span class="sub wrap">{children()}</span> })}
        </div>
    }
}

/// Marks a run that was started from a version that is not the latest any more.
#[component]
pub fn OlderVersion() -> impl IntoView {
    view! {
        <span class="tag" data-tone=Tone::Ghost.word()>
            <span class="tag-mark">{icon(Icon::Older)}</span>
            {common::SUPERSEDED_VERSION}
        </span>
    }
}

/// How old what is shown is.
#[component]
pub fn Freshness(
    /// Its tone: ok while live, warn when stale, bad when the server does not answer.
    #[prop(into)]
    tone: Signal<Tone>,
    /// For example `Live, 2 s ago`.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="fresh" data-tone=move || tone.get().word()>
            {glyph(Glyph::Dot)}
            <span>{text}</span>
        </span>
    }
}
