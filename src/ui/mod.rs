//! Widgets. They know neither the paths of the page nor the API: a page says in plain words and tones what to show.

mod announce;
mod button;
mod chip;
mod clipboard;
mod dialog;
mod empty;
mod fold;
mod icon;
mod keys;
mod meaning;
mod notice;
mod page_head;
mod progress;
mod request;
mod segmented;
mod toast;

pub use announce::{Announcer, LiveRegion, use_announcer};
pub use button::{Button, ButtonLink, Look};
pub use chip::Chip;
pub use clipboard::CopyButton;
pub use dialog::Dialog;
pub use empty::{EmptyState, SkeletonRows};
pub use fold::Disclosure;
pub use icon::{Glyph, Icon, Mark, glyph, icon, mark};
pub use keys::{KeyHelp, Keys, bind_key};
pub use meaning::{Freshness, OlderVersion, Outcome, State, Tone, Verdict};
pub use notice::Notice;
pub use page_head::{Arrival, Crumb, PageHead};
pub use progress::{Countdown, Tally};
pub use request::{RequestBlock, RequestBlockProps};
pub use segmented::{Choice, Segmented};
pub use toast::{ToastArea, Toasts, use_toasts};

use std::sync::atomic::{AtomicUsize, Ordering};

/// An id that no other element of the page has.
pub fn unique_id(kind: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("{kind}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
