//! Buttons, and links that look like them.

use super::icon::{Icon, icon};
use super::unique_id::unique_id;
use leptos::prelude::*;

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// Outlined.
    #[default]
    Default,
    /// Filled: one in a view.
    Primary,
    /// Filled red: only where data may be lost.
    Danger,
    /// Without an outline.
    Plain,
}

/// How much room a button takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Room {
    small: bool,
    wide: bool,
    square: bool,
}

fn class(look: ButtonVariant, room: Room) -> String {
    let mut class = String::from("btn");
    class.push_str(match look {
        ButtonVariant::Default => "",
        ButtonVariant::Primary => " primary",
        ButtonVariant::Danger => " danger",
        ButtonVariant::Plain => " plain",
    });
    for (on, word) in [(room.small, " small"), (room.wide, " wide"), (room.square, " square")] {
        if on {
            class.push_str(word);
        }
    }
    class
}

/// A button. One that is not available stays where it is, can be reached, and says why.
#[component]
pub fn Button(
    /// What it does. Not called while it is unavailable.
    #[prop(into)]
    on_press: Callback<()>,
    /// How it looks.
    #[prop(optional, into)]
    look: Signal<ButtonVariant>,
    /// Smaller, for rows and bars.
    #[prop(optional)]
    small: bool,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
    /// An icon alone: then it needs a `name`.
    #[prop(optional)]
    square: bool,
    /// An icon before its words.
    #[prop(optional)]
    shape: Option<Icon>,
    /// Its name, where its words say too little alone.
    #[prop(optional, into)]
    name: MaybeProp<String>,
    /// Why it is not available; none if it is.
    #[prop(optional, into)]
    unavailable: MaybeProp<String>,
    /// The id of what else describes it.
    #[prop(optional, into)]
    described_by: Option<String>,
    /// Its text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let id = unique_id("why");
    let why = id.clone();
    let room = Room { small, wide, square };
    let describes = move || match (unavailable.get(), &described_by) {
        (Some(_), Some(also)) => Some(format!("{why} {also}")),
        (Some(_), None) => Some(why.clone()),
        (None, also) => also.clone(),
    };
    view! {
        <button
            class=move || class(look.get(), room)
            type="button"
            aria-label=move || name.get()
            aria-disabled=move || unavailable.get().map(|_| "true")
            aria-describedby=describes
            title=move || unavailable.get()
            on:click=move |_| {
                if unavailable.with_untracked(Option::is_none) {
                    on_press.run(());
                }
            }
        >
            {shape.map(icon)}
            {children.map(|children| children())}
        </button>
        {move || unavailable.get().map(|reason| view! { <span class="why" id=id.clone()>{reason}</span> })}
    }
}

/// A link that looks like a button: for what leads to another page.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    look: ButtonVariant,
    /// Smaller, for rows and bars.
    #[prop(optional)]
    small: bool,
    /// Its id, so that the focus can return to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// An icon before its words.
    #[prop(optional)]
    shape: Option<Icon>,
    /// Its name, where its words say too little alone.
    #[prop(optional, into)]
    name: MaybeProp<String>,
    /// Its text.
    children: Children,
) -> impl IntoView {
    let class = class(look, Room { small, ..Room::default() });
    view! { <a class=class id=id href=href aria-label=move || name.get()>{shape.map(icon)}{children()}</a> }
}
