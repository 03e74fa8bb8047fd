//! The restore of a version: the question, the request, and what the server did.

use super::compare::count;
use super::state::{Detail, State};
use crate::pages::server_message::error_view;
use crate::pages::why::why;
use crate::text::errors::Asked;
use crate::text::{common, versions as text};
use crate::ui::{Button, ButtonVariant, Dialog, Notice, RequestBlock, Tone, use_announcer};
use leptos::prelude::*;
use quiesce_api::deploy::Deploy;
use quiesce_api::{Endpoint, VersionId};
use quiesce_lifecycle::verdict::Rule;
use quiesce_lifecycle::version_restore::VersionRestore;

/// The question whether a version is to be restored. It is asked again for each version.
pub(super) fn dialog(state: State) -> AnyView {
    view! { {move || state.restoring.get().map(|version| question(state, version))} }.into_any()
}

fn question(state: State, version: VersionId) -> AnyView {
    let announcer = use_announcer();
    let open = RwSignal::new(true);
    Effect::new(move || {
        if !open.get() {
            state.restoring.set(None);
        }
    });
    let older = state.detail_of(version.clone());
    let latest = state.latest();
    let newest = latest.clone().map_or_else(|| RwSignal::new(None), |latest| state.detail_of(latest));
    let sending = RwSignal::new(false);
    let restore = {
        let latest = latest.clone();
        Memo::new(move |_| {
            let (older, latest) = (older.get()?.ok()?, latest.clone()?);
            Some(VersionRestore { namespace: state.namespace(), older, latest })
        })
    };
    let reason = text::reason(version.as_str());
    let deploy = Memo::new(move |_| restore.get().and_then(|restore| restore.deploy(reason.clone())));
    let unavailable = Signal::derive(move || {
        if sending.get() {
            return Some(text::RESTORING.to_owned());
        }
        match (older.get(), deploy.get()) {
            (None, _) => Some(text::READING_VERSION.to_owned()),
            (Some(Err(_)), _) => Some(text::NOT_READ.to_owned()),
            (Some(Ok(_)), None) => Some(text::NOT_JSON.to_owned()),
            (Some(Ok(_)), Some(deploy)) => state.client.refusal(&deploy.request()),
        }
    });
    let id = version.clone();
    let go = move |()| {
        let (Some(restore), Some(deploy)) = (restore.get_untracked(), deploy.get_untracked()) else { return };
        sending.set(true);
        state.result.set(None);
        let id = id.clone();
        leptos::task::spawn_local(async move {
            let answer = state.client.call(&deploy).await;
            let read = if VersionRestore::is_to_be_read(&answer) {
                state.detail(None).await
            } else {
                Ok(restore.older.clone())
            };
            let result = restore.result(answer, read);
            let (headline, _) = text::result(id.as_str(), &result);
            if state.result.try_set(Some((id, result))).is_some() {
                return;
            }
            announcer.say(headline);
            sending.try_set(false);
            open.try_set(false);
            state.read();
            state.program.refresh();
        });
    };
    let actions = move || {
        view! {
            <Button on_press=go.clone() look=ButtonVariant::Primary unavailable=unavailable>{text::RESTORE_REQUEST}</Button>
            <Button on_press=move |()| open.set(false) look=ButtonVariant::Plain>{common::CANCEL}</Button>
        }
        .into_any()
    };
    let title = text::question(version.as_str());
    view! {
        <Dialog open=open title=title actions=actions>
            {move || about(older.get(), newest.get())}
            {runs(state)}
            {move || deploy.get().map(|deploy| request(state, &deploy))}
        </Dialog>
    }
    .into_any()
}

/// What would be deployed, and what it means.
fn about(older: Detail, newest: Detail) -> AnyView {
    let differs = count(&newest, &older).map(text::from_latest);
    match older {
        None => view! { <p class="muted">{common::LOADING}</p> }.into_any(),
        Some(Err(error)) => {
            view! { <Notice tone=Tone::Bad>{error_view(Asked::Application, &error)}</Notice> }.into_any()
        }
        Some(Ok(older)) => {
            let checkpoints = older.artifact.is_realtime_pipeline().then(|| view! {
                <Notice tone=Tone::Warn>
                    <p><strong>{text::CHECKPOINTS}</strong>{text::DRAIN_FIRST}{why(&Rule::Recovery.section(), text::CHECKPOINTS)}</p>
                </Notice>
            });
            let artifact = older.artifact.to_string();
            let text = text::consequence(older.name.as_str(), &artifact, older.version.as_str());
            view! { <p>{text}" "{differs}</p>{checkpoints} }.into_any()
        }
    }
}

/// The runs that are active.
fn runs(state: State) -> AnyView {
    let told = move || {
        state.program.data.with(|seen| {
            let seen = seen.as_ref()?;
            match seen.active().count() {
                0 if seen.bad.is_empty() && seen.cut.is_none() => None,
                0 => Some(text::ACTIVITY_UNKNOWN.to_owned()),
                active => Some(text::active_runs(active)),
            }
        })
    };
    view! { {move || told().map(|told| view! { <Notice tone=Tone::Warn><p>{told}</p></Notice> })} }.into_any()
}

fn request(state: State, deploy: &Deploy) -> AnyView {
    let request = deploy.request();
    let curl = request.curl(&state.client.api(), state.client.has_token());
    view! {
        <RequestBlock what=text::REQUEST method=request.method.as_str() target=request.target.clone() body=request.body.clone().unwrap_or_default() curl/>
    }
    .into_any()
}
