//! The search and the filters above the table.

use super::group::{Group, filter_with};
use super::state::SelectState;
use crate::text::history::SHOW;
use crate::text::programs::KEY_SEARCH;
use crate::text::upgrade::select as messages;
use crate::ui::{Chip, Icon, bind_key, focus, icon};
use leptos::prelude::*;

/// The search and the filters. `filter` are the words and the groups of the address; `go` changes them.
pub(crate) fn filters(
    state: SelectState,
    filter: Memo<(String, String)>,
    go: UnsyncCallback<(String, String)>,
) -> AnyView {
    let search = move |event: leptos::ev::Event| {
        go.run((event_target_value(&event), filter.get_untracked().1));
    };
    let mut chips = Vec::with_capacity(Group::ALL.len());
    for group in Group::ALL {
        let on = Signal::derive(move || filter.with(|(_, groups)| group.is_in(groups)));
        let many = Signal::derive(move || {
            state.rows.with(|rows| rows.iter().filter(|row| row.group() == group).count())
        });
        let change = move |on: bool| {
            let (words, groups) = filter.get_untracked();
            go.run((words, filter_with(&groups, group, on)));
        };
        chips.push(view! { <Chip word=group.name() on=on on_change=change count=many/> }.into_any());
    }
    bind_key("/", KEY_SEARCH, || focus("search"));
    view! {
        <form class="filters" role="search" aria-label=messages::FILTER on:submit=|event| event.prevent_default()>
            <div class="search">
                {icon(Icon::Search)}
                <input class="input" id="search" type="search" placeholder=messages::SEARCHED_FIELDS aria-label=messages::SEARCH
                    aria-keyshortcuts="/" autocomplete="off" spellcheck="false"
                    prop:value=move || filter.with(|(words, _)| words.clone()) on:input=search/>
                <kbd>"/"</kbd>
            </div>
            <fieldset class="chips"><legend class="vh">{SHOW}</legend>{chips}</fieldset>
        </form>
    }
    .into_any()
}
