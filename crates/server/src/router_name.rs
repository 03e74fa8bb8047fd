//! The name of a router in paths.

use std::fmt;
use std::str::FromStr;

/// The longest name, as long as a label of a host name.
const MAX_LENGTH: usize = 63;

/// A name such as `prod`: lower-case letters, digits and hyphens, not starting with a hyphen. It is the same in a path
/// before and after decoding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouterName(String);

/// The reason why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidRouterName;

impl fmt::Display for InvalidRouterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a router's name has 1 to {MAX_LENGTH} lower-case letters, digits and hyphens, and starts with a letter or a digit"
        )
    }
}

impl std::error::Error for InvalidRouterName {}

impl FromStr for RouterName {
    type Err = InvalidRouterName;

    fn from_str(text: &str) -> Result<Self, InvalidRouterName> {
        let valid = (1..=MAX_LENGTH).contains(&text.len())
            && !text.starts_with('-')
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if valid { Ok(Self(text.to_owned())) } else { Err(InvalidRouterName) }
    }
}

impl fmt::Display for RouterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl RouterName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_a_path_before_and_after_decoding() {
        for name in ["prod", "a", "0", "eu-west-1", "a-", &"x".repeat(63)] {
            assert_eq!(name.parse::<RouterName>().map(|it| it.to_string()).as_deref(), Ok(name));
        }
        for name in
            ["", "-a", "Prod", "a_b", "a.b", "a/b", "a%41", "..", "\u{fc}", " a", "a b", &"x".repeat(64)]
        {
            assert_eq!(name.parse::<RouterName>(), Err(InvalidRouterName), "{name}");
        }
    }
}
