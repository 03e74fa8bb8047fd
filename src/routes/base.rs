//! The path below which the console is served.

use std::cell::RefCell;

thread_local! {
    /// The path below which the console is served, without a slash at its end; empty at the root of its origin.
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Sets the path below which the console is served. Called once, before anything else of the page.
pub fn set_base(base: &str) {
    BASE.set(base.trim_end_matches('/').to_owned());
}

/// The path below which the console is served: empty, or `/console`.
pub fn base() -> String {
    BASE.with_borrow(Clone::clone)
}

/// A path of the page without the base. `None` if it is not below it.
pub(super) fn below_base(path: &str) -> Option<&str> {
    BASE.with_borrow(|base| {
        let rest = path.strip_prefix(base.as_str())?;
        (base.is_empty() || rest.is_empty() || rest.starts_with('/')).then_some(rest)
    })
}
