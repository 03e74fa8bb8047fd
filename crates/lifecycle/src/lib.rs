//! The decisions of the console: what a stop may lose, what a server really gives, what a log says, what may be
//! done. Pure: times come in with what happened, requests go out as values, and nothing here reads a clock.

pub mod arguments;
pub mod attention;
pub mod backup;
pub mod capability;
pub mod clock;
pub mod configuration_diff;
pub mod deployment;
pub mod drain_log;
pub mod findings;
pub mod forecast;
pub mod grace;
pub mod grouping;
pub mod journal;
pub mod kind;
pub mod launch;
pub mod macros;
pub mod operation;
pub mod outcome;
pub mod permission;
pub mod pipeline_stages;
pub mod plural;
pub mod report;
pub mod run_errors;
pub mod run_list;
pub mod run_log;
pub mod stop;
pub mod text;
pub mod time_axis;
pub mod upgrade;
pub mod user;
pub mod verdict;
pub mod version_restore;
