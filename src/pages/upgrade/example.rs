//! An upgrade as a recorded journal tells it, for the gallery.

use super::wizard::frame::{steps_view, troubles};
use super::wizard::widgets::WizardContext;
use crate::client::upgrade::RunningUpgrade;
use crate::client::use_client;
use crate::pages::recorded::Recorded;
use crate::pages::stop::GraceForm;
use leptos::html;
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Body, Entry, fold};
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::upgrade::UpgradeOperation;
use std::sync::Arc;

/// The upgrade at the moment of the last entry.
pub fn example(recorded: Recorded) -> AnyView {
    let Some((header, entries)) = recorded.read() else { return ().into_any() };
    let told = RwSignal::new(Report::of(&header, &entries).ok().map(Arc::new));
    let last = entries.last().and_then(moment);
    let Ok(folded) = fold::<UpgradeOperation>(entries) else { return ().into_any() };
    let now = RwSignal::new(last.unwrap_or(folded.operation.begun));
    let running = RunningUpgrade::still(header.id, folded.operation);
    let (page, aborting) = (RwSignal::new(0), RwSignal::new(false));
    let wiz = WizardContext { client: use_client(), running, page, aborting, grace: GraceForm::new() };
    view! {
        {troubles(wiz, now)}
        {steps_view(wiz, now, told, NodeRef::<html::H2>::new())}
    }
    .into_any()
}

/// The moment of an entry after the first.
fn moment(entry: &Entry) -> Option<quiesce_api::Timestamp> {
    match &entry.body {
        Body::Upgrade(event) => Some(event.upgrade.at),
        _ => None,
    }
}
