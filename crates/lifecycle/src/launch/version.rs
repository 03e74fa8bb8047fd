//! Versions of artifacts, as far as they are compared.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A version as far as it is compared. What follows the numbers (`-SNAPSHOT`, `-1763892`) is excluded: a snapshot
/// of 6.7.0 has what 6.7.0 has, as far as anybody can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArtifactVersion {
    /// The first number.
    pub major: u32,
    /// The second.
    pub minor: u32,
    /// The third; 0 when there is none.
    pub fix: u32,
}

impl ArtifactVersion {
    /// From this version on the launcher turns the write-ahead log on automatically (docs/cdap-api.md#launcher-rules).
    pub const LOG_BY_DEFAULT: Self = Self { major: 6, minor: 7, fix: 0 };

    /// Reads `6.11.0`, `6.7.0-SNAPSHOT`, `6.10`. `None` when there are not at least two numbers.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers = text.trim().split(['-', '+', '_']).next()?;
        let mut numbers = numbers.split('.').map(|number| number.parse::<u32>().ok());
        let major = numbers.next()??;
        let minor = numbers.next()??;
        // `6.7.x` or `6.7.0.1`: what is not a third number does not decide anything here.
        let fix = numbers.next().flatten().unwrap_or(0);
        Some(Self { major, minor, fix })
    }
}

impl fmt::Display for ArtifactVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.fix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn versions_are_read_with_what_follows_them() {
        let version = |major, minor, fix| Some(ArtifactVersion { major, minor, fix });
        for (text, expected) in [
            ("6.11.0", version(6, 11, 0)),
            ("6.7.0-SNAPSHOT", version(6, 7, 0)),
            ("6.10.1.2", version(6, 10, 1)),
            ("6.10", version(6, 10, 0)),
            (" 6.6.0 ", version(6, 6, 0)),
            ("6.8.0-1668042834", version(6, 8, 0)),
            ("6", None),
            ("", None),
            ("-SNAPSHOT", None),
            ("latest", None),
            ("6.x", None),
        ] {
            assert_eq!(ArtifactVersion::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn six_eleven_comes_after_six_seven() {
        assert!(ArtifactVersion::parse("6.11.0") > ArtifactVersion::parse("6.7.0"));
        assert!(ArtifactVersion::parse("6.6.9") < Some(ArtifactVersion::LOG_BY_DEFAULT));
    }

    proptest! {
        #[test]
        fn reading_a_version_never_panics(text in "\\PC*") {
            let _ = ArtifactVersion::parse(&text);
        }
    }
}
