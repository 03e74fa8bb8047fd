//! Types of text that the whole model uses.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Shared text.
pub(crate) type Text = Arc<str>;
/// Preferences and runtime arguments.
pub(crate) type Arguments = BTreeMap<String, String>;
