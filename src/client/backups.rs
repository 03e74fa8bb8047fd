//! Backups in IndexedDB: the archive of an operation, until the operation is deleted; and files to the operator's disk.

use super::journal::{BACKUPS, JournalError, commit, open};
use idb::TransactionMode;
use js_sys::Uint8Array;
use leptos::prelude::document;
use quiesce_lifecycle::journal::OperationId;
use wasm_bindgen::{JsCast, JsValue};

/// Keeps the archive of an operation.
pub async fn keep(operation: &OperationId, archive: &[u8]) -> Result<(), JournalError> {
    let transaction = open().await?.transaction(&[BACKUPS], TransactionMode::ReadWrite)?;
    let key = JsValue::from_str(&operation.0);
    transaction.object_store(BACKUPS)?.put(&Uint8Array::from(archive), Some(&key))?;
    commit(transaction).await
}

/// The archive of an operation, if it is kept.
pub async fn read(operation: &OperationId) -> Result<Option<Vec<u8>>, JournalError> {
    let transaction = open().await?.transaction(&[BACKUPS], TransactionMode::ReadOnly)?;
    let found = transaction.object_store(BACKUPS)?.get(JsValue::from_str(&operation.0))?.await?;
    Ok(found.and_then(|found| found.dyn_into::<Uint8Array>().ok()).map(|bytes| bytes.to_vec()))
}

/// Hands a file to the operator, as a download.
pub fn download(name: &str, kind: &str, bytes: &[u8]) {
    download_parts(name, kind, &js_sys::Array::of1(&Uint8Array::from(bytes)));
}

/// Hands a file to the operator that consists of these parts, each an array of bytes.
pub fn download_parts(name: &str, kind: &str, parts: &js_sys::Array) {
    let _ = try_download(name, kind, parts);
}

fn try_download(name: &str, kind: &str, parts: &js_sys::Array) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(parts, &options)?;
    let address = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser reads the file after this; a minute is long enough for it to begin.
    leptos::task::spawn_local(async move {
        super::clock::sleep(60_000).await;
        let _ = web_sys::Url::revoke_object_url(&address);
    });
    Ok(())
}
