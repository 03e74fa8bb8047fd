//! Which plugins an upgrade would move, read for the applications on screen.

use super::choose::{Row, State};
use super::parts::PAGE;
use crate::client::Client;
use futures::stream::{self, StreamExt};
use leptos::prelude::*;
use quiesce_api::application::{ApplicationDetails, DetailResult};
use quiesce_api::artifact::{Artifact, ListPlugins, PluginRef};
use quiesce_api::upgrade::Candidates;
use quiesce_api::{ApplicationId, Error, NamespaceId, VersionId};
use quiesce_lifecycle::upgrade::{Move, Offer, Used, used};
use std::fmt::Write as _;

/// How many reads are under way at once.
const AT_ONCE: usize = 5;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Moves {
    /// The plugins of each version of an application; none where they could not be read.
    used: Vec<((ApplicationId, VersionId), Option<Vec<Used>>)>,
    /// The artifacts that have a plugin for applications of an artifact.
    has: Vec<((Artifact, PluginRef), Option<Vec<Artifact>>)>,
}

/// An application that is asked about: its version, and what it would be made of.
type Asked = ((ApplicationId, VersionId), Artifact);

/// Reads what is missing of the rows on screen, whenever others are.
pub(super) fn follow(state: State) {
    let reading = StoredValue::new(false);
    Effect::new(move || {
        let asked = state.moves.with(|moves| moves.unread(asked(state)));
        // What is asked meanwhile is looked for again when the answer is there.
        if asked.is_empty() || reading.get_value() {
            return;
        }
        reading.set_value(true);
        let (namespace, before) = (state.namespace.get_value(), state.moves.get_untracked());
        leptos::task::spawn_local(async move {
            let moves = read(state.client, namespace, before, asked).await;
            reading.try_update_value(|it| *it = false);
            state.moves.try_set(moves);
        });
    });
}

/// The applications on screen that the server would upgrade.
fn asked(state: State) -> Vec<Asked> {
    let mut asked = Vec::new();
    state.rows.with(|rows| {
        state.shown.with(|shown| {
            let page = state.page.get().min(shown.len().saturating_sub(1) / PAGE);
            let places = shown.iter().skip(page * PAGE).take(PAGE);
            for row in places.filter_map(|place| rows.get(*place)).filter(|row| !row.unread) {
                if let Offer::Upgrade(to) | Offer::Newest(to) = &row.offer {
                    asked.push((of(row), to.clone()));
                }
            }
        });
    });
    asked
}

fn of(row: &Row) -> (ApplicationId, VersionId) {
    (row.application.name.clone(), row.application.version.clone())
}

/// What an upgrade moves beside the artifact of an application, in words; empty if nothing, or nothing is known.
pub(super) fn note(state: State, row: &Row) -> String {
    let (Offer::Upgrade(to) | Offer::Newest(to)) = &row.offer else { return String::new() };
    state.candidates.with(|candidates| state.moves.with(|moves| moves.words(&of(row), to, candidates)))
}

impl Moves {
    /// Those of them of which nothing was asked yet.
    fn unread(&self, asked: Vec<Asked>) -> Vec<Asked> {
        let mut unread = asked;
        unread.retain(|(of, to)| {
            self.used.iter().find(|(known, _)| known == of).is_none_or(|(_, used)| {
                let mut plugins = used.iter().flatten();
                plugins.any(|it| self.has(to, &it.plugin).is_none())
            })
        });
        unread
    }

    fn has(&self, to: &Artifact, plugin: &PluginRef) -> Option<&Option<Vec<Artifact>>> {
        let known = self.has.iter().find(|((known, of), _)| known == to && of == plugin);
        known.map(|(_, has)| has)
    }

    fn words(&self, of: &(ApplicationId, VersionId), to: &Artifact, candidates: &Candidates) -> String {
        let mut words = String::new();
        let Some((_, used)) = self.used.iter().find(|(known, _)| known == of) else { return words };
        let Some(used) = used else {
            return "Which plugins move could not be read.".to_owned();
        };
        for one in used {
            match self.has(to, &one.plugin) {
                None => {}
                Some(None) => words.push_str("Where a plugin moves could not be read. "),
                Some(Some(has)) => {
                    if let Some(moved) = one.moves(has, candidates) {
                        let Move { plugin, from, to } = moved;
                        let _ = write!(words, "Plugin {plugin}: {from} → ");
                        let _ = if to.name == from.name {
                            words.write_str(&to.version)
                        } else {
                            write!(words, "{to}")
                        };
                        if to.scope != from.scope {
                            let _ = write!(words, " ({})", to.scope);
                        }
                        words.push_str(". ");
                    }
                }
            }
        }
        words
    }
}

/// Reads what is not known yet of these applications.
async fn read(client: Client, namespace: NamespaceId, mut moves: Moves, asked: Vec<Asked>) -> Moves {
    let mut applications = Vec::new();
    for ((application, version), _) in &asked {
        applications.push((application.clone(), Some(version.clone())));
    }
    let details = ApplicationDetails { namespace: namespace.clone(), applications };
    let details = client.call(&details).await.map(|rows| rows.good).unwrap_or_default();
    let mut wanted: Vec<(Artifact, PluginRef)> = Vec::new();
    for (of, to) in asked {
        let mut details = details.iter().filter_map(|it: &DetailResult| it.detail.as_ref());
        let detail = details.find(|it| it.name == of.0 && it.version == of.1);
        let plugins = detail.map(|detail| used(&detail.configuration));
        for one in plugins.iter().flatten() {
            let want = (to.clone(), one.plugin.clone());
            if moves.has(&to, &one.plugin).is_none() && !wanted.contains(&want) {
                wanted.push(want);
            }
        }
        moves.used.retain(|(known, _)| *known != of);
        moves.used.push((of, plugins));
    }
    let reads = stream::iter(wanted.into_iter().map(|(parent, plugin)| {
        let namespace = namespace.clone();
        async move {
            let list = ListPlugins { namespace, parent, plugin };
            let has = match client.call(&list).await {
                Ok(rows) if rows.is_whole() => Some(rows.good.into_iter().map(|it| it.artifact).collect()),
                // No artifact has it: it stays.
                Err(Error::Refused(refusal)) if refusal.status == 404 => Some(Vec::new()),
                _ => None,
            };
            ((list.parent, list.plugin), has)
        }
    }));
    let mut reads = reads.buffer_unordered(AT_ONCE);
    while let Some(read) = reads.next().await {
        moves.has.push(read);
    }
    moves
}
