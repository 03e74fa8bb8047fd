//! The lists that an operator leaves and returns to. [`Visit`] stores where an open list is and what is selected in it,
//! in the session of the tab; [`List::crumb`] makes every link back.
//!
//! Filters, order and page of a list are in its address; the address, the scroll offset, the row of the keyboard and the
//! focus are one text, the selection another, so that a change of one doesn't write the other.

use crate::client::storage::{self, Key, Stored};
use crate::client::{Client, clock};
use crate::navigation::{NavigateOptions, use_location, use_navigate};
use crate::routes::{Address, Route, RouterName};
use crate::text::{common, shell};
use crate::ui::{Crumb, bind_key};
use leptos::ev;
use leptos::prelude::*;
use quiesce_api::NamespaceId;
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How long a change of a selection waits for the next one before it is stored.
const DEBOUNCE: Duration = Duration::from_millis(300);
/// How often, and after how many milliseconds each, a scroll offset is set until the list is long enough for it.
const TRIES: u32 = 40;
const PAUSE: u32 = 50;

/// A list that one leaves for a page and returns to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// The programs of a namespace.
    Programs(NamespaceId),
    /// The applications of a namespace, to upgrade some.
    Applications(NamespaceId),
    /// The operations of this browser.
    Operations,
}

impl List {
    /// Its page.
    pub fn address(&self, router: &RouterName) -> Address {
        Address { router: router.clone(), route: self.route() }
    }

    fn route(&self) -> Route {
        match self {
            Self::Programs(namespace) => Route::Programs { namespace: namespace.clone() },
            Self::Applications(namespace) => Route::UpgradeForm { namespace: namespace.clone() },
            Self::Operations => Route::History,
        }
    }

    fn of(route: Route) -> Option<Self> {
        match route {
            Route::Programs { namespace } => Some(Self::Programs(namespace)),
            Route::UpgradeForm { namespace } => Some(Self::Applications(namespace)),
            Route::History => Some(Self::Operations),
            _ => None,
        }
    }

    /// The list from which an operation of this namespace was opened: the one that was open last in this tab, or the
    /// programs.
    pub fn before_operation(router: &RouterName, namespace: &NamespaceId) -> Self {
        Self::last(storage::read(Key::LastList).as_deref(), router, namespace)
    }

    fn last(path: Option<&str>, router: &RouterName, namespace: &NamespaceId) -> Self {
        let address = path.and_then(Address::parse).filter(|address| address.router == *router);
        let list = address.and_then(|address| Self::of(address.route));
        list.filter(|list| list.route().namespace().is_none_or(|of| of == namespace))
            .unwrap_or_else(|| Self::Programs(namespace.clone()))
    }

    /// The link back to it, as it was left.
    pub fn crumb(&self, router: &RouterName) -> Crumb {
        let label = match self {
            Self::Programs(_) => common::PROGRAMS,
            Self::Applications(_) => shell::APPLICATIONS,
            Self::Operations => shell::HISTORY,
        };
        let href =
            self.position(router).map_or_else(|| self.address(router).href(), |position| position.href);
        Crumb::link(label, href)
    }

    /// Where it was left, if it was open in this tab.
    fn position(&self, router: &RouterName) -> Option<Position> {
        let path = self.address(router).href();
        let position = Position::of_text(&storage::read(Key::Position(&path))?)?;
        position.is_of(&path).then_some(position)
    }
}

/// Where a list was left.
#[derive(Clone, Debug, Default, PartialEq)]
struct Position {
    /// Its address, with filters, order and page.
    href: String,
    /// In whole pixels: the code that formats and parses fractions would cost 25 kB of the page.
    scroll: i32,
    /// The row that the keyboard is on.
    cursor: usize,
    /// The id of the element that had the focus.
    focus: String,
}

impl Position {
    fn text(&self) -> String {
        let Self { href, scroll, cursor, focus } = self;
        format!("{href}\n{scroll}\n{cursor}\n{focus}")
    }

