//! The history with recorded operations, for the gallery.

use super::filter::{Filter, Summaries};
use super::page::page;
use super::state::State;
use super::summary::summary;
use crate::client::use_client;
use crate::navigation::use_location;
use crate::pages::recorded::Recorded;
use leptos::prelude::*;
use quiesce_api::Timestamp;

/// Milliseconds of an hour.
const HOUR: u32 = 3_600_000;

/// The history with these operations, newest first, each so many hours after it was recorded. The last one
/// belongs to a different server. The browser's own journal is not read.
pub(crate) fn example(operations: Vec<(Recorded, u32)>) -> AnyView {
    let (client, query) = (use_client(), use_location().query);
    let filter = Memo::new(move |_| query.with(|query| Filter::read(|name| query.get(name))));
    let state = State::new(client, filter);
    let mut told = Summaries::new();
    let mut headers = Vec::with_capacity(operations.len());
    let last = operations.len().saturating_sub(1);
    for (index, (recorded, hours)) in operations.into_iter().enumerate() {
        let Some((mut header, entries)) = recorded.read() else { continue };
        let later = |at: Timestamp| at.after(hours.saturating_mul(HOUR));
        let mut summary = summary(&header, entries);
        summary.last = summary.last.map(later);
        header.created = later(header.created);
        if index < last {
            header.server = client.server();
        }
        told.insert(header.id.0.clone(), summary);
        headers.push(header);
    }
    state.told.set(told);
    state.data.set(Some(Ok(headers)));
    page(state)
}
