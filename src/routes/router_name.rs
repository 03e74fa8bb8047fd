//! The name of a router in paths.

use super::base::{base, below_base};
use std::sync::Arc;

/// The longest name of a router.
const LONGEST_NAME: usize = 63;

/// The name of a router in paths. A console with a single router may leave it unnamed: then no path mentions it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouterName(Option<Arc<str>>);

impl RouterName {
    /// A name, or the unnamed router for an empty one. `None`: no router can have this name.
    pub fn new(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::default());
        }
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let plain = name.len() <= LONGEST_NAME
            && name.bytes().all(|byte| is_plain(byte) || byte == b'-')
            && name.bytes().next().is_some_and(is_plain);
        plain.then(|| Self(Some(name.into())))
    }

    /// The name; empty for the unnamed router.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether it has no name.
    pub fn is_unnamed(&self) -> bool {
        self.0.is_none()
    }

    /// The path before its pages and its API, from the root of the origin on: `/console/r/prod`.
    pub fn prefix(&self) -> String {
        let mut prefix = base();
        if let Some(name) = &self.0 {
            prefix.push_str("/r/");
            prefix.push_str(name);
        }
        prefix
    }

    /// The router of a path, and the rest of the path. `None`: the path is not below the base, or names no router.
    pub fn split(path: &str) -> Option<(Self, &str)> {
        let rest = below_base(path)?;
        match rest.strip_prefix("/r/") {
            None => Some((Self::default(), rest)),
            Some(named) => {
                let (name, rest) = named.split_at(named.find('/').unwrap_or(named.len()));
                Some((Self::new(name).filter(|name| !name.is_unnamed())?, rest))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_its_router_even_if_it_is_of_no_page() {
        let split = |path| RouterName::split(path).map(|(name, rest)| (name.as_str().to_owned(), rest));
        assert_eq!(split("/r/prod/nowhere"), Some(("prod".to_owned(), "/nowhere")));
        assert_eq!(split("/nowhere"), Some((String::new(), "/nowhere")));
        assert_eq!(split("/r"), Some((String::new(), "/r")));
        for invalid in ["/r/", "/r//history", "/r/Prod/history", "/r/%2e/history", "/r/-x/"] {
            assert_eq!(split(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_name_has_lower_case_letters_digits_and_hyphens_only() {
        let longest = "a".repeat(LONGEST_NAME);
        for name in ["prod", "7", "eu-west-1", longest.as_str()] {
            assert_eq!(RouterName::new(name).unwrap().as_str(), name);
        }
        let longer = "a".repeat(LONGEST_NAME + 1);
        for name in ["-a", "A", "a.b", "a/b", "ü", " ", longer.as_str()] {
            assert_eq!(RouterName::new(name), None, "{name}");
        }
        assert!(RouterName::new("").unwrap().is_unnamed());
    }
}
