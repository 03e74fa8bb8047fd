//! The state of the history, and its filter.

use super::summary::{OperationSummary, summarize};
use crate::client::{Client, durability, journal};
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
}

impl State {
    /// Whether an operation belongs to a different server.
    pub(super) fn elsewhere(self, header: &Header) -> bool {
        header.server != self.client.server()
    }

    /// Reads the operations.
    pub(super) fn look(self) {
        leptos::task::spawn_local(async move {
            let headers = match journal::headers().await {
                Ok(headers) => headers,
                Err(error) => {
                    self.data.try_set(Some(Err(error.to_string())));
                    return;
                }
            };
            let mut sorted: Vec<Header> = Vec::with_capacity(headers.len());
            for header in headers {
                let at = sorted.partition_point(|other| other.created > header.created);
                sorted.insert(at, header);
            }
            self.data.try_set(Some(Ok(sorted.clone())));
            self.kept.try_set(durability::usage().await);
            for header in &sorted {
                let told = summarize(header).await;
                let id = header.id.0.clone();
                let gone = self.told.try_update(|all| {
                    all.retain(|(other, _)| *other != id);
                    all.push((id, told));
                });
                if gone.is_none() {
                    return;
                }
            }
        });
    }

    pub(super) fn shows(self, header: &Header) -> bool {
        let Filter { text: words, on: filters } = self.filter.get();
        let words = words.trim().to_lowercase();
        let kind = [header.kind == OperationKind::Stop, header.kind == OperationKind::Upgrade];
        let kind = filters[..2] == [false; 2] || kind.iter().zip(filters).any(|(is, on)| *is && on);
        let text = format!("{} {} {} {}", header.title, header.namespace, header.server, header.id);
        let result = self.told.with(|told| {
            let told = told.iter().find(|(id, _)| *id == header.id.0);
            told.is_some_and(|(_, told)| told.words.to_lowercase().contains(&words))
        });
        kind && (!filters[2] || !header.finished) && (result || text.to_lowercase().contains(&words))
    }
}
