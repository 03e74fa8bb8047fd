//! Stopping: the form, and what became of it.

mod batches;
mod confirm;
mod form;
mod load_targets;
mod progress;
mod requests;
mod run_cells;
mod run_row;
pub mod selection;
mod target_table;

pub(crate) use confirm::{GraceForm, picker, truth};
pub use form::StopForm;
pub(crate) use progress::drift_words;
pub use progress::{StopProgress, every_second};
pub(crate) use requests::{Requests, block};
pub(crate) use run_row::{PAST, answer_words, body, left_words};
pub(crate) use target_table::Assessments;

use crate::client::storage::{self, Key};
use crate::routes::Route;
use quiesce_api::NamespaceId;
use selection::Selection;

/// The address of the stop form for this selection. One that is too long is kept in the tab's session.
pub fn form_href(namespace: &NamespaceId, selection: &Selection) -> String {
    let form = Route::StopForm { namespace: namespace.clone() };
    if selection.fits() {
        let query = selection.query();
        return form.href_with(query.iter().map(|(name, value)| (*name, value.as_str())));
    }
    storage::write(Key::StopTargets, &selection.text());
    form.href_with([("selection", "kept")])
}

/// The selection that was kept in the tab's session.
pub fn kept_selection(namespace: &NamespaceId) -> Selection {
    Selection::of_text(namespace, &storage::read(Key::StopTargets).unwrap_or_default())
}
