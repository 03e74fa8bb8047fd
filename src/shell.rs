//! The state of the page that its frame and all pages share.

use crate::routes::Route;
use crate::selected_programs::SelectedPrograms;
use leptos::prelude::*;
use quiesce_api::NamespaceId;

/// What lies over the page: all of it is in one part, which is loaded when the first is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The command palette.
    Palette,
    /// The command palette with the namespaces alone.
    Namespaces,
    /// The choice of columns, row height and saved filters.
    View,
    /// The choice of notifications.
    Notifications,
    /// The guided tour, which starts at once and lies next to the page.
    Tour,
}

/// The state that the top bar shares with the pages.
#[derive(Clone, Copy)]
pub struct Shell {
    /// The current page of the router; `None` if the path belongs to no page.
    pub route: Memo<Option<Route>>,
    /// The namespace of the page, or else the last one, or `default`.
    pub namespace: RwSignal<NamespaceId>,
    /// What is open over the page.
    pub overlay: RwSignal<Option<Overlay>>,
    /// What is typed for the palette while it is loaded.
    pub typed: RwSignal<String>,
    /// What is selected in the list of programs, while it is open.
    pub selected: StoredValue<Option<RwSignal<SelectedPrograms>>>,
    /// How many operations of this browser wait for a person.
    pub waiting: RwSignal<usize>,
}

/// The shell of this page.
pub fn use_shell() -> Shell {
    expect_context()
}
