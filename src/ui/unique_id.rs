//! Element IDs.

use std::sync::atomic::{AtomicUsize, Ordering};

/// An id that no other element of the page has.
pub fn unique_id(kind: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("{kind}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