    fn of_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let href = lines.next()?.to_owned();
        let scroll = lines.next()?.parse().ok()?;
        let cursor = lines.next()?.parse().ok()?;
        Some(Self { href, scroll, cursor, focus: lines.next().unwrap_or_default().to_owned() })
    }

    /// Whether its address is that of the list with this path.
    fn is_of(&self, path: &str) -> bool {
        self.href.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'))
    }
}

thread_local! {
    /// Whether a list was left since the page was loaded: then the focus returns with it.
    static LEFT: Cell<bool> = const { Cell::new(false) };
}

/// An open list.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    /// The row that the keyboard is on.
    pub cursor: RwSignal<usize>,
    /// Whether the browser can't store the selection, so that a reload loses it.
    pub loses_selection: RwSignal<bool>,
    path: StoredValue<String>,
}

impl Visit {
    /// Opens a list at this address. It returns to where it was left once `ready` says that its rows are there.
    pub fn enter(client: Client, list: &List, href: Memo<String>, ready: Signal<bool>) -> Self {
        let router = client.router();
        let address = list.address(&router);
        let path = address.href();
        storage::write(Key::LastList, &path);
        let at = href.get_untracked();
        let position = list
            .position(&router)
            .filter(|position| position.href == at)
            .unwrap_or_else(|| Position { href: at, ..Position::default() });
        let visit = Self {
            cursor: RwSignal::new(position.cursor),
            loses_selection: RwSignal::new(false),
            path: StoredValue::new(path.clone()),
        };
        let open = Rc::new(RefCell::new(position.clone()));
        let focus = LEFT.replace(false).then(|| position.focus.clone());
        Effect::new(move |restored: Option<bool>| {
            let now = ready.get();
            if now && restored != Some(true) {
                leptos::task::spawn_local(restore(position.scroll, focus.clone()));
            }
            now || restored == Some(true)
        });
        // While the page changes, the query is already that of the next one.
        let pathname = use_location().pathname;
        let of_list = open.clone();
        Effect::new(move || {
            let href = href.get();
            if pathname.with_untracked(|now| Address::parse(now).as_ref() == Some(&address)) {
                of_list.borrow_mut().href = href;
            }
        });
        let of_list = open.clone();
        let own = path.clone();
        let scrolled = window_event_listener(ev::scroll, move |_| {
            if window().location().pathname().is_ok_and(|now| now == own) {
                of_list.borrow_mut().scroll = scroll_offset();
            }
        });
        on_leaving(move || {
            let mut position = open.borrow().clone();
            position.cursor = visit.cursor.try_get_untracked().unwrap_or_default();
            position.focus = document().active_element().map(|it| it.id()).unwrap_or_default();
            storage::write(Key::Position(&path), &position.text());
        });
        on_cleanup(move || {
            scrolled.remove();
            LEFT.set(true);
        });
        visit
    }

    /// What was selected when it was left.
    pub fn selection(self) -> Option<String> {
        storage::read(Key::Selection(&self.path.get_value()))
    }

    /// Stores what is selected: shortly after `changed` was called again by what it tracks, and when the list is left.
    /// The text is made only then, so that a click in a large selection costs no more than in a small one.
    pub fn keep(self, changed: impl Fn() + 'static, text: impl Fn() -> Option<String> + 'static) {
        let path = self.path.get_value();
        let unstored = Rc::new(Cell::new(false));
        let pending = unstored.clone();
        let store = Rc::new(move || {
            if pending.replace(false)
                && let Some(text) = text()
            {
                let lost = storage::write(Key::Selection(&path), &text) == Stored::InMemory;
                if self.loses_selection.try_get_untracked().is_some_and(|before| before != lost) {
                    self.loses_selection.set(lost);
                }
            }
        });
        let later = store.clone();
        Effect::new(move |first: Option<()>| {
            changed();
            if first.is_some() && !unstored.replace(true) {
                let later = later.clone();
                set_timeout(move || later(), DEBOUNCE);
            }
        });
        on_leaving(move || store());
    }
}

