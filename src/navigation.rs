//! Keeps the page and the address bar in step: which address is shown, and the way to another one. Which page belongs to
//! an address is decided in `routes`.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, Url, UrlSearchParams};

/// The address that is shown.
#[derive(Clone, Copy)]
pub struct Location {
    /// Its path, as in the address bar.
    pub pathname: Memo<String>,
    /// What follows the path.
    pub query: Memo<Query>,
    /// Its fragment with the `#`; empty if it has none.
    pub hash: Memo<String>,
    shown: RwSignal<Shown>,
    /// Whether it is in the address bar.
    in_bar: bool,
}

/// How another address is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavigateOptions {
    /// Whether it takes the place of the current one in the history of the tab.
    pub replace: bool,
    /// Whether the page is scrolled to its top, or to the place that the address names.
    pub scroll: bool,
}

impl Default for NavigateOptions {
    fn default() -> Self {
        Self { replace: false, scroll: true }
    }
}

/// The query of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// The first value with this name.
    pub fn get(&self, name: &str) -> Option<String> {
        UrlSearchParams::new_with_str(&self.0).ok()?.get(name)
    }

    /// All values with this name.
    pub fn get_all(&self, name: &str) -> Vec<String> {
        let values = UrlSearchParams::new_with_str(&self.0).map(|query| query.get_all(name));
        values.map_or_else(|_| Vec::new(), |values| values.iter().filter_map(|it| it.as_string()).collect())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shown {
    path: String,
    query: String,
    hash: String,
}

impl Shown {
    fn now() -> Self {
        let location = window().location();
        Self {
            path: location.pathname().unwrap_or_default(),
            query: location.search().unwrap_or_default(),
            hash: location.hash().unwrap_or_default(),
        }
    }
}

impl Location {
    /// Puts it into the context of the page, and follows links and the buttons of the browser.
    pub fn provide() {
        let shown = RwSignal::new(Shown::now());
        let location = Self::of(shown, true);
        provide_context(location);
        let clicks = window_event_listener(ev::click, move |event| location.follow(&event));
        let steps = window_event_listener(ev::popstate, move |_| shown.set(Shown::now()));
        on_cleanup(move || {
            clicks.remove();
            steps.remove();
        });
    }

    /// The address of a page within another page. The address bar keeps that of the other one.
    pub fn within(href: &str) -> Self {
        let (path, query) = href.split_once('?').unwrap_or((href, ""));
        let shown = Shown { path: path.to_owned(), query: query.to_owned(), hash: String::new() };
        Self::of(RwSignal::new(shown), false)
    }

    fn of(shown: RwSignal<Shown>, in_bar: bool) -> Self {
        Self {
            pathname: Memo::new(move |_| shown.with(|shown| shown.path.clone())),
            query: Memo::new(move |_| Query(shown.with(|shown| shown.query.clone()))),
            hash: Memo::new(move |_| shown.with(|shown| shown.hash.clone())),
            shown,
            in_bar,
        }
    }

    /// Shows the page of a link, unless the browser is to open it.
    fn follow(self, event: &MouseEvent) {
        let is_changed = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
        if event.default_prevented() || event.button() != 0 || is_changed {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        let rel = link.get_attribute("rel").unwrap_or_default();
        let is_external = rel.split_ascii_whitespace().any(|word| word == "external");
        if is_external || !link.target().is_empty() || link.has_attribute("download") {
            return;
        }
        if self.show(&link.href(), NavigateOptions::default()) {
            event.prevent_default();
        }
    }

    /// Shows another address. `false`: it is not one of this console.
    fn show(self, href: &str, options: NavigateOptions) -> bool {
        let (here, history) = (window().location(), window().history());
        let current = here.href().unwrap_or_default();
        let Ok(url) = Url::new_with_base(href, &current) else { return false };
        let Ok(history) = history.and_then(|history| Ok((history, here.origin()?))) else { return false };
        let (history, origin) = history;
        if url.origin() != origin {
            return false;
        }
        let next = Shown { path: url.pathname(), query: url.search(), hash: url.hash() };
        if self.shown.with_untracked(|shown| *shown != next) {
            self.shown.set(next);
        }
        if !self.in_bar {
            return true;
        }
        // Refused where a page changes its address many times a second: the page is right then, its address late.
        let to = url.href();
        if options.replace {
            let _ = history.replace_state_with_url(&JsValue::UNDEFINED, "", Some(&to));
        } else if to != current {
            let _ = history.push_state_with_url(&JsValue::UNDEFINED, "", Some(&to));
        }
        let hash = url.hash();
        if let Some(named) = hash.strip_prefix('#').and_then(|id| document().get_element_by_id(id)) {
            named.scroll_into_view();
        } else if options.scroll {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        true
    }
}

/// The address that is shown.
pub fn use_location() -> Location {
    expect_context()
}

/// Shows another address.
pub fn use_navigate() -> impl Fn(&str, NavigateOptions) + Copy + Send + Sync + 'static {
    let location = use_location();
    move |href, options| {
        location.show(href, options);
    }
}

/// Shows another address in the place of this one, which has no page.
pub fn redirect(href: &str) -> AnyView {
    use_location().show(href, NavigateOptions { replace: true, ..NavigateOptions::default() });
    ().into_any()
}
