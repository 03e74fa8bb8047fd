//! The version that an application has on servers without versions.

/// The only version of an application before CDAP 6.8; later, a name for the latest version.
pub(crate) const SNAPSHOT: &str = "-SNAPSHOT";
