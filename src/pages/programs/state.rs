//! The state of the programs page.

use super::filter::{Filter, PAGE};
use super::fleet::Fleet;
use super::index::Index;
use crate::client::polling::Polled;
use crate::selected_programs::SelectedPrograms;
use leptos::prelude::*;
use quiesce_api::NamespaceId;
use std::sync::Arc;

/// The state that the views of the page share.
#[derive(Clone, Copy)]
pub(crate) struct FleetState {
    pub namespace: StoredValue<NamespaceId>,
    pub live: Polled<Fleet>,
    /// The filter in the address.
    pub filter: Memo<Filter>,
    /// The filter whose rows are shown.
    pub shown_filter: RwSignal<Filter>,
    /// The indices of the rows that it shows, in order.
    pub shown: Memo<Arc<Vec<usize>>>,
    /// What finds them.
    pub index: StoredValue<Index>,
    /// The selected programs.
    pub selected: RwSignal<SelectedPrograms>,
    /// The keyboard row, as an index into the rows of the page.
    pub cursor: RwSignal<usize>,
    /// Whether a reload loses the selection.
    pub loses_selection: RwSignal<bool>,
    /// The time, for ages.
    pub now: RwSignal<quiesce_api::Timestamp>,
    /// Opens the address of a filter.
    pub go: StoredValue<Arc<dyn Fn(&Filter) + Send + Sync>>,
}

impl FleetState {
    /// Changes the filter, and with it the address.
    pub fn show(self, change: impl FnOnce(&mut Filter)) {
        let mut filter = self.filter.get_untracked();
        let page = filter.page;
        change(&mut filter);
        if filter.page == page {
            filter.page = 0;
        }
        self.go.with_value(|go| go(&filter));
    }

    /// Shows a page.
    pub fn turn(self, page: usize) {
        let filter = Filter { page, ..self.filter.get_untracked() };
        self.go.with_value(|go| go(&filter));
        self.cursor.set(0);
    }

    /// The last page.
    pub fn last_page(self) -> usize {
        self.shown.with(|shown| shown.len().saturating_sub(1) / PAGE)
    }

    /// The page that is shown: the last one if the address names one after it.
    pub fn page(self) -> usize {
        self.shown_filter.with(|filter| filter.page).min(self.last_page())
    }

    /// The rows of this page, as indices into the fleet.
    pub fn page_rows(self) -> Vec<usize> {
        let page = self.page();
        self.shown.with(|shown| shown.iter().copied().skip(page * PAGE).take(PAGE).collect())
    }
}
