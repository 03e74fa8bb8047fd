//! Times as they are on the wire. Run records and metrics count seconds; schedules, logs and changes count
//! milliseconds (API trap 30). The unit is in the type, so the two cannot be mixed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Seconds since 1970. 64 bits: a `terminate` of "never" does not fit 32 (API trap 31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub i64);

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Seconds {
    /// The moment; a number no calendar has becomes the nearest that one has.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_second(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

impl Millis {
    /// The moment; a number no calendar has becomes the nearest that one has.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

impl From<Timestamp> for Seconds {
    fn from(at: Timestamp) -> Self {
        Self(at.as_second())
    }
}

impl From<Timestamp> for Millis {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}
