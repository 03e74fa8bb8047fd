//! The card of the tour: the current step, what completes it, and the way to the next one. It is not a dialog: the
//! page next to it can be used all the time.

use super::links::{Link, links};
use super::state::{Failure, TourState};
use super::steps::{Step, Tour, UpgradeFacts};
use crate::text::common;
use crate::text::tour as text;
use crate::ui::{Button, ButtonVariant, Glyph, State, Tone};
use leptos::prelude::*;

/// The id of the card, so that a key leads to it.
pub(super) const ID: &str = "tour";

#[component]
pub(super) fn Card(state: TourState) -> impl IntoView {
    let step = Memo::new(move |_| state.status.with(|it| it.tour().map_or(Step::Read, |tour| tour.step)));
    let is_done = Memo::new(move |_| {
        state.status.with(|status| status.tour().is_some_and(|tour| tour.is_done(tour.step)))
    });
    let look =
        Signal::derive(move || if is_done.get() { ButtonVariant::Primary } else { ButtonVariant::Default });
    // A link that stays the same keeps its element, and the focus.
    let links = Memo::new(move |_| links(state, step.get()));
    let reason = |is: bool, reason: &str| is.then(|| reason.to_owned());
    view! {
        <aside class="panel tour" id=ID tabindex="-1" aria-label=text::TOUR>
            <header>
                <h2>{move || step.get().text().0}</h2>
                <span class="push small muted">{move || text::position(step.get().number(), Step::ALL.len())}</span>
            </header>
            <div class="body stack stack-2">
                <p>{move || step.get().text().1}</p>
                {move || (step.get() == Step::Break).then(|| failures(state))}
                {move || is_done.get().then(|| view! { <p><State tone=Tone::Ok glyph=Glyph::Completed word=text::DONE/></p> })}
                <ul class="actions" role="list">{move || links_of(step.get(), links.get())}</ul>
            </div>
            <footer>
                <Button small=true on_press=move |()| state.go(Tour::back)
                    unavailable=Signal::derive(move || reason(step.get().is_first(), text::IS_FIRST))>{text::BACK}</Button>
                <Button small=true on_press=move |()| state.go(Tour::next) look
                    unavailable=Signal::derive(move || reason(step.get().is_last(), text::IS_LAST))>{common::NEXT}</Button>
                <span class="push"><Button small=true look=ButtonVariant::Plain on_press=move |()| state.leave()>{text::LEAVE}</Button></span>
            </footer>
        </aside>
    }
}

fn links_of(step: Step, links: Vec<Link>) -> AnyView {
    let is_external = step.is_last();
    let mut items = Vec::new();
    for (label, href) in links {
        let (target, rel) = (is_external.then_some("_blank"), is_external.then_some("noopener"));
        items.push(view! { <li><a href=href target=target rel=rel>{label}</a></li> });
    }
    items.into_any()
}

/// The faults that the sandbox can be told to have.
fn failures(state: TourState) -> AnyView {
    let unavailable = Signal::derive(move || {
        let can_break = state.operations.with(|it| it.upgrade.as_ref().is_some_and(UpgradeFacts::can_break));
        (!can_break).then(|| text::NOTHING_TO_BREAK.to_owned())
    });
    view! {
        <div class="actions">
            <Button small=true unavailable on_press=move |()| state.break_with(Failure::Response)>{text::LOSE_RESPONSE}</Button>
            <Button small=true unavailable on_press=move |()| state.break_with(Failure::Server)>{text::LOSE_SERVER}</Button>
        </div>
        <p class="small muted" role="status">{move || state.said.get()}</p>
    }
    .into_any()
}
