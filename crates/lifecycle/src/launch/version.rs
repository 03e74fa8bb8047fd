//! Versions of artifacts.
use serde::{Deserialize, Serialize};

/// A version as far as it is compared: `6.11.0`, `6.7.0-SNAPSHOT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArtifactVersion {
    /// The first number.
    pub major: u32,
    /// The second.
    pub minor: u32,
    /// The third; 0 when there is none.
    pub fix: u32,
}
