//! Names of applications at the end of a text.

use quiesce_api::ApplicationId;

/// A text with the names of applications, if there are some.
pub(super) fn with_names(mut text: String, before: &str, names: &[ApplicationId]) -> String {
    for (index, name) in names.iter().enumerate() {
        text.push_str(if index == 0 { before } else { ", " });
        text.push_str(name.as_str());
    }
    text
}
