//! Why an upgrade, or a part of it, has not succeeded: facts, whose sentences are in [`crate::text::upgrade`].

use crate::backup::Problem;
use quiesce_api::Error;
use serde::{Deserialize, Serialize};

/// Why there is no verified backup, or why it is not saved.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BackupFailure {
    /// The server's export could not be read.
    ExportUnread(Error),
    /// The export was read and is not valid.
    ExportInvalid(Problem),
    /// The answer for this file of data that the export omits ended early.
    ExtraCut(String),
    /// This file of data that the export omits could not be read.
    ExtraUnread(String, Error),
    /// The page was closed before the backup was saved.
    PageClosed,
    /// The browser could not store the backup, with the browser's own message.
    NotStored(String),
    /// A sentence of a journal that was written before failures were facts.
    Recorded(String),
}
