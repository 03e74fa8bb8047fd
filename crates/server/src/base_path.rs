//! The path below which this server serves everything.

use std::fmt;
use std::str::FromStr;

/// Empty at the root of a host, otherwise a path such as `/console`, without a slash at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasePath(String);

/// The reason why a text is not a base path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBasePath;

impl fmt::Display for InvalidBasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "use a path such as /console/: it starts with a slash, and its segments have only letters, digits and - . _ ~",
        )
    }
}

impl std::error::Error for InvalidBasePath {}

impl FromStr for BasePath {
    type Err = InvalidBasePath;

    fn from_str(text: &str) -> Result<Self, InvalidBasePath> {
        if text == "/" {
            return Ok(Self::default());
        }
        let path = text.strip_prefix('/').ok_or(InvalidBasePath)?;
        let path = path.strip_suffix('/').unwrap_or(path);
        // Such a path is the same before and after decoding, in HTML, in a header and in a policy.
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        let is_segment = |segment: &str| {
            !segment.is_empty() && !matches!(segment, "." | "..") && segment.bytes().all(allowed)
        };
        if path.split('/').all(is_segment) { Ok(Self(format!("/{path}"))) } else { Err(InvalidBasePath) }
    }
}

impl BasePath {
    /// Empty, or a path without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path below the base; `None` for a path that is not below it. The base itself, without a slash at its end, is
    /// not below it either.
    pub fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(self.0.as_str()).filter(|rest| rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_empty_or_a_path_without_a_slash_at_its_end() {
        for (text, base) in [
            ("/", ""),
            ("/console/", "/console"),
            ("/console", "/console"),
            ("/a/b.c_d~e-f/", "/a/b.c_d~e-f"),
        ] {
            assert_eq!(text.parse::<BasePath>().map(|it| it.as_str().to_owned()), Ok(base.to_owned()));
        }
        for text in
            ["", "console", "//", "/a//b/", "/../", "/a/./b", "/a%20b/", "/a b/", "/a?b/", "/\"x/", "/é/"]
        {
            assert_eq!(text.parse::<BasePath>(), Err(InvalidBasePath), "{text}");
        }
    }

    #[test]
    fn only_whole_segments_are_below_a_base() {
        let base: BasePath = "/console/".parse().unwrap();
        assert_eq!(base.strip("/console/ns/a"), Some("/ns/a"));
        assert_eq!(base.strip("/console/"), Some("/"));
        for path in ["/console", "/consolex/", "/", "/Console/", "//console/"] {
            assert_eq!(base.strip(path), None, "{path}");
        }
        assert_eq!(BasePath::default().strip("/x"), Some("/x"));
    }
}
