//! Where the entries of the palette come from: what the page has read already, or else one reading when it is opened.

use super::needs::needs;
use crate::client::Client;
use crate::client::polling::newest;
use crate::pages::programs::{CHUNK, Fleet, latest, names};
use crate::text::palette as text;
use leptos::prelude::*;
use quiesce_api::NamespaceId;
use quiesce_api::system::ListNamespaces;
use quiesce_lifecycle::attention::Need;
use quiesce_lifecycle::journal::Header;
use std::sync::Arc;

/// What is known while the palette is open.
#[derive(Clone, Copy)]
pub(super) struct Sources {
    pub fleet: RwSignal<Arc<Fleet>>,
    pub namespaces: RwSignal<Vec<NamespaceId>>,
    /// The operations of this browser, the newest first.
    pub operations: RwSignal<Vec<(Header, Need)>>,
    /// What could not be read, as text.
    pub problems: RwSignal<Vec<String>>,
    /// How many readings are under way.
    pub reading: RwSignal<usize>,
}

impl Sources {
    /// Starts to read for a namespace.
    pub fn read(client: Client, namespace: NamespaceId) -> Self {
        let sources = Self {
            fleet: RwSignal::new(Arc::default()),
            namespaces: RwSignal::new(vec![namespace.clone()]),
            operations: RwSignal::new(Vec::new()),
            problems: RwSignal::new(Vec::new()),
            reading: RwSignal::new(3),
        };
        leptos::task::spawn_local(async move {
            let problem = sources.read_fleet(client, namespace).await;
            sources.finish(problem);
        });
        leptos::task::spawn_local(async move {
            let problem = sources.read_namespaces(client).await;
            sources.finish(problem);
        });
        leptos::task::spawn_local(async move {
            let problem = match needs(client).await {
                Ok(operations) => sources.operations.try_set(operations).map(|_| String::new()),
                Err(error) => Some(text::operations_unread(&error)),
            };
            sources.finish(problem);
        });
        sources
    }

    /// A reading has ended, with a problem or without.
    fn finish(self, problem: Option<String>) {
        if let Some(problem) = problem.filter(|problem| !problem.is_empty()) {
            self.problems.try_update(|problems| problems.push(problem));
        }
        self.reading.try_update(|reading| *reading = reading.saturating_sub(1));
    }

    /// The list of programs has its fleet; elsewhere the names are read, and the states if they are few.
    async fn read_fleet(self, client: Client, namespace: NamespaceId) -> Option<String> {
        if let Some(known) = newest::<Fleet>(&client.router(), &Fleet::name(&namespace)) {
            self.fleet.try_set(known);
            return None;
        }
        let mut fleet = match names(client, namespace.clone()).await {
            Ok(fleet) => fleet,
            Err(error) => return Some(text::programs_unread(namespace.as_str(), &error.sentence())),
        };
        self.fleet.try_set(Arc::new(fleet.clone()));
        let problems = fleet.partial.join(" ");
        let programs: Vec<_> = fleet.rows.iter().map(|row| (*row.program).clone()).collect();
        if programs.len() <= CHUNK
            && let Ok(found) = latest(client, namespace, programs).await
        {
            for (row, (_, latest)) in fleet.rows.iter_mut().zip(found) {
                row.latest = latest;
            }
            self.fleet.try_set(Arc::new(fleet));
        }
        Some(problems)
    }

    async fn read_namespaces(self, client: Client) -> Option<String> {
        match client.call(&ListNamespaces).await {
            Ok(list) => {
                let mut names: Vec<NamespaceId> = list.good.into_iter().map(|it| it.name).collect();
                names.sort_unstable();
                self.namespaces.try_set(names);
                None
            }
            Err(error) => Some(text::namespaces_unread(&error.sentence())),
        }
    }
}
