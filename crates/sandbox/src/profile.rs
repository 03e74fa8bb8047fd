//! The kinds of servers that the sandbox simulates.

use std::fmt;
use std::str::FromStr;

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// CDAP 6.11.0 as recorded: every deployment is a new version, `graceful` is ignored.
    #[default]
    Cdap6_11,
    /// CDAP 6.7.2 as recorded: one version, `-SNAPSHOT`; run records without a version; `graceful` is ignored.
    Cdap6_7,
    /// A server that honours `graceful` at run level and in batch, and refuses values that are no whole seconds.
    Graceful,
    /// CDAP 6.11.0 with security: every request but `/status` needs a token.
    Secured,
}

impl Profile {
    /// All profiles, the default one first.
    pub const ALL: [Self; 4] = [Self::Cdap6_11, Self::Cdap6_7, Self::Graceful, Self::Secured];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cdap6_11 => "6.11.0",
            Self::Cdap6_7 => "6.7.2",
            Self::Graceful => "graceful",
            Self::Secured => "secured",
        }
    }

    /// What `/v3/version` says.
    pub fn version(self) -> &'static str {
        if self == Self::Cdap6_7 { "6.7.2" } else { "6.11.0" }
    }

    /// Whether each deployment makes a new version with an id of its own (from 6.8 on).
    pub fn keeps_versions(self) -> bool {
        self != Self::Cdap6_7
    }

    /// Whether `graceful` is honoured at run level and in batch.
    pub fn honours_graceful(self) -> bool {
        self == Self::Graceful
    }

    /// Whether requests need a token.
    pub fn secured(self) -> bool {
        self == Self::Secured
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is not a profile's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProfile(String);

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no profile is named {:?}; there are", self.0)?;
        for profile in Profile::ALL {
            write!(f, " {profile}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownProfile {}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == word)
            .ok_or_else(|| UnknownProfile(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_found_by_its_name() {
        for profile in Profile::ALL {
            assert_eq!(profile.name().parse(), Ok(profile));
        }
    }

    #[test]
    fn an_unknown_profile_is_answered_with_the_known_ones() {
        let refused = "6.1".parse::<Profile>().unwrap_err().to_string();
        assert_eq!(refused, "no profile is named \"6.1\"; there are 6.11.0 6.7.2 graceful secured");
    }
}
