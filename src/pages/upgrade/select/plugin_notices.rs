//! Above the list: plugins that the server lacks, each once with its applications, and those that could not be read.

use super::plugins::{Moves, Plugins};
use super::state::SelectState;
use crate::pages::server_message::server_message;
use crate::pages::upgrade::wizard::widgets::group;
use crate::text::common::RETRY;
use crate::text::upgrade::{PLUGINS_UNREAD_EFFECT, select as messages};
use crate::ui::{Button, Notice, Tone};
use leptos::prelude::*;
use quiesce_lifecycle::text::upgrade::missing_plugin;

pub(crate) fn notices(state: SelectState) -> AnyView {
    let plugins = state.choice.with(|choice| choice.plugins.clone());
    let Plugins { lacking, groups, unknown, unread } = &*plugins;
    let mut notices = Vec::new();
    if !lacking.is_empty() {
        let title = messages::lacking(lacking.len());
        let mut lines = Vec::with_capacity(groups.len());
        for (missing, names) in groups {
            lines.push(group(view! { <p>{missing_plugin(missing)}</p> }.into_any(), names, ().into_any()));
        }
        notices.push(view! {
            <Notice tone=Tone::Warn>
                <p><strong>{title}</strong>{messages::LACKING_EFFECT}</p>
                {lines}
            </Notice>
        });
    }
    if !unknown.is_empty() {
        let title = messages::unread_plugins(unknown.len());
        let again = move || {
            view! { <Button on_press=move |()| state.moves.update(Moves::retry) small=true>{RETRY}</Button> }
        };
        let message = state.moves.with(|moves| moves.failed().and_then(server_message));
        let names = group(().into_any(), unknown, ().into_any());
        notices.push(view! {
            <Notice tone=Tone::Warn actions=again>
                <p><strong>{title}</strong>{PLUGINS_UNREAD_EFFECT}</p>
                {message}
                {names}
            </Notice>
        });
    }
    let reading = (*unread > 0).then(|| {
        view! { <p class="small muted">{messages::reading_plugins(*unread)}</p> }
    });
    view! { {notices}{reading} }.into_any()
}
