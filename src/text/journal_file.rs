//! The download of a journal.

pub const DOWNLOAD: &str = "Download journal";
pub const DOWNLOAD_NOW: &str = "Download now";
pub const PRIVATE_WINDOW: &str = "This looks like a private window: closing it deletes the journal. ";
pub const MAY_BE_DELETED: &str = "This browser may delete the journal when space is short. ";
pub const ADVICE: &str = "Download it now.";
pub const FAILED: &str = "The journal can't be downloaded: ";
