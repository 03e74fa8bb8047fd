//! The texts of the page, one module per screen: constants, and functions from facts to sentences.

pub mod common;
pub mod errors;
pub mod gallery;
pub mod history;
pub mod journal_file;
pub mod palette;
pub mod program;
pub mod program_facts;
pub mod programs;
pub mod run_log;
pub mod server;
pub mod shell;
pub mod sign_in;
pub mod stages;
pub mod states;
pub mod stop;
pub mod timeline;
pub mod tour;
pub mod upgrade;
pub mod versions;
