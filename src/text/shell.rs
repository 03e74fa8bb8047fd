//! The frame around the pages: top bar, strip of operations, keys, dialogs, notices.

pub const SKIP: &str = "Skip to content";
pub const UPGRADE: &str = "Upgrade";
pub const HISTORY: &str = "History";
pub const SERVER: &str = "Server";
pub const APPLICATIONS: &str = "Applications";
pub const NAMESPACE: &str = "Namespace";
pub const SEARCH_OR_JUMP: &str = "Search or jump to";
pub const CTRL_K: &str = "Ctrl K";
pub const SWITCH_NAMESPACE: &str = "Switch the namespace";
pub const READ_ONLY: &str = "Read only";
pub const ROUTER: &str = "Router";
pub const ROUTERS: &str = "Routers";
pub const CHOOSE_ROUTER: &str = "Choose a router";
pub const CHOOSE_ROUTER_ADVICE: &str = "This console is connected to several routers.";
pub const UNKNOWN_ROUTER_ADVICE: &str = "The address may be mistyped, or the router was removed or renamed.";
pub const HOME: &str = "Quiesce, all programs";
pub const MAIN: &str = "Main";
pub const WATCH: &str = "Watch";

pub const THEME_SYSTEM: &str = "Theme: follows the system";
pub const THEME_LIGHT: &str = "Theme: light";
pub const THEME_DARK: &str = "Theme: dark";

pub const ALL_KEYS: &str = "All keys";
pub const KEYBOARD: &str = "Keyboard";
pub const SINGLE_KEYS: &str = "Single-key shortcuts";
pub const SINGLE_KEYS_HINT: &str = "Turn off if you use speech input.";

pub const THEN: &str = " then ";

pub const BREADCRUMB: &str = "Breadcrumb";
pub const CLOSE: &str = "Close";
pub const COPIED: &str = "Copied";
pub const NOT_COPIED: &str = "Copying failed: the browser refused";
pub const COPY_AS_CURL: &str = "Copy as curl";
pub const FULL_MESSAGE: &str = "Full server message";

pub const PAGE_NOT_FOUND: &str = "Page not found";
pub const NO_PAGE: &str = "No page has this address";
pub const NO_PAGE_ADVICE: &str =
    "The address may be truncated, or it belongs to another version of the console.";

pub const LOADING: &str = "Loading the page";
pub const RELOAD: &str = "Reload the console";
pub const PART_NOT_LOADED: &str = "This page did not load.";
pub const PART_NOT_LOADED_ADVICE: &str =
    "The console's server is unavailable, or was updated. Operations resume after a reload.";

pub fn change_theme(current: &str) -> String {
    format!("{current}. Change")
}

pub fn back_to(page: &str) -> String {
    format!("Back to {page}")
}

/// The title of the document, with the number of operations that wait for a person.
pub fn document_title(page: &str, router: &str, waiting: usize) -> String {
    let mut title = if waiting > 0 { format!("({waiting}) ") } else { String::new() };
    for part in [page, " · ", router, if router.is_empty() { "" } else { " · " }, "Quiesce"] {
        title.push_str(part);
    }
    title
}

pub fn unknown_router(name: &str) -> String {
    format!("This console has no router {name}")
}

pub fn request(name: &str) -> String {
    format!("Request: {name}")
}

pub fn copy_request(name: &str) -> String {
    format!("{COPY_AS_CURL}: {name}")
}
