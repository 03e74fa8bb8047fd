//! The journal of operations: what is kept, and how it is read back. Where it is kept is the page's business.
//!
//! An operation is its list of entries. Entries are versioned; one that this console does not know, from a newer or
//! an older one, is kept and shown, never dropped.

use crate::operation::Operation;
use crate::stop::{Event, StopPlan};
use crate::upgrade;
use crate::user::{Continuation, Identity, UserName};
use quiesce_api::{NamespaceId, Timestamp, json};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::fmt;

/// The version of the entries that this console writes.
pub const VERSION: u16 = 1;

/// An operation of this browser.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub String);

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an operation is, for lists. Its state is in its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its id.
    pub id: OperationId,
    /// The version of the console's entries when it began.
    pub version: u16,
    /// What sort of operation it is.
    pub kind: OperationKind,
    /// The namespace.
    pub namespace: NamespaceId,
    /// The server, as the page calls it.
    pub server: String,
    /// When it was confirmed.
    pub created: Timestamp,
    /// In words, for a list.
    pub title: String,
    /// Whether nothing is left to do for it.
    pub finished: bool,
    /// Who confirmed it. `None`: the page knew no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserName>,
    /// Who continued an operation of another user, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued: Vec<Continuation>,
}

/// What sort of operation it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OperationKind {
    /// Runs are stopped.
    Stop,
    /// Applications are upgraded.
    Upgrade,
    /// Another sort, of a console that knows it.
    #[serde(untagged)]
    Other(String),
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The version of the entry.
    pub v: u16,
    /// The operation.
    pub operation: OperationId,
    /// Its place in the operation, from 0.
    pub seq: u64,
    /// The event.
    pub body: Body,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// The first entry of a stop.
    StopConfirmed(StopConfirmed),
    /// A later entry of a stop.
    Stop(Box<StopEvent>),
    /// The first entry of an upgrade.
    UpgradePlanned(UpgradePlanned),
    /// A later entry of an upgrade.
    Upgrade(Box<UpgradeEvent>),
    /// What this console does not know. Kept as it is.
    Unknown(Value),
}

/// The first entry of a stop: all that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopConfirmed {
    /// What was confirmed, and when.
    pub confirmed: (Timestamp, Box<StopPlan>),
}

/// A later entry of a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopEvent {
    /// The event.
    pub stop: Event,
}

/// The first entry of an upgrade: all that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpgradePlanned {
    /// What was chosen, and when.
    pub chosen: (Timestamp, Box<upgrade::UpgradePlan>),
}

/// A later entry of an upgrade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpgradeEvent {
    /// The event.
    pub upgrade: upgrade::Event,
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if let Some(plan) = value.get("confirmed")
            && let Ok(confirmed) = json::from_value(plan)
        {
            return Ok(Self::StopConfirmed(StopConfirmed { confirmed }));
        }
        if let Some(event) = value.get("stop")
            && let Ok(stop) = json::from_value(event)
        {
            return Ok(Self::Stop(Box::new(StopEvent { stop })));
        }
        if let Some(event) = value.get("upgrade")
            && let Some(upgrade) = upgrade::Event::read(event)
        {
            return Ok(Self::Upgrade(Box::new(UpgradeEvent { upgrade })));
        }
        if let Some(plan) = value.get("chosen")
            && let Ok(chosen) = json::from_value(plan)
        {
            return Ok(Self::UpgradePlanned(UpgradePlanned { chosen }));
        }
        Ok(Self::Unknown(value))
    }
}

impl Header {
    /// The user who has to be named to whoever sends requests now before the operation continues: another one started
    /// it. `None`: this user started it or continued it before, the starter is unknown, or nobody is signed in, so
    /// that the server decides.
    pub fn started_by_another(&self, identity: &Identity) -> Option<&UserName> {
        let starter = self.user.as_ref()?;
        let name = identity.name();
        let continued = || self.continued.iter().any(|it| it.user.as_ref() == name);
        (*identity != Identity::Anonymous && name != Some(starter) && !continued()).then_some(starter)
    }
}

impl Entry {
    /// An entry of the version that this console writes.
    pub fn new(operation: OperationId, seq: u64, body: Body) -> Self {
        Self { v: VERSION, operation, seq, body }
    }

    /// Folds the event into its operation. `false`: this console does not know it.
    pub fn apply_to<O: Operation>(&self, operation: &mut O) -> bool {
        let Some(event) = O::event(&self.body) else { return false };
        operation.apply(event);
        true
    }
}

impl Body {
    /// When it happened, by the browser's clock. `None`: this console does not know the entry.
    fn at(&self) -> Option<Timestamp> {
        match self {
            Self::StopConfirmed(first) => Some(first.confirmed.0),
            Self::Stop(entry) => Some(entry.stop.at()),
            Self::UpgradePlanned(first) => Some(first.chosen.0),
            Self::Upgrade(entry) => Some(entry.upgrade.at),
            Self::Unknown(_) => None,
        }
    }
}

/// The last change of an operation, by the browser's clock. `None`: this console knows none of its entries.
pub fn last_change(entries: &[Entry]) -> Option<Timestamp> {
    entries.iter().filter_map(|entry| entry.body.at()).max()
}

impl From<Event> for Body {
    fn from(stop: Event) -> Self {
        Self::Stop(Box::new(StopEvent { stop }))
    }
}

impl From<upgrade::Event> for Body {
    fn from(upgrade: upgrade::Event) -> Self {
        Self::Upgrade(Box::new(UpgradeEvent { upgrade }))
    }
}

