//! The details of an application: the reason for its group, and what else is known of it.

use super::plugins::Known;
use super::state::Row;
use crate::pages::why::why;
use crate::text::common::ARTIFACT;
use crate::text::program_facts::{STATE_HANDLING, state_mode};
use crate::text::upgrade::select as messages;
use leptos::prelude::*;
use quiesce_lifecycle::text::upgrade::{
    MISSING_PLUGINS_SECTION, REDEPLOY_SECTION, SELECTION_SECTION, ineligible, missing_plugin,
};
use quiesce_lifecycle::upgrade::{Eligibility, PluginUpgrade};

pub(crate) fn details(
    row: &Row,
    known: &Known,
    upgrades: &[PluginUpgrade],
    selected: bool,
    select: Callback<bool>,
) -> AnyView {
    let lacking = !known.missing.is_empty();
    let (reason, section) = match &row.offer {
        _ if row.unread => (messages::READING_STATE, None),
        Eligibility::Upgrade(_) if lacking => {
            (messages::DESPITE_MISSING_EFFECT, Some(MISSING_PLUGINS_SECTION))
        }
        Eligibility::Upgrade(_) if row.unknown => (messages::STATE_UNKNOWN, Some(REDEPLOY_SECTION)),
        Eligibility::Upgrade(_) => (messages::CAN_UPGRADE, None),
        Eligibility::Redeploy(_) => (messages::REFUSED, Some(REDEPLOY_SECTION)),
        Eligibility::UpToDate(_) => (messages::HAS_NEWEST, Some(SELECTION_SECTION)),
        Eligibility::Ineligible(why) => (ineligible(*why), Some(SELECTION_SECTION)),
    };
    let link = section.map(|section| why(section, reason));
    let mut missing = Vec::with_capacity(known.missing.len());
    for one in &known.missing {
        missing.push(view! { <li>{missing_plugin(one)}</li> });
    }
    let mut moved = Vec::with_capacity(upgrades.len());
    for one in upgrades {
        moved.push(view! { <li>{messages::plugin_upgrade(one)}</li> });
    }
    let plugins = match &row.offer {
        Eligibility::Ineligible(_) => None,
        _ if known.unread => Some(messages::PLUGINS_UNREAD),
        _ if known.unknown => Some(messages::PLUGINS_UNKNOWN),
        Eligibility::Redeploy(_) => Some(messages::REDEPLOY_MOVES_NONE),
        _ => moved.is_empty().then_some(messages::NO_PLUGIN_MOVES),
    };
    let plugins = (plugins.is_some() || !moved.is_empty()).then(|| {
        let list = (!moved.is_empty()).then(|| view! { <ul class="plain-list">{moved}</ul> });
        view! { <dt>{messages::PLUGIN_MOVES}</dt><dd>{list}{plugins}</dd> }
    });
    let missing = lacking.then(|| {
        view! { <dt>{messages::MISSING_PLUGINS}</dt><dd><ul class="plain-list">{missing}</ul></dd> }
    });
    let state = row.mode.map(|mode| view! { <dt>{STATE_HANDLING}</dt><dd>{state_mode(mode)}</dd> });
    let option = option(row, lacking).map(|(words, effect)| {
        let label = messages::option_of(&words, row.application.name.as_str());
        view! {
            <label class="option">
                <input class="check" type="checkbox" aria-label=label prop:checked=selected on:change=move |event| select.run(event_target_checked(&event))/>
                <span>{words}{(!effect.is_empty()).then(|| view! { <small>{effect}</small> })}</span>
            </label>
        }
    });
    view! {
        <p>{reason}{link}</p>
        <dl class="facts">
            <dt>{ARTIFACT}</dt><dd>{messages::artifact(&row.application.artifact)}</dd>
            {state}
            {missing}
            {plugins}
        </dl>
        {option}
    }
    .into_any()
}

/// What can be selected although the box of the line can't be: its label, and its effect.
fn option(row: &Row, lacking: bool) -> Option<(String, &'static str)> {
    let forced = messages::DESPITE_MISSING.to_owned();
    match &row.offer {
        Eligibility::Redeploy(_) if lacking => Some((forced, "")),
        Eligibility::Upgrade(_) | Eligibility::UpToDate(_) if lacking => {
            Some((forced, messages::DESPITE_MISSING_EFFECT))
        }
        Eligibility::UpToDate(to) => Some((messages::again(&to.version), messages::AGAIN_EFFECT)),
        _ => None,
    }
}
