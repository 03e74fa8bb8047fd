//! Above the table: each plugin that an upgrade moves once, with the number of its applications.

use super::state::SelectState;
use crate::text::upgrade::select as messages;
use crate::ui::Disclosure;
use leptos::prelude::*;
use quiesce_lifecycle::upgrade::{Eligibility, moved_plugins, plugin_moves};

/// The moves of what is selected; while nothing is, of all that can be upgraded.
pub(crate) fn plugin_summary(state: SelectState) -> AnyView {
    let moves = Memo::new(move |_| {
        let mut upgrades = Vec::new();
        state.rows.with(|rows| {
            state.choice.with(|choice| {
                for row in rows.iter() {
                    let name = &row.application.name;
                    let counts = if choice.selected.is_empty() {
                        matches!(row.offer, Eligibility::Upgrade(_))
                            && !row.unread
                            && !choice.plugins.lacking.contains(name)
                    } else {
                        choice.selected.contains(name)
                    };
                    if counts {
                        upgrades.push(
                            state.candidates.with(|all| state.moves.with(|moves| moves.moved(row, all))),
                        );
                    }
                }
            });
        });
        plugin_moves(upgrades)
    });
    let any = Memo::new(move |_| moves.with(|moves| !moves.is_empty()));
    let summary = move || {
        let selected = state.choice.with(|choice| !choice.selected.is_empty());
        messages::plugins_move_in(moves.with(|moves| moved_plugins(moves)), selected)
    };
    let lines = move || {
        let mut lines = Vec::new();
        moves.with(|moves| {
            for one in moves {
                let plugins = one.plugins.join(", ");
                lines.push(
                    view! { <li>{messages::plugin_move(one)}" "<span class="muted">{plugins}</span></li> },
                );
            }
        });
        lines
    };
    let view = move || {
        any.get().then(|| {
            view! {
                <Disclosure summary=Signal::derive(summary)>
                    <ul class="plain-list" aria-label=messages::PLUGIN_MOVES>{lines}</ul>
                </Disclosure>
            }
        })
    };
    view.into_any()
}
