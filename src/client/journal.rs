//! The journal in IndexedDB: one store of operations, one of their entries. Entries are written as text, so that
//! one which this console does not know comes back to the letter.

use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, TransactionMode};
use quiesce_api::json;
use quiesce_lifecycle::journal::{Entry, Header, OperationId};
use wasm_bindgen::JsValue;

const NAME: &str = "quiesce";
const OPERATIONS: &str = "operations";
const ENTRIES: &str = "entries";

/// Why the journal cannot be used. Said before the first effect of an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The browser has no storage for this page, for example in a private window.
    #[error("this browser keeps nothing for this page ({0})")]
    Forbidden(String),
    /// It could not be written or read, for example since the disk is full.
    #[error("the journal could not be written or read ({0})")]
    Failed(String),
}

impl From<idb::Error> for JournalError {
    fn from(error: idb::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

async fn open() -> Result<Database, JournalError> {
    let forbidden = |error: idb::Error| JournalError::Forbidden(error.to_string());
    let mut request = Factory::new().map_err(forbidden)?.open(NAME, Some(1)).map_err(forbidden)?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            for store in [OPERATIONS, ENTRIES] {
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        }
    });
    request.await.map_err(forbidden)
}

/// The key of an entry: operation and place, which sort as they should.
fn key(operation: &OperationId, seq: f64) -> JsValue {
    js_sys::Array::of2(&JsValue::from_str(&operation.0), &JsValue::from_f64(seq)).into()
}

#[expect(clippy::cast_precision_loss, reason = "an operation has fewer than 2^53 entries")]
fn place(seq: u64) -> f64 {
    seq as f64
}

/// Writes what an operation is, and its first entries, in one transaction.
pub async fn begin(header: &Header, entries: &[Entry]) -> Result<(), JournalError> {
    write(Some(header), entries).await
}

/// Appends entries. They are on disk, as far as the browser tells, when this comes back.
pub async fn append(entries: &[Entry]) -> Result<(), JournalError> {
    write(None, entries).await
}

/// Writes what an operation is, anew.
pub async fn update(header: &Header) -> Result<(), JournalError> {
    write(Some(header), &[]).await
}

async fn write(header: Option<&Header>, entries: &[Entry]) -> Result<(), JournalError> {
    let database = open().await?;
    let transaction = database.transaction(&[OPERATIONS, ENTRIES], TransactionMode::ReadWrite)?;
    if let Some(header) = header {
        let store = transaction.object_store(OPERATIONS)?;
        let text = serde_json::to_string(header).map_err(|error| JournalError::Failed(error.to_string()))?;
        store.put(&JsValue::from_str(&text), Some(&JsValue::from_str(&header.id.0)))?.await?;
    }
    let store = transaction.object_store(ENTRIES)?;
    for entry in entries {
        let text = serde_json::to_string(entry).map_err(|error| JournalError::Failed(error.to_string()))?;
        // `add`, not `put`: a place that is taken means that another tab wrote it, and must fail.
        store.add(&JsValue::from_str(&text), Some(&key(&entry.operation, place(entry.seq))))?.await?;
    }
    transaction.commit()?.await?;
    database.close();
    Ok(())
}

/// The entries of an operation, in order.
pub async fn entries(operation: &OperationId) -> Result<Vec<Entry>, JournalError> {
    let database = open().await?;
    let transaction = database.transaction(&[ENTRIES], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(ENTRIES)?;
    let range = KeyRange::bound(&key(operation, 0.0), &key(operation, f64::INFINITY), None, None)?;
    let found = store.get_all(Some(idb::Query::KeyRange(range)), None)?.await?;
    database.close();
    Ok(texts(found).filter_map(|text| json::from_str(&text).ok()).collect())
}

/// All operations of this browser.
pub async fn headers() -> Result<Vec<Header>, JournalError> {
    let database = open().await?;
    let transaction = database.transaction(&[OPERATIONS], TransactionMode::ReadOnly)?;
    let found = transaction.object_store(OPERATIONS)?.get_all(None, None)?.await?;
    database.close();
    Ok(texts(found).filter_map(|text| json::from_str(&text).ok()).collect())
}

/// One operation.
pub async fn header(operation: &OperationId) -> Result<Option<Header>, JournalError> {
    Ok(headers().await?.into_iter().find(|header| header.id == *operation))
}

fn texts(values: Vec<JsValue>) -> impl Iterator<Item = String> {
    values.into_iter().filter_map(|value| value.as_string())
}
