//! Users of the server, as operations record them.

use quiesce_api::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The name of a user: the one typed at the sign-in, or the one that a proxy reports.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserName(String);

impl UserName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for UserName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who sends the requests of a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Nobody: there is no token, and no proxy reports a user.
    Anonymous,
    /// A user whose name the page doesn't know: a pasted token has none.
    Unnamed,
    /// A user.
    Named(UserName),
}

impl Identity {
    /// The name, if it is known.
    pub fn name(&self) -> Option<&UserName> {
        match self {
            Self::Named(name) => Some(name),
            Self::Anonymous | Self::Unnamed => None,
        }
    }
}

/// A user continued an operation of another one, after a confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuation {
    /// The time, by the browser's clock.
    pub at: Timestamp,
    /// Who continued it. `None`: the page knew no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserName>,
}
