//! The state of the history.

use super::filter::{Filter, Summaries};
use super::summary::summarize;
use crate::client::calendar::Day;
use crate::client::polling::ACTIVE_MS;
use crate::client::{Client, clock, durability, journal};
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_api::Timestamp;
use quiesce_lifecycle::journal::Header;
use std::collections::BTreeSet;

/// How many journals are read before their summaries are shown.
const SLICE: usize = 25;

/// The state that the views of the history share.
#[derive(Clone, Copy)]
pub(super) struct State {
    pub client: Client,
    /// The operations, newest first, or the error.
    pub data: RwSignal<Option<Result<Vec<Header>, String>>>,
    /// The summary of each operation that has been read.
    pub told: RwSignal<Summaries>,
    pub filter: Memo<Filter>,
    /// The operation whose deletion is to be confirmed.
    pub deleting: RwSignal<Option<Header>>,
    /// The result of an import or export.
    pub said: RwSignal<Option<(Tone, String)>>,
    /// The storage used by the page, in bytes.
    pub kept: RwSignal<Option<u64>>,
    /// The day by the browser's clock.
    pub today: RwSignal<Day>,
    /// The moment by the browser's clock, for operations that have not finished.
    pub now: RwSignal<Timestamp>,
}

impl State {
    /// Nothing has been read.
    pub(super) fn new(client: Client, filter: Memo<Filter>) -> Self {
        let now = clock::now();
        Self {
            client,
            data: RwSignal::new(None),
            told: RwSignal::new(Summaries::new()),
            filter,
            deleting: RwSignal::new(None),
            said: RwSignal::new(None),
            kept: RwSignal::new(None),
            today: RwSignal::new(clock::day(now)),
            now: RwSignal::new(now),
        }
    }

    /// Whether an operation belongs to a different server.
    pub(super) fn elsewhere(self, header: &Header) -> bool {
        header.server != self.client.server()
    }

    /// Reads the operations, and the journals of those whose last result is not known.
    pub(super) fn look(self) {
        leptos::task::spawn_local(async move {
            let headers = match sorted().await {
                Ok(headers) => headers,
                Err(error) => {
                    self.data.try_set(Some(Err(error)));
                    return;
                }
            };
            self.data.try_set(Some(Ok(headers.clone())));
            self.kept.try_set(durability::usage().await);
            let ids: BTreeSet<&str> = headers.iter().map(|header| header.id.0.as_str()).collect();
            let unread = self.told.try_update_untracked(|told| {
                told.retain(|id, _| ids.contains(id.as_str()));
                let is_read = |header: &Header| told.get(&header.id.0).is_some_and(|told| told.is_final);
                headers
                    .iter()
                    .filter(|header| !header.finished || !is_read(header))
                    .cloned()
                    .collect::<Vec<_>>()
            });
            self.summarize(&unread.unwrap_or_default()).await;
        });
    }

    /// Keeps the time current, and the operations that have not finished: another tab may be at work on them.
    pub(super) fn follow(self) {
        leptos::task::spawn_local(async move {
            loop {
                clock::sleep(ACTIVE_MS).await;
                let now = clock::now();
                let today = clock::day(now);
                let Some(known) = self.today.try_get_untracked() else { return };
                self.now.try_set(now);
                if known != today {
                    self.today.try_set(today);
                }
                if !document().hidden() {
                    self.read_unfinished().await;
                }
            }
        });
    }

    async fn read_unfinished(self) {
        let Some(Some(Ok(known))) = self.data.try_get_untracked() else { return };
        let mut open: Vec<Header> = known.iter().filter(|header| !header.finished).cloned().collect();
        if open.is_empty() {
            return;
        }
        // What can't be read stays as it was.
        let Ok(headers) = sorted().await else { return };
        open.retain_mut(|header| {
            let now = headers.iter().find(|it| it.id == header.id);
            now.inspect(|now| header.clone_from(now)).is_some()
        });
        if headers != known {
            self.data.try_set(Some(Ok(headers)));
        }
        self.summarize(&open).await;
    }

    /// Reads the summaries of operations, and notifies of those that changed.
    async fn summarize(self, headers: &[Header]) {
        for slice in headers.chunks(SLICE) {
            let mut told = Vec::with_capacity(slice.len());
            for header in slice {
                told.push((header.id.0.clone(), summarize(header).await));
            }
            let is_new = self.told.try_with_untracked(|all| {
                told.retain(|(id, summary)| all.get(id) != Some(summary));
                !told.is_empty()
            });
            match is_new {
                None => return,
                Some(true) => {
                    self.told.try_update(|all| all.extend(told));
                }
                Some(false) => {}
            }
        }
    }
}

/// The operations of this browser, newest first.
async fn sorted() -> Result<Vec<Header>, String> {
    let headers = journal::headers().await.map_err(|error| error.to_string())?;
    let mut sorted: Vec<Header> = Vec::with_capacity(headers.len());
    for header in headers {
        let at = sorted.partition_point(|other| other.created > header.created);
        sorted.insert(at, header);
    }
    Ok(sorted)
}
