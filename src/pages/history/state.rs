//! The state of the history, and its filter.

use super::summary::{OperationSummary, summarize};
use crate::client::calendar::Day;
use crate::client::polling::ACTIVE_MS;
use crate::client::{Client, clock, durability, journal};
use crate::pages::list_state::List;
use crate::routes::RouterName;
use crate::text::history as text;
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Header, OperationKind};

/// The filters: the label of each, and its name in the address.
pub(super) const FILTERS: [(&str, &str); 3] =
    [(text::FILTER_STOP, "stop"), (text::FILTER_UPGRADE, "upgrade"), (text::FILTER_UNFINISHED, "open")];

/// The filter of the history, stored in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// A text that an operation must contain.
    pub text: String,
    /// The enabled ones of [`FILTERS`].
    pub on: [bool; FILTERS.len()],
}

impl Filter {
    pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let shown = get("show").unwrap_or_default();
        let on = FILTERS.map(|(_, name)| shown.split(',').any(|it| it == name));
        Self { text: get("q").unwrap_or_default(), on }
    }

    pub(super) fn href(&self, client: Client) -> String {
        self.href_in(&client.router())
    }

    pub(super) fn href_in(&self, router: &RouterName) -> String {
        let mut shown = String::new();
        for ((_, name), _) in FILTERS.iter().zip(self.on).filter(|(_, on)| *on) {
            shown.push_str(if shown.is_empty() { "" } else { "," });
            shown.push_str(name);
        }
        let query = [("q", self.text.as_str()), ("show", shown.as_str())];
        List::Operations.address(router).href_with(query.into_iter().filter(|(_, value)| !value.is_empty()))
    }
}

/// The state that the views of the history share.
#[derive(Clone, Copy)]
pub(super) struct State {
    pub client: Client,
    /// The operations, newest first, or the error.
    pub data: RwSignal<Option<Result<Vec<Header>, String>>>,
    /// The summary of each operation that has been read.
    pub told: RwSignal<Vec<(String, OperationSummary)>>,
    pub filter: Memo<Filter>,
    /// The operation whose deletion is to be confirmed.
    pub deleting: RwSignal<Option<Header>>,
    /// The result of an import or export.
    pub said: RwSignal<Option<(Tone, String)>>,
    /// The storage used by the page, in bytes.
    pub kept: RwSignal<Option<u64>>,
    /// The day by the browser's clock.
    pub today: RwSignal<Day>,
}

impl State {
    /// Whether an operation belongs to a different server.
    pub(super) fn elsewhere(self, header: &Header) -> bool {
        header.server != self.client.server()
    }

    /// Reads the operations.
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
            self.summarize(&headers).await;
        });
    }

    /// Keeps the day current, and the operations that have not finished: another tab may be at work on them.
    pub(super) fn follow(self) {
        leptos::task::spawn_local(async move {
            loop {
                clock::sleep(ACTIVE_MS).await;
                let today = clock::day(clock::now());
                let Some(known) = self.today.try_get_untracked() else { return };
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
        for header in headers {
            let told = (header.id.0.clone(), summarize(header).await);
            let Some(changed) = self.told.try_with_untracked(|all| !all.contains(&told)) else { return };
            if changed {
                self.told.try_update(|all| {
                    all.retain(|(id, _)| *id != told.0);
                    all.push(told);
                });
            }
        }
    }

    pub(super) fn shows(self, header: &Header) -> bool {
        let Filter { text: words, on: filters } = self.filter.get();
        let words = words.trim().to_ascii_lowercase();
        let kind = [header.kind == OperationKind::Stop, header.kind == OperationKind::Upgrade];
        let kind = filters[..2] == [false; 2] || kind.iter().zip(filters).any(|(is, on)| *is && on);
        let text = format!("{} {} {} {}", header.title, header.namespace, header.server, header.id);
        // Only a search for what no header has depends on the summaries.
        let result = || {
            self.told.with(|told| {
                let told = told.iter().find(|(id, _)| *id == header.id.0);
                told.is_some_and(|(_, told)| told.words.to_ascii_lowercase().contains(&words))
            })
        };
        kind && (!filters[2] || !header.finished) && (text.to_ascii_lowercase().contains(&words) || result())
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
