//! The journal of an operation as a file: to continue it in another browser, or in this one once its storage is lost.

use crate::client::durability::{self, Durability};
use crate::client::{backups, clock, journal};
use crate::text::journal_file as messages;
use crate::ui::{Button, Notice, Tone};
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Entry, Header, OperationId};
use serde::{Deserialize, Serialize};

/// The version of the file.
pub(super) const FORMAT: u32 = 1;

/// Operations in a file.
#[derive(Serialize, Deserialize)]
pub(super) struct Journals {
    /// The version of this format.
    pub quiesce: u32,
    pub operations: Vec<Journal>,
}

/// An operation in a file.
#[derive(Serialize, Deserialize)]
pub(super) struct Journal {
    pub header: Header,
    /// Verbatim, also those that this console does not know.
    pub entries: Vec<Entry>,
}

/// Hands operations to the operator, as a download.
pub(super) async fn download(headers: Vec<Header>, name: &str) -> Result<(), String> {
    let mut operations = Vec::with_capacity(headers.len());
    for header in headers {
        let entries = journal::entries(&header.id).await.map_err(|error| error.to_string())?;
        operations.push(Journal { header, entries });
    }
    let text = serde_json::to_string(&Journals { quiesce: FORMAT, operations })
        .map_err(|error| error.to_string())?;
    let file = format!("quiesce-journal-{name}-{}.json", clock::now().as_second());
    backups::download(&file, "application/json", text.as_bytes());
    Ok(())
}

/// The journal of the operation that a page shows.
#[derive(Clone, Copy)]
pub(super) struct JournalFile {
    id: StoredValue<OperationId>,
    /// Whether it was downloaded from this page.
    downloaded: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
}

impl JournalFile {
    pub fn new(id: OperationId) -> Self {
        Self { id: StoredValue::new(id), downloaded: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    fn press(self) -> Callback<()> {
        Callback::new(move |()| {
            leptos::task::spawn_local(async move {
                let id = self.id.get_value();
                let result = match journal::header(&id).await {
                    Ok(header) => download(header.into_iter().collect(), &id.0).await,
                    Err(error) => Err(error.to_string()),
                };
                self.downloaded.try_set(result.is_ok());
                self.problem.try_set(result.err());
            });
        })
    }

    /// The button that downloads it.
    pub fn button(self) -> AnyView {
        view! { <Button on_press=self.press()>{messages::DOWNLOAD}</Button> }.into_any()
    }

    /// Says, while the operation is `open`, that the browser may delete it, and why it can't be downloaded.
    pub fn notices(self, open: Memo<bool>) -> AnyView {
        let at_risk = Memo::new(move |_| {
            let durability = durability::answer().filter(|it| *it != Durability::Persistent)?;
            (open.get() && !self.downloaded.get()).then_some(durability)
        });
        let risk = move || {
            at_risk.get().map(|durability| {
                let risk = if durability == Durability::PrivateWindow {
                    messages::PRIVATE_WINDOW
                } else {
                    messages::MAY_BE_DELETED
                };
                view! {
                    <Notice tone=Tone::Warn actions=move || view! { <Button on_press=self.press() small=true>{messages::DOWNLOAD_NOW}</Button> }>
                        <p><strong>{risk}</strong>{messages::ADVICE}</p>
                    </Notice>
                }
            })
        };
        let problem = move || {
            self.problem.get().map(|problem| {
                view! {
                    <Notice tone=Tone::Bad>
                        <p><strong>{messages::FAILED}</strong>{problem}"."</p>
                    </Notice>
                }
            })
        };
        view! { {risk}{problem} }.into_any()
    }
}
