//! What was found out about how a server stops programs, in words.

use leptos::prelude::*;
use quiesce_lifecycle::findings::{Evidence, GraceSupport};

/// What a server does with the grace that is asked for.
pub fn grace_words(support: GraceSupport) -> String {
    match support {
        GraceSupport::Honoured => "This server obeys the grace period of run-level and batch stops.",
        GraceSupport::Ignored => {
            "This server ignores the grace period and says nothing: every run gets its default."
        }
    }
    .to_owned()
}

/// What was asked and what was seen.
pub fn asked_and_saw(evidence: &Evidence) -> impl IntoView + use<> {
    view! { <code>{evidence.asked.clone()}</code><span class="sub">{evidence.saw.clone()}</span> }
}
