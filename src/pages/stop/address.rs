//! The address of the stop form.

use super::selection::Selection;
use crate::client::storage::{self, Key};
use crate::routes::Route;
use quiesce_api::NamespaceId;

/// The address of the stop form for a selection. A selection that is too long for it is stored in the session of the tab.
pub fn form_href(namespace: &NamespaceId, selection: &Selection) -> String {
    let form = Route::StopForm { namespace: namespace.clone() };
    if selection.fits() {
        let query = selection.query();
        return form.href_with(query.iter().map(|(name, value)| (*name, value.as_str())));
    }
    storage::write(Key::StopTargets, &selection.text());
    form.href_with([("selection", "kept")])
}

/// The selection that is stored in the session of the tab.
pub(super) fn stored_selection(namespace: &NamespaceId) -> Selection {
    Selection::of_text(namespace, &storage::read(Key::StopTargets).unwrap_or_default())
}
