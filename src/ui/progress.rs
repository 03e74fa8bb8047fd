//! How far something has come.

use super::status::Tone;
use leptos::prelude::*;

/// The time to a deadline: words over a bar. It is not announced.
#[component]
pub fn Countdown(
    /// Its words, for example `3:41 left of 5:00`.
    #[prop(into)]
    text: Signal<String>,
    /// The name of the bar.
    #[prop(into)]
    name: Signal<String>,
    /// What has passed, in the unit of `of`.
    #[prop(into)]
    passed: Signal<f64>,
    /// The whole.
    #[prop(into)]
    of: Signal<f64>,
    /// Busy before the deadline, warn after it.
    #[prop(into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    view! {
        <div class="countdown" data-tone=move || tone.get().word()>
            <span>{text}</span>
            <progress
                max=move || of.get().max(1.0).to_string()
                value=move || passed.get().clamp(0.0, of.get().max(1.0)).to_string()
                aria-label=name
            ></progress>
        </div>
    }
}

/// How a whole divides into tones. The numbers are next to it as text.
#[component]
pub fn Tally(
    /// The parts, in the order they are drawn.
    #[prop(into)]
    parts: Signal<Vec<(Tone, u32)>>,
    /// The counts as text.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let bars = move || {
        let mut start = 0;
        let parts = parts.get();
        parts
            .into_iter()
            .map(|(tone, width)| {
                let x = start;
                start += width;
                view! { <rect data-tone=tone.word() x=x.to_string() y="0" width=width.to_string() height="1"></rect> }
            })
            .collect_view()
    };
    let view_box = move || {
        format!("0 0 {} 1", parts.with(|parts| parts.iter().map(|(_, width)| width).sum::<u32>().max(1)))
    };
    view! { <svg class="tally" role="img" aria-label=name viewBox=view_box preserveAspectRatio="none">{bars}</svg> }
}
