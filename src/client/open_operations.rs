//! Whether this browser may have an operation that has not finished: a mark in the local storage, so that a page of a
//! browser without one loads nothing that reads the journal. Without the mark the journal is read, if there is one.

use super::preferences;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The name of the database of the journal.
pub(super) const DATABASE: &str = "quiesce";

/// The name of the mark.
const MARK: &str = "open-operations";
/// The mark of a journal in which every operation has finished.
const NONE: &str = "none";

/// Whether an operation may be open.
pub async fn may_exist() -> bool {
    match preferences::get(MARK) {
        // A browser in which the console is new.
        None => has_database().await.unwrap_or(true),
        mark => may_exist_by(mark.as_deref()),
    }
}

/// Whether this browser has a journal. `None`: it does not say.
async fn has_database() -> Option<bool> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let factory = get(&window(), "indexedDB").filter(JsValue::is_object)?;
    let list: Function = get(&factory, "databases")?.dyn_into().ok()?;
    let listed: Promise = list.call0(&factory).ok()?.dyn_into().ok()?;
    let databases: Array = JsFuture::from(listed).await.ok()?.dyn_into().ok()?;
    let is_journal =
        |it: &JsValue| get(it, "name").and_then(|name| name.as_string()).as_deref() == Some(DATABASE);
    Some(databases.iter().any(|it| is_journal(&it)))
}

/// Whether the mark says that none is open.
pub(super) fn is_marked() -> bool {
    !may_exist_by(preferences::get(MARK).as_deref())
}

fn may_exist_by(mark: Option<&str>) -> bool {
    mark != Some(NONE)
}

/// To be called when a transaction that writes the journal is open, and again once it is on disk: a reading of another
/// tab that missed it then sets no mark.
pub(super) fn written() {
    preferences::set(MARK, &format!("{:016x}", js_sys::Math::random().to_bits()));
}

/// A reading of the journal.
pub(super) struct Reading(Option<String>);

impl Reading {
    /// To be called before the journal is read.
    pub fn begin() -> Self {
        Self(preferences::get(MARK))
    }

    /// Marks that every operation has finished, unless something was written since the reading began.
    pub fn found_none(&self) {
        if self.may_mark(preferences::get(MARK).as_deref()) {
            preferences::set(MARK, NONE);
        }
    }

    fn may_mark(&self, now: Option<&str>) -> bool {
        may_exist_by(now) && self.0.as_deref() == now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_mark_of_a_journal_without_open_operations_says_that_there_is_none() {
        assert!(may_exist_by(None));
        assert!(may_exist_by(Some("")));
        assert!(may_exist_by(Some("3fe0000000000000")));
        assert!(!may_exist_by(Some(NONE)));
    }

    #[test]
    fn a_reading_marks_nothing_if_the_journal_was_written_meanwhile() {
        let reading = Reading(Some("1".to_owned()));
        assert!(reading.may_mark(Some("1")));
        assert!(!reading.may_mark(Some("2")));
        let first = Reading(None);
        assert!(first.may_mark(None));
        assert!(!first.may_mark(Some("1")));
    }
}
