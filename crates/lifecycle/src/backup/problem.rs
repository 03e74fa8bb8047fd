//! Problems of a backup.

use serde::{Deserialize, Serialize};

/// Why an archive is not a verified backup.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Problem {
    /// It is not a zip archive, or is cut off.
    #[error("the file is not a zip archive, or its end is missing")]
    NoArchive,
    /// It is larger than the zip format of this console has room for (4 GB, 65,534 files).
    #[error("the archive is larger than this console can read")]
    TooLarge,
    /// A file in it cannot be unpacked, or is not what its checksum says.
    #[error("the file {0} in the archive is damaged")]
    File(String),
    /// It is not what the server reckoned.
    #[error("the archive is not what the server sent: its SHA-256 is {here}, the server said {server}")]
    Digest {
        /// Reckoned here.
        here: String,
        /// The server's.
        server: String,
    },
    /// A file in it is not a record of an application.
    #[error("the file {file} is not the record of an application: {message}")]
    Record {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// A backup lacks a file, or has one that its manifest does not name.
    #[error("the file {0} is missing, or the manifest does not name it")]
    Missing(String),
    /// A file of a backup is not the one that was put into it.
    #[error("the file {0} is not the one that was put into the backup")]
    Changed(String),
}
