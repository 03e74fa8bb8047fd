//! The versions of CDAP and of its plugins.

/// The version that the console is tested against.
pub const VERSION: &str = "6.11.0";
/// The version that pipelines are deployed with, so that they can be upgraded.
pub const OLDER: &str = "6.10.0";
/// The version of the core plugins shipped with 6.11.0.
pub const CORE_PLUGINS: &str = "2.13.0";
