//! The English of this crate: pure functions from facts to sentences, used by the page and by the report.

pub mod findings;
#[cfg(test)]
mod guide;
pub mod verdict;
