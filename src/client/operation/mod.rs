//! Runs operations: an operation is read from its journal, its effects are carried out, and what they bring is stored and
//! shown. One runner for stops and upgrades, over ports that the tests replace.

mod browser;
mod journaled;
mod ports;
mod runner;
mod running;
#[cfg(test)]
mod tests;

pub use browser::BrowserClock;
pub use ports::{Clock, Ports};
pub use runner::{Executor, Prepared};
pub use running::{Role, RunnerError, Running};

use super::clock;
use super::journal::{self, JournalError};
use super::session::Client;
use quiesce_api::NamespaceId;
use quiesce_lifecycle::journal::{Body, Entry, Header, OperationId, VERSION};
use quiesce_lifecycle::operation::Operation;

/// Stores the beginning of an operation and gives its ID. Nothing is sent unless this worked.
pub async fn begin<O: Operation>(
    client: Client,
    namespace: NamespaceId,
    title: String,
    first: impl FnOnce(quiesce_api::Timestamp) -> Body,
) -> Result<OperationId, JournalError> {
    let id = OperationId(new_id());
    let created = clock::now();
    let header = Header {
        id: id.clone(),
        version: VERSION,
        kind: O::KIND,
        namespace,
        server: client.server(),
        created,
        title,
        finished: false,
        user: client.user(),
        continued: Vec::new(),
    };
    journal::begin(&header, &[Entry::new(id.clone(), 0, first(created))]).await?;
    client.refresh_operations().await;
    Ok(id)
}

/// Twelve characters that no other operation of this browser has.
fn new_id() -> String {
    let part = || (js_sys::Math::random() * 2_f64.powi(30)).to_bits() >> 16;
    format!("{:012x}", (part() << 16 ^ part()) & 0xffff_ffff_ffff)
}
