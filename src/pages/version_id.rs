//! The ID of a version: short, whole on hover, and copied whole.

use crate::text::versions as text;
use crate::ui::CopyButton;
use leptos::prelude::*;

pub fn version_id(version: &str) -> AnyView {
    let copied = Signal::stored(version.to_owned());
    view! {
        <span class="nowrap"><code title=version.to_owned()>{text::short(version).to_owned()}</code><CopyButton text=copied word="" name=text::copy_id(version)/></span>
    }
    .into_any()
}
