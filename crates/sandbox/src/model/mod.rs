//! The state of the server, and its changes. Nothing happens in the background: callers pass the time.

pub(crate) mod application;
pub(crate) mod deploy;
pub(crate) mod drain;
pub(crate) mod namespace;
pub(crate) mod pipeline;
pub(crate) mod plugins;
pub(crate) mod program;
pub(crate) mod refusal;
pub(crate) mod run;
pub(crate) mod server_state;
pub(crate) mod settings;
pub(crate) mod stage;
pub(crate) mod start;
pub(crate) mod stop;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod trigger;
pub(crate) mod version;
