//! Reads the plugins of the applications in the list, and the artifacts that have them.

use super::plugins::{Moves, Version, target, version};
use super::state::{Row, SelectState};
use crate::client::upgrade::artifacts_with;
use crate::pages::upgrade::wizard::widgets::on_page;
use futures::stream::{self, StreamExt};
use leptos::prelude::*;
use quiesce_api::application::{ApplicationDetails, DetailResult};
use quiesce_api::artifact::Artifact;
use quiesce_lifecycle::upgrade::plugins_in_use;

/// How many reads are under way at once.
const AT_ONCE: usize = 5;

/// Reads the plugins of the rows on screen, then of all others, one batch after another.
pub(crate) fn follow(state: SelectState) {
    let reading = StoredValue::new(false);
    Effect::new(move || {
        let batch = next_batch(state);
        // What is asked meanwhile is looked for again when the answer is there.
        if batch.is_empty() || reading.get_value() {
            return;
        }
        reading.set_value(true);
        leptos::task::spawn_local(async move {
            read(state, batch).await;
            reading.try_update_value(|it| *it = false);
        });
    });
}

/// The applications that are read next, with the artifact that they would be made of.
fn next_batch(state: SelectState) -> Vec<(Version, Artifact)> {
    let mut batch = Vec::new();
    state.rows.with(|rows| {
        state.moves.with(|moves| {
            if moves.is_halted() {
                return;
            }
            let mut add = |row: &Row| {
                if let Some((_, to)) = target(&row.offer)
                    && !row.unread
                    && batch.len() < ApplicationDetails::BATCH
                    && moves.is_unread(row, to)
                    && batch.iter().all(|(known, _)| *known != version(row))
                {
                    batch.push((version(row), to.clone()));
                }
            };
            state.listing.with(|listing| {
                let on_screen = on_page(state.page.get(), &listing.visible).iter();
                on_screen.filter_map(|place| rows.get(*place)).for_each(&mut add);
            });
            rows.iter().for_each(add);
        });
    });
    batch
}

/// Reads what is not known yet of these applications, and takes it in.
async fn read(state: SelectState, batch: Vec<(Version, Artifact)>) {
    let Some(generation) = state.moves.try_with_untracked(Moves::generation) else { return };
    let namespace = state.namespace.get_value();
    let unread = |version: &Version| {
        state.moves.try_with_untracked(|moves| moves.is_unread_version(version)).unwrap_or_default()
    };
    let mut applications = Vec::new();
    for ((application, version), _) in batch.iter().filter(|(version, _)| unread(version)) {
        applications.push((application.clone(), Some(version.clone())));
    }
    let mut read = Vec::with_capacity(applications.len());
    if !applications.is_empty() {
        let asked = applications.clone();
        let details = ApplicationDetails { namespace: namespace.clone(), applications };
        let (details, error) = match state.client.call(&details).await {
            Ok(rows) => {
                let error = rows.whole().err();
                (rows.good, error)
            }
            Err(error) => (Vec::new(), Some(error)),
        };
        for (application, version) in asked {
            let Some(version) = version else { continue };
            let mut details = details.iter().filter_map(|it: &DetailResult| it.detail.as_ref());
            let detail = details.find(|it| it.name == application && it.version == version);
            read.push(((application, version), detail.map(|detail| plugins_in_use(&detail.configuration))));
        }
        state.moves.try_update(|moves| moves.take(generation, read, Vec::new(), error));
    }
    let questions = state.moves.try_with_untracked(|moves| moves.questions(&batch)).unwrap_or_default();
    let reads = stream::iter(questions.into_iter().map(|(parent, plugin)| {
        let namespace = namespace.clone();
        async move {
            let has = artifacts_with(&state.client.ports(), namespace, parent.clone(), plugin.clone()).await;
            ((parent, plugin), has)
        }
    }));
    let mut reads = reads.buffer_unordered(AT_ONCE);
    let (mut has, mut failed) = (Vec::new(), None);
    while let Some((question, answer)) = reads.next().await {
        match answer {
            Ok(artifacts) => has.push((question, Some(artifacts))),
            Err(error) => {
                has.push((question, None));
                failed = Some(error);
            }
        }
    }
    state.moves.try_update(|moves| moves.take(generation, Vec::new(), has, failed));
}