/// Calls back when the component is left, and when the page is: by a reload, another address or a closed tab.
fn on_leaving(call: impl Fn() + 'static) {
    let call = Rc::new(call);
    let of_page = call.clone();
    let leaving = window_event_listener_untyped("pagehide", move |_| of_page());
    let call = SendWrapper::new(call);
    on_cleanup(move || {
        leaving.remove();
        call();
    });
}

/// The scroll offset of the page.
fn scroll_offset() -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "a number of pixels")]
    let pixels = window().scroll_y().unwrap_or_default() as i32;
    pixels
}

/// Scrolls to where the list was left, as soon as it is long enough, and unless the operator scrolls meanwhile; then
/// gives the focus back, unless the operator moved it meanwhile.
async fn restore(to: i32, focus: Option<String>) {
    let mut expected = None::<i32>;
    for _ in 0..TRIES {
        clock::sleep(PAUSE).await;
        let now = scroll_offset();
        if now.abs_diff(to) < 2 {
            break;
        }
        if expected.is_some_and(|expected| now.abs_diff(expected) >= 2) {
            return;
        }
        window().scroll_to_with_x_and_y(0.0, f64::from(to));
        expected = Some(scroll_offset());
    }
    let moved = document()
        .active_element()
        .is_some_and(|it| !matches!(it.tag_name().as_str(), "BODY" | "H1" | "MAIN"));
    if let Some(id) = focus.filter(|id| !id.is_empty() && !moved)
        && let Some(element) = document().get_element_by_id(&id)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Makes Escape lead back, while `may` says so.
pub(crate) fn bind_escape(back: &Crumb, may: impl Fn() -> bool + Send + Sync + 'static) {
    let navigate = use_navigate();
    let href = back.href.clone().unwrap_or_default();
    bind_key("Escape", shell::back_to(&back.word), move || {
        if may() {
            navigate(&href, NavigateOptions::default());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_as_it_was_stored() {
        let position = Position {
            href: "/ns/default/programs?q=clicks%20live&sort=-started&page=3".to_owned(),
            scroll: 1_234,
            cursor: 7,
            focus: "row-default/clicks live/spark/Main".to_owned(),
        };
        assert_eq!(Position::of_text(&position.text()), Some(position));
    }

    #[test]
    fn a_damaged_position_is_ignored() {
        for text in ["", "/history", "/history\nx\n0\n", "/history\n0"] {
            assert_eq!(Position::of_text(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_position_of_another_list_is_told_apart() {
        let at = |href: &str| Position { href: href.to_owned(), ..Position::default() };
        assert!(at("/ns/a/programs").is_of("/ns/a/programs"));
        assert!(at("/ns/a/programs?page=2").is_of("/ns/a/programs"));
        assert!(!at("/ns/ab/programs").is_of("/ns/a/programs"));
        assert!(!at("/ns/a/programs-of-another").is_of("/ns/a/programs"));
    }

    #[test]
    fn an_operation_leads_back_to_the_list_that_was_open_last() {
        let unnamed = RouterName::default();
        let last = |path: Option<&str>| List::last(path, &unnamed, &"retail".into());
        assert_eq!(last(Some("/ns/retail/upgrade")), List::Applications("retail".into()));
        assert_eq!(last(Some("/history")), List::Operations);
        for none in [None, Some(""), Some("/ns/other/upgrade"), Some("/server"), Some("/r/prod/history")] {
            assert_eq!(last(none), List::Programs("retail".into()), "{none:?}");
        }
    }

    #[test]
    fn the_path_of_each_list_leads_back_to_it() {
        for list in [List::Programs("a".into()), List::Applications("a".into()), List::Operations] {
            assert_eq!(List::of(list.route()), Some(list));
        }
    }
}
