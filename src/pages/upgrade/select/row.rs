//! The line of an application, and its details on demand.

use super::details::details;
use super::note::Note;
use super::plugins::{moves_of_row, of_row};
use super::state::{Row, SelectState};
use crate::text::common::ARTIFACT;
use crate::text::upgrade::select as messages;
use crate::text::upgrade::{RUNS, VERSION_CHANGE};
use crate::ui::{Icon, icon, mark};
use leptos::prelude::*;
use quiesce_api::artifact::Artifact;
use quiesce_lifecycle::upgrade::Eligibility;

/// How many columns the table has.
pub(crate) const COLUMNS: usize = 7;

/// The line of the row at this index, and below it its details if they are open.
pub(crate) fn row_view(state: SelectState, index: usize, row: &Row) -> AnyView {
    let name = row.application.name.clone();
    let of = name.to_string();
    let known = of_row(state, row);
    let moves = moves_of_row(state, row);
    let lacking = !known.missing.is_empty();
    let selected = state.choice.with(|choice| choice.selected.contains(&name));
    let selectable = match &row.offer {
        Eligibility::Upgrade(_) | Eligibility::Redeploy(_) => !row.unread && !lacking,
        Eligibility::UpToDate(_) | Eligibility::Ineligible(_) => false,
    };
    let select = {
        let name = name.clone();
        Callback::new(move |on: bool| {
            let name = name.clone();
            state.chosen.update(|chosen| {
                if on {
                    chosen.insert(name, lacking);
                } else {
                    chosen.remove(&name);
                }
            });
        })
    };
    let open = state.open.with(|open| open.contains(&name));
    let (note_id, details_id) = (format!("note-{index}"), format!("details-{index}"));
    let note = Note::of(row, &known, moves.len()).map(|note| note_view(&note));
    let described_by = note.is_some().then(|| note_id.clone());
    let controls = details_id.clone();
    let toggle = move |_| {
        state.open.update(|open| {
            if !open.remove(&name) {
                open.insert(name.clone());
            }
        });
    };
    let details = open.then(|| {
        let body = details(row, &known, &moves, selected, select);
        view! {
            <tr class="more" id=details_id>
                <td colspan=COLUMNS.to_string()><div role="group" aria-label=messages::details_of(&of)>{body}</div></td>
            </tr>
        }
    });
    view! {
        <tr class="with-check" aria-selected=selected.then_some("true")>
            <td class="c-check">
                <input class="check" type="checkbox" aria-label=messages::select(&of) aria-describedby=described_by disabled=!selectable
                    prop:checked=selected on:change=move |event| select.run(event_target_checked(&event))/>
            </td>
            <th class="c-main" scope="row"><span class="clip" title=of.clone()>{of.clone()}</span></th>
            <td class="c-wide quiet nowrap" data-label=ARTIFACT>{row.application.artifact.name.clone()}</td>
            <td class="nowrap" data-label=VERSION_CHANGE>{row.application.artifact.version.clone()}{arrow(target(row))}</td>
            <td class="quiet nowrap" data-label=RUNS>{if row.alive { messages::ACTIVE } else { messages::NONE_ACTIVE }}</td>
            <td class="quiet nowrap" data-label=messages::NOTE><span class="note" id=note_id>{note}</span></td>
            <td class="c-act">
                <button class="btn plain small" type="button" aria-expanded=open.to_string() aria-controls=controls
                    aria-label=messages::details_of(&of) on:click=toggle>{icon(Icon::Right)}{messages::DETAILS}</button>
            </td>
        </tr>
        {details}
    }
    .into_any()
}

/// The artifact that an application goes to if its line is selected.
fn target(row: &Row) -> Option<&Artifact> {
    match &row.offer {
        Eligibility::Upgrade(to) | Eligibility::Redeploy(to) if !row.unread => Some(to),
        _ => None,
    }
}

fn arrow(to: Option<&Artifact>) -> Option<impl IntoView + use<>> {
    to.map(|to| {
        view! { <span class="arrow" aria-hidden="true">"→"</span><span class="vh">{messages::TO}</span><strong>{to.version.clone()}</strong> }
    })
}

fn note_view(note: &Note) -> AnyView {
    let shape = match note {
        Note::MissingPlugins(_) => Some(("bad", Icon::Alert)),
        Note::StateUnknown | Note::PluginsUnknown => Some(("warn", Icon::Help)),
        Note::ReadingState | Note::Ineligible(_) | Note::Redeploy(_) | Note::PluginsMove(_) => None,
    };
    let words = note.text();
    match shape {
        Some((tone, shape)) => {
            view! { <span class="outcome" data-tone=tone>{mark(shape)}{words}</span> }.into_any()
        }
        None => words.into_any(),
    }
}
