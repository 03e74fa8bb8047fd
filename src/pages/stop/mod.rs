//! Stopping: the form, and what became of it.

mod batches;
mod decide;
mod form;
mod outcome;
mod progress;
mod requests;
pub mod selection;
mod survey;
mod targets;

pub(crate) use decide::{GraceForm, picker, truth};
pub use form::StopForm;
pub(crate) use outcome::{PAST, answer_words, body, left_words};
pub use progress::{StopProgress, every_second};
pub(crate) use progress::{away_notice, drift_words};
pub(crate) use requests::{Requests, block};
pub(crate) use targets::Judgements;

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
