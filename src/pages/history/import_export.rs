//! Operations as a file: out of this browser, and into another one.

use super::state::State;
use crate::client::journal;
use crate::pages::journal_file::{FORMAT, Journals, download};
use crate::text::history as text;
use crate::ui::{Button, Tone};
use leptos::html;
use leptos::prelude::*;
use quiesce_api::json;
use quiesce_lifecycle::journal::Header;
use wasm_bindgen_futures::JsFuture;

/// Hands one operation to the operator, or all.
pub(super) fn export(state: State, only: Option<Header>) {
    leptos::task::spawn_local(async move {
        if let Err(error) = write(only).await {
            state.said.try_set(Some((Tone::Bad, text::export_failed(&error))));
        }
    });
}

async fn write(only: Option<Header>) -> Result<(), String> {
    match only {
        Some(header) => {
            let name = header.id.0.clone();
            download(vec![header], &name).await
        }
        None => download(journal::headers().await.map_err(|error| error.to_string())?, "all").await,
    }
}

/// The button that takes operations in from a file.
pub(super) fn import_button(state: State) -> AnyView {
    let field = NodeRef::<html::Input>::new();
    let ask = move |()| {
        if let Some(field) = field.get_untracked() {
            field.click();
        }
    };
    let take = move |_| {
        leptos::task::spawn_local(async move {
            let Some(Ok(bytes)) = chosen(field).await else { return };
            let said = match read(&bytes).await {
                Ok((new, known)) => (Tone::Ok, text::imported(new, known)),
                Err(words) => (Tone::Bad, words),
            };
            state.said.try_set(Some(said));
            state.look();
        });
    };
    view! {
        <input class="vh" type="file" accept=".json,application/json" tabindex="-1" aria-label=text::IMPORT_FILE node_ref=field on:change=take/>
        <Button on_press=ask>{text::IMPORT}</Button>
    }
    .into_any()
}

/// Takes in the operations of a file; how many were new, and how many were there already. Nothing is written unless
/// all of the file can be read and contradicts nothing.
async fn read(bytes: &[u8]) -> Result<(usize, usize), String> {
    let journals: Journals = json::from_slice(bytes)
        .map_err(|problem| text::not_a_journal(&problem.path(), &problem.to_string()))?;
    if journals.quiesce != FORMAT {
        return Err(text::other_format(journals.quiesce, FORMAT));
    }
    let mut new = Vec::new();
    let mut known = 0;
    for operation in journals.operations {
        let id = &operation.header.id;
        let in_order =
            operation.entries.windows(2).all(|two| matches!(two, [one, next] if one.seq < next.seq));
        if operation.entries.is_empty()
            || !in_order
            || operation.entries.iter().any(|entry| entry.operation != *id)
        {
            return Err(text::incomplete_journal(&id.0));
        }
        let there = journal::entries(id).await.map_err(|error| text::import_failed(&error.to_string()))?;
        if there.is_empty() {
            new.push(operation);
        } else if there == operation.entries {
            known += 1;
        } else {
            return Err(text::different_journal(&id.0));
        }
    }
    let many = new.len();
    for (at, operation) in new.iter().enumerate() {
        let written = journal::import(&operation.header, &operation.entries).await;
        written.map_err(|error| text::partly_imported(at, many, &error.to_string()))?;
    }
    Ok((many, known))
}

/// The bytes of the file that was chosen. The field is emptied, so that the same file can be chosen again.
pub(super) async fn chosen(field: NodeRef<html::Input>) -> Option<Result<Vec<u8>, String>> {
    let field = field.get_untracked()?;
    let file = field.files()?.get(0)?;
    let buffer = JsFuture::from(file.array_buffer()).await;
    field.set_value("");
    Some(match buffer {
        Ok(buffer) => Ok(js_sys::Uint8Array::new(&buffer).to_vec()),
        Err(error) => Err(crate::client::transport::words(&error)),
    })
}
