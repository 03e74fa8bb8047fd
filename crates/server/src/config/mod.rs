//! The configuration: flags, variables of the environment (`QUIESCE_…`) and a TOML file, in this order of precedence.
//!
//! [`Config::load`] reads and checks all of it, and reports every error with its key, its value, where it is from and
//! what would be right. Secrets are never shown.

mod error;
mod file;
mod key;
mod reader;
mod routers;
mod settings;
mod source;
mod values;

pub use error::{ConfigError, ConfigErrors};
pub use routers::RouterConfig;
pub use settings::{Config, ServerConfig, TlsFiles};
pub use source::Source;
pub use values::{AuthHost, ExtraHeader, ListenAddress, LogFormat, Network, Secret};

use clap::Arg;

/// The flags of a server with a router.
pub fn serve_arguments() -> Vec<Arg> {
    key::ROUTER_FLAGS
        .into_iter()
        .chain(key::SERVER)
        .chain([&key::CONFIG])
        .chain(key::LIMITS)
        .map(key::Key::argument)
        .collect()
}

/// The flags of a server with a sandbox.
pub fn demo_arguments() -> Vec<Arg> {
    key::SERVER.into_iter().chain(key::LIMITS).map(key::Key::argument).collect()
}

/// Variables that look like those of this program and are not: probably misspelled. Those that Kubernetes sets for a
/// service with the name `quiesce` are none.
pub fn unknown_variables<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let known: Vec<String> = key::all().map(key::Key::variable).collect();
    let suspicious = |name: &&str| {
        name.strip_prefix("QUIESCE_")
            .is_some_and(|rest| !rest.starts_with("SERVICE_") && !rest.starts_with("PORT"))
            && !known.iter().any(|known| known == name)
    };
    names.into_iter().filter(suspicious).collect()
}
