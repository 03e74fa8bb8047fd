//! The browser's side of things: what sends, waits, keeps and copies. Nothing here knows how anything looks.

pub mod backups;
pub mod clock;
pub mod cooperation;
pub mod durability;
pub mod journal;
pub mod launched;
pub mod live;
pub mod preferences;
pub mod runner;
pub mod session;
pub mod storage;
pub mod transport;
pub mod upgrade;

pub use session::{Client, base, use_client};
