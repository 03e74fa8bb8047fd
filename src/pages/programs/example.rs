//! Rows of the list with given programs, for the gallery.

use super::row::Row;
use super::row_element::{Filling, fill};
use crate::client::use_client;
use crate::selected_programs::SelectedPrograms;
use crate::text::gallery::SELECTED;
use crate::text::{common, programs as text};
use leptos::prelude::*;
use quiesce_api::Timestamp;

/// The rows at a moment. The first is the keyboard row, and the second is selected.
pub(crate) fn example(rows: Vec<Row>, now: Timestamp) -> AnyView {
    let client = use_client();
    let first = rows.first().map(|row| row.program.clone());
    let selected = rows.get(1).map(|row| (*row.program).clone());
    let selected: SelectedPrograms = selected.into_iter().collect();
    let (selected, now) = (RwSignal::new(selected), RwSignal::new(now));
    let focused = Memo::new(move |_| first.clone());
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let filling = Filling { selected, now, client, focused, row };
        views.push(view! { <tr class="with-check" use:fill=filling></tr> });
    }
    view! {
        <div class="table-wrap">
            <table class="table fleet" aria-label=common::PROGRAMS>
                <thead>
                    <tr>
                        <th class="c-check" scope="col"><span class="vh">{SELECTED}</span></th>
                        <th scope="col">{common::APPLICATION}</th>
                        <th scope="col" class="c-extra">{common::PROGRAM}</th>
                        <th scope="col">{common::KIND}</th>
                        <th scope="col" class="c-wide">{common::ARTIFACT}</th>
                        <th scope="col">{common::STATE}</th>
                        <th scope="col" class="num">{common::STARTED}</th>
                        <th scope="col" class="c-wide">{text::LATEST_RUN}</th>
                        <th scope="col"><span class="vh">{common::ACTIONS}</span></th>
                    </tr>
                </thead>
                <tbody>{views}</tbody>
            </table>
        </div>
    }
    .into_any()
}
