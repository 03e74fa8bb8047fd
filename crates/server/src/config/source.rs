//! Where a value of the configuration is from.

use std::fmt;
use std::path::PathBuf;

/// The origin of a value. Flags take precedence over variables, variables over the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag of the command line, without its dashes.
    Flag(&'static str),
    /// A variable of the environment.
    Variable(String),
    /// A line of the configuration file.
    File { path: PathBuf, line: usize },
    /// Not given anywhere.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Default => f.write_str("not given"),
        }
    }
}

/// A value as text, and where it is from.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    pub text: String,
    pub source: Source,
}

/// A value that was read, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    pub value: T,
    pub source: Source,
}
