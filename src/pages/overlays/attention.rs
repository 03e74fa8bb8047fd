//! Tells of operations that wait for a person: in the title and the icon of the tab, and by a notification if the
//! operator wants those.

use super::needs::needs;
use super::notifications::notify;
use crate::client::{Client, clock, use_client};
use crate::routes;
use crate::shell::{Shell, use_shell};
use crate::text::palette as text;
use leptos::prelude::*;
use quiesce_lifecycle::attention::Need;
use quiesce_lifecycle::journal::Header;

/// How often it is looked, in milliseconds.
const PACE: u32 = 3_000;

/// Looks again and again, for as long as the frame of this router is shown.
pub(crate) fn attention() -> AnyView {
    let (client, shell) = (use_client(), use_shell());
    Effect::new(move || show_in_icon(shell.waiting.get() > 0));
    on_cleanup(|| show_in_icon(false));
    leptos::task::spawn_local(async move {
        let mut told = Vec::new();
        // A page that was just loaded takes up its own operation first.
        while shell.waiting.try_get_untracked().is_some() {
            clock::sleep(PACE).await;
            look(client, shell, &mut told).await;
        }
    });
    ().into_any()
}

/// Reads which operations of this browser have not finished.
pub(crate) fn read_open_operations() -> AnyView {
    leptos::task::spawn_local(use_client().refresh_operations());
    ().into_any()
}

async fn look(client: Client, shell: Shell, told: &mut Vec<(Header, Need)>) {
    // Nothing can need anybody until an operation begins; what can't be read stays as it was.
    let Some(is_idle) = client.operations.try_with_untracked(Vec::is_empty) else { return };
    if is_idle && told.is_empty() {
        return;
    }
    let Ok(mut all) = needs(client).await else { return };
    let server = client.server();
    let open: Vec<Header> = all
        .iter()
        .map(|(header, _)| header)
        .filter(|header| !header.finished && header.server == server)
        .cloned()
        .collect();
    // Another tab may have begun or finished one.
    if client.operations.with_untracked(|before| !is_same(before, &open)) {
        client.operations.set(open);
    }
    all.retain(|(_, need)| need.is_urgent());
    for (header, need) in &all {
        if !told.iter().any(|(before, needed)| before.id == header.id && needed == need) {
            notify(&header.title, &text::notified(header.namespace.as_str(), need), &header.id.0);
        }
    }
    if shell.waiting.try_get_untracked().is_some_and(|waiting| waiting != all.len()) {
        shell.waiting.try_set(all.len());
    }
    *told = all;
}

/// Whether both have the same operations, in whatever order.
fn is_same(before: &[Header], now: &[Header]) -> bool {
    before.len() == now.len() && now.iter().all(|header| before.contains(header))
}

/// Shows the icon of the page with a dot, or as it was.
fn show_in_icon(waits: bool) {
    const USUAL: &str = "data-usual";
    let Ok(Some(icon)) = document().query_selector("link[rel=icon]") else { return };
    let usual = icon.get_attribute(USUAL).or_else(|| icon.get_attribute("href")).unwrap_or_default();
    // Only an invalid attribute name is refused.
    let _ = icon.set_attribute(USUAL, &usual);
    let _ = icon.set_attribute("href", &if waits { routes::waiting_icon() } else { usual });
}
