//! The browser's side of things: what sends, waits, keeps and copies. Nothing here knows how anything looks.

pub mod backups;
pub mod calendar;
pub mod clients;
pub mod clock;
pub mod download;
pub mod durability;
mod first_requests;
pub mod info;
pub mod journal;
pub mod launch_facts;
pub mod open_operations;
pub mod operation;
mod permissions;
pub mod polling;
pub mod preferences;
pub mod session;
mod short_map;
pub mod sign_in;
pub mod stop;
pub mod storage;
pub mod tab_lock;
pub mod transport;
pub mod upgrade;

pub use session::{Client, use_client};
