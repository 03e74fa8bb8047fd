//! The session storage of this tab: what has to survive a change of page and a reload, and ends with the tab. A text
//! that the browser refuses to store is held in memory: it survives changes of page, but no reload.

use super::short_map::ShortMap;
use leptos::prelude::window;
use std::cell::RefCell;

/// The longest text that is stored, in bytes. Browsers give a page about 5 million characters.
const LIMIT: usize = 2_000_000;

/// What is stored. A list is named by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// The targets of a stop form that are too many for an address, by the name of their router.
    StopTargets(&'a str),
    /// The path of the list that was opened last.
    LastList,
    /// Where a list was left.
    Position(&'a str),
    /// What is selected in a list.
    Selection(&'a str),
    /// The token, where the operator wants to stay signed in. Sessions are told apart by the path of their router.
    Session(&'a str),
}

impl Key<'_> {
    fn name(self) -> String {
        match self {
            Self::StopTargets("") => "quiesce.selection".to_owned(),
            Self::StopTargets(router) => format!("quiesce.selection {router}"),
            Self::LastList => "quiesce.last-list".to_owned(),
            Self::Position(list) => format!("quiesce.position {list}"),
            Self::Selection(list) => format!("quiesce.selection {list}"),
            Self::Session(router) => format!("quiesce.session {router}"),
        }
    }
}

/// Where a text was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// In the session storage: it survives a reload.
    InSession,
    /// In memory: the browser refused it, or it is too long. It doesn't survive a reload.
    InMemory,
}

thread_local! {
    /// What the browser refused.
    static MEMORY: RefCell<ShortMap<String, String>> = const { RefCell::new(ShortMap::new()) };
}

fn session() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Stores a text. An empty one is removed.
pub fn write(key: Key, text: &str) -> Stored {
    write_to(&key.name(), text, |name, text| {
        let session = session();
        if text.is_empty() || text.len() > LIMIT {
            // What stood there before must not come back after a reload.
            let _ = session.map(|session| session.remove_item(name));
            return text.is_empty();
        }
        let Some(session) = session else { return false };
        let stored = session.set_item(name, text).is_ok();
        if !stored {
            let _ = session.remove_item(name);
        }
        stored
    })
}

/// Stores by `put`, which says whether it worked, and in memory otherwise.
fn write_to(name: &str, text: &str, put: impl FnOnce(&str, &str) -> bool) -> Stored {
    let stored = put(name, text);
    MEMORY.with_borrow_mut(|memory| {
        if stored {
            memory.retain(|of| of != name);
        } else {
            memory.insert(name.to_owned(), text.to_owned());
        }
    });
    if stored { Stored::InSession } else { Stored::InMemory }
}

/// A text that was stored.
pub fn read(key: Key) -> Option<String> {
    read_from(&key.name(), |name| session()?.get_item(name).ok().flatten())
}

fn read_from(name: &str, get: impl FnOnce(&str) -> Option<String>) -> Option<String> {
    MEMORY.with_borrow(|memory| memory.get(name).cloned()).or_else(|| get(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_text_is_read_from_memory_until_a_later_one_is_stored() {
        let name = Key::Selection("/ns/default/programs").name();
        assert_eq!(write_to(&name, "first", |_, _| false), Stored::InMemory);
        assert_eq!(read_from(&name, |_| Some("stale".to_owned())).as_deref(), Some("first"));
        assert_eq!(write_to(&name, "second", |_, _| true), Stored::InSession);
        assert_eq!(read_from(&name, |_| Some("second".to_owned())).as_deref(), Some("second"));
    }

    #[test]
    fn each_key_has_a_name_of_its_own() {
        let keys = [
            Key::StopTargets(""),
            Key::StopTargets("a"),
            Key::LastList,
            Key::Position("/a"),
            Key::Selection("/a"),
            Key::Selection("/b"),
            Key::Session(""),
            Key::Session("/r/a"),
        ];
        let mut names = keys.map(Key::name).to_vec();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), keys.len());
    }
}
