//! The journal in IndexedDB: one store of operations, one of their entries, one of their backups. Entries are written
//! as text, so that one which this console does not know comes back verbatim.

use super::open_operations;
use futures::future::{Either, select};
use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Transaction, TransactionMode};
use quiesce_api::json;
use quiesce_lifecycle::journal::{Entry, Header, OperationId};
use std::cell::RefCell;
use std::future::IntoFuture;
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen::JsValue;

const OPERATIONS: &str = "operations";
const ENTRIES: &str = "entries";
pub(super) const BACKUPS: &str = "backups";

/// Why the journal cannot be used. Said before the first effect of an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The browser has no storage for this page, for example in a private window.
    #[error("this browser stores no data for this page ({0})")]
    Forbidden(String),
    /// It could not be written or read, for example since the disk is full.
    #[error("the journal could not be written or read ({0})")]
    Failed(String),
}

impl JournalError {
    /// The browser's own message.
    pub fn into_message(self) -> String {
        let (Self::Forbidden(message) | Self::Failed(message)) = self;
        message
    }
}

impl From<idb::Error> for JournalError {
    fn from(error: idb::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

thread_local! {
    /// The connection of this page. Opening one for each entry costs more than the entry.
    static KEPT: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

/// How long another tab may keep the journal from being opened, in milliseconds.
const BLOCKED: u32 = 10_000;

pub(super) async fn open() -> Result<Rc<Database>, JournalError> {
    if let Some(kept) = KEPT.with_borrow(Option::clone) {
        return Ok(kept);
    }
    let forbidden = |error: idb::Error| JournalError::Forbidden(error.to_string());
    let mut request =
        Factory::new().map_err(forbidden)?.open(open_operations::DATABASE, Some(2)).map_err(forbidden)?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            let there = database.store_names();
            for store in [OPERATIONS, ENTRIES, BACKUPS] {
                if !there.iter().any(|name| name == store) {
                    let _ = database.create_object_store(store, ObjectStoreParams::new());
                }
            }
        }
    });
    let opened = request.into_future();
    let mut database = match select(opened, pin!(super::clock::sleep(BLOCKED))).await {
        Either::Left((result, _)) => result.map_err(forbidden)?,
        Either::Right(_) => {
            return Err(JournalError::Forbidden("another tab of this console keeps it open".to_owned()));
        }
    };
    database.on_version_change(|_| let_go());
    database.on_close(|_| let_go());
    let database = Rc::new(database);
    KEPT.set(Some(database.clone()));
    Ok(database)
}

/// Lets another tab change the database; what is written next opens it again.
fn let_go() {
    if let Some(database) = KEPT.take() {
        database.close();
        // It is called from a callback that it owns.
        std::mem::forget(database);
    }
}

/// Waits until a transaction is on disk, as far as the browser tells.
pub(super) async fn commit(transaction: Transaction) -> Result<(), JournalError> {
    if transaction.commit()?.await?.is_committed() {
        return Ok(());
    }
    Err(JournalError::Failed("the browser aborted it; its storage may be full".to_owned()))
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

/// Writes an operation of another browser, or fails when this one has it.
pub async fn import(header: &Header, entries: &[Entry]) -> Result<(), JournalError> {
    write(Some(header), entries).await
}

/// Deletes an operation with its entries and its backup.
pub async fn delete(operation: &OperationId) -> Result<(), JournalError> {
    let transaction = deletion().await?;
    remove(&transaction, operation)?;
    commit(transaction).await
}

/// Deletes those of the operations that have finished, all or none, and returns how many. Another tab may have
/// continued one since it was listed: that one stays.
pub async fn delete_finished(operations: &[OperationId]) -> Result<usize, JournalError> {
    let transaction = deletion().await?;
    let mut deleted = 0;
    for operation in operations {
        let key = JsValue::from_str(&operation.0);
        let found = transaction.object_store(OPERATIONS)?.get(key)?.await?;
        let header = texts(found.into_iter().collect()).find_map(|text| json::from_str::<Header>(&text).ok());
        if header.is_some_and(|header| header.finished) {
            remove(&transaction, operation)?;
            deleted += 1;
        }
    }
    commit(transaction).await?;
    Ok(deleted)
}

async fn deletion() -> Result<Transaction, JournalError> {
    Ok(open().await?.transaction(&[OPERATIONS, ENTRIES, BACKUPS], TransactionMode::ReadWrite)?)
}

fn remove(transaction: &Transaction, operation: &OperationId) -> Result<(), JournalError> {
    let id = JsValue::from_str(&operation.0);
    transaction.object_store(OPERATIONS)?.delete(id.clone())?;
    transaction.object_store(BACKUPS)?.delete(id)?;
    transaction.object_store(ENTRIES)?.delete(range(operation, 0)?)?;
    Ok(())
}

async fn write(header: Option<&Header>, entries: &[Entry]) -> Result<(), JournalError> {
    let text = |error: serde_json::Error| JournalError::Failed(error.to_string());
    let transaction = open().await?.transaction(&[OPERATIONS, ENTRIES], TransactionMode::ReadWrite)?;
    if header.is_some() || open_operations::is_marked() {
        open_operations::written();
    }
    if let Some(header) = header {
        let value = serde_json::to_string(header).map_err(text)?;
        let key = JsValue::from_str(&header.id.0);
        transaction.object_store(OPERATIONS)?.put(&JsValue::from_str(&value), Some(&key))?;
    }
    let store = transaction.object_store(ENTRIES)?;
    for entry in entries {
        let value = serde_json::to_string(entry).map_err(text)?;
        // `add`, not `put`: a place that is taken means that another tab wrote it, and must fail.
        store.add(&JsValue::from_str(&value), Some(&key(&entry.operation, place(entry.seq))))?;
    }
    let written = commit(transaction).await;
    if header.is_some() {
        open_operations::written();
    }
    written
}

/// The keys of the entries of an operation from a place on.
fn range(operation: &OperationId, from: u64) -> Result<KeyRange, idb::Error> {
    KeyRange::bound(&key(operation, place(from)), &key(operation, f64::INFINITY), None, None)
}

/// The entries of an operation, in order.
pub async fn entries(operation: &OperationId) -> Result<Vec<Entry>, JournalError> {
    entries_from(operation, 0).await
}

/// The entries of an operation from a place on, in order.
pub async fn entries_from(operation: &OperationId, from: u64) -> Result<Vec<Entry>, JournalError> {
    let transaction = open().await?.transaction(&[ENTRIES], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(ENTRIES)?;
    let found = store.get_all(Some(idb::Query::KeyRange(range(operation, from)?)), None)?.await?;
    Ok(texts(found).filter_map(|text| json::from_str(&text).ok()).collect())
}

/// All operations of this browser.
pub async fn headers() -> Result<Vec<Header>, JournalError> {
    let transaction = open().await?.transaction(&[OPERATIONS], TransactionMode::ReadOnly)?;
    let found = transaction.object_store(OPERATIONS)?.get_all(None, None)?.await?;
    Ok(texts(found).filter_map(|text| json::from_str(&text).ok()).collect())
}

/// One operation.
pub async fn header(operation: &OperationId) -> Result<Option<Header>, JournalError> {
    Ok(headers().await?.into_iter().find(|header| header.id == *operation))
}

fn texts(values: Vec<JsValue>) -> impl Iterator<Item = String> {
    values.into_iter().filter_map(|value| value.as_string())
}
