//! Names of things on a server. A name is kept as the server sent it; the server decides which new names are valid
//! (docs/cdap-api.md#names).

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(#[serde(deserialize_with = "text")] Arc<str>);

        impl $name {
            /// Uses the name verbatim.
            pub fn new(name: impl Into<Arc<str>>) -> Self {
                Self(name.into())
            }

            /// The name as the server spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.into())
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(name.into())
            }
        }
    )* };
}

ids! {
    /// A namespace: the unit of isolation, for example `default`.
    NamespaceId
    /// The name of an application. All of its versions share it.
    ApplicationId
    /// A version of an application: a generated ID, or `-SNAPSHOT` on servers before 6.8.
    VersionId
    /// The name of a program within an application.
    ProgramId
    /// A run of a program: a version 1 UUID.
    RunId
}

/// Reads a name into a single allocation; `Arc<str>` itself is read by way of a `String`.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    from_text(deserializer, |text| text.into())
}

/// Makes a value of a text, without a copy of the text.
pub(crate) fn from_text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: fn(&str) -> T,
) -> Result<T, D::Error> {
    struct Text<T>(fn(&str) -> T);

    impl<T> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok((self.0)(text))
        }
    }

    deserializer.deserialize_str(Text(make))
}

impl VersionId {
    /// `-SNAPSHOT`: the only version on servers before 6.8, and an alias of the latest version on later ones.
    pub fn snapshot() -> Self {
        Self::new("-SNAPSHOT")
    }

    /// Whether this is `-SNAPSHOT`, which does not identify a specific version.
    pub fn is_snapshot(&self) -> bool {
        self.as_str() == "-SNAPSHOT"
    }
}

impl RunId {
    /// The first eight digits, for display.
    pub fn short(&self) -> &str {
        let id = self.as_str();
        id.char_indices().nth(8).map_or(id, |(end, _)| &id[..end])
    }
}
