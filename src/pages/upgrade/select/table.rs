//! The table of the first step: every application with what can be done with it, in groups that fold.

use super::group::Group;
use super::row::{COLUMNS, row_view};
use super::state::{Row, SelectState};
use crate::pages::upgrade::wizard::widgets::{on_page, paged};
use crate::text::common::{APPLICATION, ARTIFACT};
use crate::text::upgrade::select as messages;
use crate::text::upgrade::{APPLICATIONS, REDEPLOY_EFFECT, REDEPLOYING, RUNS, VERSION_CHANGE};
use crate::ui::{Disclosure, EmptyState, Icon, icon};
use leptos::prelude::*;
use std::sync::Arc;

pub(crate) fn table(state: SelectState) -> AnyView {
    let eligible = Memo::new(move |_| {
        let mut names = Vec::new();
        state.rows.with(|rows| {
            state.listing.with(|listing| {
                for row in listing.matching.iter().filter_map(|place| rows.get(*place)) {
                    let lacking =
                        state.choice.with(|choice| choice.plugins.lacking.contains(&row.application.name));
                    if row.group() == Group::CanUpgrade && !row.unread && !lacking {
                        names.push(row.application.name.clone());
                    }
                }
            });
        });
        names
    });
    let all = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        state.chosen.update(|chosen| {
            for name in eligible.get_untracked() {
                if on {
                    chosen.insert(name, false);
                } else {
                    chosen.remove(&name);
                }
            }
        });
    };
    let all_are = move || {
        eligible.with(|names| {
            !names.is_empty()
                && state.choice.with(|choice| names.iter().all(|name| choice.selected.contains(name)))
        })
    };
    let page = Memo::new(move |_| {
        state.listing.with(|listing| Arc::new(on_page(state.page.get(), &listing.visible).to_vec()))
    });
    // A folded group can be unfolded on every page; any other is on the pages that have rows of it.
    let groups = move || {
        state.rows.with(|rows| {
            page.with(|page| {
                let is_on_page = |group: Group| {
                    page.iter().filter_map(|place| rows.get(*place)).any(|row| row.group() == group)
                };
                state.listing.with(|listing| {
                    let shown = listing.sections.iter().filter(|it| it.folded || is_on_page(it.group));
                    shown.map(|it| it.group).collect::<Vec<_>>()
                })
            })
        })
    };
    let row_count = move || {
        state.listing.with(|listing| {
            let is_open = |row: &Row| state.open.with(|open| open.contains(&row.application.name));
            let open = state.rows.with(|rows| {
                listing.visible.iter().filter(|place| rows.get(**place).is_some_and(is_open)).count()
            });
            (1 + listing.sections.len() + listing.visible.len() + open).to_string()
        })
    };
    let redeploys = Memo::new(move |_| {
        state.rows.with(|rows| rows.iter().any(|row| row.group() == Group::NeedsRedeploy))
    });
    view! {
        {move || redeploys.get().then(|| view! { <Disclosure summary=REDEPLOYING><p>{REDEPLOY_EFFECT}</p></Disclosure> })}
        <div class="table-wrap">
            <table class="table runs choose" aria-label=APPLICATIONS aria-rowcount=row_count>
                <thead><tr>
                    <th class="c-check" scope="col">
                        <input class="check" type="checkbox" aria-label=move || messages::select_all(eligible.with(Vec::len))
                            prop:checked=all_are on:change=all/>
                    </th>
                    <th scope="col">{APPLICATION}</th>
                    <th class="c-wide" scope="col">{ARTIFACT}</th>
                    <th scope="col">{VERSION_CHANGE}</th>
                    <th scope="col">{RUNS}</th>
                    <th scope="col">{messages::NOTE}</th>
                    <th scope="col"><span class="vh">{messages::DETAILS}</span></th>
                </tr></thead>
                <For each=groups key=|group| *group let(group)>{group_view(state, group, page)}</For>
            </table>
        </div>
        {move || state.listing.with(|listing| paged(state.page, &listing.visible).1)}
        {move || state.listing.with(|listing| listing.matching.is_empty()).then(|| {
            let none = state.rows.with(|rows| rows.is_empty());
            let (title, advice) = if none {
                (messages::NO_APPLICATIONS, messages::NO_APPLICATIONS_ADVICE)
            } else {
                (messages::NO_MATCH, messages::NO_MATCH_ADVICE)
            };
            view! { <EmptyState shape=Icon::Search title=title><p>{advice}</p></EmptyState> }
        })}
    }
    .into_any()
}

/// A group: its heading, which folds it, and its rows on this page.
fn group_view(state: SelectState, group: Group, page: Memo<Arc<Vec<usize>>>) -> AnyView {
    let section =
        move || state.listing.with(|listing| listing.sections.iter().find(|it| it.group == group).copied());
    let folded = Memo::new(move |_| section().is_some_and(|section| section.folded));
    let count = move || {
        let selected = state.rows.with(|rows| {
            state.choice.with(|choice| {
                state.listing.with(|listing| {
                    let shown = listing.matching.iter().filter_map(|place| rows.get(*place));
                    let is_selected =
                        |row: &&Row| row.group() == group && choice.selected.contains(&row.application.name);
                    shown.filter(is_selected).count()
                })
            })
        });
        messages::group_size(section().map_or(0, |section| section.applications), selected)
    };
    let toggle = move |_| {
        if let Some(section) = section() {
            state.folding.update(|folding| folding.toggle(section));
        }
    };
    let rows = move || {
        let mut views = Vec::new();
        state.rows.with(|rows| {
            page.with(|page| {
                for place in page.iter() {
                    if let Some(row) = rows.get(*place).filter(|row| row.group() == group) {
                        views.push(row_view(state, *place, row));
                    }
                }
            });
        });
        views
    };
    let id = format!("group-{}", group.word());
    let controls = id.clone();
    let advice = (group == Group::NeedsRedeploy).then(|| {
        view! { <span class="muted">{messages::REDEPLOY_ADVICE}</span> }
    });
    view! {
        <tbody id=id aria-label=group.name()>
            <tr class="group">
                <th colspan=COLUMNS.to_string() scope="rowgroup">
                    <div>
                        <button class="fold-group" type="button" aria-expanded=move || (!folded.get()).to_string() aria-controls=controls on:click=toggle>
                            {icon(Icon::Right)}{group.name()}" "<span class="muted">{count}</span>
                        </button>
                        {advice}
                    </div>
                </th>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}
