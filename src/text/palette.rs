//! The command palette, the choice of a view, and the notifications.

use super::common::{count, some};
use quiesce_lifecycle::attention::Need;

pub const PALETTE: &str = "Search or jump to";
pub const SEARCHED: &str = "Search pages, programs, operations and actions";
pub const PLACEHOLDER: &str = "Page, program, operation or action";
pub const NAMESPACES: &str = "Switch the namespace";
pub const SEARCH_NAMESPACES: &str = "Search namespaces";
pub const RESULTS: &str = "Results";
pub const ENTER: &str = "Enter";
pub const ESCAPE: &str = "Esc";
pub const CHOOSE: &str = "choose";
pub const OPEN: &str = "open";
pub const CLOSE: &str = "close";
pub const READING: &str = "Reading…";

pub const PAGE: &str = "Page";
pub const NAMESPACE: &str = "Namespace";
pub const CURRENT_NAMESPACE: &str = "Current namespace";
pub const ROUTER: &str = "Router";
pub const FILTER: &str = "Saved filter";
pub const ACTION: &str = "Action";
pub const OPENS_FORM: &str = "Opens a form";
pub const OPENS_LIST: &str = "Opens the list";

pub const STOP_SELECTED: &str = "Stop selected programs…";
pub const NONE_SELECTED: &str = "No programs are selected";
pub const STOP_THIS: &str = "Stop this program…";
pub const START_THIS: &str = "Start this program…";
pub const VIEW: &str = "View…";
pub const NOTIFICATIONS: &str = "Notifications…";
pub const COPY_LINK: &str = "Copy the link to this page";
pub const COMPACT_ROWS: &str = "Rows: compact";
pub const COMFORTABLE_ROWS: &str = "Rows: comfortable";

pub const VIEW_TITLE: &str = "View";
pub const DENSITY: &str = "Row height";
pub const COMFORTABLE: &str = "Comfortable";
pub const COMPACT: &str = "Compact";
pub const COLUMNS: &str = "Columns";
pub const COLUMNS_HINT: &str = "Narrow windows show fewer.";
pub const FILTERS: &str = "Saved filters";
pub const NO_FILTERS: &str = "None in this namespace yet.";
pub const FILTERS_HINT: &str = "Kept in this browser. To share a filter, send the address of the list.";
pub const FILTER_NAME: &str = "Name of this filter";
pub const SAVE: &str = "Save filter";
pub const NO_FILTER: &str = "The list has no filter to save.";
pub const NO_NAME: &str = "Enter a name for the filter.";

pub const NOTIFY_TITLE: &str = "Notifications";
pub const NOTIFY_OFFER: &str =
    "The browser can show a notification when an operation waits for you and this tab is in the background.";
pub const NOTIFY_LIMITS: &str =
    "A tab of the console must be open. The title and the icon of the tab show it in any case.";
pub const TURN_ON: &str = "Turn on notifications";
pub const TURN_OFF: &str = "Turn off notifications";
pub const IS_ON: &str = "Notifications are on in this browser.";
pub const IS_OFF: &str = "Notifications are off.";
pub const NOT_SUPPORTED: &str = "This browser shows no notifications.";
pub const NOT_SECURE: &str = "Browsers show notifications only for pages opened by https or on this machine.";
pub const BLOCKED: &str =
    "This browser blocks notifications of this page. Allow them in the browser's settings of this page.";

/// A program: its kind and the state of its latest run.
pub fn program(kind: &str, state: &str) -> String {
    if state.is_empty() { kind.to_owned() } else { format!("{kind} · {state}") }
}

pub fn application(programs: usize) -> String {
    format!("Application · {}", some(programs, "program"))
}

pub fn stop(name: &str) -> String {
    format!("Stop {name}…")
}

pub fn upgrade(name: &str) -> String {
    format!("Upgrade {name}…")
}

pub fn search_list(words: &str) -> String {
    format!("Search the list of programs for “{words}”")
}

pub fn open_namespace(name: &str) -> String {
    format!("Open namespace {name}")
}

pub const UNLISTED: &str = "Not in the list that was read";

/// How many entries match, and how many of them are shown.
pub fn results(shown: usize, all: usize) -> String {
    match (shown, all) {
        (_, 0) => "No results".to_owned(),
        (shown, all) if shown < all => format!("{} of {} shown", count(shown), some(all, "result")),
        (_, all) => some(all, "result"),
    }
}

/// How many programs a search finds, before anything is typed.
pub fn searchable(programs: usize) -> String {
    format!("Type to search {}.", some(programs, "program"))
}

pub fn programs_unread(namespace: &str, error: &str) -> String {
    format!("The programs of {namespace} could not be read. {error}")
}

pub fn namespaces_unread(error: &str) -> String {
    format!("The namespaces could not be read. {error}")
}

pub fn operations_unread(error: &str) -> String {
    format!("The operations of this browser could not be read: {error}.")
}

/// An operation in a list: when it was started, and what it needs.
pub fn operation(time: &str, need: &Need) -> String {
    format!("{time} · {}", self::need(need))
}

/// What an operation needs.
pub fn need(need: &Need) -> String {
    match need {
        Need::Finished => "finished".to_owned(),
        Need::Time => "in progress".to_owned(),
        Need::OtherServer(server) => format!("on {server}, another server"),
        Need::SignIn => "waits until you sign in".to_owned(),
        Need::Decision => "waits for your decision".to_owned(),
        Need::Page => "not finished, and no tab continues it".to_owned(),
        Need::OtherUser(user) => format!("started by {user}, waits for you to continue it"),
    }
}

/// The body of a notification, below the title of the operation.
pub fn notified(namespace: &str, need: &Need) -> String {
    format!("In {namespace}: {}.", self::need(need))
}

pub fn delete_filter(name: &str) -> String {
    format!("Delete the filter {name}")
}

pub fn saved(name: &str) -> String {
    format!("Saved: {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_say_how_many_of_them_are_shown() {
        assert_eq!(results(0, 0), "No results");
        assert_eq!(results(1, 1), "1 result");
        assert_eq!(results(50, 1_234), "50 of 1,234 results shown");
    }
}
