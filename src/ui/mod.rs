//! Widgets. They know neither the paths of the page nor the API: a page says in plain words and tones what to show.

mod announce;
mod button;
mod chip;
mod clipboard;
mod dialog;
mod disclosure;
mod empty_state;
mod focus;
mod icon;
mod notice;
mod page_head;
mod progress;
mod request;
mod segmented;
mod shortcuts;
mod status;
mod toast;
mod unique_id;

pub use announce::{Announcer, LiveRegion, progress_said, use_announcer};
pub use button::{Button, ButtonLink, ButtonVariant};
pub use chip::Chip;
pub use clipboard::{CopyButton, copy};
pub use dialog::Dialog;
pub use disclosure::Disclosure;
pub use empty_state::{EmptyState, SkeletonRows};
pub use focus::focus;
pub use icon::{Glyph, Icon, Mark, glyph, icon, mark};
pub use notice::Notice;
pub use page_head::{Arrival, Crumb, PageHead, TitleContext};
pub use progress::{Countdown, Tally};
pub use request::{RequestBlock, RequestBlockProps};
pub use segmented::{Choice, Segmented};
pub use shortcuts::{KeyHelp, Keys, bind_key, use_keys};
pub use status::{Freshness, OlderVersion, Outcome, State, Tone, Verdict};
pub use toast::{ToastArea, Toasts, use_toasts};
pub use unique_id::unique_id;
