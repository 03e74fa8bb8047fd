//! The differences of two versions.

use super::state::{Detail, State};
use crate::pages::server_message::error_view;
use crate::text::errors::Asked;
use crate::text::{common, versions as text};
use crate::ui::{Button, ButtonVariant, Icon, Notice, Tone};
use leptos::prelude::*;
use quiesce_api::VersionId;
use quiesce_api::application::ApplicationDetail;
use quiesce_lifecycle::configuration_diff::{Change, Difference, differences, parse};
use serde_json::Value;

pub(super) fn comparison(state: State, first: VersionId, second: VersionId) -> AnyView {
    let (one, other) = (state.detail_of(first.clone()), state.detail_of(second.clone()));
    let found = move || {
        match (one.get(), other.get()) {
        (Some(Err(error)), _) | (_, Some(Err(error))) => {
            view! { <div class="pad"><Notice tone=Tone::Bad>{error_view(Asked::Application, &error)}</Notice></div> }.into_any()
        }
        (Some(Ok(one)), Some(Ok(other))) => told(&one, &other),
        _ => view! { <p class="pad muted">{common::LOADING}</p> }.into_any(),
    }
    };
    let choose = move |name: &'static str, chosen: &VersionId, is_first: bool| {
        let chosen = chosen.clone();
        let options = state.list.with(|list| {
            let versions =
                list.as_ref().and_then(|list| list.as_ref().ok()).map(|list| list.versions.clone());
            versions.unwrap_or_default()
        });
        let options = options.into_iter().map(|it| {
            let id = it.version.to_string();
            let label = format!("{}, {}", text::short(&id), it.artifact.version);
            view! { <option value=id.clone() selected=id == chosen.as_str()>{label}</option> }
        });
        let change = move |event| {
            let version = VersionId::from(event_target_value(&event));
            state.compared.update(|pair| {
                if let Some((first, second)) = pair {
                    *(if is_first { first } else { second }) = version;
                }
            });
        };
        view! { <select class="input" aria-label=name on:change=change>{options.collect_view()}</select> }
    };
    view! {
        <section class="comparison" aria-label=text::COMPARISON>
            <div class="tools">
                <h3>{text::DIFFERENCES}</h3>
                {choose(text::FIRST, &first, true)}
                <span aria-hidden="true">"→"</span>
                {choose(text::SECOND, &second, false)}
                <span class="push"></span>
                <Button on_press=move |()| state.compared.set(None) look=ButtonVariant::Plain small=true square=true shape=Icon::Cross name=text::CLOSE/>
            </div>
            {found}
        </section>
    }
    .into_any()
}

/// All that differs between two versions: artifact, description, configuration.
pub(super) fn all(one: &ApplicationDetail, other: &ApplicationDetail) -> Vec<(String, Change)> {
    let mut found = Vec::new();
    for (name, from, to) in [
        (text::ARTIFACT, one.artifact.to_string(), other.artifact.to_string()),
        (text::DESCRIPTION, one.description.clone(), other.description.clone()),
    ] {
        if from != to {
            found.push((name.to_owned(), Change::Changed { from: from.into(), to: to.into() }));
        }
    }
    let configuration = differences(&parse(&one.configuration), &parse(&other.configuration));
    found.extend(configuration.into_iter().map(|Difference { path, change }| {
        let path = path.to_string();
        (if path.is_empty() { text::WHOLE.to_owned() } else { path }, change)
    }));
    found
}

fn told(one: &ApplicationDetail, other: &ApplicationDetail) -> AnyView {
    let found = all(one, other);
    if found.is_empty() {
        return view! { <p class="pad muted">{text::SAME}</p> }.into_any();
    }
    let many = text::differences(found.len());
    let rows = found.into_iter().map(|(path, change)| {
        let (tone, word, from, to) = match change {
            Change::Added(value) => (Tone::Ok, text::ADDED, None, Some(value)),
            Change::Removed(value) => (Tone::Bad, text::REMOVED, Some(value), None),
            Change::Changed { from, to } => (Tone::Warn, text::CHANGED, Some(from), Some(to)),
        };
        view! {
            <tr>
                <th scope="row"><code class="path">{path}</code></th>
                <td data-label=text::DIFFERENCE><span class="outcome" data-tone=tone.word()>{word}</span></td>
                <td data-label=text::FIRST>{from.as_ref().map(value)}</td>
                <td data-label=text::SECOND>{to.as_ref().map(value)}</td>
            </tr>
        }
    });
    view! {
        <p class="pad small muted">{many}</p>
        <div class="table-wrap">
            <table class="table differences" aria-label=text::DIFFERENCES>
                <thead><tr>
                    <th scope="col">{text::SETTING}</th>
                    <th scope="col">{text::DIFFERENCE}</th>
                    <th scope="col">{text::FIRST}</th>
                    <th scope="col">{text::SECOND}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A value as it is in the configuration; a text without its quotes.
fn value(value: &Value) -> AnyView {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    view! { <code class="value">{text}</code> }.into_any()
}

/// How many differences there are, once both are read.
pub(super) fn count(one: &Detail, other: &Detail) -> Option<usize> {
    match (one, other) {
        (Some(Ok(one)), Some(Ok(other))) => Some(all(one, other).len()),
        _ => None,
    }
}
