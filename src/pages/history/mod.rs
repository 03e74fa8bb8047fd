//! The operations of this browser: to find, to open, to carry to another browser, to delete; and backups to check.

mod backup_check;
mod days;
mod example;
mod filter;
mod import_export;
mod page;
mod retention;
mod state;
mod summary;
mod table;

pub(crate) use example::example;

use crate::client::use_client;
use crate::navigation::use_location;
use crate::pages::list_state::{List, Visit};
use filter::Filter;
use leptos::prelude::*;
use page::page;
use state::State;

/// All operations of this browser, searchable, each with what became of it.
#[component]
pub fn History() -> impl IntoView {
    let (client, query) = (use_client(), use_location().query);
    let filter = Memo::new(move |_| query.with(|query| Filter::read(|name| query.get(name))));
    let state = State::new(client, filter);
    let href = Memo::new(move |_| filter.with(|filter| filter.href(client)));
    let is_read = Signal::derive(move || state.data.with(Option::is_some));
    Visit::enter(client, &List::Operations, href, is_read);
    state.look();
    state.follow();
    page(state)
}
