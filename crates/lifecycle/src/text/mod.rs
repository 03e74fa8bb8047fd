//! The English of this crate: pure functions from facts to sentences, used by the page and by the report.

pub mod capability;
pub mod drain_log;
pub mod error;
pub mod findings;
pub mod forecast;
pub mod grace;
#[cfg(test)]
mod guide;
pub mod launch;
pub mod outcome;
pub mod stop;
pub mod timeline;
pub mod upgrade;
pub mod verdict;
