//! The list of versions.

use super::state::{State, VersionList};
use crate::client::clock;
use crate::pages::version_id::version_id;
use crate::text::{common, versions as text};
use crate::ui::{Button, ButtonVariant};
use leptos::prelude::*;
use quiesce_api::application::ApplicationRecord;
use quiesce_api::deploy::Deploy;
use quiesce_api::{Endpoint, Millis, VersionId};

/// How many versions are listed at first.
const FIRST: usize = 10;

pub(super) fn table(state: State, list: VersionList) -> AnyView {
    let all = RwSignal::new(false);
    let many = list.versions.len();
    let latest = list.latest().cloned();
    let unreadable = list.unreadable;
    let versions = StoredValue::new(list.versions);
    let rows = move || {
        let shown = if all.get() { many } else { FIRST };
        versions.with_value(|versions| {
            let previous = |index: usize| versions.get(index + 1).map(|it| it.version.clone());
            let rows = versions.iter().enumerate().take(shown);
            rows.map(|(index, it)| row(state, it, latest.as_ref(), previous(index))).collect_view()
        })
    };
    view! {
        <div class="table-wrap">
            <table class="table" aria-label=text::TITLE>
                <thead><tr>
                    <th scope="col">{text::VERSION}</th>
                    <th scope="col">{common::ARTIFACT}</th>
                    <th scope="col">{text::CREATED}</th>
                    <th scope="col">{text::AUTHOR}</th>
                    <th scope="col">{text::SUMMARY}</th>
                    <th scope="col"><span class="vh">{common::ACTIONS}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(unreadable > 0).then(|| view! { <p class="pad small">{text::unreadable(unreadable)}</p> })}
        {(many == 1).then(|| view! { <p class="pad muted small">{text::ONLY_ONE}</p> })}
        {move || (many > FIRST && !all.get()).then(|| view! {
            <footer><Button on_press=move |()| all.set(true) look=ButtonVariant::Plain small=true>{text::show_all(many)}</Button></footer>
        })}
    }
    .into_any()
}

fn row(
    state: State,
    it: &ApplicationRecord,
    latest: Option<&VersionId>,
    previous: Option<VersionId>,
) -> impl IntoView + use<> {
    let version = it.version.clone();
    let is_latest = latest == Some(&version);
    let change = it.change.clone();
    let known = |text: Option<String>| {
        text.filter(|text| !text.is_empty()).unwrap_or_else(|| text::UNKNOWN.to_owned())
    };
    let created = change.as_ref().and_then(|it| it.creation_time_millis).map(Millis::timestamp);
    let created = match created {
        Some(at) => view! { <time datetime=at.to_string() title=clock::local(at)>{clock::short(at)}</time> }
            .into_any(),
        None => text::UNKNOWN.into_any(),
    };
    // An older version is compared with the latest, the latest with the one before.
    let pair = if is_latest {
        previous.map(|previous| (previous, version.clone()))
    } else {
        latest.map(|latest| (version.clone(), latest.clone()))
    };
    let compare = pair.map(|pair| {
        let name = text::compare(version.as_str());
        view! { <Button on_press=move |()| state.compared.set(Some(pair.clone())) look=ButtonVariant::Plain small=true name=name>{text::COMPARE}</Button> }
    });
    let restore = (!is_latest).then(|| {
        let like = Deploy {
            namespace: state.namespace(),
            application: state.application(),
            artifact: it.artifact.clone(),
            config: None,
            update_schedules: Some(false),
            change: None,
        }
        .request();
        let unavailable = Signal::derive(move || state.client.refusal(&like));
        let (version, name) = (version.clone(), text::restore(version.as_str()));
        view! { <Button on_press=move |()| state.restoring.set(Some(version.clone())) look=ButtonVariant::Plain small=true name=name unavailable=unavailable>{text::RESTORE}</Button> }
    });
    view! {
        <tr>
            <th class="c-main" scope="row">
                <span class="run-cell"><span>
                    {version_id(version.as_str())}
                {is_latest.then(|| view! { <span class="tag">{text::LATEST}</span> })}</span></span>
            </th>
            <td data-label=common::ARTIFACT>{it.artifact.to_string()}</td>
            <td class="nowrap quiet" data-label=text::CREATED>{created}</td>
            <td class="quiet" data-label=text::AUTHOR>{known(change.as_ref().and_then(|it| it.author.clone()))}</td>
            <td class="quiet" data-label=text::SUMMARY>{known(change.and_then(|it| it.description))}</td>
            <td class="c-act">{compare}{restore}</td>
        </tr>
    }
}
