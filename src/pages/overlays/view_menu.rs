//! How lists are shown: saved filters, the columns of the programs, the height of rows. The style sheet draws what the
//! root element says; public/boot.js sets it before the first paint.

use super::dialogs::dialog_of;
use super::saved_filters::{self, SavedFilter};
use crate::client::{preferences, use_client};
use crate::navigation::{NavigateOptions, use_navigate};
use crate::pages::list_state::List;
use crate::routes::Route;
use crate::shell::{Overlay, Shell, use_shell};
use crate::text::{common, palette as text, programs as programs_text};
use crate::ui::{Button, ButtonVariant, Choice, Dialog, Icon, Segmented, use_announcer};
use leptos::prelude::*;

/// The name of the preference, and of the attribute of the root element.
const DENSITY: &str = "density";
/// As [`DENSITY`].
const HIDDEN: &str = "hidden-columns";

/// The columns that can be hidden, each with its name in the preference and its label.
const COLUMNS: [(&str, &str); 5] = [
    ("program", common::PROGRAM),
    ("kind", common::KIND),
    ("artifact", common::ARTIFACT),
    ("started", common::STARTED),
    ("run", programs_text::LATEST_RUN),
];

/// The height of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Density {
    Comfortable,
    Compact,
}

impl Density {
    const fn word(self) -> &'static str {
        match self {
            Self::Comfortable => "",
            Self::Compact => "compact",
        }
    }

    fn current() -> Self {
        let stored = preferences::get(DENSITY).unwrap_or_default();
        if stored == Self::Compact.word() { Self::Compact } else { Self::Comfortable }
    }

    /// Changes the rows of all lists, and remembers it.
    pub fn set(self) {
        keep(DENSITY, self.word());
    }
}

/// Remembers a preference that the style sheet reads.
fn keep(name: &str, value: &str) {
    preferences::set(name, value);
    if let Some(root) = document().document_element() {
        // Only an invalid attribute name is refused.
        let _ = root.set_attribute(&format!("data-{name}"), value);
    }
}

/// The hidden columns after one is shown or hidden; those that this console doesn't know drop out.
fn change(hidden: &str, column: &str, shows: bool) -> String {
    let names = COLUMNS.iter().map(|(name, _)| *name);
    let is_hidden = |name: &str| if name == column { !shows } else { hidden.split(' ').any(|it| it == name) };
    names.filter(|name| is_hidden(name)).collect::<Vec<_>>().join(" ")
}

/// The choice of how lists are shown.
#[component]
pub(super) fn ViewMenu() -> impl IntoView {
    let shell = use_shell();
    let open = dialog_of(shell, Overlay::View);
    view! {
        <Dialog open title=text::VIEW_TITLE>
            {columns()}
            {density()}
            <Filters shell/>
        </Dialog>
    }
}

fn columns() -> AnyView {
    let hidden = RwSignal::new(preferences::get(HIDDEN).unwrap_or_default());
    let boxes = COLUMNS.map(|(name, label)| {
        let is_shown = hidden.with_untracked(|hidden| !hidden.split(' ').any(|it| it == name));
        let press = move |event| {
            let after = hidden.with_untracked(|hidden| change(hidden, name, event_target_checked(&event)));
            keep(HIDDEN, &after);
            hidden.set(after);
        };
        view! {
            <label class="option">
                <input class="check" type="checkbox" prop:checked=is_shown on:change=press/>
                <span>{label}</span>
            </label>
        }
    });
    view! {
        <fieldset class="column-list">
            <legend>{text::COLUMNS}</legend>
            {Vec::from(boxes)}
            <small class="muted">{text::COLUMNS_HINT}</small>
        </fieldset>
    }
    .into_any()
}

fn density() -> AnyView {
    let value = RwSignal::new(Density::current());
    let densities = vec![
        Choice::new(Density::Comfortable, text::COMFORTABLE),
        Choice::new(Density::Compact, text::COMPACT),
    ];
    let set = move |to: Density| {
        value.set(to);
        to.set();
    };
    view! {
        <div class="field">
            <span aria-hidden="true">{text::DENSITY}</span>
            <Segmented name=text::DENSITY choices=densities value on_change=set/>
        </div>
    }
    .into_any()
}

