//! What the operations of this browser need.

use crate::client::session::state::Session;
use crate::client::{Client, journal, tab_lock};
use leptos::prelude::*;
use quiesce_lifecycle::attention::{Circumstances, Need};
use quiesce_lifecycle::journal::Header;

/// The operations of this browser with what each needs, the newest first.
pub(super) async fn needs(client: Client) -> Result<Vec<(Header, Need)>, String> {
    let headers = journal::headers().await.map_err(|error| error.to_string())?;
    let (server, identity) = (client.server(), untrack(|| client.identity()));
    let requires_sign_in = client.sign_in().session.with_untracked(Session::requires_sign_in);
    let mut all: Vec<(Header, Need)> = Vec::with_capacity(headers.len());
    for header in headers {
        // Only those that have not finished have a tab.
        let (is_acted_on, waits) =
            if header.finished { (false, false) } else { tab_lock::look(&header.id.0).await };
        let around =
            Circumstances { server: &server, identity: &identity, requires_sign_in, is_acted_on, waits };
        let need = Need::of(&header, &around);
        let at = all.partition_point(|(other, _)| other.created > header.created);
        all.insert(at, (header, need));
    }
    Ok(all)
}
