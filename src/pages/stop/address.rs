//! The address of the stop form.

use super::selection::Selection;
use crate::client::Client;
use crate::client::storage::{self, Key};
use crate::routes::Route;
use quiesce_api::NamespaceId;

/// The address of the stop form for a selection. A selection that is too long for it is stored in the session of the tab.
pub fn form_href(client: Client, namespace: &NamespaceId, selection: &Selection) -> String {
    let form = client.at(Route::StopForm { namespace: namespace.clone() });
    if selection.fits() {
        let query = selection.query();
        return form.href_with(query.iter().map(|(name, value)| (*name, value.as_str())));
    }
    storage::write(Key::StopTargets(client.router().as_str()), &selection.text());
    form.href_with([("selection", "kept")])
}

/// The selection that is stored in the session of the tab.
pub(super) fn stored_selection(client: Client, namespace: &NamespaceId) -> Selection {
    let text = storage::read(Key::StopTargets(client.router().as_str()));
    Selection::of_text(namespace, &text.unwrap_or_default())
}