#[component]
fn Filters(shell: Shell) -> impl IntoView {
    let client = use_client();
    let (router, namespace) = (client.router(), shell.namespace.get_untracked());
    let list = List::Programs(namespace.clone()).address(&router).href();
    let filters = RwSignal::new(saved_filters::read(&router, &namespace));
    let store = StoredValue::new(move || {
        filters.with_untracked(|filters| saved_filters::write(&router, &namespace, filters));
    });
    let of_list = matches!(shell.route.get_untracked(), Some(Route::Programs { .. }));
    let query = saved_filters::without_page(&window().location().search().unwrap_or_default());
    let query = if of_list { query } else { String::new() };
    let (name, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<&'static str>));
    let announcer = use_announcer();
    let none = query.is_empty().then(|| text::NO_FILTER.to_owned());
    let save = Callback::new(move |()| {
        let name = saved_filters::clean_name(&name.get_untracked());
        if name.is_empty() {
            problem.set(Some(text::NO_NAME));
            return;
        }
        problem.set(None);
        announcer.say(text::saved(&name));
        filters.update(|filters| saved_filters::put(filters, SavedFilter { name, query: query.clone() }));
        store.with_value(|store| store());
    });
    let can_save = none.is_none();
    let navigate = use_navigate();
    let row = move |filter: SavedFilter| {
        let href = format!("{list}?{}", filter.query);
        let target = href.clone();
        let delete = text::delete_filter(&filter.name);
        let name = filter.name.clone();
        let remove = move |()| {
            filters.update(|filters| filters.retain(|other| other.name != name));
            store.with_value(|store| store());
        };
        let follow = move |event: web_sys::MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            event.prevent_default();
            shell.overlay.set(None);
            navigate(&target, NavigateOptions::default());
        };
        view! {
            <li>
                <a href=href on:click=follow>{filter.name}</a>
                <Button on_press=remove look=ButtonVariant::Plain small=true square=true shape=Icon::Cross name=delete/>
            </li>
        }
    };
    view! {
        <section class="saved" aria-label=text::FILTERS>
            <h3>{text::FILTERS}</h3>
            {move || filters.with(Vec::is_empty).then(|| view! { <p class="muted">{text::NO_FILTERS}</p> })}
            <ul>{move || filters.get().into_iter().map(&row).collect_view()}</ul>
            <form class="field" on:submit=move |event| { event.prevent_default(); if can_save { save.run(()); } }>
                <label for="filter-name">{text::FILTER_NAME}</label>
                <div class="secret">
                    <input class="input" id="filter-name" autocomplete="off" maxlength="60"
                        aria-invalid=move || problem.get().map(|_| "true") aria-describedby="filter-problem"
                        prop:value=name on:input=move |event| name.set(event_target_value(&event))/>
                    <Button on_press=save unavailable=none.clone()>{text::SAVE}</Button>
                </div>
                <span class="hint" id="filter-problem" role="status">{move || problem.get().unwrap_or(if can_save { "" } else { text::NO_FILTER })}</span>
            </form>
            <small class="muted">{text::FILTERS_HINT}</small>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_hidden_and_shown_one_by_one_in_their_order() {
        let hidden = change("", "artifact", false);
        assert_eq!(hidden, "artifact");
        let hidden = change(&hidden, "program", false);
        assert_eq!(hidden, "program artifact");
        assert_eq!(change(&hidden, "artifact", true), "program");
        assert_eq!(change("unknown artifact", "kind", false), "kind artifact");
    }

    #[test]
    fn the_style_sheet_hides_the_column_that_is_named() {
        let cells = include_str!("../programs/row_element.rs");
        let style = include_str!("../../../style/lists.css");
        let cells: Vec<&str> =
            cells.split("let row = view! {").nth(1).unwrap().lines().skip(1).take(9).collect();
        let label = |label: &str| match label {
            common::PROGRAM => "common::PROGRAM",
            common::KIND => "common::KIND",
            common::ARTIFACT => "common::ARTIFACT",
            common::STARTED => "common::STARTED",
            _ => "text::LATEST_RUN",
        };
        for (name, word) in COLUMNS {
            let at = cells.iter().position(|cell| cell.contains(&format!("data-label={}>", label(word))));
            let place = at.unwrap() + 1;
            let rule =
                format!("[data-hidden-columns~=\"{name}\"] .fleet tr:not(.broken) > :nth-child({place})");
            assert!(style.contains(&rule), "no rule {rule}");
        }
    }
}