/// An operation as its journal tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded<O> {
    /// The state.
    pub operation: O,
    /// The place of the next entry.
    pub next: u64,
    /// Entries that this console does not know.
    pub unknown: Vec<Entry>,
}

/// Why a journal cannot be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// There is no entry.
    #[error("the journal has no entry of this operation")]
    Empty,
    /// The first entry does not say what was confirmed.
    #[error(
        "the journal does not begin with what was confirmed, or was written by another version of the console"
    )]
    NoBeginning,
}

/// Folds the entries of one operation, in the order of their places.
pub fn fold<O: Operation>(entries: impl IntoIterator<Item = Entry>) -> Result<Folded<O>, FoldError> {
    let mut entries = entries.into_iter();
    let first = entries.next().ok_or(FoldError::Empty)?;
    let next = first.seq.saturating_add(1);
    let operation = O::begin(first.body).ok_or(FoldError::NoBeginning)?;
    let mut folded = Folded { operation, next, unknown: Vec::new() };
    for entry in entries {
        folded.take(entry);
    }
    Ok(folded)
}

impl<O: Operation> Folded<O> {
    /// Folds a further entry.
    pub fn take(&mut self, entry: Entry) {
        self.next = self.next.max(entry.seq.saturating_add(1));
        if !entry.apply_to(&mut self.operation) {
            self.unknown.push(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stop::StopOperation;

    #[test]
    fn an_entry_of_another_console_is_kept_to_the_letter() {
        let text = r#"{"v":9,"operation":"x","seq":3,"body":{"upgrade":{"step":4}}}"#;
        let entry: Entry = serde_json::from_str(text).unwrap();
        assert!(matches!(entry.body, Body::Unknown(_)));
        assert_eq!(serde_json::to_string(&entry).unwrap(), text);
    }

    #[test]
    fn the_last_change_is_the_latest_known_entry() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let entry = |seq, body| Entry::new(OperationId("x".into()), seq, body);
        let resumed = |second| Body::from(Event::Resumed { at: at(second) });
        assert_eq!(last_change(&[]), None);
        assert_eq!(last_change(&[entry(0, Body::Unknown(Value::Null))]), None);
        // The browser's clock was set back between the two.
        let entries = [
            entry(0, resumed(9)),
            entry(1, resumed(4)),
            entry(2, Body::Unknown(serde_json::json!({ "at": 99 }))),
        ];
        assert_eq!(last_change(&entries), Some(at(9)));
    }

    #[test]
    fn a_journal_without_its_beginning_says_so() {
        assert_eq!(fold::<StopOperation>([]).unwrap_err(), FoldError::Empty);
        let entry = Entry::new(OperationId("x".into()), 4, Body::Unknown(Value::Null));
        assert_eq!(fold::<StopOperation>([entry]).unwrap_err(), FoldError::NoBeginning);
    }

    fn header(user: Option<&str>) -> Header {
        let mut header: Header = serde_json::from_str(
            r#"{"id":"x","version":1,"kind":"Stop","namespace":"default","server":"s","created":1,"title":"t","finished":false}"#,
        )
        .unwrap();
        header.user = user.map(UserName::from);
        header
    }

    #[test]
    fn a_header_without_a_user_is_written_back_unchanged() {
        let text = serde_json::to_string(&header(None)).unwrap();
        assert!(!text.contains("user") && !text.contains("continued"), "{text}");
    }

    #[test]
    fn a_header_tells_who_started_and_who_continued() {
        let mut written = header(Some("alice"));
        let at = Timestamp::from_second(5).unwrap();
        written.continued.push(Continuation { at, user: Some("bob".into()) });
        let text = serde_json::to_string(&written).unwrap();
        assert!(text.contains(r#""user":"alice","continued":[{"at":5000,"user":"bob"}]"#), "{text}");
        assert_eq!(serde_json::from_str::<Header>(&text).unwrap(), written);
    }

    fn named(name: &str) -> Identity {
        Identity::Named(name.into())
    }

    #[test]
    fn another_user_is_told_who_started_an_operation_until_they_continued_it() {
        let alice = UserName::from("alice");
        let mut header = header(Some("alice"));
        assert_eq!(header.started_by_another(&named("alice")), None);
        assert_eq!(header.started_by_another(&named("bob")), Some(&alice));
        let at = Timestamp::from_second(5).unwrap();
        header.continued.push(Continuation { at, user: Some("bob".into()) });
        assert_eq!(header.started_by_another(&named("bob")), None);
        assert_eq!(header.started_by_another(&named("alice")), None);
        assert_eq!(header.started_by_another(&named("carol")), Some(&alice));
    }

    #[test]
    fn a_user_without_a_name_may_be_another_one() {
        let mut header = header(Some("alice"));
        assert_eq!(header.started_by_another(&Identity::Unnamed), Some(&"alice".into()));
        let at = Timestamp::from_second(5).unwrap();
        header.continued.push(Continuation { at, user: None });
        assert_eq!(header.started_by_another(&Identity::Unnamed), None);
    }

    #[test]
    fn nobody_is_asked_where_the_starter_is_unknown_or_nobody_signed_in() {
        assert_eq!(header(None).started_by_another(&named("bob")), None);
        assert_eq!(header(Some("alice")).started_by_another(&Identity::Anonymous), None);
    }

    #[test]
    fn an_operation_of_a_kind_that_is_not_known_survives_a_list() {
        let kind: OperationKind = serde_json::from_str("\"Restore\"").unwrap();
        assert_eq!(kind, OperationKind::Other("Restore".into()));
    }
}
