//! Grace: how long a run may take to end after it got a stop request. What is asked for is here; what a server makes
//! of it is in [`crate::findings`].

mod duration;

pub use duration::{Elapsed, GraceSeconds, ParseDurationError};

use quiesce_api::stop::Graceful;
use serde::{Deserialize, Serialize};

/// The grace that the operator asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Grace {
    /// What the server gives when nothing is said (300 s as shipped).
    #[default]
    ServerDefault,
    /// Never forced: `graceful` without a value.
    UntilDrained,
    /// At most so long.
    Seconds(GraceSeconds),
    /// No time at all. Never a number that was typed: it has to be asked for by this name.
    Now,
}

impl Grace {
    /// The parameter of a run-level or batch stop. A program-level stop has none: there the server gives 0 s
    /// (docs/cdap-api.md#applied-grace).
    pub fn graceful(self) -> Graceful {
        match self {
            Self::ServerDefault => Graceful::Absent,
            Self::UntilDrained => Graceful::Unlimited,
            Self::Seconds(seconds) => Graceful::Seconds(seconds.get()),
            Self::Now => Graceful::Seconds(0),
        }
    }
}

impl From<GraceSeconds> for Grace {
    fn from(seconds: GraceSeconds) -> Self {
        Self::Seconds(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_grace_has_its_own_parameter() {
        let five_minutes: GraceSeconds = "5m".parse().unwrap();
        assert_eq!(Grace::ServerDefault.graceful(), Graceful::Absent);
        assert_eq!(Grace::UntilDrained.graceful(), Graceful::Unlimited);
        assert_eq!(Grace::from(five_minutes).graceful(), Graceful::Seconds(300));
        assert_eq!(Grace::Now.graceful(), Graceful::Seconds(0));
    }

    #[test]
    fn a_grace_survives_a_journal() {
        for grace in [Grace::ServerDefault, Grace::Now, Grace::Seconds("90".parse().unwrap())] {
            let json = serde_json::to_string(&grace).unwrap();
            assert_eq!(serde_json::from_str::<Grace>(&json).unwrap(), grace);
        }
        serde_json::from_str::<Grace>(r#"{"Seconds":0}"#).unwrap_err();
    }
}
